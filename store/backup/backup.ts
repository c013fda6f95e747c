import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EJSON } from 'bson';
import type { Connection } from 'mongoose';
import yazl from 'yazl';
import { measuredStream } from '../measured-stream.ts';
import {
  backupManifest,
  folders,
  leftOut,
  manifestName,
  publicKeys,
  sealedName,
  sealKeys,
  sumsName,
} from './format.ts';

export interface BackupOrder {
  connection: Connection;
  dataDir: string;
  /** Where the back-up is written; replaced only when the new one is whole. */
  file: string;
  /** Keys go in, sealed under this; without it they stay out. */
  passphrase?: string;
  recordings: boolean;
  now: Date;
}

/** Writes everything into one file. The product may run: what it changes meanwhile may or may not be in it. */
export async function backUp(order: BackupOrder): Promise<{ files: number; documents: number }> {
  const { connection, dataDir, file, passphrase, recordings, now } = order;
  const { db } = connection;
  if (db === undefined) throw new Error('the store is not connected');
  const zip = new yazl.ZipFile();
  const sums: Record<string, { bytes: number; sha256: string }> = {};
  let documents = 0;
  let failure: unknown;
  const add = (path: string, make: () => Readable, compress = true): void => {
    zip.addReadStreamLazy(path, { compress, mtime: now, mode: 0o600 }, (give) => {
      const counted = measuredStream((measured) => {
        sums[path] = measured;
      });
      pipeline(make(), counted).catch((error: unknown) => {
        failure = error;
        (zip.outputStream as unknown as Readable).destroy(error as Error);
      });
      give(null, counted);
    });
  };
  const text = (content: unknown) => () => Readable.from([Buffer.from(`${JSON.stringify(content)}\n`)]);

  add(
    manifestName,
    text(
      backupManifest.parse({ format: 'diemcau-backup-1', madeAt: now.toISOString(), keys: passphrase !== undefined }),
    ),
  );
  const collections = (await db.listCollections().toArray())
    .map(({ name }) => name)
    .filter((name) => !leftOut.has(name));
  for (const name of collections.sort()) {
    const lines = async function* (): AsyncGenerator<Buffer> {
      for await (const document of db.collection(name).find({}, { batchSize: 500 }).sort({ _id: 1 })) {
        documents += 1;
        yield Buffer.from(`${EJSON.stringify(document, { relaxed: false })}\n`);
      }
    };
    add(`store/${name}.ndjson`, () => Readable.from(lines()));
  }
  // The anchors after the log: each is then of an entry that is in it or of one before.
  const wanted = folders.filter((folder) => recordings || folder !== 'recordings');
  for (const path of (await Promise.all(wanted.map((folder) => filesBelow(join(dataDir, folder))))).flat()) {
    const packed = /\.(mp4|zip|png|jpg|docx|xlsx)$/i.test(path);
    add(`data/${relative(dataDir, path)}`, () => createReadStream(path), !packed);
  }
  const keys = await filesBelow(join(dataDir, 'keys'));
  for (const path of keys.filter((one) => publicKeys.test(one)))
    add(`data/${relative(dataDir, path)}`, () => createReadStream(path));
  if (passphrase !== undefined) {
    const secret = keys.filter((one) => !publicKeys.test(one) && !one.endsWith('store.url'));
    const contents = await Promise.all(
      secret.map(async (path) => [relative(dataDir, path), (await readFile(path)).toString('base64')] as const),
    );
    const sealed = sealKeys(Object.fromEntries(contents), passphrase);
    add(sealedName, () => Readable.from([sealed]), false);
  }
  zip.addReadStreamLazy(sumsName, { mtime: now, mode: 0o600 }, (give) => give(null, text(sums)()));
  zip.end();
  const part = `${file}.part`;
  try {
    await pipeline(zip.outputStream as unknown as Readable, createWriteStream(part, { mode: 0o600 }));
    if (failure !== undefined) throw failure;
    const written = await open(part, 'r');
    await written.sync().finally(() => written.close());
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw failure ?? error;
  }
  return { files: Object.keys(sums).length, documents };
}

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
