const firstWaitMs = 1_000;
const longestWaitMs = 15 * 60_000;
/** Names and addresses remembered; the longest untouched are forgotten first. */
const remembered = 10_000;

interface Tries {
  failed: number;
  /** No try counts before this moment, in ms. */
  openAt: number;
}

/**
 * Wrong log-ins slow down further ones: after some the wait doubles from 1 s to 15 min, for each name and each address
 * by itself. Time in ms, given by the caller.
 */
export class TryLimit {
  private readonly tries = new Map<string, Tries>();
  private readonly freeTries: number;

  /** `freeTries`: those that cost nothing. */
  constructor(freeTries: number) {
    this.freeTries = freeTries;
  }

  /** How long this key must still wait, in ms; 0 when it may try. */
  wait(key: string, now: number): number {
    return Math.max(0, (this.tries.get(key)?.openAt ?? 0) - now);
  }

  failed(key: string, now: number): void {
    const before = this.tries.get(key);
    // An hour of quiet after the wait forgives.
    const stale = before !== undefined && now - before.openAt > 3_600_000;
    const failed = (stale ? 0 : (before?.failed ?? 0)) + 1;
    const over = failed - this.freeTries;
    const waitMs = over < 0 ? 0 : Math.min(firstWaitMs * 2 ** Math.min(over, 20), longestWaitMs);
    this.tries.delete(key);
    this.tries.set(key, { failed, openAt: now + waitMs });
    if (this.tries.size > remembered) this.tries.delete(this.tries.keys().next().value ?? '');
  }

  succeeded(key: string): void {
    this.tries.delete(key);
  }
}
