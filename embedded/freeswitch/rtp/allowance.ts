/** How much may come: so much a second, and so much at once. A token bucket. */
export class Allowance {
  private readonly perSecond: number;
  private readonly atOnce: number;
  private left: number;
  private lastMs = 0;

  constructor(perSecond: number, atOnce: number) {
    this.perSecond = perSecond;
    this.atOnce = atOnce;
    this.left = atOnce;
  }

  /** Takes an amount; `false`, and nothing taken, when it is too much. */
  take(amount: number, nowMs: number): boolean {
    if (nowMs > this.lastMs) {
      const grown = this.left + ((nowMs - this.lastMs) * this.perSecond) / 1_000;
      this.left = Math.min(grown, this.atOnce);
      this.lastMs = nowMs;
    }
    if (amount > this.left) return false;
    this.left -= amount;
    return true;
  }
}
