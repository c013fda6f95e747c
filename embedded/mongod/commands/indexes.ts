import { type Doc, isDoc, toPlain } from '../document.ts';
import { CommandError } from '../errors.ts';
import { encodeValue } from '../order/keyEncoding.ts';
import type { SortPattern } from '../order/sorting.ts';
import { matcher } from '../query/matching.ts';
import { type Collection, describeIndex, type Index, idIndexName } from '../storage/catalog.ts';
import type { Store } from '../storage/store.ts';
import { clearIndex, fillIndex } from '../storage/writing.ts';
import { documents, flag, text, wholeNumber } from './arguments.ts';
import type { Command } from './commands.ts';

type Wanted = Omit<Index, 'id' | 'multikey' | 'truncated'>;

function pattern(key: unknown): SortPattern {
  if (!isDoc(key) || Object.keys(key).length === 0)
    throw new CommandError('CannotCreateIndex', 'Index keys cannot be an empty object');
  return Object.entries(key).map(([path, value]) => {
    const direction = toPlain(value);
    if (typeof direction === 'string')
      throw new CommandError('CannotCreateIndex', `index type '${direction}' is not supported`);
    if (typeof direction !== 'number' || direction === 0)
      throw new CommandError(
        'CannotCreateIndex',
        `Values in v:2 index key pattern cannot be of type other than number`,
      );
    if (path === '' || path.startsWith('$') || path.includes('$**'))
      throw new CommandError('CannotCreateIndex', `index field '${path}' is not supported`);
    return [path, direction > 0 ? 1 : -1];
  });
}

function wantedIndex(spec: Doc): Wanted {
  const fields = pattern(spec.key);
  const name = spec.name;
  if (typeof name !== 'string' || name === '')
    throw new CommandError('FailedToParse', "The 'name' field is a required property of an index specification");
  if (isDoc(spec.collation) && spec.collation.locale !== 'simple')
    throw new CommandError('CannotCreateIndex', 'collations are not supported');
  const partial = spec.partialFilterExpression;
  if (partial !== undefined && !isDoc(partial))
    throw new CommandError('CannotCreateIndex', "'partialFilterExpression' must be an object");
  if (partial !== undefined) matcher(partial);
  const expireAfterSeconds = wholeNumber(spec, 'expireAfterSeconds');
  if (expireAfterSeconds !== undefined && fields.length > 1) {
    throw new CommandError(
      'CannotCreateIndex',
      'TTL indexes are single-field indexes, compound indexes do not support TTL',
    );
  }
  return {
    name,
    pattern: fields,
    unique: flag(spec, 'unique'),
    sparse: flag(spec, 'sparse'),
    ...(partial === undefined ? {} : { partialFilter: partial }),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
  };
}

function sameOptions(a: Wanted, b: Wanted): boolean {
  const partial = (index: Wanted): string =>
    index.partialFilter === undefined ? '' : encodeValue(index.partialFilter).toString('hex');
  return (
    a.unique === b.unique &&
    a.sparse === b.sparse &&
    a.expireAfterSeconds === b.expireAfterSeconds &&
    partial(a) === partial(b)
  );
}

/** True if the collection has it already. @throws CommandError IndexOptionsConflict, IndexKeySpecsConflict */
function exists(collection: Collection, wanted: Wanted): boolean {
  const key = JSON.stringify(wanted.pattern);
  if (key === '[["_id",1]]') return true;
  for (const index of collection.indexes) {
    const sameKey = JSON.stringify(index.pattern) === key;
    if (index.name === wanted.name) {
      if (!sameKey || !sameOptions(index, wanted)) {
        throw new CommandError(
          'IndexKeySpecsConflict',
          `An existing index has the same name as the requested index. Requested index: ${wanted.name}`,
        );
      }
      return true;
    }
    if (sameKey && (index.partialFilter === undefined) === (wanted.partialFilter === undefined)) {
      throw new CommandError('IndexOptionsConflict', `Index already exists with a different name: ${index.name}`);
    }
  }
  return false;
}

const createIndexes: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'createIndexes');
  const wanted = documents(command, 'indexes').map(wantedIndex);
  if (wanted.length === 0) throw new CommandError('BadValue', 'Must specify at least one index to create');
  return store.write(() => {
    const before = store.collection(db, name);
    const collection = store.ensureCollection(db, name);
    const numIndexesBefore = collection.indexes.length + 1;
    const fresh = wanted.filter((spec) => !exists(collection, spec));
    if (collection.indexes.length + fresh.length > 63)
      throw new CommandError('CannotCreateIndex', `add index fails, too many indexes for ${db}.${name}`);
    for (const spec of fresh) {
      const index = store.addIndex(collection, spec);
      try {
        fillIndex(store, collection, index);
      } catch (error) {
        collection.indexes.splice(collection.indexes.indexOf(index), 1);
        throw error;
      }
    }
    return {
      numIndexesBefore,
      numIndexesAfter: collection.indexes.length + 1,
      createdCollectionAutomatically: before === undefined,
      ...(fresh.length === 0 ? { note: 'all indexes already exist' } : {}),
    };
  });
};

/** @throws CommandError NamespaceNotFound */
export function existing(store: Store, db: string, name: string): Collection {
  const collection = store.collection(db, name);
  if (collection === undefined) throw new CommandError('NamespaceNotFound', `ns does not exist: ${db}.${name}`);
  return collection;
}

const listIndexes: Command = (command, db, _session, { store, cursors }) => {
  const collection = existing(store, db, text(command, 'listIndexes'));
  const all = [{ v: 2, key: { _id: 1 }, name: idIndexName }, ...collection.indexes.map(describeIndex)];
  return cursors.list(`${db}.${collection.name}`, all);
};

const dropIndexes: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'dropIndexes' in command ? 'dropIndexes' : 'deleteIndexes');
  const { index: which } = command;
  return store.write(() => {
    const collection = existing(store, db, name);
    const nIndexesWas = collection.indexes.length + 1;
    const names = Array.isArray(which) ? which : [which];
    const chosen = collection.indexes.filter((index) => {
      if (which === '*') return true;
      if (isDoc(which)) return JSON.stringify(index.pattern) === JSON.stringify(pattern(which));
      return names.includes(index.name);
    });
    if (names.includes(idIndexName)) throw new CommandError('InvalidOptions', 'cannot drop _id index');
    if (chosen.length === 0 && which !== '*')
      throw new CommandError(
        'IndexNotFound',
        `index not found with name [${String(isDoc(which) ? JSON.stringify(which) : which)}]`,
      );
    for (const index of chosen) {
      collection.indexes.splice(collection.indexes.indexOf(index), 1);
      clearIndex(store, index);
    }
    store.touch();
    return { nIndexesWas };
  });
};

export const indexCommands: Record<string, Command> = {
  createIndexes,
  listIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
};
