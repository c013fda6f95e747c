import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Where the running product's own store listens, for tools on the same machine: its password lives for one run, so the
 * file is worth nothing afterwards. Only the product's user reads it.
 */

const fileIn = (dataDir: string): string => join(dataDir, 'keys', 'store.url');

export function saveStoreAddress(dataDir: string, url: string): void {
  mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  rmSync(fileIn(dataDir), { force: true });
  writeFileSync(fileIn(dataDir), `${url}\n`, { mode: 0o600 });
}

/** The address last saved; whether something listens there is for the caller to find out. */
export function readStoreAddress(dataDir: string): string | undefined {
  return existsSync(fileIn(dataDir)) ? readFileSync(fileIn(dataDir), 'utf8').trim() : undefined;
}
