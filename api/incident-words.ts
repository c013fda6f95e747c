import { isMessageCode, type Language, type MessageCode, say } from '../platform/messages/messages.ts';
import type { Incident } from '../store/schema/incident.ts';

export type { IncidentKind } from '../store/schema/incident.ts';

/** Values that are codes. */
const coded = new Set(['engine', 'layout', 'reason']);

/** An incident as a sentence; what it names by a code (an engine, why something could not be) is said in words. */
export function sayIncident(language: Language, { code, values }: Incident): string {
  const told = Object.entries(values).map(([name, value]) => [
    name,
    coded.has(name) ? inWords(language, value, values) : value,
  ]);
  // Why a call ended, in words that need no engineer; what else is known of it stands in the log.
  const cause = `cause.${values.q850}`;
  if (isMessageCode(cause)) told.push(['text', say(language, cause)]);
  return say(language, sentenceOf(code, values), Object.fromEntries(told));
}

/** A check before a session says in words what exactly was found; any other incident has one sentence. */
function sentenceOf(code: Incident['code'], { verdict }: Incident['values']): MessageCode {
  const exact = `incident.${code}.${verdict}`;
  if (isMessageCode(exact)) return exact;
  return `incident.${code}`;
}

function inWords(language: Language, value: string | number, values: Incident['values']): string | number {
  const code = [`incident.of.${value}`, String(value)].find(isMessageCode);
  return code === undefined ? value : say(language, code, values).replace(/\.$/, '');
}
