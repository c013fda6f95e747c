import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Recording, RecordingPart } from '../schema/session.ts';
import { below, hashFile, isFull, settle, sizeOf } from './files.ts';
import { joinFilm } from './join/film.ts';
import { type Joined, NothingRecorded } from './join/joined.ts';
import { joinSound } from './join/sound.ts';
import { type ArchiveWork, change, lastTold, retryDelayMs, tell, wordsOf } from './work.ts';

/** Tries in vain before a recording is given up; a full disk does not count. */
const mostAttempts = 12;
/** What is being made has this name until it is whole. */
const unfinished = '.new';
/** The engine's own files: stretches. */
const stretchName = /\.part\.(mp4|wav)$/;

/** Name of the file that an engine writes a stretch of a recording into. */
export function stretchPath(path: string, number: number): string {
  return path.replace(/(\.\w+)$/, `.${number}.part$1`);
}

/**
 * Finishes the recordings that are due, one after the other. Each step may be cut off at any moment and done again: the
 * file gets its name when it is whole and on disk, then the log gets its hash, then the store; the stretches go last.
 */
export async function finishDue(work: ArchiveWork, signal: AbortSignal, touch: () => Promise<void>): Promise<void> {
  const now = work.clock.now();
  const due = await work.store.recordings.find({ state: 'finishing' }, { sort: { startedAt: 1 }, limit: 1_000 });
  for (const recording of due) {
    if (signal.aborted) return;
    if (recording.nextAt !== undefined && recording.nextAt > now) continue;
    await touch();
    await finish(work, recording, signal, touch);
  }
}

async function finish(
  work: ArchiveWork,
  recording: Recording,
  signal: AbortSignal,
  touch: () => Promise<void>,
): Promise<void> {
  const { clock, folder, logger } = work;
  const place = below(folder, recording.path);
  try {
    const joined = await made(work, recording, place, signal, touch);
    const [sha256, bytes] = [await hashFile(place, signal), (await sizeOf(place)) ?? 0];
    const { durationMs } = joined;
    const entry = await lastTold(work, recording, 'recording.closed');
    if (entry?.detail.sha256 !== sha256) {
      const parts = recording.parts.length;
      const lost = joined.places.filter((one) => one === undefined).length;
      const detail = { sha256, bytes, durationMs, parts, ...(lost === 0 ? {} : { unreadableParts: lost }) };
      await tell(work, recording, 'recording.closed', detail);
    }
    const parts = recording.parts.map((part, number) => ({ ...part, ...joined.places[number] }));
    const done = { state: 'closed', sha256, bytes, durationMs, parts, percent: 100, intact: true } as const;
    await change(work, recording, { ...done, checkedAt: clock.now(), error: undefined, nextAt: undefined });
    await removeStretches(work, recording);
  } catch (error) {
    if (signal.aborted) return;
    await rm(place + unfinished, { force: true });
    logger.warn({ err: error, recording: recording.id }, 'recording could not be finished');
    await failed(work, recording, error);
  }
}

/** Makes the finished file, or finds it made. */
async function made(
  work: ArchiveWork,
  recording: Recording,
  place: string,
  signal: AbortSignal,
  touch: () => Promise<void>,
): Promise<Joined> {
  const stretches = recording.parts.map(({ path }) => below(work.folder, path));
  let percent = recording.percent ?? 0;
  const progress = (now: number): void => {
    if (now < percent + 5 && now >= percent) return;
    percent = now;
    void change(work, recording, { percent: now })
      .then(touch)
      .catch(() => {});
  };
  const into = place + unfinished;
  await rm(into, { force: true });
  const session = await work.store.sessions.get(recording.sessionId);
  const about = { title: session?.title ?? '', startedAt: recording.startedAt };
  const joined =
    recording.format === 'mp4'
      ? await joinFilm(stretches, into, about, progress, signal)
      : await joinSound(stretches, into, progress, signal);
  if (joined.otherFrom !== undefined) await separate(work, recording, joined.otherFrom);
  await settle(into, place);
  return joined;
}

/** Stretches of another kind cannot stand in the same file: they become a recording of their own, listed after it. */
async function separate(work: ArchiveWork, recording: Recording, from: number): Promise<void> {
  const { parts, path } = recording;
  const [own, rest] = [parts.slice(0, from), parts.slice(from)];
  const id = `${recording.id.slice(0, 50)}-${from}`;
  if ((await work.store.recordings.get(id)) === undefined) {
    const { kind, legId, sessionId, format } = recording;
    work.changed(
      await work.store.recordings.insert({
        id,
        sessionId,
        kind,
        ...(legId === undefined ? {} : { legId }),
        path: path.replace(/(\.\w+)$/, `-${from}$1`),
        format,
        state: 'finishing',
        parts: rest,
        attempts: 0,
        bytes: 0,
        startedAt: rest[0]?.startedAt ?? recording.startedAt,
        ...(recording.endedAt === undefined ? {} : { endedAt: recording.endedAt }),
      }),
    );
  }
  recording.parts = own;
  await change(work, recording, { parts: own });
}

async function failed(work: ArchiveWork, recording: Recording, error: unknown): Promise<void> {
  const attempts = recording.attempts + (isFull(error) ? 0 : 1);
  const text = wordsOf(error);
  const hopeless = error instanceof NothingRecorded || attempts >= mostAttempts;
  if (!hopeless) {
    const nextAt = new Date(work.clock.now().getTime() + retryDelayMs(Math.max(1, attempts)));
    await change(work, recording, { attempts, nextAt, error: text, percent: 0 });
    if (attempts === 1) await tell(work, recording, 'recording.finishing-delayed', { error: text });
    return;
  }
  await tell(work, recording, 'recording.failed', { error: text });
  await change(work, recording, { state: 'failed', attempts, error: text, nextAt: undefined });
  // A leg that came and left at once, or a room without a moment of sound, is nothing to look at.
  if (!(error instanceof NothingRecorded) || recording.parts.some(lasted))
    work.incident('recording.failed', recording, { error: text });
}

const lasted = ({ endedAt, startedAt }: RecordingPart): boolean =>
  endedAt === undefined || endedAt.getTime() - startedAt.getTime() > 2_000;

async function removeStretches({ folder, logger }: ArchiveWork, { parts }: Recording): Promise<void> {
  for (const { path } of parts) {
    if (!stretchName.test(path)) continue;
    await rm(below(folder, path), { force: true }).catch((error: unknown) => {
      logger.warn({ err: error, path }, 'a stretch of a finished recording stays behind');
    });
  }
}

/** After a start: stretches of recordings that are finished, and what was being made when all was cut off, go. */
export async function removeLeftOvers(work: ArchiveWork): Promise<void> {
  const names = await readdir(work.folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => relative(work.folder, join(entry.parentPath ?? entry.path, entry.name)));
  if (!files.some((file) => file.endsWith(unfinished) || stretchName.test(file))) return;
  for (const file of files) if (file.endsWith(unfinished)) await rm(below(work.folder, file), { force: true });
  const stretches = new Set(files.filter((file) => stretchName.test(file)));
  if (stretches.size === 0) return;
  for (const recording of await work.store.recordings.find({ state: { $in: ['closed', 'deleted'] } }))
    if (recording.parts.some(({ path }) => stretches.has(path))) await removeStretches(work, recording);
}
