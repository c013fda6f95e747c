/* The steady 20 ms beat that everything sounds by. */

const beatMs = 20;
/** Beats made up for at once after the process was held up; more are given up. */
const mostCatchUp = 10;
/**
 * What a beat makes is sent a little later, when even a slow beat is done and the packets that came meanwhile are read:
 * so what leaves is evenly spaced. The wait follows the slowest of the last beats, up to this, ms.
 */
const mostWaitMs = 12;
const spareMs = 2;
const forget = 0.995;
/** The clock is watched for so long before sending, ms: timers count whole milliseconds. */
const lookMs = 1.2;
/** Beats slower than this make it worth to watch the clock closely before sending, ms. */
const busyMs = 2;

/** Calls `make` every 20 ms by the monotonic clock, without drift, with the time at which it was due, and then `send`. */
export class Beat {
  private next = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: NodeJS.Timeout | undefined;
  private looking: NodeJS.Immediate | undefined;
  private readonly make: (nowMs: number) => void;
  private readonly send: () => void;
  private unsent = false;
  private sendAtMs = 0;
  /** How long after its time a beat is done, ms: the most of the last ones. */
  private slowest = 0;
  skipped = 0;

  constructor(make: (nowMs: number) => void, send: () => void) {
    this.make = make;
    this.send = send;
  }

  start(): void {
    this.next = performance.now() + beatMs;
    this.arm();
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.sending);
    clearImmediate(this.looking);
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
      if (this.unsent) this.sendNow();
      const now = this.next;
      this.next += beatMs;
      this.make(now);
      this.unsent = true;
      this.slowest = Math.max(this.slowest * forget, performance.now() - now);
      this.sendAtMs = now + Math.min(this.slowest + spareMs, mostWaitMs);
    }
    if (this.unsent) this.sendInTime();
    this.arm();
  }

  private sendInTime(): void {
    clearTimeout(this.sending);
    clearImmediate(this.looking);
    const wait = this.sendAtMs - performance.now();
    if (wait <= 0) this.sendNow();
    else if (this.slowest < busyMs) this.sending = setTimeout(() => this.unsent && this.sendNow(), wait);
    // Timers count whole milliseconds: the last of them is spent reading what came.
    else if (wait > lookMs) this.sending = setTimeout(() => this.sendInTime(), wait - lookMs);
    else this.looking = setImmediate(() => this.unsent && this.sendInTime());
  }

  private sendNow(): void {
    clearTimeout(this.sending);
    clearImmediate(this.looking);
    this.unsent = false;
    this.send();
  }
}
