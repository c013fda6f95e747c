import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { deserialize, serialize } from 'bson';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Doc } from '../document.ts';
import { CommandError, errorText } from '../errors.ts';
import type { CatalogRecord, Collection, Index } from './catalog.ts';
import { numbered } from './keys.ts';

type Bytes = Database<Buffer, Buffer>;

interface QueuedWrite {
  run(): void;
  failed(error: unknown): void;
  committed(): void;
}

/**
 * One LMDB environment: documents, index entries and the catalog. Writes that arrive together are run one after the
 * other in one transaction, and answered when its fsync returned.
 */
export class Store {
  readonly documents: Bytes;
  readonly entries: Bytes;
  readonly #env: RootDatabase<Buffer, Buffer>;
  readonly #catalog: Database<Buffer, string>;
  #collections = new Map<string, Collection>();
  #nextId = 1;
  #dirty = false;
  #queue: QueuedWrite[] = [];
  #closed = false;

  /** @param folder made if missing; one process at a time */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#env = open<Buffer, Buffer>({
      path: folder,
      noSubdir: false,
      maxDbs: 8,
      maxReaders: 2_048,
      encoding: 'binary',
      keyEncoding: 'binary',
      // A commit returns when the data and then the meta page are on disk: no window in which an answer could be lost.
      overlappingSync: false,
    });
    this.documents = this.#env.openDB<Buffer, Buffer>('documents', { encoding: 'binary', keyEncoding: 'binary' });
    this.entries = this.#env.openDB<Buffer, Buffer>('entries', { encoding: 'binary', keyEncoding: 'binary' });
    this.#catalog = this.#env.openDB<Buffer, string>('catalog', { encoding: 'binary' });
    this.#loadCatalog();
  }

  /** A read transaction that keeps its snapshot until `done()`. */
  snapshot(): ReturnType<RootDatabase['useReadTransaction']> {
    this.#env.resetReadTxn();
    return this.#env.useReadTransaction();
  }

  /**
   * Runs `action` inside the next write transaction and resolves with its result once that is on disk. What `action`
   * throws rejects; it must throw before it changed anything (each document checks before it writes).
   */
  write<T>(action: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new CommandError('InternalError', 'the store is closed'));
    return new Promise<T>((resolve, reject) => {
      let outcome: { value: T } | { error: unknown } | undefined;
      this.#queue.push({
        run: () => {
          try {
            outcome = { value: action() };
          } catch (error) {
            // Only refusals are the command's own; anything else spoils the transaction.
            if (!(error instanceof CommandError)) throw error;
            outcome = { error };
          }
        },
        failed: reject,
        committed: () => {
          if (outcome !== undefined && 'value' in outcome) resolve(outcome.value);
          else reject(outcome?.error);
        },
      });
      if (this.#queue.length === 1) setImmediate(() => this.#commit());
    });
  }

  #commit(): void {
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length === 0) return;
    try {
      this.#env.transactionSync(() => {
        for (const write of batch) write.run();
        if (this.#dirty) this.#saveCatalog();
      });
    } catch (error) {
      this.#loadCatalog();
      if (batch.length === 1) {
        batch[0]!.failed(error);
        return;
      }
      // One write spoiled the batch: the others get transactions of their own.
      for (const write of batch) {
        this.#queue = [write];
        this.#commit();
      }
      return;
    }
    for (const write of batch) write.committed();
  }

  #loadCatalog(): void {
    this.#env.resetReadTxn();
    this.#collections = new Map();
    this.#dirty = false;
    this.#nextId = 1;
    const bytes = this.#catalog.get('catalog');
    if (bytes === undefined) return;
    const record = deserialize(bytes) as CatalogRecord;
    this.#nextId = record.nextId;
    for (const collection of record.collections)
      this.#collections.set(`${collection.db}.${collection.name}`, collection);
  }

  #saveCatalog(): void {
    const record: CatalogRecord = { nextId: this.#nextId, collections: [...this.#collections.values()] };
    this.#catalog.putSync('catalog', Buffer.from(serialize(record)));
    this.#dirty = false;
  }

  /** The catalog record changed: the transaction under way writes it. */
  touch(): void {
    this.#dirty = true;
  }

  collection(db: string, name: string): Collection | undefined {
    return this.#collections.get(`${db}.${name}`);
  }

  collections(): Collection[] {
    return [...this.#collections.values()];
  }

  /** Inside a write: the collection, made if missing. @throws CommandError InvalidNamespace */
  ensureCollection(db: string, name: string, options: Doc = {}): Collection {
    const existing = this.collection(db, name);
    if (existing !== undefined) return existing;
    if (!/^[^\s/\\."$*<>:|?\0]{1,63}$/.test(db))
      throw new CommandError('InvalidNamespace', `Invalid database name: '${db}'`);
    if (name === '' || name.includes('$') || name.includes('\0') || name.startsWith('system.') || name.length > 200) {
      throw new CommandError('InvalidNamespace', `Invalid collection name: ${name}`);
    }
    const collection: Collection = {
      id: this.#nextId++,
      db,
      name,
      uuid: randomUUID(),
      options,
      indexes: [],
      count: 0,
      truncated: false,
    };
    this.#collections.set(`${db}.${name}`, collection);
    this.#dirty = true;
    return collection;
  }

  /** Inside a write: an index of the collection, still empty. */
  addIndex(collection: Collection, index: Omit<Index, 'id' | 'multikey' | 'truncated'>): Index {
    const added: Index = { ...index, id: this.#nextId++, multikey: false, truncated: false };
    collection.indexes.push(added);
    this.#dirty = true;
    return added;
  }

  forgetCollection(collection: Collection): void {
    this.#collections.delete(`${collection.db}.${collection.name}`);
    this.#dirty = true;
  }

  /** Reads all of a collection: its documents by `check`, which throws for a bad one, and its entries by number. */
  inspect(
    collection: Collection,
    check: (bytes: Buffer) => void,
  ): { nrecords: number; keysPerIndex: Doc; errors: string[] } {
    const errors: string[] = [];
    let nrecords = 0;
    for (const { value } of this.documents.getRange({
      start: numbered(collection.id),
      end: numbered(collection.id + 1),
    })) {
      nrecords++;
      try {
        check(value);
      } catch (error) {
        if (errors.length < 10) errors.push(errorText(error));
      }
    }
    const keysPerIndex: Doc = { _id_: nrecords };
    for (const { id, name } of collection.indexes) {
      keysPerIndex[name] = this.entries.getKeysCount({ start: numbered(id), end: numbered(id + 1) });
    }
    if (nrecords !== collection.count) errors.push(`${collection.count} documents counted, ${nrecords} found`);
    return { nrecords, keysPerIndex, errors };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#commit();
    await this.#env.close();
  }
}
