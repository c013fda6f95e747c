import { type Doc, readPlain } from '../document.ts';
import { CommandError } from '../errors.ts';
import { valuesAt } from '../order/sorting.ts';
import { matcher } from '../query/matching.ts';
import type { Collection, Index } from './catalog.ts';
import { after, documentKey, entryKey, fieldKeys, isCut, keptBytes, numbered } from './keys.ts';
import type { Store } from './store.ts';

/* One document's change with all its index entries. Everything is checked before anything is written. */

interface Entry {
  readonly index: Index;
  readonly fields: Buffer;
}

function entriesOf(collection: Collection, doc: Doc): { entries: Entry[]; grown: [Index, boolean, boolean][] } {
  const entries: Entry[] = [];
  const grown: [Index, boolean, boolean][] = [];
  for (const index of collection.indexes) {
    if (index.partialFilter !== undefined && !matcher(index.partialFilter)(doc)) continue;
    const { keys, many } = fieldKeys(index, doc);
    const cut = keys.some(isCut);
    if ((many && !index.multikey) || (cut && !index.truncated)) grown.push([index, many, cut]);
    for (const fields of keys) entries.push({ index, fields });
  }
  return { entries, grown };
}

function duplicateKey(
  collection: Collection,
  name: string,
  paths: readonly string[],
  directions: Doc,
  doc: Doc,
): CommandError {
  const keyValue = Object.fromEntries(paths.map((path) => [path, valuesAt(doc, path).values[0] ?? null]));
  const shown = paths.map((path) => `${path}: ${JSON.stringify(keyValue[path])}`).join(', ');
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${collection.db}.${collection.name} index: ${name} dup key: { ${shown} }`,
    { keyPattern: directions, keyValue },
  );
}

function checkUnique(store: Store, collection: Collection, entry: Entry, docKey: Buffer, doc: Doc): void {
  const start = numbered(entry.index.id, entry.fields.subarray(0, keptBytes));
  for (const { value } of store.entries.getRange({ start, end: after(start) })) {
    if (value.equals(docKey)) continue;
    if (isCut(entry.fields)) {
      const other = store.documents.get(value);
      if (other !== undefined && !fieldKeys(entry.index, readPlain(other)).keys.some((key) => key.equals(entry.fields)))
        continue;
    }
    const paths = entry.index.pattern.map(([path]) => path);
    throw duplicateKey(collection, entry.index.name, paths, Object.fromEntries(entry.index.pattern), doc);
  }
}

/** @throws CommandError DuplicateKey */
export function insertDocument(store: Store, collection: Collection, id: unknown, bytes: Buffer): void {
  const docKey = documentKey(collection.id, id);
  const doc = readPlain(bytes);
  if (store.documents.doesExist(docKey)) throw duplicateKey(collection, '_id_', ['_id'], { _id: 1 }, doc);
  const { entries, grown } = entriesOf(collection, doc);
  for (const entry of entries) if (entry.index.unique) checkUnique(store, collection, entry, docKey, doc);
  note(store, grown);
  if (docKey.length >= 4 + keptBytes && !collection.truncated) collection.truncated = true;
  store.documents.putSync(docKey, bytes);
  for (const entry of entries) store.entries.putSync(entryKey(entry.index.id, entry.fields, docKey), docKey);
  collection.count++;
  store.touch();
}

/** The same `_id`, new content. @throws CommandError DuplicateKey */
export function replaceDocument(
  store: Store,
  collection: Collection,
  docKey: Buffer,
  before: Buffer,
  bytes: Buffer,
): void {
  const doc = readPlain(bytes);
  const old = new Map<string, Buffer>();
  for (const entry of entriesOf(collection, readPlain(before)).entries) {
    const key = entryKey(entry.index.id, entry.fields, docKey);
    old.set(key.toString('latin1'), key);
  }
  const { entries, grown } = entriesOf(collection, doc);
  const added: Buffer[] = [];
  for (const entry of entries) {
    const key = entryKey(entry.index.id, entry.fields, docKey);
    if (old.delete(key.toString('latin1')) && !isCut(entry.fields)) continue;
    if (entry.index.unique) checkUnique(store, collection, entry, docKey, doc);
    added.push(key);
  }
  note(store, grown);
  store.documents.putSync(docKey, bytes);
  for (const key of old.values()) store.entries.removeSync(key);
  for (const key of added) store.entries.putSync(key, docKey);
}

export function removeDocument(store: Store, collection: Collection, docKey: Buffer, before: Buffer): void {
  for (const entry of entriesOf(collection, readPlain(before)).entries) {
    store.entries.removeSync(entryKey(entry.index.id, entry.fields, docKey));
  }
  store.documents.removeSync(docKey);
  collection.count--;
  store.touch();
}

function note(store: Store, grown: readonly [Index, boolean, boolean][]): void {
  for (const [index, many, cut] of grown) {
    index.multikey ||= many;
    index.truncated ||= cut;
    store.touch();
  }
}

/** Fills a new index from the documents that are there. @throws CommandError DuplicateKey, with nothing written */
export function fillIndex(store: Store, collection: Collection, index: Index): void {
  const range = { start: numbered(collection.id), end: numbered(collection.id + 1) };
  const only: Collection = { ...collection, indexes: [index] };
  try {
    for (const { key, value } of store.documents.getRange(range)) {
      const doc = readPlain(value);
      const { entries, grown } = entriesOf(only, doc);
      note(store, grown);
      for (const entry of entries) {
        if (index.unique) checkUnique(store, collection, entry, key, doc);
        store.entries.putSync(entryKey(index.id, entry.fields, key), key);
      }
    }
  } catch (error) {
    clearIndex(store, index);
    throw error;
  }
}

export function clearIndex(store: Store, index: Index): void {
  for (const key of [...store.entries.getKeys({ start: numbered(index.id), end: numbered(index.id + 1) })]) {
    store.entries.removeSync(key);
  }
}

export function clearCollection(store: Store, collection: Collection): void {
  for (const index of collection.indexes) clearIndex(store, index);
  for (const key of [
    ...store.documents.getKeys({ start: numbered(collection.id), end: numbered(collection.id + 1) }),
  ]) {
    store.documents.removeSync(key);
  }
}
