/*
 * How late packets come, against the quickest of the last seconds: what the play-out must wait for. A histogram that
 * forgets, as adaptive jitter buffers keep it; the quickest path moves with the drift of the two clocks.
 */

const binMs = 4;
const bins = 80;
const forgetAfter = 200;
const windowMs = 5_000;
/** Share of packets that must come in time. */
const inTime = 0.98;

export class Arrival {
  private readonly counts = new Uint16Array(bins);
  private total = 0;
  private quickest = Number.POSITIVE_INFINITY;
  private quickestBefore = Number.POSITIVE_INFINITY;
  private windowEnd = 0;
  private sinceLook = 0;
  private wanted = 2 * binMs;

  /** Takes a packet's time of arrival and the time its stamp stands for, both in ms. */
  count(nowMs: number, stampMs: number): void {
    const transit = nowMs - stampMs;
    if (nowMs > this.windowEnd) {
      this.quickestBefore = this.quickest;
      this.quickest = transit;
      this.windowEnd = nowMs + windowMs;
    } else if (transit < this.quickest) this.quickest = transit;
    const late = transit - this.base;
    const bin = late <= 0 ? 0 : late >= binMs * bins ? bins - 1 : (late / binMs) | 0;
    this.counts[bin]!++;
    if (++this.total >= forgetAfter) this.forget();
    if (++this.sinceLook >= 25) this.look();
  }

  /** Transit time (arrival less stamp, ms) of the quickest packets lately. */
  get base(): number {
    return Math.min(this.quickest, this.quickestBefore);
  }

  /** Delay after the quickest packets at which nearly all are there, ms. */
  get target(): number {
    return this.wanted;
  }

  reset(): void {
    this.quickest = Number.POSITIVE_INFINITY;
    this.quickestBefore = Number.POSITIVE_INFINITY;
    this.windowEnd = 0;
  }

  private forget(): void {
    this.total = 0;
    for (let bin = 0; bin < bins; bin++) {
      const half = this.counts[bin]! >> 1;
      this.counts[bin] = half;
      this.total += half;
    }
  }

  private look(): void {
    this.sinceLook = 0;
    let left = this.total * (1 - inTime);
    let bin = bins - 1;
    for (; bin > 0; bin--) {
      left -= this.counts[bin]!;
      if (left < 0) break;
    }
    this.wanted = (bin + 1) * binMs;
  }
}
