import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../platform/config.ts';
import { errorText } from '../platform/error-text.ts';
import { type MessageCode, say } from '../platform/messages/messages.ts';
import { backUp } from '../store/backup/backup.ts';
import { reachStore } from './store-access.ts';

/*
 * `npm run backup -- FILE.zip [--data DIR] [--keys] [--without-recordings]`: everything in one file, also while the product
 * runs. With `--keys` the keys go in, sealed under the passphrase in the environment (BACKUP_PASSPHRASE). Ends with 0 when
 * the file is whole, 1 when it could not be made or a recording is not what it was, 2 when it was called wrongly.
 */

const { values: options, positionals } = parseArgs({
  options: {
    data: { type: 'string' },
    keys: { type: 'boolean', default: false },
    'without-recordings': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const tell = (code: MessageCode, values: Record<string, string | number> = {}): void => {
  for (const language of ['vi', 'en'] as const) console.log(say(language, code, values));
};
const [file] = positionals;
const passphrase = process.env.BACKUP_PASSPHRASE;
if (file === undefined || (options.keys && (passphrase === undefined || passphrase.length < 10))) {
  tell(file === undefined ? 'backup.usage' : 'backup.passphrase');
  process.exit(2);
}
const config = readConfig();
const dataDir = options.data === undefined ? config.dataDir : resolve(options.data);
try {
  const store = await reachStore(dataDir, options.data === undefined ? config.mongodbUrl : undefined);
  try {
    const { damaged, files, documents, oneMoment } = await backUp({
      connection: store.connection,
      dataDir,
      file: resolve(file),
      recordings: !options['without-recordings'],
      now: new Date(),
      ...(options.keys && passphrase !== undefined ? { passphrase } : {}),
    });
    tell('backup.made', { file, files, documents });
    if (!oneMoment) tell('backup.not-one-moment');
    for (const path of damaged) tell('backup.damaged', { path });
    if (damaged.length > 0) process.exitCode = 1;
    if (!options.keys) tell('backup.without-keys');
  } finally {
    await store.close();
  }
  process.exit();
} catch (error) {
  tell('backup.failed', { reason: errorText(error) });
  process.exit(1);
}
