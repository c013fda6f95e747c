import { RateLimit } from '../../platform/rate-limit.ts';

const windowMs = 10 * 60_000;
const mostListed = 1_000;

/** A source that asks no more. */
export interface Block {
  source: string;
  since: Date;
  until: Date;
}

/** Stops whoever tries MAC addresses or keys: a source that was refused so often within ten minutes is not heard. */
export class Blocks {
  private readonly limit: RateLimit;
  private readonly listed = new Map<string, Block>();

  /** @param most Refusals within ten minutes. */
  constructor(most: number) {
    this.limit = new RateLimit(most, windowMs);
  }

  has(source: string, now: Date): boolean {
    const block = this.listed.get(source);
    if (block !== undefined && block.until > now) return true;
    return this.limit.over(source, now.getTime());
  }

  /** Counts a refusal; `true` when with it the source is blocked. */
  refused(source: string, now: Date): boolean {
    this.limit.take(source, now.getTime());
    if (!this.limit.over(source, now.getTime())) return false;
    const known = this.listed.get(source);
    if (known !== undefined && known.until > now) return false;
    if (this.listed.size >= mostListed) this.listed.delete(this.listed.keys().next().value ?? '');
    this.listed.set(source, { source, since: now, until: new Date(now.getTime() + windowMs) });
    return true;
  }

  list(now: Date): Block[] {
    for (const [source, { until }] of this.listed) if (until <= now) this.listed.delete(source);
    return [...this.listed.values()];
  }

  /** Hears a source again. */
  lift(source: string): boolean {
    this.limit.forget(source);
    return this.listed.delete(source);
  }
}
