import { existsSync } from 'node:fs';
import { link, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** File systems without hard links, and ones that folder and data do not share. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EMLINK']);
const prefix = '.backup-';

/**
 * Files of a data folder that stay readable while the product removes and replaces them: each gets a second name (hard
 * link), which takes no room. Where the file system has none, files are read where they are.
 */
export class HeldFiles {
  private readonly dataDir: string;
  private readonly place: string;
  /** Path below the data folder → where it can be read. */
  private readonly held = new Map<string, string>();

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
    this.place = join(dataDir, `${prefix}${process.pid}`);
  }

  /** Names that a back-up which was cut off left behind go first. */
  static async open(dataDir: string): Promise<HeldFiles> {
    const names = existsSync(dataDir) ? await readdir(dataDir) : [];
    for (const name of names) {
      if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
      await rm(join(dataDir, name), { recursive: true, force: true });
    }
    return new HeldFiles(dataDir);
  }

  /** Holds what is in these folders now and is not held yet. */
  async hold(folders: readonly string[]): Promise<void> {
    for (const folder of folders) {
      for (const path of await filesBelow(join(this.dataDir, folder))) {
        const name = relative(this.dataDir, path);
        if (!this.held.has(name)) await this.holdOne(name, path);
      }
    }
  }

  /** Paths below the data folder with the places they are read from, in order. */
  get files(): [name: string, place: string][] {
    return [...this.held].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  async release(): Promise<void> {
    await rm(this.place, { recursive: true, force: true });
  }

  private async holdOne(name: string, path: string): Promise<void> {
    const second = join(this.place, name);
    await mkdir(dirname(second), { recursive: true, mode: 0o700 });
    try {
      await link(path, second);
      this.held.set(name, second);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      // Gone since it was listed: whoever needs it now knows it under another name.
      if (code === 'ENOENT') return;
      if (!linkless.has(code)) throw error;
      this.held.set(name, path);
    }
  }
}

/** Files below a folder; none when it is not there. Hidden folders are workplaces of ours. */
export async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split('/')
          .some((part) => part.startsWith('.')),
    )
    .sort();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
