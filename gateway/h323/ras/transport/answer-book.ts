import { addressText } from '../address.ts';
import type { HostPort } from '../interface.ts';

/** What a request was before: `new`; `pending`: being worked on; else the answer that it got. */
export type Before = 'new' | 'pending' | Uint8Array;

const keptMs = 15_000;
const mostKept = 10_000;

interface Entry {
  request: Uint8Array;
  answer: Uint8Array | undefined;
  untilMs: number;
}

/**
 * Requests that came lately and what they were answered: one that is sent again (the answer was lost, or late) gets the
 * same answer and has no second effect. Only the very same octets count as the same: a device that starts anew counts
 * its requests from 1 again.
 */
export class AnswerBook {
  private readonly entries = new Map<string, Entry>();

  begin(from: HostPort, kind: string, number: number, request: Uint8Array, nowMs: number): Before {
    const key = keyOf(from, kind, number);
    const entry = this.entries.get(key);
    if (entry !== undefined && nowMs < entry.untilMs && Buffer.compare(entry.request, request) === 0) {
      return entry.answer ?? 'pending';
    }
    this.entries.delete(key);
    this.sweep(nowMs);
    this.entries.set(key, { request, answer: undefined, untilMs: nowMs + keptMs });
    return 'new';
  }

  /** @param answer `undefined`: there is none; the request may be tried again */
  end(from: HostPort, kind: string, number: number, answer: Uint8Array | undefined): void {
    const key = keyOf(from, kind, number);
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    if (answer === undefined) this.entries.delete(key);
    else entry.answer = answer;
  }

  /** What a device asked before it left must not be answered from memory when it is back. */
  forget(from: HostPort, kinds: readonly string[]): void {
    for (const key of this.entries.keys())
      if (kinds.some((kind) => key.startsWith(`${addressText(from)} ${kind} `))) this.entries.delete(key);
  }

  /** Entries stand in the order of their end. */
  private sweep(nowMs: number): void {
    for (const [key, { untilMs }] of this.entries) {
      if (untilMs > nowMs && this.entries.size < mostKept) return;
      this.entries.delete(key);
    }
  }
}

const keyOf = (from: HostPort, kind: string, number: number): string => `${addressText(from)} ${kind} ${number}`;
