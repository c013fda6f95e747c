import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { LogEntry } from './schema/log.ts';

/*
 * The hash chain of the session log, without store or clock: how an entry is hashed, and how a run of stored entries is
 * judged. An entry's hash is SHA-256 over the canonical JSON (RFC 8785) of the whole entry without `hash`; the hash of
 * the entry before stands in it as `previous`.
 */

/** What stands as `previous` in the first entry. */
export const genesis = '0'.repeat(64);

/** An entry as the store gives it back: every field, known or not, so that an added one is noticed. */
export type StoredEntry = Record<string, unknown> & { seq: unknown; hash?: unknown; previous?: unknown };

/** The last entry of a log, or of a part of it. */
export interface Head {
  seq: number;
  hash: string;
}

/** What is wrong with a stored log. */
export interface ChainFault {
  kind: 'changed' | 'missing' | 'inserted' | 'reordered' | 'truncated';
  /** Place of the first entry that is wrong (or not there). */
  seq: number;
  text: string;
}

/** SHA-256 of an entry, its own `hash` left out; lower-case hexadecimal. */
export function entryHash(entry: StoredEntry): string {
  const { hash: _hash, ...content } = entry;
  return createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');
}

/** Puts an entry after `head`: gives it its place, `previous` and `hash`. */
export function chainAfter(head: Head, content: Omit<LogEntry, 'seq' | 'previous' | 'hash'>): LogEntry {
  const entry = { ...content, seq: head.seq + 1, previous: head.hash };
  return { ...entry, hash: entryHash(entry) };
}

/**
 * A value as it comes back from the store, whatever it was: JSON values only, well-formed strings (BSON keeps UTF-8, where
 * a lone surrogate does not survive), dates as ISO 8601.
 */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return wellFormed(value.message);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (Array.isArray(value)) return value.map((item) => storable(item) ?? null);
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .map(([key, item]) => [storableKey(key), storable(item)] as const)
      .filter(([, item]) => item !== undefined);
    return Object.fromEntries(fields);
  }
  return typeof value === 'boolean' || value === null ? value : undefined;
}

/** The text as it is after a way through UTF-8. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** A field name that a document store takes: no leading `$`, no dot, no zero byte. */
function storableKey(key: string): string {
  return wellFormed(key).replace(/^\$/, '_$').replaceAll('.', '_').replaceAll('\0', '');
}

/** How far a misplaced entry is looked for. */
const lookAround = 64;

/**
 * Judges entries that come in the order of their places. Memory is bounded: besides the present entry at most 64 are
 * held, once the first fault is found. `onEntry` is told each good entry.
 * @returns the last good entry, how many were good, and the first fault.
 */
export async function verifyChain(
  entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>,
  onEntry: (head: Head) => void = () => {},
): Promise<{ head: Head; checked: number; fault?: ChainFault }> {
  let head: Head = { seq: 0, hash: genesis };
  let before: StoredEntry[] = [];
  let wrong: StoredEntry[] | undefined;
  for await (const entry of entries) {
    if (wrong !== undefined) {
      wrong.push(entry);
      if (wrong.length >= lookAround) break;
    } else if (follows(head, entry)) {
      head = { seq: head.seq + 1, hash: String(entry.hash) };
      before = [...before.slice(-1), entry];
      onEntry(head);
    } else {
      wrong = [entry];
    }
  }
  const checked = head.seq;
  return wrong === undefined ? { head, checked } : { head, checked, fault: classify(head, before.at(-1), wrong) };
}

function follows(head: Head, entry: StoredEntry): boolean {
  return entry.seq === head.seq + 1 && entry.previous === head.hash && entry.hash === entryHash(entry);
}

/** Names the fault that starts at the first entry of `window`; `head` is the last good one. */
function classify(head: Head, last: StoredEntry | undefined, window: StoredEntry[]): ChainFault {
  const first = window[0]!;
  const expected = head.seq + 1;
  const seq = first.seq;
  const fault = (kind: ChainFault['kind'], place: number, text: string): ChainFault => ({ kind, seq: place, text });

  if (typeof seq !== 'number' || !Number.isInteger(seq)) {
    return fault('inserted', expected, `an entry with the place ${String(seq)} was put in after ${head.seq}`);
  }
  const follower = window.findIndex((entry) => entry.previous === head.hash);
  if (seq !== expected) {
    const until = seq - 1;
    return fault(
      'missing',
      expected,
      expected === until ? `entry ${expected} is gone` : `${expected}–${until} are gone`,
    );
  }
  const home = rightPlace(first, seq);
  if (home !== undefined) {
    // Everything that follows being off as well, something was taken out or put in before it.
    const shifted = window.every(
      (entry) => typeof entry.seq === 'number' && rightPlace(entry, entry.seq) !== undefined,
    );
    if (shifted && home < seq) return fault('inserted', home, `the entry at ${home} is not of this log`);
    if (shifted && window.length > 1 && follower === -1) {
      return fault('missing', expected, `entry ${expected} is gone and those after it were given new places`);
    }
    return fault('reordered', expected, `the entry at ${expected} was written as number ${home}`);
  }
  if (follower > 0) {
    const later = window[follower]!;
    const place = typeof later.seq === 'number' ? rightPlace(later, later.seq) : undefined;
    if (place === expected) return fault('inserted', expected, `the entry at ${expected} is not of this log`);
  }
  if (first.hash !== entryHash(first)) {
    return fault('changed', expected, `the entry at ${expected} does not fit its hash`);
  }
  if (follower > 0) return fault('inserted', expected, `the entry at ${expected} is not of this log`);
  if (last === undefined)
    return fault('missing', expected, `the entry at ${expected} names one before it, which is gone`);
  return fault('changed', head.seq, `entry ${head.seq} was replaced: the one after it was written after another`);
}

/** The place near `seq` at which an entry fits its own hash; `undefined` when it fits where it is, or nowhere. */
function rightPlace(entry: StoredEntry, seq: number): number | undefined {
  if (entry.hash === entryHash(entry)) return undefined;
  for (let away = 1; away <= lookAround; away += 1) {
    for (const place of [seq - away, seq + away]) {
      if (place > 0 && entryHash({ ...entry, seq: place }) === entry.hash) return place;
    }
  }
  return undefined;
}
