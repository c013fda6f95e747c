import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { EJSON } from 'bson';
import type { Connection } from 'mongoose';
import { entriesOf } from '../zip-entries.ts';
import { backupManifest, manifestName, openKeys, type Sums, sealedName, sumsName, sumsSchema } from './format.ts';

export interface RestoreOrder {
  /** Of an empty store. */
  connection: Connection;
  dataDir: string;
  file: string;
  passphrase?: string;
}

export interface Restored {
  files: number;
  documents: number;
  /** The keys were in it and are there again. */
  keys: boolean;
}

const batch = 500;

/**
 * Puts a back-up into an empty store and data folder, and holds each file against the hash that it was written with.
 * @throws when the store holds something, the file is no back-up or is damaged, or the passphrase is wrong.
 */
export async function restore({ connection, dataDir, file, passphrase }: RestoreOrder): Promise<Restored> {
  const { db } = connection;
  if (db === undefined) throw new Error('the store is not connected');
  for (const { name } of await db.listCollections().toArray()) {
    if ((await db.collection(name).estimatedDocumentCount()) > 0) throw new Error('the store is not empty');
  }
  const found: Sums = {};
  let sums: Sums | undefined;
  let logEntries: number | undefined;
  const restored: Restored = { files: 0, documents: 0, keys: false };
  let known = false;
  for await (const { name, open } of entriesOf(file)) {
    const stream = await open();
    if (name === sumsName) {
      sums = sumsSchema.parse(JSON.parse((await buffer(stream)).toString('utf8')));
      continue;
    }
    const counted = sumOf(stream);
    if (name === manifestName) {
      const manifest = backupManifest.parse(JSON.parse((await buffer(stream)).toString('utf8')));
      logEntries = manifest.logEntries;
      known = true;
    } else if (!known) throw new Error('this is no back-up');
    else if (name === sealedName) {
      const sealed = await buffer(stream);
      if (passphrase !== undefined) {
        await writeKeys(dataDir, openKeys(sealed, passphrase));
        restored.keys = true;
      }
    } else if (name.startsWith('store/'))
      restored.documents += await fill(db.collection(name.slice(6).replace(/\.ndjson$/, '')), stream);
    else if (name.startsWith('data/')) {
      const path = below(dataDir, name.slice(5));
      await mkdir(dirname(path), { recursive: true, mode: 0o750 });
      await pipeline(stream, createWriteStream(path, { mode: 0o640 }));
    } else throw new Error(`unknown part ${name}`);
    found[name] = counted();
    restored.files += 1;
  }
  if (sums === undefined) throw new Error('the back-up is cut off');
  for (const name of new Set([...Object.keys(sums), ...Object.keys(found)])) {
    const [was, is] = [sums[name], found[name]];
    if (was?.sha256 !== is?.sha256 || was?.bytes !== is?.bytes) throw new Error(`${name} is not what was backed up`);
  }
  const entries = await db.collection('sessionLog').countDocuments({});
  if (logEntries !== undefined && entries !== logEntries)
    throw new Error(`the log has ${entries} entries, and had ${logEntries}`);
  return restored;
}

function sumOf(stream: Readable): () => { bytes: number; sha256: string } {
  const hash = createHash('sha256');
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  // Whoever reads it next begins to let it flow.
  stream.pause();
  return () => ({ bytes, sha256: hash.digest('hex') });
}

type Rows = ReturnType<NonNullable<Connection['db']>['collection']>;

async function fill(rows: Rows, stream: Readable): Promise<number> {
  let waiting: object[] = [];
  let count = 0;
  const write = async (): Promise<void> => {
    if (waiting.length === 0) return;
    count += waiting.length;
    await rows.insertMany(waiting as never[], { ordered: true });
    waiting = [];
  };
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === '') continue;
    waiting.push(EJSON.parse(line, { relaxed: true }) as object);
    if (waiting.length >= batch) await write();
  }
  await write();
  return count;
}

async function writeKeys(dataDir: string, keys: Record<string, string>): Promise<void> {
  await mkdir(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(keys)) {
    const path = below(dataDir, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, Buffer.from(content, 'base64'), { mode: 0o600 });
  }
}

/** @throws when a name leads out of the folder. */
function below(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (!path.startsWith(resolve(folder) + sep)) throw new Error(`${name} leads elsewhere`);
  return path;
}
