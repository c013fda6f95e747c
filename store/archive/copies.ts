import { copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ArchiveCopy, Recording } from '../schema/session.ts';
import { below, hashFile, settle, sizeOf, sync } from './files.ts';
import { verify } from './verify.ts';
import { type ArchiveWork, change, copyPath, retryDelayMs, tell, wordsOf } from './work.ts';

/** After so many tries in vain it is told as an incident, once. */
const tellAfter = 3;

/** Copies every closed recording that has no good copy into the second archive folder, where one is configured. */
export async function copyDue(work: ArchiveWork, signal: AbortSignal, touch: () => Promise<void>): Promise<void> {
  if (work.archiveDir === undefined) return;
  const now = work.clock.now();
  const closed = { state: 'closed', 'archive.state': { $ne: 'copied' } };
  for (const recording of await work.store.recordings.find(closed, { sort: { startedAt: 1 }, limit: 1_000 })) {
    if (signal.aborted) return;
    if (recording.archive?.nextAt !== undefined && recording.archive.nextAt > now) continue;
    await touch();
    await copy(work, recording, work.archiveDir, signal);
  }
}

async function copy(work: ArchiveWork, recording: Recording, archiveDir: string, signal: AbortSignal): Promise<void> {
  const before: ArchiveCopy = recording.archive ?? { state: 'waiting', attempts: 0 };
  try {
    const sha256 = await copyVerified(work, recording, archiveDir, signal);
    await tell(work, recording, 'recording.archived', { sha256, bytes: recording.bytes });
    const now = work.clock.now();
    await change(work, recording, { archive: { state: 'copied', attempts: 0, copiedAt: now, checkedAt: now } });
  } catch (error) {
    if (signal.aborted) return;
    const attempts = before.attempts + 1;
    const text = wordsOf(error);
    work.logger.warn({ err: error, recording: recording.id, attempts }, 'recording could not be copied to the archive');
    const nextAt = new Date(work.clock.now().getTime() + retryDelayMs(attempts));
    await change(work, recording, { archive: { ...before, attempts, nextAt, error: text } });
    if (attempts !== tellAfter) return;
    await tell(work, recording, 'recording.not-archived', { error: text });
    work.incident('archive.unreachable', recording, { error: text });
  }
}

/** Copies, brings it onto the disk, reads it back, compares; a wrong earlier copy is kept aside as evidence. */
async function copyVerified(
  work: ArchiveWork,
  recording: Recording,
  archiveDir: string,
  signal: AbortSignal,
): Promise<string> {
  const source = below(work.folder, recording.path);
  const place = copyPath(archiveDir, recording);
  // A share that is not mounted shows as a folder that is not there: it must not be made on the first disk.
  if (!(await stat(archiveDir)).isDirectory()) throw new Error(`${archiveDir} is no folder`);
  await mkdir(dirname(place), { recursive: true, mode: 0o750 });
  const made = `${place}.new`;
  try {
    await copyFile(source, made);
    await sync(made);
    const sha256 = await hashFile(made, signal);
    if (sha256 !== recording.sha256) throw new Error(`what was read back has the hash ${sha256}`);
    const asideNeeded = recording.archive?.state === 'altered' && (await sizeOf(place)) !== undefined;
    if (asideNeeded) await rename(place, `${place}.altered-${work.clock.now().getTime()}`);
    await settle(made, place);
    // As `sha256sum --check` reads it: what proves the copy must not need this product.
    await writeFile(`${place}.sha256`, `${sha256}  ${basename(place)}\n`);
    return sha256;
  } finally {
    await rm(made, { force: true });
  }
}

/** Reads recordings and their copies again that were last compared so long ago, ms. */
export async function checkDue(
  work: ArchiveWork,
  everyMs: number,
  signal: AbortSignal,
  touch: () => Promise<void>,
): Promise<void> {
  const before = new Date(work.clock.now().getTime() - everyMs);
  const old = { state: 'closed', $or: [{ checkedAt: { $lt: before } }, { checkedAt: { $exists: false } }] };
  for (const recording of await work.store.recordings.find(old, { sort: { startedAt: 1 }, limit: 100 })) {
    if (signal.aborted) return;
    await touch();
    await verify(work, recording, signal);
  }
}
