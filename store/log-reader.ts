import type { Collection as MongoCollection } from 'mongodb';
import type { Connection } from 'mongoose';
import type { StoredEntry } from './chain.ts';
import { type LogEntry, logEntry } from './schema/log.ts';

/** What the log is asked for; newest last unless `newestFirst`. */
export interface LogQuery {
  sessionId?: string;
  event?: string;
  /** Entries after this place. */
  afterSeq?: number;
  beforeSeq?: number;
  from?: Date;
  to?: Date;
  newestFirst?: boolean;
  /** At most this many; 100 when absent. */
  limit?: number;
}

/** Name of the collection; `_id` is the place in the log, so two writers cannot write the same place. */
const logCollection = 'sessionLog';

/** A stored entry. */
export type Row = { _id: number } & Record<string, unknown>;

/** The stored entries, by the driver itself: mongoose would hold back writes while the store is away. */
export function logRows(connection: Connection): MongoCollection<Row> {
  if (connection.db === undefined) throw new Error('the store is not connected');
  return connection.db.collection<Row>(logCollection) as unknown as MongoCollection<Row>;
}

/** A stored document as an entry, nothing left out: for reading and for verifying alike. */
export function stored(document: { _id: unknown } & Record<string, unknown>): StoredEntry {
  const { _id, ...rest } = document;
  return { ...rest, seq: _id };
}

/** Reads the session log as it is stored. */
export class LogReader {
  private readonly rows: MongoCollection<Row>;

  constructor(rows: MongoCollection<Row>) {
    this.rows = rows;
  }

  async find(query: LogQuery): Promise<LogEntry[]> {
    const filter = await this.filterOf(query);
    if (filter === undefined) return [];
    const found = await this.rows
      .find(filter)
      .sort({ _id: query.newestFirst === true ? -1 : 1 })
      .limit(query.limit ?? 100)
      .toArray();
    return found.map((row) => logEntry.parse(stored(row)));
  }

  async count(query: LogQuery): Promise<number> {
    const filter = await this.filterOf(query);
    return filter === undefined ? 0 : this.rows.countDocuments(filter);
  }

  /** What is asked as a filter on the stored entries; nothing when no entry can fit. */
  private async filterOf(query: LogQuery): Promise<Record<string, unknown> | undefined> {
    const bounds = await this.places(query);
    if (bounds === undefined) return undefined;
    const filter: Record<string, unknown> = {};
    if (query.sessionId !== undefined) filter.sessionId = query.sessionId;
    if (query.event !== undefined) filter.event = query.event;
    const place: Record<string, number> = {};
    if (bounds.above > 0) place.$gt = bounds.above;
    if (bounds.below !== undefined) place.$lt = bounds.below;
    if (Object.keys(place).length > 0) filter._id = place;
    return filter;
  }

  /** Turns a span of time into places: the log's time never runs backwards. */
  async places(query: LogQuery): Promise<{ above: number; below?: number } | undefined> {
    let above = query.afterSeq ?? 0;
    let below = query.beforeSeq;
    if (query.from !== undefined) {
      const first = await this.edge({ time: { $gte: query.from } }, 1);
      if (first === undefined) return undefined;
      above = Math.max(above, first - 1);
    }
    if (query.to !== undefined) {
      const last = await this.edge({ time: { $lte: query.to } }, -1);
      if (last === undefined) return undefined;
      below = Math.min(below ?? Number.POSITIVE_INFINITY, last + 1);
    }
    return below === undefined ? { above } : { above, below };
  }

  private async edge(filter: Record<string, unknown>, direction: 1 | -1): Promise<number | undefined> {
    const [found] = await this.rows
      .find(filter, { projection: { _id: 1 } })
      .sort({ time: direction, _id: direction })
      .limit(1)
      .toArray();
    return found?._id;
  }
}
