import { existsSync } from 'node:fs';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { pino } from 'pino';
import { Engine } from '../../platform/supervisor.ts';
import { readStoreAddress } from '../../store/address.ts';

/** A way to what is stored, for a tool that only reads. */
export interface StoredData {
  connection: Connection;
  close(): Promise<void>;
}

const connect = (address: string, waitMs: number): Promise<Connection> =>
  mongoose.createConnection(address, { serverSelectionTimeoutMS: waitMs, autoIndex: false }).asPromise();

/**
 * Opens the store at `url`; without one that of the data folder: the running product's, else the embedded store, started
 * for us alone. @throws when there is none.
 */
export async function openStored(dataDir: string, url: string | undefined): Promise<StoredData> {
  if (url !== undefined) return of(await connect(url, 5_000));
  const address = readStoreAddress(dataDir);
  const running = address === undefined ? undefined : await connect(address, 1_500).catch(() => undefined);
  if (running !== undefined) return of(running);
  const folder = join(dataDir, 'store');
  if (!existsSync(folder)) throw new Error(`there is no store below ${dataDir}`);
  const engine = new Engine(
    {
      name: 'mongod',
      entry: 'embedded/mongod/main.ts',
      environment: { MONGOD_HOST: '127.0.0.1', MONGOD_PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'error' },
      portVariables: {},
    },
    pino({ level: 'silent' }),
  );
  const ports = await engine.start();
  return of(await connect(`mongodb://127.0.0.1:${ports.mongod}/diemcau?directConnection=true`, 5_000), engine);
}

function of(connection: Connection, engine?: Engine): StoredData {
  return {
    connection,
    close: async () => {
      await connection.close();
      await engine?.stop();
    },
  };
}
