import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';

/* Files that must still be there after a power cut: written, synced, read back. */

/** SHA-256 of a file, lower-case hexadecimal. @throws the file system's error. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** Bytes of a file; `undefined` when there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Brings what was written to a file, or the names in a folder, onto the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a finished file in its place, so that after a power cut there is the old one or the new one, whole. */
export async function settle(made: string, place: string): Promise<void> {
  await sync(made);
  await rename(made, place);
  await sync(dirname(place));
}

/** A path below a folder. @throws Error when it leads out of it. */
export function below(folder: string, path: string): string {
  const whole = resolve(folder, path);
  if (!whole.startsWith(resolve(folder) + sep)) throw new Error(`${path} is outside of its folder`);
  return whole;
}

export const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
export const isFull = (error: unknown): boolean => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || /No space left|\(-28\)/.test(message ?? '');
};
