import type { IncidentKind } from '../schema/incident.ts';
import type { LogEvent } from '../schema/log.ts';
import type { ArchiveCopy, Recording } from '../schema/session.ts';
import { below, hashFile, sizeOf } from './files.ts';
import { type ArchiveWork, change, copyPath, lastTold, tell } from './work.ts';

/** How a file compares with the hash that the log keeps of it. */
export interface FileVerdict {
  state: 'intact' | 'altered' | 'missing';
  /** Of what is there now. */
  sha256?: string;
}

/** What a recording's files and the session log say of each other. */
export interface Verdict {
  /** The file is what the log says, and so is the copy where one was made. */
  intact: boolean;
  /** The log's entry about the closing: its place, and the hash that it keeps. */
  log?: { seq: number; sha256: string };
  file: FileVerdict;
  archive?: FileVerdict;
}

async function compare(path: string, sha256: string | undefined, signal?: AbortSignal): Promise<FileVerdict> {
  if ((await sizeOf(path)) === undefined) return { state: 'missing' };
  const found = await hashFile(path, signal);
  return { state: found === sha256 ? 'intact' : 'altered', sha256: found };
}

/**
 * Reads a closed recording's files whole and holds them against the log, which counts, not the store: a hash in the
 * store is changed as easily as a file. What is found is kept; what is wrong is an incident, once.
 */
export async function verify(work: ArchiveWork, recording: Recording, signal?: AbortSignal): Promise<Verdict> {
  const entry = await lastTold(work, recording, 'recording.closed');
  const sha256 = typeof entry?.detail.sha256 === 'string' ? entry.detail.sha256 : undefined;
  const file = await compare(below(work.folder, recording.path), sha256, signal);
  const { archive: copy } = recording;
  const copied = copy !== undefined && copy.state !== 'waiting' && work.archiveDir !== undefined;
  const archive = copied ? await compare(copyPath(work.archiveDir!, recording), sha256, signal) : undefined;
  const intact = file.state === 'intact' && (archive === undefined || archive.state === 'intact');
  await keep(work, recording, file, archive, sha256);
  return {
    intact,
    ...(entry === undefined || sha256 === undefined ? {} : { log: { seq: entry.seq, sha256 } }),
    file,
    ...(archive === undefined ? {} : { archive }),
  };
}

async function keep(
  work: ArchiveWork,
  recording: Recording,
  file: FileVerdict,
  archive: FileVerdict | undefined,
  sha256: string | undefined,
): Promise<void> {
  const checkedAt = work.clock.now();
  const { archive: before } = recording;
  let copy: ArchiveCopy | undefined = before;
  if (archive !== undefined && before !== undefined) {
    const state = archive.state === 'intact' ? 'copied' : archive.state;
    copy = { ...before, state, checkedAt };
    if (state !== 'copied' && before.state === 'copied')
      await wrong(work, recording, `archive.${state}`, archive, sha256);
  }
  if (file.state !== 'intact' && recording.intact !== false)
    await wrong(work, recording, `recording.${file.state}`, file, sha256);
  await change(work, recording, { intact: file.state === 'intact', checkedAt, archive: copy });
}

async function wrong(
  work: ArchiveWork,
  recording: Recording,
  code: IncidentKind & LogEvent,
  found: FileVerdict,
  sha256: string | undefined,
): Promise<void> {
  const values = { expected: sha256 ?? '', ...(found.sha256 === undefined ? {} : { found: found.sha256 }) };
  await tell(work, recording, code, values);
  work.incident(code, recording, { recordingId: recording.id, ...values });
}
