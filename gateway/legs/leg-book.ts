import { EventEmitter } from 'node:events';
import { ZodError } from 'zod';
import type { Logger } from '../../platform/log.ts';
import type { Collection } from '../../store/collection.ts';
import type { LegRecord } from '../../store/schema/session.ts';

type Change = Partial<Omit<LegRecord, 'id' | 'createdAt' | 'updatedAt'>>;

/** States a leg may go to from another; `ended` can be reached from all. */
const next: Record<LegRecord['state'], readonly LegRecord['state'][]> = {
  calling: ['ringing', 'ivr', 'lobby', 'joined', 'ended'],
  ringing: ['ivr', 'lobby', 'joined', 'ended'],
  ivr: ['lobby', 'joined', 'ended'],
  lobby: ['joined', 'ended'],
  joined: ['lobby', 'ended'],
  ended: [],
};

/** Whether a leg may go from one state to another. */
export function mayGo(from: LegRecord['state'], to: LegRecord['state']): boolean {
  return from === to || next[from].includes(to);
}

/** Between the beginnings of two writes to the store at least, ms: what changes meanwhile goes out together. */
const gatherMs = 20;
/** And after one that failed. */
const retryMs = 1_000;

/** What is kept of each leg while it lives; what changed is written to the store soon, all legs' in one. */
export class LegBook extends EventEmitter<{ leg: [leg: LegRecord] }> {
  private readonly live = new Map<string, LegRecord>();
  /** Changed since they were last written. */
  private unkept = new Map<string, LegRecord>();
  private writing: Promise<boolean> | undefined;
  private failing = false;
  private begunAt = Number.NEGATIVE_INFINITY;
  private due: NodeJS.Timeout | undefined;
  private readonly collection: Pick<Collection<LegRecord>, 'keep'>;
  private readonly logger: Logger;

  constructor(collection: Pick<Collection<LegRecord>, 'keep'>, logger: Logger) {
    super();
    this.collection = collection;
    this.logger = logger;
  }

  get(id: string): LegRecord | undefined {
    return this.live.get(id);
  }

  get size(): number {
    return this.live.size;
  }

  all(): LegRecord[] {
    return [...this.live.values()];
  }

  open(begun: Omit<LegRecord, 'floor' | 'alarms' | 'createdAt' | 'updatedAt'>, now: Date): LegRecord {
    const record: LegRecord = { ...begun, floor: false, alarms: [], createdAt: now, updatedAt: now };
    this.live.set(record.id, record);
    this.changed(record);
    return record;
  }

  /** Changes what is known of a leg; a state that cannot follow is left as it is. */
  change(id: string, change: Change): LegRecord | undefined {
    const before = this.live.get(id);
    if (before === undefined) return undefined;
    const { state, ...rest } = change;
    const moves = state !== undefined && mayGo(before.state, state);
    const record: LegRecord = { ...before, ...(moves ? change : rest), updatedAt: new Date() };
    if (record.state === 'ended') this.live.delete(id);
    else this.live.set(id, record);
    this.changed(record);
    return record;
  }

  /** Waits until all that is known by now is in the store; not for a store that does not answer. */
  async flush(): Promise<void> {
    while (this.writing !== undefined || this.unkept.size > 0) {
      if (this.writing === undefined) this.begin();
      if ((await this.writing) === false) return;
    }
  }

  private changed(record: LegRecord): void {
    this.unkept.set(record.id, record);
    this.plan(gatherMs);
    this.emit('leg', record);
  }

  /** The next write begins so long after the last one began. */
  private plan(spacingMs: number): void {
    if (this.writing !== undefined || this.due !== undefined) return;
    const waitMs = this.begunAt + spacingMs - performance.now();
    if (waitMs <= 0) this.begin();
    else this.due = setTimeout(() => this.begin(), waitMs);
  }

  private begin(): void {
    clearTimeout(this.due);
    this.due = undefined;
    this.begunAt = performance.now();
    const batch = [...this.unkept.values()];
    this.unkept = new Map();
    this.writing = this.write(batch).then((kept) => {
      this.writing = undefined;
      if (this.unkept.size > 0) this.plan(kept ? gatherMs : retryMs);
      return kept;
    });
  }

  /** Whether the store has these now, but for those that it can never take. Never throws. */
  private async write(batch: readonly LegRecord[]): Promise<boolean> {
    try {
      await this.collection.keep(batch);
      this.failing = false;
    } catch (error) {
      if (error instanceof ZodError) return this.writeSingly(batch, error);
      if (!this.failing) this.logger.error({ err: error, legs: batch.length }, 'legs cannot be kept; tried again');
      this.failing = true;
      // What changed meanwhile is newer.
      this.unkept = new Map([...batch.map((leg) => [leg.id, leg] as const), ...this.unkept]);
      return false;
    }
    return true;
  }

  /** One that is not as it should be keeps no other out. */
  private async writeSingly(batch: readonly LegRecord[], error: ZodError): Promise<boolean> {
    if (batch.length === 1) {
      this.logger.error({ err: error, leg: batch[0]?.id }, 'leg could not be kept');
      return true;
    }
    let kept = true;
    for (const one of batch) kept = (await this.write([one])) && kept;
    return kept;
  }
}
