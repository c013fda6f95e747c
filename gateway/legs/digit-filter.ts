/** How long the same digit by another way counts as the same press, ms. */
const sameWithinMs = 400;

/** Some terminals send each digit twice, in the sound and in signalling: only the first counts. Pure but for memory. */
export class DigitFilter {
  private last: { digit: string; way: string; atMs: number } | undefined;

  /** Whether a digit is a press of its own. */
  fresh(digit: string, way: 'signalling' | 'media', nowMs: number): boolean {
    const { last } = this;
    if (last !== undefined && last.digit === digit && last.way !== way && nowMs - last.atMs < sameWithinMs)
      return false;
    this.last = { digit, way, atMs: nowMs };
    return true;
  }
}
