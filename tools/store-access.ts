import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { pino } from 'pino';
import { Engine } from '../platform/supervisor.ts';
import { readStoreAddress } from '../store/address.ts';

/** A store that a tool reached: the running product's, a configured one, or one that it started for itself. */
export interface ReachedStore {
  connection: Connection;
  /** The product runs on it. */
  running: boolean;
  close(): Promise<void>;
}

/** Connects to the store at an address. @throws when it does not answer within `waitMs`. */
export const connectTo = (address: string, waitMs: number): Promise<Connection> =>
  mongoose.createConnection(address, { serverSelectionTimeoutMS: waitMs, autoIndex: false }).asPromise();

/**
 * Reaches the store of a data folder; `url` names another. With `make`, an embedded one is made when there is none.
 * @throws when there is none, or it does not answer.
 */
export async function reachStore(dataDir: string, url: string | undefined, make = false): Promise<ReachedStore> {
  const address = readStoreAddress(dataDir);
  const running = address === undefined ? undefined : await connectTo(address, 1_500).catch(() => undefined);
  if (running !== undefined) return { connection: running, running: true, close: () => running.close() };
  if (url !== undefined) {
    const connection = await connectTo(url, 5_000);
    return { connection, running: false, close: () => connection.close() };
  }
  const folder = join(dataDir, 'store');
  if (!existsSync(folder)) {
    if (!make) throw new Error(`there is no store below ${dataDir}`);
    mkdirSync(folder, { recursive: true, mode: 0o750 });
  }
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
  const connection = await connectTo(`mongodb://127.0.0.1:${ports.mongod}/diemcau?directConnection=true`, 5_000);
  return {
    connection,
    running: false,
    close: async () => {
      await connection.close();
      await engine.stop();
    },
  };
}
