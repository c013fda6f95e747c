import { EventEmitter } from 'node:events';
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

/** What is kept of each leg while it lives; what changed is written to the store soon, all legs' in one. */
export class LegBook extends EventEmitter<{ leg: [leg: LegRecord] }> {
  private readonly live = new Map<string, LegRecord>();
  /** Changed since they were last written. */
  private unkept = new Map<string, LegRecord>();
  private writing: Promise<void> | undefined;
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

  /** Waits until all that is known by now is in the store, as far as it takes it. */
  async flush(): Promise<void> {
    while (this.writing !== undefined || this.unkept.size > 0) {
      if (this.writing === undefined) this.begin();
      await this.writing;
    }
  }

  private changed(record: LegRecord): void {
    this.unkept.set(record.id, record);
    this.plan();
    this.emit('leg', record);
  }

  private plan(): void {
    if (this.writing !== undefined || this.due !== undefined) return;
    const waitMs = this.begunAt + gatherMs - performance.now();
    if (waitMs <= 0) this.begin();
    else this.due = setTimeout(() => this.begin(), waitMs);
  }

  private begin(): void {
    clearTimeout(this.due);
    this.due = undefined;
    this.begunAt = performance.now();
    const batch = [...this.unkept.values()];
    this.unkept = new Map();
    this.writing = this.write(batch).finally(() => {
      this.writing = undefined;
      if (this.unkept.size > 0) this.plan();
    });
  }

  /** Never throws. One that the store does not take keeps no other out. */
  private async write(batch: readonly LegRecord[]): Promise<void> {
    try {
      await this.collection.keep(batch);
    } catch (error) {
      if (batch.length > 1) for (const one of batch) await this.write([one]);
      else this.logger.error({ err: error, leg: batch[0]?.id }, 'leg could not be kept');
    }
  }
}
