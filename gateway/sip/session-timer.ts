/* Session timers (RFC 4028): who refreshes, and when a silent far side counts as gone. */

interface Actions {
  refresh(): Promise<void>;
  expired(): void;
}

export const ownSessionExpiresS = 1800;
const leastS = 90;

/** Reads Session-Expires; `undefined` when there is none that can be used. */
export function parseSessionExpires(
  value: string | undefined,
): { seconds: number; refresher: 'uac' | 'uas' | undefined } | undefined {
  const match = /^\s*(\d{1,6})/.exec(value ?? '');
  if (match === null) return undefined;
  const refresher = /refresher\s*=\s*(uac|uas)/i.exec(value ?? '')?.[1]?.toLowerCase();
  return { seconds: Math.max(leastS, Number(match[1])), refresher: refresher as 'uac' | 'uas' | undefined };
}

/** Watches one dialog. */
export class SessionTimer {
  private readonly actions: Actions;
  private readonly weRefresh: boolean;
  private seconds: number | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(sessionExpires: string | undefined, weRefresh: boolean, actions: Actions) {
    this.actions = actions;
    this.weRefresh = weRefresh;
    this.heard(sessionExpires);
  }

  /** The far side refreshed, perhaps with a new interval. */
  heard(sessionExpires: string | undefined): void {
    this.seconds = parseSessionExpires(sessionExpires)?.seconds ?? this.seconds;
    this.arm();
  }

  /** What an answer to the far side's refresh says. */
  answerHeaders(): Record<string, string> {
    if (this.seconds === undefined) return {};
    return { 'Session-Expires': `${this.seconds};refresher=uac`, Require: 'timer' };
  }

  stop(): void {
    clearTimeout(this.timer);
    this.seconds = undefined;
  }

  private arm(): void {
    clearTimeout(this.timer);
    const { seconds } = this;
    if (seconds === undefined) return;
    // The refresher acts at half time; the other gives up shortly before the end (RFC 4028, clause 10).
    const waitS = this.weRefresh ? seconds / 2 : seconds - Math.min(32, seconds / 3);
    this.timer = setTimeout(() => {
      if (!this.weRefresh) this.actions.expired();
      else void this.actions.refresh().then(() => this.arm());
    }, waitS * 1_000);
    this.timer.unref();
  }
}
