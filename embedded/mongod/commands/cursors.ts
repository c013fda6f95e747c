import { deserialize, Long } from 'bson';
import { type Doc, maxDocumentBytes } from '../document.ts';
import { CommandError } from '../errors.ts';

interface OpenCursor {
  readonly namespace: string;
  readonly source: Iterator<Buffer>;
  /** Read but not sent: it did not fit into the last batch. */
  held: Buffer | undefined;
  lastUsed: number;
}

const defaultBatch = 101;

/** Results that are handed out in batches. Each open cursor keeps its snapshot, so their number and idle time are bounded. */
export class Cursors {
  readonly #open = new Map<string, OpenCursor>();
  readonly #limits: { max: number; idleMs: number };
  #lastId = BigInt(Date.now()) << 20n;

  constructor(limits: { max: number; idleMs: number }) {
    this.#limits = limits;
  }

  #batch(cursor: OpenCursor, size: number): { docs: Doc[]; done: boolean } {
    const docs: Doc[] = [];
    let bytes = 0;
    let next = cursor.held;
    cursor.held = undefined;
    for (;;) {
      if (next === undefined) {
        if (docs.length >= size) return { docs, done: false };
        const step = cursor.source.next();
        if (step.done === true) return { docs, done: true };
        next = step.value;
      }
      if (docs.length > 0 && bytes + next.length > maxDocumentBytes) {
        cursor.held = next;
        return { docs, done: false };
      }
      bytes += next.length;
      docs.push(
        deserialize(next, { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true }),
      );
      next = undefined;
    }
  }

  /** The first batch as `find` and `aggregate` answer it. @throws CommandError TooManyOpenCursors */
  start(namespace: string, source: Iterator<Buffer>, batchSize: number | undefined, singleBatch = false): Doc {
    const cursor: OpenCursor = { namespace, source, held: undefined, lastUsed: Date.now() };
    const { docs, done } = this.#batch(cursor, batchSize ?? defaultBatch);
    let id = 0n;
    if (!done && singleBatch) source.return?.();
    else if (!done) {
      if (this.#open.size >= this.#limits.max) {
        source.return?.();
        throw new CommandError('TooManyOpenCursors', `more than ${this.#limits.max} cursors are open`);
      }
      id = ++this.#lastId;
      this.#open.set(String(id), cursor);
    }
    return { cursor: { firstBatch: docs, id: Long.fromBigInt(id), ns: namespace } };
  }

  /** A short list, whole in its first batch. */
  list(namespace: string, docs: readonly Doc[]): Doc {
    return { cursor: { firstBatch: docs, id: Long.ZERO, ns: namespace } };
  }

  /** @throws CommandError CursorNotFound */
  more(id: Long, namespace: string, batchSize: number | undefined): Doc {
    const key = id.toString();
    const cursor = this.#open.get(key);
    if (cursor === undefined || cursor.namespace !== namespace) {
      throw new CommandError('CursorNotFound', `cursor id ${key} not found`);
    }
    cursor.lastUsed = Date.now();
    let batch: { docs: Doc[]; done: boolean };
    try {
      batch = this.#batch(cursor, batchSize === undefined || batchSize === 0 ? Infinity : batchSize);
    } catch (error) {
      this.#open.delete(key);
      throw error;
    }
    if (batch.done) this.#open.delete(key);
    return { cursor: { nextBatch: batch.docs, id: batch.done ? Long.ZERO : id, ns: namespace } };
  }

  kill(id: Long): boolean {
    const key = id.toString();
    this.#open.get(key)?.source.return?.();
    return this.#open.delete(key);
  }

  /** Closes what nobody asked for since the idle time; `all`: everything. */
  sweep(all = false): void {
    const before = Date.now() - this.#limits.idleMs;
    for (const [key, cursor] of this.#open) {
      if (!all && cursor.lastUsed > before) continue;
      cursor.source.return?.();
      this.#open.delete(key);
    }
  }

  get size(): number {
    return this.#open.size;
  }
}
