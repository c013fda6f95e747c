import { Long } from 'bson';
import { type Doc, isDoc, readTyped, toPlain } from '../document.ts';
import { CommandError } from '../errors.ts';
import { encodeValue } from '../order/keyEncoding.ts';
import { valuesAt } from '../order/sorting.ts';
import { runPipeline } from '../query/aggregating.ts';
import { count, describePlan, projection, type Search, search, sortPattern } from '../query/finding.ts';
import { matcher } from '../query/matching.ts';
import type { SharedSnapshots } from '../storage/sharedSnapshots.ts';
import type { Store } from '../storage/store.ts';
import { document, flag, text, wholeNumber } from './arguments.ts';
import type { Command } from './commands.ts';

type Snapshot = ReturnType<Store['snapshot']>;

/* Commands that only read: each sees one snapshot from its first to its last batch. */

function refuseCollation(command: Doc): void {
  const { collation } = command;
  if (isDoc(collation) && collation.locale !== 'simple')
    throw new CommandError('CommandNotSupported', 'collations are not supported');
}

function searchOf(command: Doc, filterField: string): Search {
  refuseCollation(command);
  const filter = document(command, filterField);
  // A filter that is not understood is refused even when there is nothing to test.
  matcher(filter);
  return {
    filter,
    sort: sortPattern(command.sort),
    skip: wholeNumber(command, 'skip') ?? 0,
    limit: Math.abs(Number(toPlain(command.limit) ?? 0)),
    hint: command.hint,
  };
}

function* found(
  store: Store,
  db: string,
  name: string,
  wanted: Search,
  project: ((bytes: Buffer) => Buffer) | undefined,
  shared?: Snapshot,
): Generator<Buffer> {
  const collection = store.collection(db, name);
  if (collection === undefined) return;
  const snapshot = shared ?? store.snapshot();
  try {
    for (const { bytes } of search(store, collection, wanted, snapshot))
      yield project === undefined ? bytes : project(bytes);
  } finally {
    if (shared === undefined) snapshot.done();
  }
}

/** The state that a command asks to see: none of its own, a new one whose time it is told, or the one of a time. */
function stateFor(command: Doc, snapshots: SharedSnapshots): { snapshot?: Snapshot; at?: unknown } {
  const concern = document(command, 'readConcern');
  if (concern.level !== 'snapshot') return {};
  if (concern.atClusterTime === undefined) return snapshots.take();
  return { snapshot: snapshots.get(concern.atClusterTime), at: concern.atClusterTime };
}

const find: Command = (command, db, _session, { store, cursors, snapshots }) => {
  const name = text(command, 'find');
  if (flag(command, 'tailable')) throw new CommandError('CommandNotSupported', 'tailable cursors are not supported');
  const wanted = searchOf(command, 'filter');
  if (Number(toPlain(command.limit) ?? 0) < 0) throw new CommandError('BadValue', 'limit must not be negative');
  const project = projection(command.projection);
  const { snapshot, at } = stateFor(command, snapshots);
  const source = found(store, db, name, wanted, project, snapshot);
  const batchSize = wholeNumber(command, 'batchSize');
  const answer = cursors.start(`${db}.${name}`, source, batchSize, flag(command, 'singleBatch'));
  return at === undefined ? answer : { cursor: { ...(answer.cursor as Doc), atClusterTime: at } };
};

const aggregate: Command = (command, db, session, around) => {
  const { store, cursors } = around;
  refuseCollation(command);
  const name = command.aggregate === undefined || typeof command.aggregate !== 'string' ? undefined : command.aggregate;
  const { pipeline } = command;
  if (!Array.isArray(pipeline))
    throw new CommandError('TypeMismatch', "'pipeline' option must be specified as an array");
  if (flag(command, 'explain')) return explain({ explain: command }, db, session, around);
  const cursor = command.cursor;
  if (!isDoc(cursor))
    throw new CommandError(
      'FailedToParse',
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  const source = runPipeline(store, db, name, pipeline, command.hint);
  return cursors.start(`${db}.${name ?? '$cmd.aggregate'}`, source, wholeNumber(cursor, 'batchSize'));
};

const getMore: Command = (command, db, _session, { cursors }) => {
  const id = command.getMore;
  if (!Long.isLong(id))
    throw new CommandError('TypeMismatch', "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  return cursors.more(id, `${db}.${text(command, 'collection')}`, wholeNumber(command, 'batchSize'));
};

const killCursors: Command = (command, _db, _session, { cursors }) => {
  const ids = Array.isArray(command.cursors) ? command.cursors.filter((id) => Long.isLong(id)) : [];
  const killed = ids.filter((id) => cursors.kill(id));
  return {
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
  };
};

const countCommand: Command = (command, db, _session, { store }) => {
  const wanted = searchOf(command, 'query');
  const collection = store.collection(db, text(command, 'count'));
  return { n: collection === undefined ? 0 : count(store, collection, wanted) };
};

const distinct: Command = (command, db, _session, { store, snapshots }) => {
  const path = text(command, 'key');
  const wanted = { ...searchOf(command, 'query'), sort: [], skip: 0, limit: 0 };
  const seen = new Map<string, unknown>();
  const { snapshot, at } = stateFor(command, snapshots);
  for (const bytes of found(store, db, text(command, 'distinct'), wanted, undefined, snapshot)) {
    for (const value of valuesAt(readTyped(bytes), path).values) {
      if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
      const mark = encodeValue(value).toString('latin1');
      if (!seen.has(mark)) seen.set(mark, value);
    }
  }
  return { values: [...seen.values()], ...(at === undefined ? {} : { atClusterTime: at }) };
};

const explain: Command = (command, db, _session, { store }) => {
  const inner = document(command, 'explain');
  const kind = Object.keys(inner)[0] ?? '';
  const name = text(inner, kind);
  let wanted: Search;
  if (kind === 'find') wanted = searchOf(inner, 'filter');
  else if (kind === 'count' || kind === 'distinct' || kind === 'findAndModify') wanted = searchOf(inner, 'query');
  else if (kind === 'aggregate') {
    const first = Array.isArray(inner.pipeline) ? inner.pipeline[0] : undefined;
    wanted = searchOf({ filter: isDoc(first) && isDoc(first.$match) ? first.$match : {} }, 'filter');
  } else throw new CommandError('CommandNotFound', `Explain failed due to unknown command: ${kind}`);
  const collection = store.collection(db, name);
  const winningPlan = collection === undefined ? { stage: 'EOF' } : describePlan(collection, wanted);
  const queryPlanner = { namespace: `${db}.${name}`, parsedQuery: wanted.filter, winningPlan, rejectedPlans: [] };
  if (command.verbosity === 'queryPlanner' || collection === undefined) return { explainVersion: '1', queryPlanner };
  const nReturned = [...found(store, db, name, wanted, undefined)].length;
  return { explainVersion: '1', queryPlanner, executionStats: { executionSuccess: true, nReturned } };
};

export const reading: Record<string, Command> = {
  find,
  aggregate,
  getMore,
  killCursors,
  count: countCommand,
  distinct,
  explain,
};
