import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../platform/config.ts';
import { errorText } from '../platform/error-text.ts';
import { sound, verifyStoredLog } from '../store/verify.ts';
import { openStored, type StoredData } from './stored/open.ts';

/*
 * `npm run verify-log [-- --data DIR] [-- --url MONGODB_URL]`: reads the whole session log and tells whether anything was
 * changed, taken out, put in, moved, or cut off. Ends with 0 when nothing was, 1 when something was, 2 when it could not
 * look. Works while the product runs (its store is asked) and while it does not (the store is started for the check).
 */

const { values: options } = parseArgs({ options: { data: { type: 'string' }, url: { type: 'string' } } });
const config = readConfig();
const dataDir = options.data === undefined ? config.dataDir : resolve(options.data);
const url = options.url ?? (options.data === undefined ? config.mongodbUrl : undefined);

let opened: StoredData | undefined;
let status = 2;
try {
  opened = await openStored(dataDir, url);
  const { connection } = opened;
  const verdict = await verifyStoredLog(connection, dataDir);
  console.log(`${verdict.checked} entries checked, in order and unchanged; ${verdict.anchors} anchors compared`);
  if (verdict.fault !== undefined) {
    console.log(`FAULT at ${verdict.fault.seq}: ${verdict.fault.kind}: ${verdict.fault.text}`);
  }
  for (const file of verdict.badAnchors) console.log(`FAULT: the anchor ${file} was altered`);
  if (verdict.anchorsGone) console.log('FAULT: the anchors outside the store are gone');
  status = sound(verdict) ? 0 : 1;
  if (status === 0) console.log(`ok, the last entry is ${verdict.head.seq} with the hash ${verdict.head.hash}`);
} catch (error) {
  console.error(`The log cannot be read: ${errorText(error)}`);
}
await opened?.close();
process.exit(status);
