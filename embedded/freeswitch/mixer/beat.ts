/* The steady 20 ms beat that everything sounds by. */

const beatMs = 20;
/** Beats made up for at once after the process was held up; more are given up. */
const mostCatchUp = 10;

/** Calls `tick` every 20 ms by the monotonic clock, without drift, with the time at which it was due. */
export class Beat {
  private next = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly tick: (nowMs: number) => void;
  skipped = 0;

  constructor(tick: (nowMs: number) => void) {
    this.tick = tick;
  }

  start(): void {
    this.next = performance.now() + beatMs;
    this.arm();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private arm(): void {
    this.timer = setTimeout(() => this.run(), Math.max(0, Math.floor(this.next - performance.now())));
  }

  private run(): void {
    let due = Math.floor((performance.now() - this.next) / beatMs) + 1;
    if (due > mostCatchUp) {
      this.skipped += due - mostCatchUp;
      this.next += (due - mostCatchUp) * beatMs;
      due = mostCatchUp;
    }
    for (; due > 0; due--) {
      const now = this.next;
      this.next += beatMs;
      this.tick(now);
    }
    this.arm();
  }
}
