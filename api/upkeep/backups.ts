import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { errorText } from '../../platform/error-text.ts';
import { Fault } from '../../platform/fault.ts';
import type { Logger } from '../../platform/log.ts';
import { backUp } from '../../store/backup/backup.ts';
import { folders } from '../../store/backup/format.ts';
import { filesBelow } from '../../store/backup/held-files.ts';
import type { Actor } from '../../store/schema/log.ts';
import type { SessionLog } from '../../store/session-log.ts';
import type { Store } from '../../store/store.ts';

export const backupName = z.string().regex(/^diemcau-\d{8}-\d{6}(-keys)?\.zip$/);

export const backupFile = z.object({
  name: backupName,
  bytes: z.number(),
  madeAt: z.date(),
  /** The keys are in it, under the passphrase of that time. */
  keys: z.boolean(),
});
type BackupFile = z.output<typeof backupFile>;

/** How the last one went, as the log keeps it. */
export const backupResult = z.object({
  state: z.enum(['made', 'failed']),
  at: z.date(),
  by: z.string().optional(),
  name: z.string(),
  bytes: z.number().optional(),
  files: z.number().int().optional(),
  documents: z.number().int().optional(),
  /** Everything in it is of one moment. */
  oneMoment: z.boolean().optional(),
  /** Recordings that are not what they were, or are missing. */
  damaged: z.array(z.string()).optional(),
  error: z.string().optional(),
});
type BackupResult = z.output<typeof backupResult>;

export interface BackupWish {
  recordings: boolean;
  passphrase?: string | undefined;
}

/** The store's own files, and what a ZIP adds. */
const allowance = 64e6;
const mostDamaged = 50;

/** Makes back-ups on demand, one at a time, into one folder; how each went is told in the log. */
export class Backups {
  readonly folder: string;
  private readonly parts: { store: Store; log: SessionLog; clock: Clock; logger: Logger; dataDir: string };
  private work: { name: string; startedAt: Date } | undefined;

  constructor(parts: Backups['parts'] & { backupDir: string | undefined }) {
    this.parts = parts;
    this.folder = parts.backupDir ?? join(parts.dataDir, 'backups');
  }

  /** The one that is being made. */
  get running(): { name: string; startedAt: Date } | undefined {
    return this.work;
  }

  async list(): Promise<BackupFile[]> {
    const found: BackupFile[] = [];
    for (const name of await readdir(this.folder).catch(() => [])) {
      if (!backupName.safeParse(name).success) continue;
      const { mtime, size } = await stat(join(this.folder, name));
      found.push({ name, bytes: size, madeAt: mtime, keys: name.includes('-keys') });
    }
    return found.sort((one, other) => (one.name < other.name ? 1 : -1));
  }

  /** Path and size of one. @throws Fault not-found */
  async find(name: string): Promise<{ path: string; bytes: number }> {
    const path = join(this.folder, name);
    const there = backupName.safeParse(name).success ? await stat(path).catch(() => undefined) : undefined;
    if (there === undefined) throw new Fault('not-found', 'not-found');
    return { path, bytes: there.size };
  }

  async remove(name: string): Promise<void> {
    await rm((await this.find(name)).path);
  }

  async last(): Promise<BackupResult | undefined> {
    const [made, failed] = await Promise.all(
      ['backup.made', 'backup.failed'].map((event) => this.parts.log.find({ event, limit: 1, newestFirst: true })),
    );
    const [entry] = [...(made ?? []), ...(failed ?? [])].sort((one, other) => other.seq - one.seq);
    if (entry === undefined) return undefined;
    const state = entry.event === 'backup.made' ? 'made' : 'failed';
    const by = entry.actor.name === undefined ? {} : { by: entry.actor.name };
    return backupResult.parse({ ...entry.detail, ...by, state, at: entry.time });
  }

  /**
   * Begins one; how it ends is told in the log. `stopBytes` of the disk stay free, so that recordings go on.
   * @throws Fault backup.running, backup.no-space
   */
  async begin({ recordings, passphrase }: BackupWish, actor: Actor, stopBytes: number): Promise<{ name: string }> {
    if (this.work !== undefined) throw new Fault('conflict', 'backup.running');
    const startedAt = this.parts.clock.now();
    const moment = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const name = `diemcau-${moment}${passphrase === undefined ? '' : '-keys'}.zip`;
    this.work = { name, startedAt };
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      // What one that was cut off left behind.
      for (const old of await readdir(this.folder))
        if (old.endsWith('.zip.part')) await rm(join(this.folder, old), { force: true });
      await this.judgeSpace(recordings, stopBytes);
    } catch (error) {
      this.work = undefined;
      throw error;
    }
    void this.make({ recordings, passphrase }, name, actor).catch((error: unknown) => {
      this.parts.logger.error({ err: error, name }, 'how a back-up went could not be logged');
    });
    return { name };
  }

  private async make({ recordings, passphrase }: BackupWish, name: string, actor: Actor): Promise<void> {
    const { clock, dataDir, log, logger, store } = this.parts;
    try {
      const made = await backUp({
        connection: store.connection,
        dataDir,
        file: join(this.folder, name),
        recordings,
        now: clock.now(),
        ...(passphrase === undefined ? {} : { passphrase }),
      });
      const { bytes } = await this.find(name);
      const detail = { name, bytes, ...made, damaged: made.damaged.slice(0, mostDamaged) };
      // Whoever hears of it asks what there is now.
      this.work = undefined;
      await log.append({ event: 'backup.made', actor, detail });
    } catch (error) {
      logger.error({ err: error, name }, 'back-up could not be made');
      this.work = undefined;
      await log.append({ event: 'backup.failed', actor, detail: { name, error: errorText(error).slice(0, 500) } });
    }
  }

  private async judgeSpace(recordings: boolean, stopBytes: number): Promise<void> {
    const { dataDir } = this.parts;
    const taken = [...folders.filter((folder) => recordings || folder !== 'recordings'), 'store'];
    let wanted = allowance;
    for (const folder of taken) {
      for (const path of await filesBelow(join(dataDir, folder)))
        wanted += await stat(path).then(
          ({ size }) => size,
          () => 0,
        );
    }
    const { bavail, bsize } = await statfs(this.folder);
    const free = bavail * bsize;
    if (free - wanted >= stopBytes) return;
    const values = { wanted: Math.ceil(wanted / 1e6), free: Math.floor(free / 1e6) };
    throw new Fault('conflict', 'backup.no-space', { values });
  }
}
