import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { PassThrough, pipeline, Readable } from 'node:stream';
import yazl from 'yazl';
import { logSigner } from '../log-anchor.ts';
import { logRows, stored } from '../log-reader.ts';
import { measuredStream } from '../measured-stream.ts';
import type { Recording, Session } from '../schema/session.ts';
import type { Store } from '../store.ts';
import { type Manifest, names, signedContent } from './manifest.ts';

export interface BundleOrder {
  store: Store;
  dataDir: string;
  session: Session;
  madeBy: string;
  madeAt: Date;
  /** Texts for who verifies it, by language. */
  notes: Record<'vi' | 'en', string>;
}

const iso = (date: Date | undefined, name: string): object =>
  date === undefined ? {} : { [name]: date.toISOString() };

/**
 * Writes a session's bundle as a ZIP stream: recordings, log, hashes, signature, notes. Nothing is held in memory; hashes
 * are of the bytes that go out. A file that cannot be read breaks the stream off: there is no bundle that lacks something
 * silently.
 */
export async function writeBundle(order: BundleOrder): Promise<Readable> {
  const { store, dataDir, session, madeAt, madeBy, notes } = order;
  const recordings = await store.recordings.find({ sessionId: session.id }, { sort: { startedAt: 1 } });
  const kept = await Promise.all(recordings.map((one) => placed(dataDir, one)));
  const signer = logSigner(dataDir);
  const zip = new yazl.ZipFile();
  const out = new PassThrough();
  const fail = (error: unknown): void => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  zip.on('error', fail);
  const files: Manifest['files'] = [];
  const log: Manifest['log'] = { entries: 0 };
  const [head] = await logRows(store.connection).find({}).sort({ _id: -1 }).limit(1).toArray();
  if (head !== undefined) log.head = { seq: head._id, hash: String(head.hash) };

  const add = (path: string, open: () => Readable, compress: boolean): void => {
    zip.addReadStreamLazy(path, { compress, mtime: madeAt }, (give) => {
      const counted = measuredStream((measured) => {
        files.push({ path, ...measured });
      });
      pipeline(open(), counted, (error) => {
        if (error) fail(error);
      });
      give(null, counted);
    });
  };
  for (const { path, source } of kept) if (path !== undefined) add(path, () => createReadStream(source), false);
  add(names.log, () => Readable.from(logLines(store, session.id, log)), true);
  for (const language of ['vi', 'en'] as const)
    add(names.notes[language], () => Readable.from([Buffer.from(notes[language])]), true);
  add(names.key, () => Readable.from([Buffer.from(signer.publicKey)]), true);

  // When these two are asked for, everything before them went out and is hashed.
  let manifest: Buffer | undefined;
  const manifestOf = (): Buffer => {
    manifest ??= Buffer.from(
      `${JSON.stringify(
        {
          format: 'diemcau-bundle-1',
          madeAt: madeAt.toISOString(),
          madeBy,
          session: {
            id: session.id,
            title: session.title,
            state: session.state,
            ...iso(session.plannedStart, 'plannedStart'),
            ...iso(session.startedAt, 'startedAt'),
            ...iso(session.endedAt, 'endedAt'),
          },
          files,
          recordings: kept.map(({ path, recording: { id, kind, state, sha256 } }) => ({
            id,
            kind,
            state,
            ...(path === undefined ? {} : { path }),
            ...(sha256 === undefined ? {} : { sha256 }),
          })),
          log,
        } satisfies Manifest,
        null,
        2,
      )}\n`,
    );
    return manifest;
  };
  zip.addReadStreamLazy(names.manifest, { mtime: madeAt }, (give) => give(null, Readable.from([manifestOf()])));
  zip.addReadStreamLazy(names.signature, { mtime: madeAt }, (give) =>
    give(null, Readable.from([Buffer.from(`${signer.sign(signedContent(manifestOf()))}\n`)])),
  );
  zip.end();
  pipeline(zip.outputStream as unknown as Readable, out, () => {});
  return out;
}

/** Where a recording lies, and where in the bundle; only closed ones that are there go in. */
async function placed(
  dataDir: string,
  recording: Recording,
): Promise<{ recording: Recording; source: string; path: string | undefined }> {
  const folder = join(dataDir, 'recordings');
  const source = resolve(folder, recording.path);
  const there = source.startsWith(folder + sep) && (await stat(source).catch(() => undefined))?.isFile() === true;
  const path = there && recording.state === 'closed' ? `recordings/${recording.id}${extname(source)}` : undefined;
  return { recording, source, path };
}

/** The session's entries, a line each, every field as it was hashed. */
async function* logLines(store: Store, sessionId: string, log: Manifest['log']): AsyncGenerator<Buffer> {
  const cursor = logRows(store.connection).find({ sessionId }, { batchSize: 500 }).sort({ _id: 1 });
  for await (const row of cursor) {
    log.first ??= row._id;
    log.last = row._id;
    log.entries += 1;
    yield Buffer.from(`${JSON.stringify(stored(row))}\n`);
  }
}
