import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../platform/config.ts';
import { errorText } from '../platform/error-text.ts';
import { below, hashFile, sizeOf } from '../store/archive/files.ts';
import { logRows } from '../store/log-reader.ts';
import { sound, verifyStoredLog } from '../store/verify.ts';
import { openStored, type StoredData } from './stored/open.ts';

/*
 * `npm run verify-recordings [-- --data DIR] [-- --url MONGODB_URL] [-- --archive DIR]`: checks the session log, then
 * reads every recording that the log says was closed, and its copy in the archive, and compares them with the hash that
 * stands in the log. Ends with 0 when all are what they were, 1 when something was altered or is gone, 2 when it could
 * not look. Deleted recordings are gone rightly: the log says so.
 */

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, url: { type: 'string' }, archive: { type: 'string' } },
});
const config = readConfig();
const dataDir = options.data === undefined ? config.dataDir : resolve(options.data);
const url = options.url ?? (options.data === undefined ? config.mongodbUrl : undefined);
const archiveDir = options.archive === undefined ? config.archiveDir : resolve(options.archive);

interface Closing {
  seq: number;
  sha256: string;
}

/** What the log says was closed and not deleted, by recording. */
async function closings({ connection }: StoredData): Promise<Map<string, Closing>> {
  const found = new Map<string, Closing>();
  const events = { event: { $in: ['recording.closed', 'recording.deleted'] } };
  for await (const { _id, detail, event } of logRows(connection).find(events).sort({ _id: 1 })) {
    const { recordingId, sha256 } = detail as { recordingId?: string; sha256?: string };
    if (recordingId === undefined) continue;
    if (event === 'recording.deleted') found.delete(recordingId);
    else found.set(recordingId, { seq: _id, sha256: sha256 ?? '' });
  }
  return found;
}

async function compared(path: string, { seq, sha256 }: Closing): Promise<boolean> {
  const found = (await sizeOf(path)) === undefined ? undefined : await hashFile(path);
  if (found === sha256) return true;
  console.log(`FAULT: ${path} ${found === undefined ? 'is gone' : 'was altered'}; the log (${seq}) says ${sha256}`);
  return false;
}

async function check(stored: StoredData): Promise<boolean> {
  const verdict = await verifyStoredLog(stored.connection, dataDir);
  let good = sound(verdict);
  if (!good) console.log('FAULT: the log itself was altered; npm run verify-log tells where');
  const rows = stored.connection.db?.collection<{ _id: string; path: string; archive?: { copiedAt?: Date } }>(
    'recordings',
  );
  let files = 0;
  for (const [id, closing] of await closings(stored)) {
    const row = await rows?.findOne({ _id: id });
    if (row === null || row === undefined) {
      console.log(`FAULT: the store does not know the recording ${id}, which the log says was closed (${closing.seq})`);
      good = false;
      continue;
    }
    const places = [below(join(dataDir, 'recordings'), row.path)];
    if (archiveDir !== undefined && row.archive?.copiedAt !== undefined) places.push(below(archiveDir, row.path));
    for (const place of places) {
      files++;
      good = (await compared(place, closing)) && good;
    }
  }
  if (good) console.log(`ok, ${files} files are what the log says they were`);
  return good;
}

let stored: StoredData | undefined;
let status = 2;
try {
  stored = await openStored(dataDir, url);
  status = (await check(stored)) ? 0 : 1;
} catch (error) {
  console.error(`The recordings cannot be checked: ${errorText(error)}`);
}
await stored?.close();
process.exit(status);
