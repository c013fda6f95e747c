import type { Connection } from 'mongoose';
import { connectTo, reachStore } from '../store-access.ts';

/** A way to what is stored, for a tool that only reads. */
export interface StoredData {
  connection: Connection;
  close(): Promise<void>;
}

/**
 * Opens the store at `url`; without one that of the data folder: the running product's, else the embedded store, started
 * for us alone. @throws when there is none.
 */
export async function openStored(dataDir: string, url: string | undefined): Promise<StoredData> {
  if (url === undefined) return reachStore(dataDir, undefined);
  const connection = await connectTo(url, 5_000);
  return { connection, close: () => connection.close() };
}
