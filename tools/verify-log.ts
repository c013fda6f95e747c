import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import mongoose, { type Connection } from 'mongoose';
import { pino } from 'pino';
import { readConfig } from '../platform/config.ts';
import { Engine } from '../platform/supervisor.ts';
import { readStoreAddress } from '../store/address.ts';
import { sound, verifyStoredLog } from '../store/verify.ts';

/*
 * `npm run verify-log [-- --data DIR] [-- --url MONGODB_URL]`: reads the whole session log and tells whether anything was
 * changed, taken out, put in, moved, or cut off. Ends with 0 when nothing was, 1 when something was, 2 when it could not
 * look. Works while the product runs (its store is asked) and while it does not (the store is started for the check).
 */

const { values: options } = parseArgs({ options: { data: { type: 'string' }, url: { type: 'string' } } });
const config = readConfig();
const dataDir = options.data === undefined ? config.dataDir : resolve(options.data);
const url = options.url ?? (options.data === undefined ? config.mongodbUrl : undefined);

const connect = (address: string, waitMs: number): Promise<Connection> =>
  mongoose.createConnection(address, { serverSelectionTimeoutMS: waitMs, autoIndex: false }).asPromise();

/** The running product's store; nothing when it does not run. */
async function running(): Promise<Connection | undefined> {
  const address = readStoreAddress(dataDir);
  return address === undefined ? undefined : connect(address, 1_500).catch(() => undefined);
}

let engine: Engine | undefined;

/** Starts the embedded store on the data folder, for us alone. */
async function ownStore(): Promise<Connection> {
  const folder = join(dataDir, 'store');
  if (!existsSync(folder)) throw new Error(`there is no store below ${dataDir}`);
  const store = new Engine(
    {
      name: 'mongod',
      entry: 'embedded/mongod/main.ts',
      environment: { MONGOD_HOST: '127.0.0.1', MONGOD_PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'error' },
      portVariables: {},
    },
    pino({ level: 'silent' }),
  );
  engine = store;
  const ports = await store.start();
  return connect(`mongodb://127.0.0.1:${ports.mongod}/diemcau?directConnection=true`, 5_000);
}

let status = 2;
try {
  const connection = url === undefined ? ((await running()) ?? (await ownStore())) : await connect(url, 5_000);
  const verdict = await verifyStoredLog(connection, dataDir);
  await connection.close();
  console.log(`${verdict.checked} entries checked, in order and unchanged; ${verdict.anchors} anchors compared`);
  if (verdict.fault !== undefined) {
    console.log(`FAULT at ${verdict.fault.seq}: ${verdict.fault.kind}: ${verdict.fault.text}`);
  }
  for (const file of verdict.badAnchors) console.log(`FAULT: the anchor ${file} was altered`);
  if (verdict.anchorsGone) console.log('FAULT: the anchors outside the store are gone');
  status = sound(verdict) ? 0 : 1;
  if (status === 0) console.log(`ok, the last entry is ${verdict.head.seq} with the hash ${verdict.head.hash}`);
} catch (error) {
  console.error(`The log cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}
await engine?.stop();
process.exit(status);
