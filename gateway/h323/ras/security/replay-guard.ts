/** What a time stamp is worth: `fresh`; `skewed`: too far from our clock; `replayed`: seen before. */
export type Freshness = 'fresh' | 'skewed' | 'replayed';

export interface SeenToken {
  /** Seconds since 1970, UTC. */
  timeS: number;
  /** Number that tells tokens of one second apart; a password hash has none. */
  random: number | undefined;
  /** Where it came from. */
  source: string;
}

const mostPerSender = 2_000;

/**
 * Refuses tokens that somebody overheard and sends again. A token with a random number is taken once. One without is
 * the same for everything that its sender sends within a second, so it is bound to the address that first used it.
 */
export class ReplayGuard {
  private readonly windowS: number;
  private readonly senders = new Map<string, { floorS: number; seen: Map<string, SeenToken> }>();

  /** @param windowS how far a sender's clock may be from ours, in seconds */
  constructor(windowS: number) {
    this.windowS = windowS;
  }

  /** Judges a token whose hash was right, and remembers it. */
  judge(sender: string, token: SeenToken, nowS: number): Freshness {
    if (Math.abs(nowS - token.timeS) > this.windowS) return 'skewed';
    const book = this.senders.get(sender) ?? { floorS: 0, seen: new Map<string, SeenToken>() };
    this.senders.set(sender, book);
    if (token.timeS < book.floorS) return 'replayed';
    const key = `${token.timeS}:${token.random ?? ''}`;
    const before = book.seen.get(key);
    if (before !== undefined) {
      return token.random === undefined && before.source === token.source ? 'fresh' : 'replayed';
    }
    book.seen.set(key, token);
    if (book.seen.size > mostPerSender) this.shorten(book, nowS);
    return 'fresh';
  }

  forget(sender: string): void {
    this.senders.delete(sender);
  }

  /** Drops what lies outside of the window anyway; where that is not enough, older stamps are refused altogether. */
  private shorten(book: { floorS: number; seen: Map<string, SeenToken> }, nowS: number): void {
    for (const [key, { timeS }] of book.seen) if (nowS - timeS > this.windowS) book.seen.delete(key);
    if (book.seen.size <= mostPerSender / 2) return;
    const oldest = [...book.seen].sort(([, a], [, b]) => a.timeS - b.timeS).slice(0, book.seen.size / 2);
    for (const [key, { timeS }] of oldest) {
      book.seen.delete(key);
      book.floorS = Math.max(book.floorS, timeS + 1);
    }
  }
}
