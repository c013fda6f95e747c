import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { errorText } from '../../platform/error-text.ts';
import type { Logger } from '../../platform/log.ts';
import type { Incident, IncidentKind } from '../schema/incident.ts';
import type { LogEntry, LogEvent } from '../schema/log.ts';
import type { Recording } from '../schema/session.ts';
import type { SessionLog } from '../session-log.ts';
import type { Store } from '../store.ts';

/** What all work on finished recordings is done with. */
export interface ArchiveWork {
  store: Store;
  log: SessionLog;
  clock: Clock;
  logger: Logger;
  /** The recordings folder. */
  folder: string;
  /** The second archive folder, when there is one. */
  archiveDir: string | undefined;
  /** A recording is not what it was. */
  changed: (recording: Recording) => void;
  /** Something that staff should look at. */
  incident: (code: IncidentKind, recording: Recording, values: Incident['values']) => void;
}

export const system = { kind: 'system' } as const;
const longestWaitMs = 10 * 60_000;
/** Entries of one session about recordings; a session has no more. */
const mostEntries = 10_000;

/** Wait before the next try after so many in vain, ms. */
export function retryDelayMs(attempts: number): number {
  return Math.min(5_000 * 2 ** Math.max(0, attempts - 1), longestWaitMs);
}

/** Changes a recording where it is still in the state that was read; tells of it. */
export async function change(
  work: ArchiveWork,
  recording: Pick<Recording, 'id' | 'state'>,
  to: Partial<Omit<Recording, 'id' | 'createdAt' | 'updatedAt'>>,
): Promise<Recording | undefined> {
  const changed = await work.store.recordings.updateFirst({ id: recording.id, state: recording.state }, to);
  if (changed !== undefined) work.changed(changed);
  return changed;
}

/** Writes about a recording into the session log. */
export function tell(
  { log }: ArchiveWork,
  recording: Recording,
  event: LogEvent,
  detail: Record<string, unknown>,
): Promise<LogEntry> {
  const { id: recordingId, kind, legId, sessionId } = recording;
  return log.append({
    sessionId,
    event,
    actor: system,
    ...(legId === undefined ? {} : { legId }),
    detail: { recordingId, kind, ...detail },
  });
}

/** The last entry of a name about a recording. */
export async function lastTold(
  { log }: Pick<ArchiveWork, 'log'>,
  { id, sessionId }: Pick<Recording, 'id' | 'sessionId'>,
  event: string,
): Promise<LogEntry | undefined> {
  const entries = await log.find({ sessionId, event, newestFirst: true, limit: mostEntries });
  return entries.find(({ detail }) => detail.recordingId === id);
}

/** Where the copy of a recording stands. */
export const copyPath = (archiveDir: string, recording: Pick<Recording, 'path'>): string =>
  join(archiveDir, recording.path);

export const wordsOf = (error: unknown): string => errorText(error).slice(0, 500);
