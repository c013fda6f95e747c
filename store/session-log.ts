import { EventEmitter } from 'node:events';
import type { Collection as MongoCollection } from 'mongodb';
import type { Connection } from 'mongoose';
import type { Clock } from '../platform/clock.ts';
import { chainAfter, genesis, type Head, storable } from './chain.ts';
import { AnchorWriter, readAnchors } from './log-anchor.ts';
import { type LogQuery, LogReader, logRows, type Row } from './log-reader.ts';
import { LogSpool } from './log-spool.ts';
import { type LogEntry, type LogStatement, logStatement } from './schema/log.ts';

/** What the log tells as it happens. */
interface SessionLogEvents {
  /** An entry is kept. */
  entry: [entry: LogEntry];
  /** The store does not take entries; they wait. Once an outage. */
  stalled: [error: Error];
  /** The store takes entries again. */
  resumed: [];
  /** The stored log is not what the anchors say it was. */
  altered: [seq: number];
}

/** The append-only session log; each entry carries the hash of the one before. */
export interface SessionLog extends EventEmitter<SessionLogEvents> {
  /**
   * Writes an entry; entries stand in the order of the calls. Never throws away: retried while the store is away.
   * Resolves when the entry is kept. @throws ZodError when the statement is none.
   */
  append(statement: LogStatement): Promise<LogEntry>;
  find(query: LogQuery): Promise<LogEntry[]>;
  /** How many entries there are; `limit` and order do not count. */
  count(query: LogQuery): Promise<number>;
  /** Between which places entries of a query's span can stand (both left out); nothing when none can. */
  places(query: LogQuery): Promise<{ above: number; below?: number } | undefined>;
  /** Waits until everything appended is kept. */
  flush(): Promise<void>;
  /** How far the log has come, and how many entries wait for the store. */
  status(): { seq: number; waiting: number; stalled: boolean };
  /** Waits for what is pending (at most 2 s, then it stays in the spool file), writes the anchor, stops. */
  close(): Promise<void>;
}

/** Where a log keeps what it keeps outside the store. */
export interface SessionLogOptions {
  /** Data folder: anchors below `log-anchors`, keys below `keys`, the spool file. Without it there are none. */
  dataDir?: string;
  /** How often the head is anchored while entries come, in ms. */
  anchorEveryMs?: number;
}

/** Entries written at once. */
const batchSize = 500;
const firstRetryMs = 100;
/** A write that takes longer counts as an outage: what waits goes to disk. */
const slowMs = 1_500;
const longestRetryMs = 5_000;
const closeWaitMs = 2_000;
const duplicateKey = 11000;

/** Opens the log on the store's connection. */
export async function openSessionLog(
  connection: Connection,
  clock: Clock,
  options: SessionLogOptions = {},
): Promise<SessionLog> {
  const rows = logRows(connection);
  await rows.createIndexes([
    { key: { sessionId: 1, _id: 1 }, name: 'session' },
    { key: { event: 1, _id: 1 }, name: 'event' },
    { key: { time: 1, _id: 1 }, name: 'time' },
  ]);
  const log = new ChainedLog(rows, clock, options);
  await log.open();
  return log;
}

/** An entry that waits for the store, and whoever waits for it. */
interface Pending {
  entry: LogEntry;
  kept(entry: LogEntry): void;
}

class ChainedLog extends EventEmitter<SessionLogEvents> implements SessionLog {
  private readonly rows: MongoCollection<Row>;
  private readonly reader: LogReader;
  private readonly clock: Clock;
  private readonly anchors: AnchorWriter | undefined;
  private readonly spool: LogSpool | undefined;
  private readonly anchorEveryMs: number;
  private readonly dataDir: string | undefined;
  /** The last entry that the store acknowledged. */
  private head: Head = { seq: 0, hash: genesis };
  /** The last entry given a place; its time is never passed by a later, earlier one. */
  private tip: Head & { time: Date } = { seq: 0, hash: genesis, time: new Date(0) };
  private pending: Pending[] = [];
  /** How many of `pending`, from the front, stand in the spool file. */
  private spooled = 0;
  private writing: Promise<void> | undefined;
  private stalled = false;
  private closed = false;
  private wake: (() => void) | undefined;
  private anchorTimer: NodeJS.Timeout | undefined;

  constructor(rows: MongoCollection<Row>, clock: Clock, options: SessionLogOptions) {
    super();
    this.rows = rows;
    this.reader = new LogReader(rows);
    this.clock = clock;
    this.dataDir = options.dataDir;
    this.anchors = options.dataDir === undefined ? undefined : new AnchorWriter(options.dataDir);
    this.spool = options.dataDir === undefined ? undefined : new LogSpool(options.dataDir);
    this.anchorEveryMs = options.anchorEveryMs ?? 1_000;
  }

  async open(): Promise<void> {
    await this.readHead();
    this.tip = { ...this.head, time: this.tip.time };
    const altered = await this.compareWithAnchors();
    this.anchor();
    const leftOver = this.spool?.read() ?? [];
    for (const entry of leftOver) {
      if (await this.holds(entry)) continue;
      const { seq: _seq, previous: _previous, hash: _hash, ...content } = entry;
      void this.enqueue(content);
    }
    if (altered !== undefined) {
      void this.append({ event: 'log.altered', actor: { kind: 'system' }, detail: { seq: altered } });
    }
    await this.flush();
    this.spool?.clear();
    // Listeners come only after the log is open.
    if (altered !== undefined) setImmediate(() => this.emit('altered', altered));
  }

  append(statement: LogStatement): Promise<LogEntry> {
    // The store must give back exactly what was hashed: only what survives the way there and back goes in.
    const parsed = logStatement.safeParse(storable(statement));
    if (!parsed.success) return Promise.reject(parsed.error);
    if (this.closed) return Promise.reject(new Error('the session log is closed'));
    return this.enqueue({ ...parsed.data, time: this.clock.now() });
  }

  find(query: LogQuery): Promise<LogEntry[]> {
    return this.reader.find(query);
  }

  count(query: LogQuery): Promise<number> {
    return this.reader.count(query);
  }

  places(query: LogQuery): Promise<{ above: number; below?: number } | undefined> {
    return this.reader.places(query);
  }

  async flush(): Promise<void> {
    while (this.pending.length > 0 && !this.closed) await (this.writing ?? this.startWriting());
  }

  status(): { seq: number; waiting: number; stalled: boolean } {
    return { seq: this.head.seq, waiting: this.pending.length, stalled: this.stalled };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      late = setTimeout(resolve, closeWaitMs);
    });
    await Promise.race([this.flush(), tooLate]);
    clearTimeout(late);
    this.closed = true;
    this.wake?.();
    this.spoolPending();
    clearTimeout(this.anchorTimer);
    this.anchor();
  }

  /** Gives the entry its place behind all that were appended before, and sees that it is written. */
  private enqueue(content: Omit<LogEntry, 'seq' | 'previous' | 'hash'>): Promise<LogEntry> {
    // Time never runs backwards along the log, so that a span of time is a span of places.
    const time = later(content.time, this.tip.time);
    const entry = chainAfter(this.tip, { ...content, time });
    this.tip = { seq: entry.seq, hash: entry.hash, time };
    return new Promise((kept) => {
      this.pending.push({ entry, kept });
      if (this.stalled) this.spoolPending();
      this.startWriting();
    });
  }

  private startWriting(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
      // Who heard that an entry is kept may have appended the next before we came here.
      if (this.pending.length > 0 && !this.closed) this.startWriting();
    });
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    let retryMs = firstRetryMs;
    while (this.pending.length > 0 && !this.closed) {
      const batch = this.pending.slice(0, batchSize);
      const slow = setTimeout(() => this.stall(new Error('the store does not answer')), slowMs);
      try {
        await this.rows.insertMany(
          batch.map(({ entry }) => row(entry)),
          { ordered: true },
        );
        this.keep(batch.length);
        retryMs = firstRetryMs;
      } catch (error) {
        if (this.closed) return;
        if (isDuplicate(error) && (await this.settleConflict().catch(() => false))) continue;
        this.stall(error);
        await this.pause(retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      } finally {
        clearTimeout(slow);
      }
    }
  }

  /** The first `count` pending entries are in the store. */
  private keep(count: number): void {
    const done = this.pending.splice(0, count);
    const last = done.at(-1)?.entry;
    if (last === undefined) return;
    this.head = { seq: last.seq, hash: last.hash };
    this.spooled = Math.max(0, this.spooled - count);
    if (this.stalled && this.pending.length === 0) {
      this.stalled = false;
      this.spooled = 0;
      this.spool?.clear();
      this.emit('resumed');
    }
    this.anchorTimer ??= setTimeout(() => {
      this.anchorTimer = undefined;
      this.anchor();
    }, this.anchorEveryMs).unref();
    for (const { entry, kept } of done) {
      kept(entry);
      this.emit('entry', entry);
    }
  }

  /**
   * A place was taken already: by ourselves, when an acknowledgement was lost, or by another writer. What is ours is
   * kept; everything else pending is chained anew after the store's head. @returns whether writing can go on.
   */
  private async settleConflict(): Promise<boolean> {
    let ours = 0;
    for (const { entry } of this.pending.slice(0, batchSize)) {
      if (!(await this.holds(entry))) break;
      ours += 1;
    }
    if (ours > 0) {
      this.keep(ours);
      return true;
    }
    await this.readHead();
    let head: Head = this.head;
    for (const item of this.pending) {
      const { seq: _seq, previous: _previous, hash: _hash, ...content } = item.entry;
      item.entry = chainAfter(head, { ...content, time: later(content.time, this.tip.time) });
      head = item.entry;
    }
    this.tip = { seq: head.seq, hash: head.hash, time: this.pending.at(-1)?.entry.time ?? this.tip.time };
    this.spool?.clear();
    this.spooled = 0;
    return true;
  }

  private async holds(entry: LogEntry): Promise<boolean> {
    const there = await this.rows.findOne({ _id: entry.seq });
    return there !== null && there.hash === entry.hash;
  }

  /** Reads the last entry in the store. */
  private async readHead(): Promise<void> {
    const [last] = await this.rows.find({}).sort({ _id: -1 }).limit(1).toArray();
    if (last === undefined) return;
    this.head = { seq: last._id, hash: String(last.hash) };
    const time = last.time instanceof Date ? last.time : new Date(0);
    this.tip = { ...this.tip, time: later(time, this.tip.time) };
  }

  /** @returns the first anchored place that the store does not hold as it was, if any. */
  private async compareWithAnchors(): Promise<number | undefined> {
    if (this.dataDir === undefined) return undefined;
    for (const anchor of readAnchors(this.dataDir).anchors) {
      if (anchor.seq === 0) continue;
      const there = await this.rows.findOne({ _id: anchor.seq });
      if (there?.hash === anchor.hash) continue;
      this.anchors?.keepEarlier(this.clock.now());
      return anchor.seq;
    }
    return undefined;
  }

  private anchor(): void {
    try {
      this.anchors?.write(this.head, this.clock.now());
    } catch (error) {
      // A full disk must not stop the log itself.
      this.emit('stalled', error as Error);
    }
  }

  private stall(error: unknown): void {
    if (this.stalled) return;
    this.stalled = true;
    this.spoolPending();
    this.emit('stalled', error instanceof Error ? error : new Error(String(error)));
  }

  private spoolPending(): void {
    const fresh = this.pending.slice(this.spooled).map(({ entry }) => entry);
    if (fresh.length === 0) return;
    try {
      this.spool?.add(fresh);
      this.spooled = this.pending.length;
    } catch {
      // They stay in memory; the next entry tries again.
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
      this.wake = done;
    });
  }
}

function row(entry: LogEntry): Row {
  const { seq, ...rest } = entry;
  return { _id: seq, ...rest };
}

function later(one: Date, other: Date): Date {
  return new Date(Math.max(one.getTime(), other.getTime()));
}

function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === duplicateKey;
}
