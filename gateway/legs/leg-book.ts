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

/** What is kept of each leg while it lives, written through to the store in order. */
export class LegBook extends EventEmitter<{ leg: [leg: LegRecord] }> {
  private readonly live = new Map<string, LegRecord>();
  private readonly writes = new Map<string, Promise<void>>();
  private readonly unwritten = new Map<string, Change>();
  private readonly collection: Collection<LegRecord>;
  private readonly logger: Logger;

  constructor(collection: Collection<LegRecord>, logger: Logger) {
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
    const leg = { ...begun, floor: false, alarms: [] };
    const record: LegRecord = { ...leg, createdAt: now, updatedAt: now };
    this.live.set(leg.id, record);
    this.write(leg.id, async () => {
      await this.collection.insert({ ...leg, ...this.take(leg.id) });
    });
    this.emit('leg', record);
    return record;
  }

  /** Changes what is known of a leg; a state that cannot follow is left as it is. */
  change(id: string, change: Change): LegRecord | undefined {
    const before = this.live.get(id);
    if (before === undefined) return undefined;
    const { state, ...rest } = change;
    const moves = state !== undefined && mayGo(before.state, state);
    const fields: Change = moves ? change : rest;
    const record: LegRecord = { ...before, ...fields, updatedAt: new Date() };
    if (record.state === 'ended') this.live.delete(id);
    else this.live.set(id, record);
    // What changes while an earlier write is under way goes out with the next, in one.
    const waiting = this.unwritten.get(id);
    this.unwritten.set(id, { ...waiting, ...fields });
    if (waiting === undefined)
      this.write(id, async () => {
        const changed = this.take(id);
        if (changed !== undefined) await this.collection.update(id, changed);
      });
    this.emit('leg', record);
    return record;
  }

  /** Waits until everything is kept. */
  async flush(): Promise<void> {
    await Promise.all(this.writes.values());
  }

  private take(id: string): Change | undefined {
    const changed = this.unwritten.get(id);
    this.unwritten.delete(id);
    return changed;
  }

  private write(id: string, work: () => Promise<void>): void {
    const turn = (this.writes.get(id) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      this.logger.error({ err: error, leg: id }, 'leg could not be kept');
    });
    this.writes.set(id, turn);
    void turn.then(() => {
      if (this.writes.get(id) === turn) this.writes.delete(id);
    });
  }
}
