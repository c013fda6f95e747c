import { rm } from 'node:fs/promises';
import type { Recording, Session } from '../schema/session.ts';
import { below } from './files.ts';
import { type ArchiveWork, change, copyPath, lastTold, tell } from './work.ts';

const dayMs = 86_400_000;

/**
 * Whether a recording's time is over: the session's own rule before the installation's; kept for good where neither says
 * anything; a legal hold beats both. Pure.
 *
 * @returns the days that count, or `undefined` while it is kept.
 */
export function overdue(
  recording: Pick<Recording, 'state' | 'startedAt' | 'endedAt'>,
  session: Pick<Session, 'retentionDays' | 'hold' | 'state' | 'endedAt'> | undefined,
  installationDays: number | undefined,
  now: Date,
): number | undefined {
  if (recording.state !== 'closed' && recording.state !== 'failed') return undefined;
  if (session?.hold !== undefined || session?.state === 'open') return undefined;
  const days = session?.retentionDays ?? installationDays;
  if (days === undefined) return undefined;
  const since = session?.endedAt ?? recording.endedAt ?? recording.startedAt;
  return now.getTime() - since.getTime() >= days * dayMs ? days : undefined;
}

/** Deletes what is overdue, in both folders. The log is told first, with the hash: nothing goes without a word. */
export async function deleteOverdue(
  work: ArchiveWork,
  installationDays: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { clock, store } = work;
  const least = installationDays ?? (await shortest(work));
  if (least === undefined) return;
  const kept = { state: { $in: ['closed', 'failed'] } };
  for (const recording of await store.recordings.find(kept, { sort: { startedAt: 1 } })) {
    if (signal.aborted) return;
    // Read for each: a hold that is set meanwhile counts.
    const session = await store.sessions.get(recording.sessionId);
    const days = overdue(recording, session, installationDays, clock.now());
    if (days !== undefined) await remove(work, recording, days);
  }
}

/** Whether any session has a rule of its own. */
async function shortest({ store }: ArchiveWork): Promise<number | undefined> {
  return (await store.sessions.first({ retentionDays: { $exists: true } }))?.retentionDays;
}

async function remove(work: ArchiveWork, recording: Recording, retentionDays: number): Promise<void> {
  if ((await lastTold(work, recording, 'recording.deleted')) === undefined) {
    const { bytes, sha256 = '' } = recording;
    await tell(work, recording, 'recording.deleted', { sha256, bytes, retentionDays, reason: 'retention' });
  }
  const { archiveDir, folder } = work;
  const places = [below(folder, recording.path), ...recording.parts.map(({ path }) => below(folder, path))];
  if (archiveDir !== undefined) {
    const copied = copyPath(archiveDir, recording);
    places.push(copied, `${copied}.sha256`);
  }
  for (const place of places) await rm(place, { force: true });
  await change(work, recording, {
    state: 'deleted',
    deletedAt: work.clock.now(),
    archive: undefined,
    intact: undefined,
  });
}
