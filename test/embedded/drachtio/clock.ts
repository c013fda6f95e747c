import type { Later } from '../../../embedded/drachtio/transaction/timers.ts';

/** Timers that a test turns by hand. */
export class TestClock {
  now = 0;
  private waiting: { at: number; action: () => void }[] = [];
  readonly later: Later = (ms, action) => {
    const entry = { at: this.now + ms, action };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  };

  /** Timers that still run. */
  get running(): number {
    return this.waiting.length;
  }

  /** Lets time pass; timers go off in their order. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.waiting.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.waiting = this.waiting.filter((entry) => entry !== next);
      this.now = next.at;
      next.action();
    }
    this.now = end;
  }
}
