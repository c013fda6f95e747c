import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../platform/config.ts';
import { errorText } from '../platform/error-text.ts';
import { type MessageCode, say } from '../platform/messages/messages.ts';
import { restore } from '../store/backup/restore.ts';
import { sound, verifyStoredLog } from '../store/verify.ts';
import { reachStore } from './store-access.ts';

/*
 * `npm run restore -- FILE.zip [--data DIR]`: a back-up into an empty data folder and store; then the log is verified. Keys
 * come back when the back-up holds them and BACKUP_PASSPHRASE is their passphrase. Ends with 0 when all is there and the
 * log is sound, 1 when not, 2 when it was called wrongly.
 */

const { values: options, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true });
const tell = (code: MessageCode, values: Record<string, string | number> = {}): void => {
  for (const language of ['vi', 'en'] as const) console.log(say(language, code, values));
};
const [file] = positionals;
if (file === undefined) {
  tell('restore.usage');
  process.exit(2);
}
const config = readConfig();
const dataDir = options.data === undefined ? config.dataDir : resolve(options.data);
const passphrase = process.env.BACKUP_PASSPHRASE;
try {
  mkdirSync(dataDir, { recursive: true, mode: 0o750 });
  const store = await reachStore(dataDir, options.data === undefined ? config.mongodbUrl : undefined, true);
  try {
    if (store.running) throw new Error('the product runs on this data folder');
    const order = { connection: store.connection, dataDir, file: resolve(file) };
    const restored = await restore({ ...order, ...(passphrase === undefined ? {} : { passphrase }) });
    tell('restore.done', { files: restored.files, documents: restored.documents });
    if (!restored.keys) tell('restore.without-keys');
    const verdict = await verifyStoredLog(store.connection, dataDir);
    if (!sound(verdict)) throw new Error(verdict.fault?.text ?? 'the anchors of the log do not fit');
    tell('restore.log-sound', { entries: verdict.checked, anchors: verdict.anchors });
  } finally {
    await store.close();
  }
  process.exit(0);
} catch (error) {
  tell('restore.failed', { reason: errorText(error) });
  process.exit(1);
}
