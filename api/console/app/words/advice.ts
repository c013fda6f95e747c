import type { Incident } from '../client/live.ts';
import { isWordKey, say, sayOf, type WordKey } from './words.ts';

/** What to do about an incident, in the language of now; a kind without an advice does not compile. */
export function adviceOf({ code, values }: Pick<Incident, 'code' | 'values'>): string {
  const key: WordKey = `advice.${code}`;
  // A page that is older than the server may hear of a kind that it does not know.
  const general = isWordKey(key) ? say(key, values) : '';
  return code === 'rehearsal.failed' ? sayOf('rehearsal.advice', String(values.verdict), general) : general;
}
