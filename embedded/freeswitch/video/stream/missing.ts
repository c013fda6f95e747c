/*
 * Which packets are missing, and when to ask for them, once and again (generic NACK, RFC 4585 clause 6.2.1). Bounded in
 * count, in tries and in time: what does not come by then is given up, and a key frame is asked for instead. Pure: time is
 * told.
 */

/** More at once are not asked for one by one. */
const mostMissing = 256;
const mostTries = 5;
/** A packet that is only out of order is not asked for, ms: at first, at least, at most. */
const order = { firstMs: 10, leastMs: 5, mostMs: 80 };
/** While nothing is known of the way there and back, ms. */
const firstRoundTripMs = 60;
/** Between two tries at least, ms: engines' beats are 20 ms. */
const leastIntervalMs = 25;
/** Pictures are held back for missing packets so long, ms. */
const patience = { leastMs: 120, mostMs: 500 };

interface Missing {
  sinceMs: number;
  askedMs: number;
  tries: number;
}

export class MissingPackets {
  /** By RTCP reports; else it is taken of the answers. */
  reportedRoundTripMs: number | undefined;
  /** Packets asked for, each time counted, and those that came after that. */
  readonly counts: { asked: number; recovered: number };
  private answeredAfterMs: number | undefined;
  private orderMs = order.firstMs;
  private readonly missing = new Map<number, Missing>();
  /** Asked for and come, and so not to come again: newest last. */
  private readonly answered = new Set<number>();

  constructor(counts = { asked: 0, recovered: 0 }) {
    this.counts = counts;
  }

  /** Packets from `from` up to `to`, exclusive, were passed over. */
  noticed(from: number, to: number, nowMs: number): void {
    const count = (to - from) & 0xffff;
    if (this.missing.size + count > mostMissing) {
      this.missing.clear();
      return;
    }
    for (let place = 0; place < count; place++) {
      this.missing.set((from + place) & 0xffff, { sinceMs: nowMs, askedMs: 0, tries: 0 });
    }
  }

  /** A packet came that was not the newest. */
  came(sequence: number, nowMs: number): void {
    const one = this.missing.get(sequence);
    if (one === undefined) {
      // It came by itself and again because it was asked for: too early.
      if (this.answered.delete(sequence)) this.orderMs = Math.min(order.mostMs, this.orderMs + 5);
      return;
    }
    this.missing.delete(sequence);
    if (one.tries === 0) {
      const waited = (nowMs - one.sinceMs) * 1.25;
      if (waited > this.orderMs) this.orderMs = Math.min(order.mostMs, waited);
      return;
    }
    this.counts.recovered++;
    this.orderMs = Math.max(order.leastMs, this.orderMs - 0.1);
    this.answered.add(sequence);
    if (this.answered.size > mostMissing)
      for (const oldest of this.answered) {
        this.answered.delete(oldest);
        break;
      }
    if (one.tries > 1) return;
    const trip = nowMs - one.askedMs;
    this.answeredAfterMs =
      this.answeredAfterMs === undefined ? trip : this.answeredAfterMs + (trip - this.answeredAfterMs) / 8;
  }

  /** What is to be asked for now, in the order of the stream. */
  due(nowMs: number): number[] {
    const due: number[] = [];
    if (this.missing.size === 0) return due;
    const interval = this.intervalMs;
    for (const [sequence, one] of this.missing) {
      if (one.tries >= mostTries) continue;
      if (one.tries === 0 ? nowMs - one.sinceMs < this.orderMs : nowMs - one.askedMs < interval) continue;
      one.tries++;
      one.askedMs = nowMs;
      due.push(sequence);
    }
    this.counts.asked += due.length;
    return due;
  }

  /** Nothing before `next` is waited for any more. */
  passed(next: number): void {
    for (const sequence of this.missing.keys()) {
      if (((sequence - next) << 16) >> 16 < 0) this.missing.delete(sequence);
    }
  }

  clear(): void {
    this.missing.clear();
    this.answered.clear();
  }

  /** How long pictures are worth being held back for what is missing, ms; 0 when nothing is asked for. */
  get patienceMs(): number {
    if (this.missing.size === 0) return 0;
    const wanted = this.orderMs + (mostTries - 1) * this.intervalMs;
    return Math.max(patience.leastMs, Math.min(patience.mostMs, wanted));
  }

  private get intervalMs(): number {
    const trip = this.reportedRoundTripMs ?? this.answeredAfterMs ?? firstRoundTripMs;
    return Math.max(leastIntervalMs, 1.25 * trip + 5);
  }
}
