import { createHash } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../platform/fault.ts';
import type { Logger } from '../../platform/log.ts';

/** Names that a firmware file may have; none climbs out of the folder. */
const namePattern = /^[A-Za-z0-9][\w.+() -]{0,150}$/;
const manifestName = 'SHA256SUMS';
const manifestInWork = `${manifestName}.new`;
/** A file that did not change on disk is read through again after so long. */
const checkedForMs = 10 * 60_000;

/** A firmware file. Only what is `good` is handed out. */
export interface FirmwareFile {
  name: string;
  /** Bytes. */
  size: number;
  /** SHA-256 as it is, and as the manifest has it. */
  sha256: string;
  expected?: string;
  /** `unlisted`: the manifest does not name it; `missing`: nothing but the manifest does. */
  state: 'good' | 'altered' | 'unlisted' | 'missing';
}

interface Checked {
  sha256: string;
  stamp: string;
  atMs: number;
}

/**
 * The folder of firmware files, DATA_DIR/firmware. `SHA256SUMS` in it (as `sha256sum` writes it, and as vendors publish
 * it) says what each must be; a file that it does not name, or that is something else, is not handed out.
 */
export class FirmwareFolder {
  private readonly folder: string;
  private readonly logger: Logger;
  private readonly checked = new Map<string, Checked>();
  /** Changes of the folder, one after the other. */
  private turn: Promise<unknown> = Promise.resolve();
  /** Told of a file that is not what it should be. */
  onAltered: (name: string) => void = () => {};

  constructor(dataDir: string, logger: Logger) {
    this.folder = join(dataDir, 'firmware');
    this.logger = logger;
  }

  /** Makes the folder where it is missing, and reads every file through. */
  async check(): Promise<FirmwareFile[]> {
    await mkdir(this.folder, { recursive: true });
    const manifest = await this.manifest();
    const names = (await readdir(this.folder)).filter(mayBeFirmware);
    const files: FirmwareFile[] = [];
    for (const name of [...new Set([...names, ...manifest.keys()])].sort()) {
      const file = await this.look(name, manifest, true);
      if (file === undefined)
        files.push({ name, size: 0, sha256: '', state: 'missing', expected: manifest.get(name) ?? '' });
      else {
        files.push(file.is);
        await file.handle.close();
      }
    }
    return files;
  }

  /** Opens a file that is what it should be; the caller closes the handle. */
  async open(name: string): Promise<{ handle: FileHandle; size: number; sha256: string } | undefined> {
    if (!mayBeFirmware(name)) return undefined;
    const file = await this.look(name, await this.manifest(), false);
    if (file === undefined) return undefined;
    if (file.is.state === 'good') return { handle: file.handle, size: file.is.size, sha256: file.is.sha256 };
    await file.handle.close();
    return undefined;
  }

  /** Where a file may be written before it is kept: in the same folder, under a name that is never handed out. */
  async waitingPath(id: string): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    return join(this.folder, `.${id}.part`);
  }

  /**
   * Keeps a file written to `path`, and lists it with its hash in SHA256SUMS.
   * @throws Fault `firmware.name`; conflict `firmware.exists`: a file under a device that fetches it is not exchanged.
   */
  keep(name: string, path: string, sha256: string): Promise<void> {
    return this.inTurn(async () => {
      if (!mayBeFirmware(name)) throw new Fault('invalid', 'firmware.name', { field: 'file', values: { name } });
      try {
        // A link never takes the place of a file that is there.
        await link(path, join(this.folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new Fault('conflict', 'firmware.exists', { field: 'file', values: { name } });
      }
      await this.list(name, sha256);
    });
  }

  /** Removes a file and its line in SHA256SUMS; `false` when neither is there. */
  remove(name: string): Promise<boolean> {
    return this.inTurn(async () => {
      if (!mayBeFirmware(name)) return false;
      const listed = (await this.manifest()).has(name);
      if (listed) await this.list(name, undefined);
      this.checked.delete(name);
      return await rm(join(this.folder, name)).then(
        () => true,
        () => listed,
      );
    });
  }

  /** Writes the manifest anew, other lines of it as they are; a crash leaves the old one or the new one. */
  private async list(name: string, sha256: string | undefined): Promise<void> {
    const path = join(this.folder, manifestName);
    const before = await readFile(path, 'utf8').catch(() => '');
    const others = before.split(/\r?\n/).filter((line) => line !== '' && listedIn(line)?.name !== name);
    const lines = [...others, ...(sha256 === undefined ? [] : [`${sha256}  ${name}`])];
    const inWork = join(this.folder, manifestInWork);
    await writeFile(inWork, lines.map((line) => `${line}\n`).join(''), { flush: true });
    await rename(inWork, path);
  }

  private inTurn<T>(deed: () => Promise<T>): Promise<T> {
    const done = this.turn.then(deed);
    this.turn = done.catch(() => {});
    return done;
  }

  private async look(
    name: string,
    manifest: ReadonlyMap<string, string>,
    afresh: boolean,
  ): Promise<{ handle: FileHandle; is: FirmwareFile } | undefined> {
    const handle = await open(join(this.folder, name), 'r').catch(() => undefined);
    if (handle === undefined) return undefined;
    try {
      const { ctimeMs, dev, ino, isFile, mtimeMs, size } = await statOf(handle);
      if (!isFile) {
        await handle.close();
        return undefined;
      }
      const stamp = [dev, ino, size, mtimeMs, ctimeMs].join(' ');
      const known = this.checked.get(name);
      const now = performance.now();
      const fresh = !afresh && known?.stamp === stamp && now - known.atMs < checkedForMs;
      const sha256 = fresh ? known.sha256 : await hashOfFile(handle);
      if (!fresh) this.checked.set(name, { sha256, stamp, atMs: now });
      const expected = manifest.get(name);
      const state = expected === undefined ? 'unlisted' : expected === sha256 ? 'good' : 'altered';
      if (state === 'altered') {
        this.logger.error({ file: name }, 'a firmware file is not what SHA256SUMS says; it is not handed out');
        this.onAltered(name);
      }
      return { handle, is: { name, size, sha256, state, ...(expected === undefined ? {} : { expected }) } };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private async manifest(): Promise<Map<string, string>> {
    const text = await readFile(join(this.folder, manifestName), 'utf8').catch(() => '');
    const lines = text
      .slice(0, 1_000_000)
      .split(/\r?\n/)
      .flatMap((line) => listedIn(line) ?? []);
    return new Map(lines.map(({ name, sha256 }) => [name, sha256]));
  }
}

/** What a line as `sha256sum` writes it says; `undefined` for any other. */
function listedIn(line: string): { name: string; sha256: string } | undefined {
  const [, sum, name] = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/i.exec(line) ?? [];
  return sum === undefined || name === undefined ? undefined : { name, sha256: sum.toLowerCase() };
}

function mayBeFirmware(name: string): boolean {
  return namePattern.test(name) && name !== manifestName && name !== manifestInWork;
}

async function statOf(handle: FileHandle) {
  const { ctimeMs, dev, ino, mtimeMs, size, ...stat } = await handle.stat();
  return { ctimeMs, dev, ino, mtimeMs, size, isFile: (stat.mode & 0o170000) === 0o100000 };
}

async function hashOfFile(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) hash.update(chunk);
  return hash.digest('hex');
}
