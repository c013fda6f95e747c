import type { Leg } from '../legs/leg.ts';

/** How an entry is taken. */
export interface EntryOptions {
  /** Digits that make it complete. */
  max: number;
  /** Digit that ends it earlier, and does not belong to it. */
  terminator: string;
  /** Wait for the first digit, and between digits, ms. */
  firstMs: number;
  betweenMs: number;
}

/** Splits a complete entry off what was keyed; `undefined` while more may come. Pure. */
export function takeEntry(
  keyed: string,
  { max, terminator }: Pick<EntryOptions, 'max' | 'terminator'>,
): { entry: string; rest: string } | undefined {
  const end = keyed.indexOf(terminator);
  if (end >= 0 && end <= max) return { entry: keyed.slice(0, end), rest: keyed.slice(end + 1) };
  if (keyed.length < max) return undefined;
  // A terminator out of habit behind a full entry is no entry of its own.
  const rest = keyed.slice(max);
  return { entry: keyed.slice(0, max), rest: rest.startsWith(terminator) ? rest.slice(1) : rest };
}

/** What one caller keys, by whatever way it comes: nothing is lost between prompts, who keys ahead is understood. */
export class KeyedDigits {
  private readonly leg: Leg;
  private keyed = '';
  private wake: (() => void) | undefined;
  private readonly onDigit = (digit: string): void => {
    this.keyed += digit;
    this.wake?.();
  };
  private readonly onEnded = (): void => this.wake?.();

  constructor(leg: Leg) {
    this.leg = leg;
    leg.on('digit', this.onDigit);
    leg.once('ended', this.onEnded);
  }

  /** Plays until it is over or the caller keys; not at all when something is keyed already. */
  async during(play: () => Promise<void>): Promise<void> {
    if (this.keyed !== '' || this.leg.ended) return;
    const stop = (): void => void this.leg.endpoint.stopPlaying();
    this.leg.once('digit', stop);
    try {
      await play();
    } finally {
      this.leg.off('digit', stop);
    }
  }

  /** The next entry; '' when nothing is keyed in time, or the caller is gone. */
  async entry(options: EntryOptions): Promise<string> {
    while (!this.leg.ended) {
      const complete = takeEntry(this.keyed, options);
      if (complete !== undefined) {
        this.keyed = complete.rest;
        return complete.entry;
      }
      if (!(await this.another(this.keyed === '' ? options.firstMs : options.betweenMs))) break;
    }
    const partial = this.keyed;
    this.keyed = '';
    return this.leg.ended ? '' : partial;
  }

  /** Forgets what was keyed. */
  clear(): void {
    this.keyed = '';
  }

  stop(): void {
    this.leg.off('digit', this.onDigit);
    this.leg.off('ended', this.onEnded);
  }

  private another(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (came: boolean): void => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve(came);
      };
      const timer = setTimeout(() => settle(false), withinMs);
      this.wake = () => settle(!this.leg.ended);
    });
  }
}
