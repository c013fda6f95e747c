import type { LogEntry, Recording } from '../../client/live.ts';
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

/** Nothing that one would look for in a recording; neither is what becomes of the files of single legs. */
const untold = new Set(['api.change', 'leg.quality', 'room.pace-changed']);

/** Whether an entry is of the session's course; each participant's own sound is recorded beside, which only repeats. */
export const isTold = ({ event, detail }: LogEntry): boolean =>
  !untold.has(event) && !(event.startsWith('recording.') && detail.kind === 'track');

/** The log's entries that fall into a recording, in words where the catalogue has them. */
export function marksOf(entries: readonly LogEntry[], recording: Recording, lengthMs: number): Mark[] {
  return entries
    .filter(isTold)
    .map((entry) => ({ entry, atMs: placeIn(momentOf(entry), recording) }))
    .filter(({ entry, atMs }) => atMs >= -1_000 && atMs <= lengthMs + 1_000 && isWordKey(`event.${entry.event}`))
    .map(({ entry, atMs }) => ({
      seq: entry.seq,
      atMs: Math.max(0, Math.min(lengthMs, atMs)),
      text: sentenceOfEvent(entry),
      care: careful.test(entry.event),
    }))
    .sort((one, other) => one.atMs - other.atMs);
}

/** A log entry as a sentence; its name where there is none for it. */
export function sentenceOfEvent({ event, detail, actor }: LogEntry): string {
  const key = `event.${event}`;
  const name = String(detail.name ?? actor.name ?? '');
  if (!isWordKey(key)) return [event, name].filter((part) => part !== '').join(' · ');
  return say(key, { name, reason: String(detail.reason ?? ''), number: String(detail.number ?? '') }).trim();
}

/** When it was: speech is told when it is over, and belongs where it began. */
function momentOf({ detail, event, time }: LogEntry): number {
  const from = event === 'leg.spoke' ? new Date(String(detail.from)).getTime() : Number.NaN;
  return Number.isNaN(from) ? new Date(time).getTime() : from;
}

/** Where a moment lies in a recording, ms: pauses take no room in it. */
export function placeIn(moment: number, { parts, startedAt }: Recording): number {
  const last = parts.filter((part) => new Date(part.startedAt).getTime() <= moment).at(-1);
  if (last === undefined) return moment - new Date(startedAt).getTime();
  const within = moment - new Date(last.startedAt).getTime();
  return (last.offsetMs ?? 0) + (last.durationMs === undefined ? within : Math.min(within, last.durationMs));
}
