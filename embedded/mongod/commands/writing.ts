import { ObjectId } from 'bson';
import { type Doc, isDoc, readTyped, toPlain, write } from '../document.ts';
import { CommandError } from '../errors.ts';
import { type Found, projection, type Search, search, sortPattern } from '../query/finding.ts';
import { matcher } from '../query/matching.ts';
import { type Change, changed, kindOf, upserted } from '../query/updating.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Store } from '../storage/store.ts';
import { insertDocument, removeDocument, replaceDocument } from '../storage/writing.ts';
import { document, documents, flag, text } from './arguments.ts';
import type { Command } from './commands.ts';

/* Commands that write. All run one after the other inside the store's transactions; that is what makes them atomic. */

const maxBatch = 100_000;

function operationsOf(command: Doc, field: string): Doc[] {
  const list = documents(command, field);
  if (list.length === 0 || list.length > maxBatch) {
    throw new CommandError(
      'InvalidLength',
      `Write batch sizes must be between 1 and ${maxBatch}. Got ${list.length} operations.`,
    );
  }
  return list;
}

interface BatchOutcome {
  readonly n: number;
  readonly nModified: number;
  readonly upserted: Doc[];
}

/** Runs each operation; failures become `writeErrors`, and end the batch if it is ordered. */
function batch(
  operations: readonly Doc[],
  ordered: boolean,
  run: (operation: Doc, index: number) => BatchOutcome,
): Doc {
  let n = 0;
  let nModified = 0;
  const inserted: Doc[] = [];
  const writeErrors: Doc[] = [];
  for (const [index, operation] of operations.entries()) {
    try {
      const outcome = run(operation, index);
      n += outcome.n;
      nModified += outcome.nModified;
      inserted.push(...outcome.upserted);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.extra });
      if (ordered) break;
    }
  }
  return {
    n,
    nModified,
    ...(inserted.length > 0 ? { upserted: inserted } : {}),
    ...(writeErrors.length > 0 ? { writeErrors } : {}),
  };
}

/** @throws CommandError BadValue for an `_id` that cannot be one */
function checkId(id: unknown): void {
  if (Array.isArray(id) || id === undefined || (typeof id === 'object' && id !== null && 'pattern' in id)) {
    throw new CommandError('BadValue', "The '_id' value cannot be of type array, regex or undefined");
  }
  if (isDoc(id) && Object.keys(id).some((key) => key.startsWith('$'))) {
    throw new CommandError('BadValue', "_id fields may not contain '$'-prefixed fields");
  }
}

function insertOne(store: Store, collection: Collection, doc: Doc): void {
  const { _id: id = new ObjectId(), ...rest } = doc;
  checkId(id);
  insertDocument(store, collection, id, write({ _id: id, ...rest }));
}

const insert: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'insert');
  const docs = operationsOf(command, 'documents');
  const reply = await store.write(() => {
    const collection = store.ensureCollection(db, name);
    return batch(docs, flag(command, 'ordered', true), (doc) => {
      insertOne(store, collection, doc);
      return { n: 1, nModified: 0, upserted: [] };
    });
  });
  const { nModified: _, ...rest } = reply;
  return rest;
};

function matching(
  store: Store,
  collection: Collection | undefined,
  filter: Doc,
  limit: number,
  rest: Partial<Search> = {},
): Found[] {
  matcher(filter);
  if (collection === undefined) return [];
  return [...search(store, collection, { filter, sort: [], skip: 0, limit, ...rest })];
}

function changeOf(operation: Doc, filterField: string, updateField: string): Change {
  if (isDoc(operation.collation) && operation.collation.locale !== 'simple')
    throw new CommandError('CommandNotSupported', 'collations are not supported');
  const update = operation[updateField];
  kindOf(update);
  return { update, filter: document(operation, filterField), arrayFilters: documents(operation, 'arrayFilters') };
}

/** Applies a change to one document; true if any byte of it is now another. */
function changeOne(
  store: Store,
  collection: Collection,
  found: Found,
  change: Change,
): { modified: boolean; bytes: Buffer } {
  const bytes = changed(found.bytes, change);
  if (bytes.equals(found.bytes)) return { modified: false, bytes };
  replaceDocument(store, collection, found.key, found.bytes, bytes);
  return { modified: true, bytes };
}

function upsertOne(store: Store, db: string, name: string, change: Change): Doc {
  const doc = upserted(change, () => new ObjectId());
  checkId(doc._id);
  insertOne(store, store.ensureCollection(db, name), doc);
  return doc;
}

const update: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'update');
  const operations = operationsOf(command, 'updates');
  return store.write(() =>
    batch(operations, flag(command, 'ordered', true), (operation, index) => {
      const change = changeOf(operation, 'q', 'u');
      const multi = flag(operation, 'multi');
      if (multi && kindOf(change.update) === 'replacement') {
        throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
      }
      const collection = store.collection(db, name);
      const rest = { hint: operation.hint, sort: multi ? [] : sortPattern(operation.sort) };
      const targets = matching(store, collection, change.filter, multi ? 0 : 1, rest);
      if (targets.length === 0 && flag(operation, 'upsert')) {
        const doc = upsertOne(store, db, name, change);
        return { n: 1, nModified: 0, upserted: [{ index, _id: doc._id }] };
      }
      let nModified = 0;
      for (const target of targets) if (changeOne(store, collection!, target, change).modified) nModified++;
      return { n: targets.length, nModified, upserted: [] };
    }),
  );
};

const remove: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'delete');
  const operations = operationsOf(command, 'deletes');
  const reply = await store.write(() =>
    batch(operations, flag(command, 'ordered', true), (operation) => {
      const limit = Number(toPlain(operation.limit) ?? 0);
      const collection = store.collection(db, name);
      const targets = matching(store, collection, document(operation, 'q'), limit === 1 ? 1 : 0, {
        hint: operation.hint,
      });
      for (const { key, bytes } of targets) removeDocument(store, collection!, key, bytes);
      return { n: targets.length, nModified: 0, upserted: [] };
    }),
  );
  const { nModified: _, ...rest } = reply;
  return rest;
};

const findAndModify: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'findAndModify' in command ? 'findAndModify' : 'findandmodify');
  const removing = flag(command, 'remove');
  if (removing === (command.update !== undefined))
    throw new CommandError('FailedToParse', 'Either an update or remove=true must be specified');
  if (removing && (flag(command, 'new') || flag(command, 'upsert')))
    throw new CommandError('FailedToParse', 'Cannot specify both remove=true and new or upsert');
  const filter = document(command, 'query');
  const project = projection(command.fields);
  const shown = (bytes: Buffer): Doc => readTyped(project === undefined ? bytes : project(bytes));
  const change = removing ? undefined : changeOf(command, 'query', 'update');
  return store.write(() => {
    const collection = store.collection(db, name);
    const [target] = matching(store, collection, filter, 1, { sort: sortPattern(command.sort), hint: command.hint });
    if (change === undefined) {
      if (target === undefined) return { lastErrorObject: { n: 0 }, value: null };
      removeDocument(store, collection!, target.key, target.bytes);
      return { lastErrorObject: { n: 1 }, value: shown(target.bytes) };
    }
    if (target === undefined) {
      if (!flag(command, 'upsert')) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
      const doc = upsertOne(store, db, name, change);
      return {
        lastErrorObject: { n: 1, updatedExisting: false, upserted: doc._id },
        value: flag(command, 'new') ? shown(write(doc)) : null,
      };
    }
    const { bytes } = changeOne(store, collection!, target, change);
    return {
      lastErrorObject: { n: 1, updatedExisting: true },
      value: shown(flag(command, 'new') ? bytes : target.bytes),
    };
  });
};

export const writing: Record<string, Command> = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
};
