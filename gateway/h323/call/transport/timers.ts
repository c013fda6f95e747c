/** Named timers of one call: each runs once; all end with the call. */
export class CallTimers {
  private readonly running = new Map<string, NodeJS.Timeout>();
  private readonly expired: (name: string) => void;

  constructor(expired: (name: string) => void) {
    this.expired = expired;
  }

  start(name: string, ms: number): void {
    this.stop(name);
    const timer = setTimeout(() => {
      this.running.delete(name);
      this.expired(name);
    }, ms);
    this.running.set(name, timer);
  }

  stop(name: string): void {
    const timer = this.running.get(name);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.running.delete(name);
  }

  stopAll(): void {
    for (const timer of this.running.values()) clearTimeout(timer);
    this.running.clear();
  }
}
