import type { Session } from '../../client/live.ts';
import type { Tone } from '../../parts/page.tsx';

/** The colour of a session's state. */
export const stateTone: Record<Session['state'], Tone> = {
  planned: 'info',
  open: 'live',
  ended: 'plain',
  cancelled: 'care',
};
