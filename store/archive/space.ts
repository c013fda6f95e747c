import { EventEmitter } from 'node:events';
import { statfs } from 'node:fs/promises';

/** How it stands with free space: enough; so little that somebody must act; too little to record. */
export type SpaceState = 'ok' | 'low' | 'full';

export interface SpaceLimits {
  /** Below this it is `low`, bytes. */
  warnBytes: number;
  /** Below this it is `full`, bytes. */
  stopBytes: number;
}

/** Free space must be this much above a limit to leave its state again, bytes: recordings must not stop and go. */
const margin = (limit: number): number => Math.min(limit * 0.1, 50e6);

/** The state for so many free bytes, coming from a state. Pure. */
export function judgeSpace(free: number, before: SpaceState, { stopBytes, warnBytes }: SpaceLimits): SpaceState {
  const stop = before === 'full' ? stopBytes + margin(stopBytes) : stopBytes;
  const warn = before === 'ok' ? warnBytes : warnBytes + margin(warnBytes);
  if (free < stop) return 'full';
  return free < Math.max(warn, stop) ? 'low' : 'ok';
}

export interface SpaceGuardOptions extends SpaceLimits {
  folder: string;
  everyMs: number;
  /** Free bytes of a folder's disk, for us; the file system's when absent. */
  read?: (folder: string) => Promise<number>;
}

/** Looks at the free space where recordings are written, and tells when its state changes. */
export class SpaceGuard extends EventEmitter<{ state: [state: SpaceState, freeBytes: number] }> {
  readonly limits: SpaceLimits;
  private readonly options: SpaceGuardOptions;
  private now: SpaceState = 'ok';
  private free = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: SpaceGuardOptions) {
    super();
    this.options = options;
    this.limits = { warnBytes: options.warnBytes, stopBytes: options.stopBytes };
  }

  get state(): SpaceState {
    return this.now;
  }

  /** Free bytes at the last look. */
  get freeBytes(): number {
    return this.free;
  }

  /** Looks for the first time, then again and again. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), this.options.everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Looks now. A disk that cannot be asked changes nothing: writing to it will tell. */
  async look(): Promise<void> {
    const free = await (this.options.read ?? freeOf)(this.options.folder).catch(() => undefined);
    if (free === undefined) return;
    this.free = free;
    const state = judgeSpace(free, this.now, this.limits);
    if (state === this.now) return;
    this.now = state;
    this.emit('state', state, free);
  }
}

async function freeOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
