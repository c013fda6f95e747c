/** Counts what a key did within a window; over the limit it is refused until the window is over. */
export class RateLimit {
  private readonly counts = new Map<string, { since: number; count: number }>();
  private readonly most: number;
  private readonly windowMs: number;

  constructor(most: number, windowMs: number) {
    this.most = most;
    this.windowMs = windowMs;
  }

  /** Counts one more; `false` when that is over the limit. */
  take(key: string, nowMs: number): boolean {
    const entry = this.fresh(key, nowMs);
    entry.count++;
    return entry.count <= this.most;
  }

  /** Whether the key is over its limit already, without counting. */
  over(key: string, nowMs: number): boolean {
    return this.fresh(key, nowMs).count >= this.most;
  }

  forget(key: string): void {
    this.counts.delete(key);
  }

  private fresh(key: string, nowMs: number): { since: number; count: number } {
    let entry = this.counts.get(key);
    if (entry === undefined || nowMs - entry.since >= this.windowMs) {
      if (this.counts.size > 10_000) this.sweep(nowMs);
      entry = { since: nowMs, count: 0 };
      this.counts.set(key, entry);
    }
    return entry;
  }

  private sweep(nowMs: number): void {
    for (const [key, { since }] of this.counts) if (nowMs - since >= this.windowMs) this.counts.delete(key);
  }
}
