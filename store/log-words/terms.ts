import { wordsOf } from '../../platform/search.ts';
import type { LogEntry } from '../schema/log.ts';

/*
 * What an entry of the log is found by: the words that people read in it, without Vietnamese marks; and, for filters,
 * its session and its event. Identifiers, hashes, times and measurements are no words. Pure.
 */

/** Longest beginning of a word that is kept. */
const longest = 24;
/** Shorter questions mean a whole word, longer ones its beginning too. */
const shortestBeginning = 3;
const mostWordsAsked = 12;

const noWord = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{32,}|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d))$/i;
const noWords = /(^id|Id|Ids|sha256|hash|words)$/;

const ofSession = (id: string): string => `=s ${id}`;
const ofEvent = (event: string): string => `=e ${event}`;

/** All terms of an entry, each once. */
export function termsOf(
  entry: Pick<LogEntry, 'event' | 'actor' | 'address' | 'cause' | 'detail' | 'sessionId'>,
): string[] {
  const { actor, address, cause, detail, event, sessionId } = entry;
  const texts = [event, actor.kind, actor.name ?? '', address ?? ''];
  if (cause !== undefined) texts.push(cause.text, ...[cause.sip, cause.q850].map((code) => String(code ?? '')));
  collect(detail, texts);
  const terms = new Set(texts.flatMap(wordsOf).map((word) => word.slice(0, longest)));
  terms.add(ofEvent(event));
  if (sessionId !== undefined) terms.add(ofSession(sessionId));
  return [...terms];
}

/** Texts within a value, however deep. */
function collect(value: unknown, texts: string[]): void {
  if (typeof value === 'string') {
    if (!noWord.test(value)) texts.push(value);
  } else if (Array.isArray(value)) for (const item of value) collect(item, texts);
  else if (typeof value === 'object' && value !== null && !(value instanceof Date))
    for (const [name, item] of Object.entries(value)) if (!noWords.test(name)) collect(item, texts);
}

/** One condition of a question: a term, or all that begin so. */
export interface TermAsked {
  term: string;
  beginning: boolean;
}

/** What a question asks of terms, the rarest first as far as that can be told; empty when it holds no word. */
export function termsAsked(question: string, filter: { sessionId?: string; event?: string }): TermAsked[] {
  const words = [...new Set(wordsOf(question).map((word) => word.slice(0, longest)))].slice(0, mostWordsAsked);
  if (words.length === 0) return [];
  return [
    ...(filter.sessionId === undefined ? [] : [{ term: ofSession(filter.sessionId), beginning: false }]),
    ...words
      .sort((one, other) => other.length - one.length)
      .map((term) => ({ term, beginning: term.length >= shortestBeginning })),
    ...(filter.event === undefined ? [] : [{ term: ofEvent(filter.event), beginning: false }]),
  ];
}

/** Whether a term is one that is asked for. */
export const fits = ({ beginning, term }: TermAsked, candidate: string): boolean =>
  beginning ? candidate.startsWith(term) : candidate === term;

/** Whether an entry with these terms answers the whole question. */
export const answers = (asked: readonly TermAsked[], terms: readonly string[]): boolean =>
  asked.every((one) => terms.some((term) => fits(one, term)));
