import type { LogEntry } from '../../client/live.ts';
import { isWordKey, say } from '../../words/words.ts';

/** An event of the log at its place in a recording. */
export interface Mark {
  seq: number;
  /** Since the beginning of the recording, ms. */
  atMs: number;
  text: string;
  care: boolean;
}

const careful = /incident|failed|silent|dark|poor|lost|redial|altered|unauthentic/;

/** The log's entries that fall into a recording, in words where the catalogue has them. */
export function marksOf(entries: readonly LogEntry[], startedAt: string, lengthMs: number): Mark[] {
  const start = new Date(startedAt).getTime();
  return entries
    .map((entry) => ({ entry, atMs: new Date(entry.time).getTime() - start }))
    .filter(({ entry, atMs }) => atMs >= -1_000 && atMs <= lengthMs + 1_000 && isWordKey(`event.${entry.event}`))
    .map(({ entry, atMs }) => ({
      seq: entry.seq,
      atMs: Math.max(0, Math.min(lengthMs, atMs)),
      text: sentenceOfEvent(entry),
      care: careful.test(entry.event),
    }));
}

/** A log entry as a sentence; its name where there is none for it. */
export function sentenceOfEvent({ event, detail, actor }: LogEntry): string {
  const key = `event.${event}`;
  const name = String(detail.name ?? actor.name ?? '');
  if (!isWordKey(key)) return [event, name].filter((part) => part !== '').join(' · ');
  return say(key, { name, reason: String(detail.reason ?? ''), number: String(detail.number ?? '') }).trim();
}
