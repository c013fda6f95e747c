import type { Collection as MongoCollection } from 'mongodb';
import { type Connection, Schema } from 'mongoose';
import type { z } from 'zod';
import type { Clock } from '../platform/clock.ts';

/** A filter as MongoDB takes it; written by our own code, never taken from a request unparsed. */
export type Filter = Record<string, unknown>;

/** How a list is cut and ordered. */
export interface Listing {
  /** Field → 1 ascending, -1 descending. */
  sort?: Record<string, 1 | -1>;
  skip?: number;
  limit?: number;
}

/** A thing of its own identity, as the store keeps it. */
export interface Stored {
  id: string;
  createdAt: Date;
  updatedAt: Date;
}

/** An index of a collection: the fields, and what MongoDB's createIndex takes. */
export interface Index {
  fields: Record<string, 1 | -1>;
  options?: { unique?: boolean; sparse?: boolean; expireAfterSeconds?: number; partialFilterExpression?: Filter };
}

/**
 * The kept things of one kind. Documents are checked with their zod schema on the way in and on the way out; `id` is
 * MongoDB's `_id`; `createdAt` and `updatedAt` are set here.
 */
export interface Collection<T extends Stored> {
  get(id: string): Promise<T | undefined>;
  first(filter: Filter, listing?: Listing): Promise<T | undefined>;
  find(filter?: Filter, listing?: Listing): Promise<T[]>;
  /** As `find`, out of memory: at most two seconds old, and never older than a change made by this process. */
  recall(filter?: Filter): Promise<readonly T[]>;
  count(filter?: Filter): Promise<number>;
  /** @throws MongoServerError 11000 when a unique index refuses it. */
  insert(document: Omit<T, 'createdAt' | 'updatedAt'>): Promise<T>;
  /** Keeps these as they are, new or known, all in one. @throws when one is not as it should be: then none is kept. */
  keep(documents: readonly T[]): Promise<void>;
  /** Sets the fields given (a field given as `undefined` is removed); answers the changed document. */
  update(id: string, change: Partial<Omit<T, keyof Stored>>): Promise<T | undefined>;
  /** As `update`, for the first that fits the filter: compare-and-set. */
  updateFirst(filter: Filter, change: Partial<Omit<T, keyof Stored>>): Promise<T | undefined>;
  remove(id: string): Promise<boolean>;
  removeAll(filter: Filter): Promise<number>;
}

const rememberMs = 2_000;
const mostRemembered = 100;

/** Makes a collection from the schema that also validates the API, and builds its indexes. */
export async function openCollection<T extends Stored>(
  connection: Connection,
  name: string,
  schema: z.ZodType<T>,
  indexes: Index[],
  clock: Clock,
): Promise<Collection<T>> {
  // zod is the one description of a document; mongoose carries it through unchanged.
  const carrier = new Schema({ _id: String }, { strict: false, versionKey: false, minimize: false, collection: name });
  for (const index of indexes) carrier.index(index.fields, index.options ?? {});
  const model = connection.model<{ _id: string }>(name, carrier);
  await model.init();

  const read = (raw: { _id: string } | null): T | undefined => {
    if (raw === null) return undefined;
    const { _id, ...rest } = raw;
    return schema.parse({ ...rest, id: _id });
  };
  const query = (filter: Filter): Filter => {
    const { id, ...rest } = filter;
    return id === undefined ? rest : { ...rest, _id: id };
  };
  const changeOf = (change: object): Filter => {
    const fields = Object.entries(change);
    const set = Object.fromEntries(fields.filter(([, value]) => value !== undefined));
    const unset = Object.fromEntries(fields.filter(([, value]) => value === undefined).map(([key]) => [key, '']));
    return {
      $set: { ...set, updatedAt: clock.now() },
      ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}),
    };
  };
  // The driver itself rather than mongoose's queries: nothing is to be cast, and a call makes a dozen of these.
  const rows = model.collection as unknown as MongoCollection<{ _id: string }>;
  const find = async (filter: Filter, listing: Listing): Promise<T[]> => {
    let cursor = rows.find(query(filter) as never).sort(listing.sort ?? { _id: 1 });
    if (listing.skip !== undefined) cursor = cursor.skip(listing.skip);
    if (listing.limit !== undefined) cursor = cursor.limit(listing.limit);
    return (await cursor.toArray()).map((row) => read(row)).filter((row) => row !== undefined);
  };
  const remembered = new Map<string, { at: number; found: Promise<T[]> }>();
  /** Forgets before a change is sent and after it is done: what is read meanwhile may be either. */
  const changing = async <R>(work: () => Promise<R>): Promise<R> => {
    remembered.clear();
    try {
      return await work();
    } finally {
      remembered.clear();
    }
  };
  const recall = (filter: Filter): Promise<T[]> => {
    const key = JSON.stringify(filter);
    const known = remembered.get(key);
    if (known !== undefined && performance.now() - known.at < rememberMs) return known.found;
    const found = find(filter, {});
    found.catch(() => remembered.delete(key));
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(key, { at: performance.now(), found });
    return found;
  };
  const updateFirst = (filter: Filter, change: object): Promise<T | undefined> =>
    changing(async () =>
      read(await rows.findOneAndUpdate(query(filter) as never, changeOf(change) as never, { returnDocument: 'after' })),
    );

  return {
    get: async (id) => read(await rows.findOne({ _id: id })),
    first: async (filter, listing = {}) => (await find(filter, { ...listing, limit: 1 }))[0],
    find: (filter = {}, listing = {}) => find(filter, listing),
    recall: (filter = {}) => recall(filter),
    count: (filter = {}) => rows.countDocuments(query(filter) as never),
    insert: async (document) => {
      const now = clock.now();
      const whole = schema.parse({ ...document, createdAt: now, updatedAt: now });
      const { id, ...rest } = whole;
      await changing(() => rows.insertOne({ _id: id, ...rest } as never));
      return whole;
    },
    keep: async (documents) => {
      const rowsOf = documents.map((document) => schema.parse(document));
      const works = rowsOf.map(({ id, ...rest }) => ({
        replaceOne: { filter: { _id: id }, replacement: withoutGaps(rest), upsert: true },
      }));
      if (works.length > 0) await changing(() => rows.bulkWrite(works as never, { ordered: false }));
    },
    update: (id, change) => updateFirst({ _id: id }, change),
    updateFirst,
    remove: async (id) => (await changing(() => rows.deleteOne({ _id: id }))).deletedCount === 1,
    removeAll: async (filter) => (await changing(() => rows.deleteMany(query(filter) as never))).deletedCount,
  };
}

/** A field without a value is no field. */
function withoutGaps(document: object): object {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}
