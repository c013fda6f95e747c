import { aggregate } from 'mingo';
import { type Doc, isDoc, readPlain, readTyped, restoreClasses, toCriteria, toPlain, write } from '../document.ts';
import { CommandError } from '../errors.ts';
import { type SortPattern, sortKey } from '../order/sorting.ts';
import { type KeyRange, type Plan, type PlannableIndex, plan } from '../plan/planner.ts';
import { type Collection, idIndexName } from '../storage/catalog.ts';
import { after, keptBytes, numbered } from '../storage/keys.ts';
import type { Store } from '../storage/store.ts';
import { matcher, refuseForbidden, understood } from './matching.ts';

/* Runs a plan: keys of an index → documents → test → order → skip and limit. */

export interface Found {
  readonly key: Buffer;
  readonly bytes: Buffer;
}

export interface Search {
  readonly filter: Doc;
  readonly sort: SortPattern;
  readonly skip: number;
  /** 0: no limit. */
  readonly limit: number;
  /** Name or key pattern of the index to use. */
  readonly hint?: unknown;
}

type Snapshot = ReturnType<Store['snapshot']>;
type Indexed = PlannableIndex & { readonly id?: number };

/** Bytes of documents that may be held while they are sorted. */
const maxSortBytes = 256 * 1024 * 1024;
/** Long keys were cut: so are the bounds they are looked for with. */
const keptInBounds = keptBytes - 32;

/** @throws CommandError BadValue for anything but 1 and -1 */
export function sortPattern(sort: unknown): SortPattern {
  if (sort === undefined || sort === null) return [];
  if (!isDoc(sort)) throw new CommandError('TypeMismatch', 'Expected field sort to be of type object');
  return Object.entries(sort).map(([path, direction]) => {
    const value = toPlain(direction);
    if (value !== 1 && value !== -1)
      throw new CommandError('BadValue', `$sort key ordering must be 1 (for ascending) or -1 (for descending)`);
    return [path, value];
  });
}

function idIndex(collection: Collection): Indexed {
  return { name: idIndexName, pattern: [['_id', 1]], sparse: false, multikey: false, truncated: collection.truncated };
}

/** @throws CommandError BadValue when the hint names no index */
function choosePlan(collection: Collection, search: Search): Plan<Indexed> {
  let indexes: Indexed[] = [idIndex(collection), ...collection.indexes];
  const { hint } = search;
  if (typeof hint === 'string' || isDoc(hint)) {
    if (isDoc(hint) && '$natural' in hint) indexes = [];
    else {
      const pattern = JSON.stringify(isDoc(hint) ? sortPattern(hint) : hint);
      indexes = indexes.filter((index) =>
        typeof hint === 'string' ? index.name === hint : JSON.stringify(index.pattern) === pattern,
      );
      if (indexes.length === 0)
        throw new CommandError(
          'BadValue',
          'error processing query: planner returned error: hint provided does not correspond to an existing index',
        );
    }
  }
  return plan(indexes, search.filter, search.sort);
}

interface Bounded {
  readonly start: Buffer;
  readonly end: Buffer;
}

function boundaries(id: number, range: KeyRange): Bounded & { cut: boolean } {
  const cut = range.start.length > keptInBounds || (range.end?.length ?? 0) > keptInBounds;
  const start = numbered(id, range.start.subarray(0, keptInBounds));
  if (range.end === undefined) return { start, end: numbered(id + 1), cut };
  const end =
    range.end.length > keptInBounds
      ? after(numbered(id, range.end.subarray(0, keptInBounds)))
      : numbered(id, range.end);
  return { start, end, cut };
}

function scanRange(
  range: Bounded,
  reverse: boolean,
): { start: Buffer; end: Buffer; reverse: boolean; exclusiveStart?: boolean; inclusiveEnd?: boolean } {
  if (!reverse) return { start: range.start, end: range.end, reverse };
  // Backwards the scan begins at the far end, which is left out, and takes the near one in.
  return { start: range.end, end: range.start, reverse, exclusiveStart: true, inclusiveEnd: true };
}

/** Every document a plan leads to, tested against the filter; `skip` is done on keys where no test is needed. */
function* scan(
  store: Store,
  collection: Collection,
  search: Search,
  chosen: Plan<Indexed>,
  snapshot: Snapshot | undefined,
): Generator<Found> {
  const index = chosen.index;
  const indexId = index?.id;
  const matches = matcher(search.filter);
  const seen = index?.multikey === true ? new Set<string>() : undefined;
  const ranges = chosen.ranges.map((range) => boundaries(indexId ?? collection.id, range));
  const exact = chosen.exact && !ranges.some((range) => range.cut);
  const onKeys = exact && seen === undefined && ranges.length === 1 && chosen.sorted ? search.skip : 0;
  let toSkip = chosen.sorted ? search.skip - onKeys : 0;
  const within = snapshot === undefined ? {} : { transaction: snapshot };
  for (const range of chosen.reverse ? ranges.reverse() : ranges) {
    const options = { ...scanRange(range, chosen.reverse), ...within, ...(onKeys > 0 ? { offset: onKeys } : {}) };
    for (const { key, value } of indexId === undefined
      ? store.documents.getRange(options)
      : store.entries.getRange(options)) {
      let found: Found;
      if (indexId === undefined) found = { key, bytes: value };
      else {
        if (seen !== undefined) {
          const mark = value.toString('latin1');
          if (seen.has(mark)) continue;
          seen.add(mark);
        }
        const bytes = store.documents.get(value, within);
        if (bytes === undefined) continue;
        found = { key: value, bytes };
      }
      if (!exact && !matches(readPlain(found.bytes))) continue;
      if (toSkip > 0) toSkip--;
      else yield found;
    }
  }
}

/** Keeps the first `keep` (0: all) in sort order, without ever holding many more. */
function sorted(source: Iterable<Found>, pattern: SortPattern, keep: number): Found[] {
  let held: { rank: Buffer; found: Found }[] = [];
  let bytes = 0;
  const order = (): void => {
    held.sort((a, b) => Buffer.compare(a.rank, b.rank));
    if (keep > 0 && held.length > keep) {
      held = held.slice(0, keep);
      bytes = held.reduce((sum, { found }) => sum + found.bytes.length, 0);
    }
  };
  for (const found of source) {
    held.push({ rank: sortKey(readPlain(found.bytes), pattern), found });
    bytes += found.bytes.length;
    if (keep > 0 && held.length >= keep * 2 + 1_000) order();
    if (bytes > maxSortBytes)
      throw new CommandError(
        'ExceededMemoryLimit',
        'Sort exceeded memory limit; add an index, or specify a smaller limit',
      );
  }
  order();
  return held.map(({ found }) => found);
}

/**
 * Documents in order, skipped and limited. With a snapshot it may be read on over many turns; inside a write, without
 * one, it must be read to its end before anything is changed.
 */
export function* search(store: Store, collection: Collection, wanted: Search, snapshot?: Snapshot): Generator<Found> {
  const chosen = choosePlan(collection, wanted);
  const source = scan(store, collection, wanted, chosen, snapshot);
  let left = wanted.limit === 0 ? Infinity : wanted.limit;
  if (chosen.sorted) {
    for (const found of source) {
      yield found;
      if (--left <= 0) return;
    }
    return;
  }
  const keep = wanted.limit === 0 ? 0 : wanted.skip + wanted.limit;
  yield* sorted(source, wanted.sort, keep).slice(wanted.skip);
}

/** How many documents match; from keys alone where the index tells. */
export function count(store: Store, collection: Collection, wanted: Search, snapshot?: Snapshot): number {
  const within = (total: number): number => {
    const left = Math.max(0, total - wanted.skip);
    return wanted.limit === 0 ? left : Math.min(left, wanted.limit);
  };
  if (Object.keys(wanted.filter).length === 0 && snapshot === undefined) return within(collection.count);
  const chosen = choosePlan(collection, { ...wanted, sort: [] });
  const indexId = chosen.index?.id;
  const ranges = chosen.ranges.map((range) => boundaries(indexId ?? collection.id, range));
  if (chosen.exact && chosen.index !== undefined && !ranges.some((range) => range.cut)) {
    const source = indexId === undefined ? store.documents : store.entries;
    const transaction = snapshot === undefined ? {} : { transaction: snapshot };
    return within(ranges.reduce((sum, { start, end }) => sum + source.getKeysCount({ start, end, ...transaction }), 0));
  }
  let total = 0;
  const enough = wanted.limit === 0 ? Infinity : wanted.skip + wanted.limit;
  for (const _ of scan(store, collection, { ...wanted, skip: 0, sort: [] }, { ...chosen, sorted: true }, snapshot))
    if (++total >= enough) break;
  return within(total);
}

/** Only these fields, or all but these. @throws CommandError BadValue */
export function projection(fields: unknown): ((bytes: Buffer) => Buffer) | undefined {
  if (!isDoc(fields) || Object.keys(fields).length === 0) return undefined;
  refuseForbidden(fields);
  const wanted = toCriteria(fields) as Doc;
  return (bytes) => {
    const twins = new Map<object, object>();
    const typed = readTyped(bytes);
    const doc = toPlain(typed, twins) as Doc;
    const [result = {}] = understood(() => aggregate([doc], [{ $project: wanted }], { scriptEnabled: false }));
    // Fields stay in the document's order, whatever the projection's.
    const inOrder = [...Object.keys(doc).filter((key) => Object.hasOwn(result, key)), ...Object.keys(result)];
    const ordered = Object.fromEntries(inOrder.map((key) => [key, result[key]]));
    return write(restoreClasses(ordered, twins, typed) as Doc);
  };
}

/** What `explain` shows of a plan. */
export function describePlan(collection: Collection, wanted: Search): Doc {
  const chosen = choosePlan(collection, wanted);
  const scanned: Doc =
    chosen.index === undefined
      ? { stage: 'COLLSCAN', direction: 'forward' }
      : {
          stage: 'FETCH',
          ...(chosen.exact ? {} : { filter: wanted.filter }),
          inputStage: {
            stage: 'IXSCAN',
            keyPattern: Object.fromEntries(chosen.index.pattern),
            indexName: chosen.index.name,
            isMultiKey: chosen.index.multikey,
            direction: chosen.reverse ? 'backward' : 'forward',
          },
        };
  if (chosen.sorted) return scanned;
  return { stage: 'SORT', sortPattern: Object.fromEntries(wanted.sort), inputStage: scanned };
}
