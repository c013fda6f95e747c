import type { Item } from '../../client/http.ts';
import type { Tone } from '../../parts/page.tsx';

export type Case = Item<'GET /cases'>;

/** The colour of a case's state. */
export const caseTone: Record<Case['state'], Tone> = {
  registered: 'care',
  proposed: 'info',
  reported: 'info',
  accepted: 'good',
  refused: 'bad',
  linked: 'good',
  held: 'info',
  noticed: 'good',
  closed: 'plain',
};

export const caseStates = Object.keys(caseTone) as Case['state'][];
export const caseKinds = ['remote', 'crowd', 'several-agencies', 'on-request', 'chair-decides'] as const;
export const authorities = ['commune', 'province', 'central'] as const;

/** The way of a case that goes well; a case of the commune is not reported above. */
export const wayOf = (authority: Case['authority']): Case['state'][] =>
  authority === 'commune'
    ? ['registered', 'proposed', 'accepted', 'linked', 'held', 'noticed', 'closed']
    : ['registered', 'proposed', 'reported', 'accepted', 'linked', 'held', 'noticed', 'closed'];
