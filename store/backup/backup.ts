import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EJSON } from 'bson';
import type { Document } from 'mongodb';
import type { Connection } from 'mongoose';
import yazl from 'yazl';
import { measuredStream } from '../measured-stream.ts';
import {
  backupManifest,
  folders,
  leftOut,
  manifestName,
  publicKeys,
  type Sums,
  sealedName,
  sealKeys,
  sumsName,
} from './format.ts';
import { filesBelow, HeldFiles } from './held-files.ts';
import { holdStoreState, type StoreState } from './store-state.ts';

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

export interface BackupMade {
  files: number;
  documents: number;
  /** Everything is of one moment; `false`: the store keeps no states, each collection is of a moment of its own. */
  oneMoment: boolean;
  /** Closed recordings whose file is not what the store says, or is not there. */
  damaged: string[];
}

/**
 * Writes everything into one file, while the product runs: the store as it was at one moment, and every file that it
 * speaks of. What is removed or replaced meanwhile is held (hard links) from before that moment on; what came up to it is
 * taken then; the log's anchors are from before, so that none is of an entry that is not in it.
 */
export async function backUp(order: BackupOrder): Promise<BackupMade> {
  const { connection, dataDir, file, passphrase, recordings, now } = order;
  const wanted = folders.filter((folder) => recordings || folder !== 'recordings');
  const held = await HeldFiles.open(dataDir);
  let state: StoreState | undefined;
  try {
    await held.hold(wanted);
    const anchors = await readAll(join(dataDir, 'log-anchors'));
    state = await holdStoreState(connection);
    await held.hold(wanted);
    const known = recordings ? await closedRecordings(connection, state) : new Map<string, string>();
    const book = new BackupFile(now);
    book.text(manifestName, {
      ...backupManifest.parse({
        format: 'diemcau-backup-1',
        madeAt: now.toISOString(),
        keys: passphrase !== undefined,
        oneMoment: state.session !== undefined,
        logEntries: state.head,
      }),
    });
    await addStore(book, connection, state);
    for (const [path, content] of anchors) book.bytes(`data/${relative(dataDir, path)}`, content);
    for (const [name, place] of held.files) {
      const packed = /\.(mp4|zip|png|jpg|docx|xlsx)$/i.test(name);
      book.add(`data/${name}`, () => createReadStream(place), !packed);
    }
    for (const [path, content] of await readAll(join(dataDir, 'keys'), publicKeys))
      book.bytes(`data/${relative(dataDir, path)}`, content);
    if (passphrase !== undefined) {
      const secret = (await readAll(join(dataDir, 'keys'))).filter(
        ([path]) => !publicKeys.test(path) && !path.endsWith('store.url'),
      );
      const keys = secret.map(([path, content]) => [relative(dataDir, path), content.toString('base64')] as const);
      book.bytes(sealedName, sealKeys(Object.fromEntries(keys), passphrase));
    }
    const { documents, sums } = await book.write(file);
    const damaged = [...known].filter(([path, sha256]) => sums[`data/recordings/${path}`]?.sha256 !== sha256);
    return {
      files: Object.keys(sums).length,
      documents,
      oneMoment: state.session !== undefined,
      damaged: damaged.map(([path]) => path),
    };
  } finally {
    await state?.end();
    await held.release();
  }
}

/** Path below the recordings folder → the hash that its file must have. */
async function closedRecordings(connection: Connection, { session }: StoreState): Promise<Map<string, string>> {
  const rows = connection.db
    ?.collection('recordings')
    .find({ state: 'closed' }, session === undefined ? {} : { session });
  const found = new Map<string, string>();
  for await (const { path, sha256 } of rows ?? []) if (typeof sha256 === 'string') found.set(String(path), sha256);
  return found;
}

async function addStore(book: BackupFile, connection: Connection, { head, session }: StoreState): Promise<void> {
  const { db } = connection;
  if (db === undefined) throw new Error('the store is not connected');
  const names = (await db.listCollections().toArray()).map(({ name }) => name).filter((name) => !leftOut.has(name));
  for (const name of names.sort()) {
    const options = { batchSize: 500, ...(session === undefined ? {} : { session }) };
    // Anchors are of entries up to the head: without one moment for all, at least the log ends there.
    const filter = (session === undefined && name === 'sessionLog' ? { _id: { $lte: head } } : {}) as Document;
    book.documents(`store/${name}.ndjson`, () => db.collection(name).find(filter, options).sort({ _id: 1 }));
  }
}

async function readAll(folder: string, only = /(?:)/): Promise<[path: string, content: Buffer][]> {
  const paths = (await filesBelow(folder)).filter((path) => only.test(path));
  return Promise.all(paths.map(async (path): Promise<[string, Buffer]> => [path, await readFile(path)]));
}

/** The ZIP file that becomes the back-up; each part is measured on its way in. */
class BackupFile {
  private readonly zip = new yazl.ZipFile();
  private readonly sums: Sums = {};
  private readonly now: Date;
  private documentCount = 0;
  private failure: unknown;

  constructor(now: Date) {
    this.now = now;
  }

  add(path: string, make: () => Readable, compress = true): void {
    this.zip.addReadStreamLazy(path, { compress, mtime: this.now, mode: 0o600 }, (give) => {
      const counted = measuredStream((measured) => {
        this.sums[path] = measured;
      });
      pipeline(make(), counted).catch((error: unknown) => {
        this.failure = error;
        (this.zip.outputStream as unknown as Readable).destroy(error as Error);
      });
      give(null, counted);
    });
  }

  bytes(path: string, content: Buffer): void {
    this.add(path, () => Readable.from([content]), false);
  }

  text(path: string, content: unknown): void {
    this.add(path, () => Readable.from([lineOf(JSON.stringify(content))]));
  }

  /** Documents as Extended JSON, a line each. */
  documents(path: string, make: () => AsyncIterable<Document>): void {
    const count = (): void => {
      this.documentCount += 1;
    };
    const lines = async function* (): AsyncGenerator<Buffer> {
      for await (const document of make()) {
        count();
        yield lineOf(EJSON.stringify(document, { relaxed: false }));
      }
    };
    this.add(path, () => Readable.from(lines()));
  }

  /** Writes all of it, then puts it where an earlier one may stand. @throws when a part or the disk failed. */
  async write(file: string): Promise<{ documents: number; sums: Sums }> {
    const sums = (): Readable => Readable.from([lineOf(JSON.stringify(this.sums))]);
    this.zip.addReadStreamLazy(sumsName, { mtime: this.now, mode: 0o600 }, (give) => give(null, sums()));
    this.zip.end();
    const part = `${file}.part`;
    try {
      await pipeline(this.zip.outputStream as unknown as Readable, createWriteStream(part, { mode: 0o600 }));
      if (this.failure !== undefined) throw this.failure;
      const written = await open(part, 'r');
      await written.sync().finally(() => written.close());
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw this.failure ?? error;
    }
    return { documents: this.documentCount, sums: this.sums };
  }
}

const lineOf = (text: string): Buffer => Buffer.from(`${text}\n`);
