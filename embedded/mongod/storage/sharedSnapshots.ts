import { Timestamp } from 'bson';
import { CommandError } from '../errors.ts';
import type { Store } from './store.ts';

type Snapshot = ReturnType<Store['snapshot']>;

interface Shared {
  readonly snapshot: Snapshot;
  lastUsed: number;
}

/**
 * Snapshots that several reads share: the first read with read concern `snapshot` is told a time (`atClusterTime`), later
 * ones that name it see the same state. Each keeps old pages alive, so their number and idle time are bounded.
 */
export class SharedSnapshots {
  readonly #store: Store;
  readonly #limits: { max: number; idleMs: number };
  readonly #kept = new Map<string, Shared>();
  #last = 0;

  constructor(store: Store, limits: { max: number; idleMs: number }) {
    this.#store = store;
    this.#limits = limits;
  }

  /** A snapshot of now, and the time it goes by. @throws CommandError when too many are kept */
  take(): { at: Timestamp; snapshot: Snapshot } {
    if (this.#kept.size >= this.#limits.max)
      throw new CommandError('SnapshotUnavailable', `more than ${this.#limits.max} snapshots are kept`);
    const at = new Timestamp({ t: Math.floor(Date.now() / 1000), i: ++this.#last });
    const snapshot = this.#store.snapshot();
    this.#kept.set(at.toString(), { snapshot, lastUsed: Date.now() });
    return { at, snapshot };
  }

  /** The snapshot of a time told before. @throws CommandError when it is kept no more */
  get(at: unknown): Snapshot {
    const shared = at instanceof Timestamp ? this.#kept.get(at.toString()) : undefined;
    if (shared === undefined) throw new CommandError('SnapshotTooOld', 'the snapshot of this time is kept no more');
    shared.lastUsed = Date.now();
    return shared.snapshot;
  }

  /** Gives up what nobody read from since the idle time; `all`: everything. */
  sweep(all = false): void {
    const before = Date.now() - this.#limits.idleMs;
    for (const [at, { lastUsed, snapshot }] of this.#kept) {
      if (!all && lastUsed > before) continue;
      snapshot.done();
      this.#kept.delete(at);
    }
  }
}
