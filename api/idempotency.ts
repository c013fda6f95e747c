import { createHash } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';

interface Done {
  request: string;
  at: number;
  answer: Promise<{ status: number; body: unknown }>;
}

const keptMs = 24 * 3600_000;
const mostKept = 10_000;

/**
 * Requests with an Idempotency-Key are done once: who repeats one gets the first answer. Kept in memory: what such a
 * request starts (a call, a room) does not outlive the process either. A refusal is not kept: it may be tried again.
 */
export class IdempotentRequests {
  private readonly clock: Clock;
  private readonly done = new Map<string, Done>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @throws Fault `key-reused` when the key came with another request before. */
  async once(
    key: string,
    request: unknown,
    run: () => Promise<{ status: number; body: unknown }>,
  ): Promise<{ status: number; body: unknown }> {
    const now = this.clock.now().getTime();
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    const before = this.done.get(key);
    if (before !== undefined && now - before.at < keptMs) {
      if (before.request !== fingerprint) throw new Fault('invalid', 'key-reused');
      return before.answer;
    }
    const answer = run();
    this.done.set(key, { request: fingerprint, at: now, answer });
    if (this.done.size > mostKept) this.done.delete(this.done.keys().next().value ?? '');
    answer.catch(() => this.done.delete(key));
    return answer;
  }
}
