import { setTimeout as pause } from 'node:timers/promises';

/** One live event of the API. */
export interface ToldEvent {
  name: string;
  data: Record<string, unknown>;
}

/** Follows the product's live events from now on, and comes back when the stream breaks. */
export class LiveEventFollower {
  readonly told: ToldEvent[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly abort = new AbortController();
  private lastId = '';

  private constructor() {}

  /** Resolves when the stream is open: nothing that happens afterwards is missed. */
  static async open(url: string, token: string): Promise<LiveEventFollower> {
    const follower = new LiveEventFollower();
    const opened = follower.once(({ name }) => name === 'hello', 'the stream of live events', 5_000);
    void follower.read(url, token);
    await opened;
    return follower;
  }

  /** The first event that fits, among those told already or yet to come. @throws after `ms`, naming `what`. */
  async once(fits: (event: ToldEvent) => boolean, what: string, ms = 15_000): Promise<ToldEvent> {
    const until = performance.now() + ms;
    for (let place = 0; ; ) {
      for (; place < this.told.length; place++) {
        const event = this.told[place];
        if (event !== undefined && fits(event)) return event;
      }
      const left = until - performance.now();
      if (left <= 0) throw new Error(`not told within ${ms} ms: ${what}\n${this.summary()}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.waiting.add(wake);
      });
    }
  }

  /** An entry of the session log as it is written. */
  async logged(event: string, fits: (entry: LoggedEntry) => boolean = () => true, ms?: number): Promise<LoggedEntry> {
    const found = await this.once(
      ({ data, name }) => name === 'log' && data.event === event && fits(data as unknown as LoggedEntry),
      `log entry ${event}`,
      ms,
    );
    return found.data as unknown as LoggedEntry;
  }

  /** Forgets what was told: what is awaited next must be new. */
  forget(): void {
    this.told.length = 0;
  }

  close(): void {
    this.abort.abort();
  }

  private summary(): string {
    return this.told
      .slice(-40)
      .map(({ data, name }) => `  ${name} ${JSON.stringify(data).slice(0, 300)}`)
      .join('\n');
  }

  private async read(url: string, token: string): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      try {
        const headers = { Authorization: `Bearer ${token}`, ...(this.lastId ? { 'Last-Event-ID': this.lastId } : {}) };
        const response = await fetch(url, { headers, signal });
        let rest = '';
        const decoder = new TextDecoder();
        for await (const piece of response.body ?? []) {
          rest += decoder.decode(piece as Uint8Array, { stream: true });
          const blocks = rest.split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) this.take(block);
        }
      } catch {
        // The product is down, or we end.
      }
      await pause(100, undefined, { signal }).catch(() => {});
    }
  }

  private take(block: string): void {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    this.lastId = field('id') ?? this.lastId;
    const name = field('event');
    if (name === undefined) return;
    this.told.push({ name, data: JSON.parse(field('data') ?? '{}') as Record<string, unknown> });
    for (const wake of this.waiting) wake();
  }
}

/** A log entry as the API tells it. */
export interface LoggedEntry {
  seq: number;
  event: string;
  time: string;
  actor: { kind: string; id?: string; name?: string };
  sessionId?: string;
  legId?: string;
  endpointId?: string;
  siteId?: string;
  address?: string;
  cause?: { sip?: number; q850?: number; text: string };
  detail: Record<string, unknown>;
}
