import { type Doc, isDoc, readPlain } from '../document.ts';
import { CommandError } from '../errors.ts';
import { matcher } from '../query/matching.ts';
import { describeIndex } from '../storage/catalog.ts';
import { clearCollection } from '../storage/writing.ts';
import { document, flag, text, wholeNumber } from './arguments.ts';
import type { Command } from './commands.ts';
import { existing } from './indexes.ts';

/* Databases, collections, and what a client asks about the server. */

const create: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'create');
  for (const option of ['capped', 'timeseries', 'viewOn', 'clusteredIndex']) {
    if (command[option] !== undefined && command[option] !== false)
      throw new CommandError('CommandNotSupported', `${option} is not supported`);
  }
  return store.write(() => {
    if (store.collection(db, name) !== undefined)
      throw new CommandError('NamespaceExists', `Collection ${db}.${name} already exists.`);
    store.ensureCollection(db, name);
    return {};
  });
};

const drop: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'drop');
  return store.write(() => {
    const collection = existing(store, db, name);
    clearCollection(store, collection);
    store.forgetCollection(collection);
    return { nIndexesWas: collection.indexes.length + 1, ns: `${db}.${name}` };
  });
};

const dropDatabase: Command = async (_command, db, _session, { store }) =>
  store.write(() => {
    for (const collection of store.collections().filter((each) => each.db === db)) {
      clearCollection(store, collection);
      store.forgetCollection(collection);
    }
    return { dropped: db };
  });

const listCollections: Command = (command, db, _session, { store, cursors }) => {
  const matches = matcher(document(command, 'filter'));
  const nameOnly = flag(command, 'nameOnly');
  const all = store
    .collections()
    .filter((collection) => collection.db === db)
    .map(
      (collection): Doc => ({
        name: collection.name,
        type: 'collection',
        ...(nameOnly
          ? {}
          : {
              options: collection.options,
              info: { readOnly: false },
              idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
            }),
      }),
    )
    .filter(matches);
  return cursors.list(`${db}.$cmd.listCollections`, all);
};

const listDatabases: Command = (_command, _db, _session, { store }) => {
  const names = [...new Set(store.collections().map((collection) => collection.db))].sort();
  return { databases: names.map((name) => ({ name, sizeOnDisk: 0, empty: false })), totalSize: 0, totalSizeMb: 0 };
};

/** Only a TTL index's time can be changed. */
const collMod: Command = async (command, db, _session, { store }) => {
  const name = text(command, 'collMod');
  const wanted = document(command, 'index');
  const seconds = wholeNumber(wanted, 'expireAfterSeconds');
  return store.write(() => {
    const collection = existing(store, db, name);
    if (!isDoc(command.index)) return {};
    const index = collection.indexes.find(
      (each) =>
        each.name === wanted.name ||
        (isDoc(wanted.keyPattern) &&
          JSON.stringify(each.pattern.map(([path]) => path)) === JSON.stringify(Object.keys(wanted.keyPattern))),
    );
    if (index === undefined) throw new CommandError('IndexNotFound', 'cannot find index for collMod');
    if (seconds === undefined) throw new CommandError('InvalidOptions', 'no expireAfterSeconds field');
    const before = index.expireAfterSeconds;
    index.expireAfterSeconds = seconds;
    store.touch();
    return { expireAfterSeconds_old: before, expireAfterSeconds_new: seconds };
  });
};

const collStats: Command = (command, db, _session, { store }) => {
  const name = text(command, 'collStats' in command ? 'collStats' : 'collstats');
  const collection = store.collection(db, name);
  return {
    ns: `${db}.${name}`,
    count: collection?.count ?? 0,
    size: 0,
    storageSize: 0,
    nindexes: (collection?.indexes.length ?? 0) + 1,
    indexSizes: {},
  };
};

const dbStats: Command = (_command, db, _session, { store }) => {
  const own = store.collections().filter((collection) => collection.db === db);
  return {
    db,
    collections: own.length,
    objects: own.reduce((sum, collection) => sum + collection.count, 0),
    indexes: own.reduce((sum, collection) => sum + collection.indexes.length + 1, 0),
  };
};

/** Counts the documents and reads each; says how many index entries there are. */
const validate: Command = (command, db, _session, { store }) => {
  const collection = existing(store, db, text(command, 'validate'));
  const { nrecords, keysPerIndex, errors } = store.inspect(collection, (bytes) => void readPlain(bytes));
  return {
    ns: `${db}.${collection.name}`,
    nrecords,
    nIndexes: collection.indexes.length + 1,
    keysPerIndex,
    indexes: collection.indexes.map(describeIndex),
    valid: errors.length === 0,
    errors,
    warnings: [],
  };
};

const serverStatus: Command = (_command, _db, _session, { store, cursors, startedAt }) => ({
  host: 'localhost',
  version: '7.0.0',
  process: 'mongod',
  pid: process.pid,
  uptime: (Date.now() - startedAt) / 1000,
  localTime: new Date(),
  metrics: { cursor: { open: { total: cursors.size } } },
  mem: { bits: 64, resident: Math.round(process.memoryUsage.rss() / 2 ** 20) },
  catalogStats: { collections: store.collections().length },
});

export const administration: Record<string, Command> = {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
  collMod,
  collStats,
  collstats: collStats,
  dbStats,
  dbstats: dbStats,
  validate,
  serverStatus,
  getParameter: () => ({ featureCompatibilityVersion: { version: '7.0' } }),
  hostInfo: () => ({ system: {}, os: {}, extra: {} }),
  whatsmyuri: () => ({ you: '127.0.0.1' }),
  getCmdLineOpts: () => ({ argv: [], parsed: {} }),
};
