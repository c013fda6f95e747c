import type { Doc } from '../document.ts';
import type { SortPattern } from '../order/sorting.ts';

/** A secondary index of a collection. */
export interface Index {
  readonly id: number;
  readonly name: string;
  readonly pattern: SortPattern;
  readonly unique: boolean;
  readonly sparse: boolean;
  /** Only documents that match are in the index. */
  readonly partialFilter?: Doc;
  /** Seconds after the date in the (only) field at which a document is removed. */
  expireAfterSeconds?: number;
  /** True once an array was indexed: a document may then have several entries. */
  multikey: boolean;
  /** True once a key was longer than an entry holds: entries then no longer sort exactly. */
  truncated: boolean;
}

export interface Collection {
  readonly id: number;
  readonly db: string;
  readonly name: string;
  readonly uuid: string;
  readonly options: Doc;
  readonly indexes: Index[];
  count: number;
  /** True once an _id was longer than a key holds. */
  truncated: boolean;
}

/** The index that every collection has on `_id`: the documents' own keys. */
export const idIndexName = '_id_';

/** An index as `listIndexes` shows it. */
export function describeIndex(index: Index): Doc {
  return {
    v: 2,
    key: Object.fromEntries(index.pattern),
    name: index.name,
    ...(index.unique ? { unique: true } : {}),
    ...(index.sparse ? { sparse: true } : {}),
    ...(index.partialFilter === undefined ? {} : { partialFilterExpression: index.partialFilter }),
    ...(index.expireAfterSeconds === undefined ? {} : { expireAfterSeconds: index.expireAfterSeconds }),
  };
}

/** The whole catalog as it is stored: one record. */
export interface CatalogRecord {
  nextId: number;
  collections: Collection[];
}
