/** A source is asked for key frames no faster than this, ms. */
const leastMs = 300;
/** Between repetitions at most, ms: a far encoder that does not answer is not hammered. */
const mostMs = 2_000;
/** The same for a source that sends nothing at all, ms: a terminal without a camera need not be asked for ever. */
const quietMostMs = 30_000;
/** A source from which nothing came for so long is quiet, ms. */
const quietAfterMs = 5_000;

/** Asks a source for a key frame when one is needed, at a bounded rate, and again until it came. */
export class KeyFrameAsker {
  private needed = false;
  private lastMs = Number.NEGATIVE_INFINITY;
  private tries = 0;
  private heardMs = Number.NEGATIVE_INFINITY;
  private readonly ask: (again: boolean) => void;

  constructor(ask: (again: boolean) => void) {
    this.ask = ask;
  }

  get waiting(): boolean {
    return this.needed;
  }

  /** One is needed now. */
  need(nowMs: number): void {
    if (!this.needed) this.tries = 0;
    this.needed = true;
    this.tick(nowMs);
  }

  /** Something came of it, if no key frame. */
  heard(nowMs: number): void {
    this.heardMs = nowMs;
  }

  /** One came, without loss. */
  came(): void {
    this.needed = false;
  }

  /** Call every beat. */
  tick(nowMs: number): void {
    const longest = nowMs - this.heardMs > quietAfterMs ? quietMostMs : mostMs;
    if (!this.needed || nowMs - this.lastMs < Math.min(leastMs * 2 ** Math.max(0, this.tries - 2), longest)) return;
    this.lastMs = nowMs;
    this.ask(this.tries++ > 0);
  }
}
