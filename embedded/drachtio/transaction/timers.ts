/* Timer values (RFC 3261, table 4), in ms, and where timers come from, so that a test can turn the clock. */

export const T1 = 500;
export const T2 = 4_000;
export const T4 = 5_000;
/** Timers B, F, H, L, M: 64 × T1. */
export const transactionTimeoutMs = 64 * T1;
/** Timer D for unreliable transports: at least 32 s. */
export const timerD = 32_000;
/** Timer C of a proxy: more than 3 minutes (RFC 3261, clause 16.6). */
export const timerC = 185_000;

/** Runs something later; what it answers takes that back. */
export type Later = (ms: number, action: () => void) => () => void;

/** The machine's own timers; they do not keep the process alive. */
export const machineTimers: Later = (ms, action) => {
  const timer = setTimeout(action, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** The timers of one transaction, by name; all are gone with `clear`. */
export class TimerSet {
  private readonly later: Later;
  private readonly running = new Map<string, () => void>();

  constructor(later: Later) {
    this.later = later;
  }

  start(name: string, ms: number, action: () => void): void {
    this.stop(name);
    this.running.set(
      name,
      this.later(ms, () => {
        this.running.delete(name);
        action();
      }),
    );
  }

  stop(name: string): void {
    this.running.get(name)?.();
    this.running.delete(name);
  }

  clear(): void {
    for (const cancel of this.running.values()) cancel();
    this.running.clear();
  }
}
