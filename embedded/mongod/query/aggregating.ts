import { aggregate } from 'mingo';
import { type Doc, isDoc, readPlain, toCriteria, toPlain, write } from '../document.ts';
import { CommandError } from '../errors.ts';
import type { Store } from '../storage/store.ts';
import { count, type Search, search, sortPattern } from './finding.ts';
import { refuseForbidden, understood } from './matching.ts';

/* Pipelines are mingo's; the stages at the front that an index can serve are taken over by the planner. */

/** Documents that `$lookup` and the like may bring in from one collection. */
const maxForeign = 200_000;
const refused = new Set([
  '$out',
  '$merge',
  '$geoNear',
  '$search',
  '$vectorSearch',
  '$indexStats',
  '$collStats',
  '$currentOp',
  '$listSessions',
]);

interface Pipeline {
  readonly search: Search;
  readonly rest: readonly Doc[];
}

function wholeNumber(stage: string, value: unknown): number {
  const number = toPlain(value);
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0)
    throw new CommandError('BadValue', `invalid argument to ${stage} stage`);
  return number;
}

/** @throws CommandError for stages that are unknown, refused, or malformed */
function checkStages(stages: readonly unknown[]): asserts stages is Doc[] {
  for (const stage of stages) {
    if (!isDoc(stage) || Object.keys(stage).length !== 1) {
      throw new CommandError('BadValue', 'A pipeline stage specification object must contain exactly one field.');
    }
    const name = Object.keys(stage)[0]!;
    if (name === '$changeStream') {
      throw new CommandError(
        'ChangeStreamNeedsReplicaSet',
        'The $changeStream stage is only supported on replica sets',
      );
    }
    if (refused.has(name)) throw new CommandError('CommandNotSupported', `${name} is not supported`);
    if (name === '$facet' && isDoc(stage.$facet))
      for (const inner of Object.values(stage.$facet)) if (Array.isArray(inner)) checkStages(inner);
    if (isDoc(stage[name]) && Array.isArray((stage[name] as Doc).pipeline))
      checkStages((stage[name] as { pipeline: unknown[] }).pipeline);
  }
}

/** Takes `$match`, `$sort`, `$skip` and `$limit` off the front, each once and in that order. */
function split(stages: readonly Doc[], hint: unknown): Pipeline {
  const order = ['$match', '$sort', '$skip', '$limit'];
  let filter: Doc = {};
  let sort: Search['sort'] = [];
  let skip = 0;
  let limit = 0;
  let taken = 0;
  let last = -1;
  for (const stage of stages) {
    const name = Object.keys(stage)[0]!;
    const place = order.indexOf(name);
    if (place <= last) break;
    if (name === '$match') {
      if (!isDoc(stage.$match))
        throw new CommandError('BadValue', 'the match filter must be an expression in an object');
      filter = stage.$match;
    } else if (name === '$sort') sort = sortPattern(stage.$sort);
    else if (name === '$skip') skip = wholeNumber(name, stage.$skip);
    else {
      limit = wholeNumber(name, stage.$limit);
      if (limit === 0) throw new CommandError('BadValue', 'the limit must be positive');
    }
    last = place;
    taken++;
  }
  return { search: { filter, sort, skip, limit, hint }, rest: stages.slice(taken) };
}

/** `countDocuments`: one group, one sum of ones. */
function countedField(rest: readonly Doc[]): { id: unknown; field: string } | undefined {
  const [stage] = rest;
  if (rest.length !== 1 || !isDoc(stage?.$group)) return undefined;
  const { _id, ...fields } = stage.$group;
  const names = Object.keys(fields);
  const only = fields[names[0]!];
  if (names.length !== 1 || !isDoc(only) || Object.keys(only).length !== 1 || toPlain(only.$sum) !== 1)
    return undefined;
  const id = toPlain(_id);
  return id === null || typeof id === 'number' ? { id: _id, field: names[0]! } : undefined;
}

/** The pipeline's results as BSON, read lazily from one snapshot. @throws CommandError */
export function* runPipeline(
  store: Store,
  db: string,
  name: string | undefined,
  stages: readonly unknown[],
  hint: unknown,
): Generator<Buffer> {
  checkStages(stages);
  refuseForbidden(stages);
  const { search: wanted, rest } = split(stages, hint);
  const collection = name === undefined ? undefined : store.collection(db, name);
  const snapshot = store.snapshot();
  try {
    const counted = countedField(rest);
    if (counted !== undefined) {
      const total = collection === undefined ? 0 : count(store, collection, wanted);
      if (total > 0) yield write({ _id: counted.id, [counted.field]: total });
      return;
    }
    if (rest.length === 0) {
      if (collection !== undefined) for (const { bytes } of search(store, collection, wanted, snapshot)) yield bytes;
      return;
    }
    const source = function* (): Generator<Doc> {
      if (collection !== undefined)
        for (const { bytes } of search(store, collection, wanted, snapshot)) yield readPlain(bytes);
    };
    const collectionResolver = (foreign: string): Doc[] => {
      const other = store.collection(db, foreign);
      if (other === undefined) return [];
      const docs: Doc[] = [];
      for (const { bytes } of search(store, other, { filter: {}, sort: [], skip: 0, limit: 0 }, snapshot)) {
        docs.push(readPlain(bytes));
        if (docs.length > maxForeign)
          throw new CommandError('ExceededMemoryLimit', `${foreign} has too many documents to be joined`);
      }
      return docs;
    };
    const results = understood(() =>
      aggregate(source(), rest.map(toCriteria) as Doc[], { scriptEnabled: false, collectionResolver }),
    );
    for (const result of results) yield write(result);
  } finally {
    snapshot.done();
  }
}
