const silentAfterMs = 10_000;

/** Sees when nothing comes of what should come, and when it comes again. Times by the monotonic clock. */
export class SilenceWatch {
  /** When the last packet came. */
  lastMs = 0;
  private silent = false;
  /** Since when packets should come. */
  private expectedSinceMs: number | undefined;

  /** A packet came; `true` when it ends a silence. */
  came(nowMs: number): boolean {
    this.lastMs = nowMs;
    const ends = this.silent;
    this.silent = false;
    return ends;
  }

  /** `true` when a silence begins: also of one that never sent anything, or none since it was taken off hold. */
  begins(expected: boolean, nowMs: number): boolean {
    if (!expected) this.expectedSinceMs = undefined;
    else this.expectedSinceMs ??= nowMs;
    if (this.silent || this.expectedSinceMs === undefined) return false;
    this.silent = nowMs - Math.max(this.lastMs, this.expectedSinceMs) > silentAfterMs;
    return this.silent;
  }

  /** Nothing is to come any more. */
  end(): void {
    this.silent = false;
  }
}
