import type { Binary, Collection as MongoCollection } from 'mongodb';
import type { Connection } from 'mongoose';
import { type LogQuery, logRows, stored } from '../log-reader.ts';
import { type LogEntry, logEntry } from '../schema/log.ts';
import type { SessionLog } from '../session-log.ts';
import {
  addPacked,
  blockOf,
  blockSize,
  keepCommon,
  offsetOf,
  offsetsIn,
  type Places,
  packed,
  placesAt,
  seqOf,
} from './places.ts';
import { answers, fits, type TermAsked, termsAsked, termsOf } from './terms.ts';

/*
 * The log's index of words: for each term and each block of 4,096 places, at which of them it stands. A block is written
 * once, when it is full; the places of the last one are kept in memory. The log itself is not touched: what the index
 * lacks (after an update from a version without it, or a restore) is read from the log until it is made.
 */

/** Name of the collection; `_id` is the term, a NUL, and the block in hexadecimal: a range of it is a term or beginning. */
const wordsCollection = 'logWords';
const progressId = '\u0000progress';
/** Places looked at for one answer where there is no index yet. */
const mostScanned = 20_000;
const batchSize = 1_000;
const lastLetter = '\u{10ffff}';
const duplicateKey = 11000;

interface Posting {
  _id: string;
  /** Packed places. */
  at: Binary | Uint8Array;
}
interface Progress {
  _id: string;
  /** The last place that is in written blocks, and the hash of its entry. */
  upTo: number;
  hash: string;
}

export interface FoundEntries {
  entries: LogEntry[];
  /** Where to ask on: `beforeSeq` newest first, else `afterSeq`; absent at the end. */
  next?: number;
}

/** Entries of the session log by their words. */
export interface LogWords {
  /** Entries that hold every word of a question and fit the query. A question without a word finds nothing. */
  find(question: string, query: LogQuery): Promise<FoundEntries>;
  /** Takes into the index what the log has come to; ends early when told to, and tells now and then that it goes on. */
  catchUp(job?: { signal: AbortSignal; touch: () => Promise<void> }): Promise<void>;
}

/** Opens the index of a log; one that is of another log is made anew. */
export async function openLogWords(connection: Connection, log: SessionLog): Promise<LogWords> {
  if (connection.db === undefined) throw new Error('the store is not connected');
  const postings = connection.db.collection<Posting | Progress>(wordsCollection);
  const words = new WordIndex(postings as unknown as MongoCollection<Posting | Progress>, logRows(connection), log);
  await words.open();
  return words;
}

class WordIndex implements LogWords {
  private readonly postings: MongoCollection<Posting | Progress>;
  private readonly rows: ReturnType<typeof logRows>;
  private readonly log: SessionLog;
  /** Blocks up to here are written. */
  private sealedUpTo = 0;
  /** The block that is not full: term → offsets. Behind `readUpTo` the log was not read yet. */
  private tail = new Map<string, number[]>();
  private readUpTo = 0;
  private working: Promise<unknown> = Promise.resolve();

  constructor(postings: MongoCollection<Posting | Progress>, rows: ReturnType<typeof logRows>, log: SessionLog) {
    this.postings = postings;
    this.rows = rows;
    this.log = log;
  }

  async open(): Promise<void> {
    const progress = (await this.postings.findOne({ _id: progressId })) as Progress | null;
    const there = progress === null ? null : await this.rows.findOne({ _id: progress.upTo });
    if (progress !== null && there?.hash === progress.hash)
      this.sealedUpTo = seqOf(blockOf(progress.upTo), blockSize - 1);
    else await this.postings.deleteMany({});
    this.readUpTo = this.sealedUpTo;
  }

  catchUp(job?: Parameters<LogWords['catchUp']>[0]): Promise<void> {
    const next = this.working.then(() => this.read(job));
    this.working = next.catch(() => {});
    return next;
  }

  async find(question: string, query: LogQuery): Promise<FoundEntries> {
    const asked = termsAsked(question, query);
    const bounds = asked.length === 0 ? undefined : await this.log.places(query);
    if (bounds === undefined) return { entries: [] };
    const limit = query.limit ?? 100;
    const newestFirst = query.newestFirst === true;
    // What came since the last question; a large arrear is the job's, and read from the log meanwhile.
    if (this.log.status().seq - this.readUpTo <= 2 * blockSize) await this.catchUp();
    const head = Math.max(this.log.status().seq, this.readUpTo);
    const within: Bounds = { above: bounds.above, below: bounds.below ?? head + 1 };
    const known = { sealed: this.sealedUpTo, read: this.readUpTo, tail: this.tailPlaces(asked) };
    const sources = [
      () => this.indexed(asked, within, known, limit, newestFirst),
      () => this.scanned(asked, { ...within, above: Math.max(within.above, known.read) }, limit, newestFirst),
    ];
    const entries: LogEntry[] = [];
    for (const source of newestFirst ? sources.reverse() : sources) {
      const { entries: some, next } = await source();
      entries.push(...some);
      if (entries.length > limit) return { entries: entries.slice(0, limit), next: entries[limit - 1]!.seq };
      if (next !== undefined) return { entries, next };
    }
    return { entries };
  }

  /** One more than `limit` tells that there is more. */
  private async indexed(
    asked: readonly TermAsked[],
    { above, below }: Bounds,
    known: { sealed: number; read: number; tail: Places | undefined },
    limit: number,
    newestFirst: boolean,
  ): Promise<FoundEntries> {
    const blocks = await this.blocks(asked, blockOf(above + 1), blockOf(Math.min(below - 1, known.sealed)));
    if (known.tail !== undefined) blocks.set(blockOf(known.sealed + 1), known.tail);
    const places: number[] = [];
    for (const block of [...blocks.keys()].sort((a, b) => (newestFirst ? b - a : a - b))) {
      const offsets = offsetsIn(blocks.get(block)!);
      for (const offset of newestFirst ? offsets.reverse() : offsets) {
        const seq = seqOf(block, offset);
        if (seq > above && seq < below) places.push(seq);
      }
      if (places.length > limit) break;
    }
    const wanted = places.slice(0, limit + 1);
    const found = await this.rows
      .find({ _id: { $in: wanted } })
      .sort({ _id: newestFirst ? -1 : 1 })
      .toArray();
    return { entries: found.map((row) => logEntry.parse(stored(row))) };
  }

  /** Blocks (from, to) in which all terms stand at a place together. */
  private async blocks(asked: readonly TermAsked[], from: number, to: number): Promise<Map<number, Places>> {
    let common: Map<number, Places> | undefined;
    for (const { beginning, term } of asked) {
      const range = beginning
        ? { $gte: term, $lt: term + lastLetter }
        : { $gte: `${term}\u0000`, $lt: `${term}\u0001` };
      const found = new Map<number, Places>();
      for await (const { _id, at } of this.postings.find({ _id: range }, { batchSize }) as AsyncIterable<Posting>) {
        const block = Number.parseInt(_id.slice(_id.indexOf('\u0000') + 1), 16);
        if (block < from || block > to || (common !== undefined && !common.has(block))) continue;
        const set = found.get(block) ?? placesAt([]);
        addPacked(set, at instanceof Uint8Array ? at : at.buffer.subarray(0, at.position));
        found.set(block, set);
      }
      if (common !== undefined) {
        for (const [block, set] of found) if (!keepCommon(set, common.get(block)!)) found.delete(block);
      }
      common = found;
      if (common.size === 0) break;
    }
    return common ?? new Map();
  }

  /** Places of the block that is not written yet. */
  private tailPlaces(asked: readonly TermAsked[]): Places | undefined {
    let common: Places | undefined;
    for (const one of asked) {
      const terms = one.beginning ? [...this.tail.keys()].filter((term) => fits(one, term)) : [one.term];
      const set = placesAt(terms.flatMap((term) => this.tail.get(term) ?? []));
      if (common !== undefined) keepCommon(set, common);
      common = set;
    }
    return common;
  }

  /** Entries of a span that is in no index, read one after the other. */
  private async scanned(
    asked: readonly TermAsked[],
    { above, below }: Bounds,
    limit: number,
    newestFirst: boolean,
  ): Promise<FoundEntries> {
    const entries: LogEntry[] = [];
    let [after, before] = [above, below];
    for (let looked = 0; after + 1 < before; looked += batchSize) {
      if (looked >= mostScanned) return { entries, next: newestFirst ? before : after };
      const some = await this.log.find({ afterSeq: after, beforeSeq: before, newestFirst, limit: batchSize });
      for (const entry of some) {
        if (newestFirst) before = entry.seq;
        else after = entry.seq;
        if (answers(asked, termsOf(entry))) entries.push(entry);
        if (entries.length > limit) return { entries };
      }
      if (some.length < batchSize) break;
    }
    return { entries };
  }

  /** Reads on in the log and writes the blocks that are full; one at a time. */
  private async read(job: Parameters<LogWords['catchUp']>[0]): Promise<void> {
    for (let batch = 0; job?.signal.aborted !== true; batch += 1) {
      if (batch % 10 === 9) await job?.touch();
      const some = await this.rows
        .find({ _id: { $gt: this.readUpTo } })
        .sort({ _id: 1 })
        .limit(batchSize)
        .toArray();
      for (const row of some) {
        while (blockOf(row._id) > blockOf(this.sealedUpTo + 1)) await this.seal();
        for (const term of termsOf(row as unknown as LogEntry)) {
          const offsets = this.tail.get(term);
          if (offsets === undefined) this.tail.set(term, [offsetOf(row._id)]);
          else offsets.push(offsetOf(row._id));
        }
        this.readUpTo = row._id;
        if (offsetOf(row._id) === blockSize - 1) await this.seal();
      }
      if (some.length < batchSize) return;
    }
  }

  /** Writes the block that is full. What a crash left of it half written is the same and stays. */
  private async seal(): Promise<void> {
    const block = blockOf(this.sealedUpTo + 1);
    const name = block.toString(16).padStart(8, '0');
    const documents = [...this.tail].map(([term, offsets]) => ({
      _id: `${term}\u0000${name}`,
      at: Buffer.from(packed(offsets)),
    }));
    for (let at = 0; at < documents.length; at += batchSize) {
      await this.postings
        .insertMany(documents.slice(at, at + batchSize), { ordered: false })
        .catch((error: unknown) => {
          if ((error as { code?: unknown }).code !== duplicateKey) throw error;
        });
    }
    const upTo = this.readUpTo;
    const last = await this.rows.findOne({ _id: upTo });
    await this.postings.updateOne({ _id: progressId }, { $set: { upTo, hash: String(last?.hash) } }, { upsert: true });
    this.sealedUpTo = seqOf(block, blockSize - 1);
    this.tail = new Map();
  }
}

interface Bounds {
  /** Places above this, and below. */
  above: number;
  below: number;
}
