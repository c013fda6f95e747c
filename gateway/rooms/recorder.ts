import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import type { IdSource } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import type { Recording } from '../../store/schema/session.ts';
import type { SessionLog } from '../../store/session-log.ts';
import type { Store } from '../../store/store.ts';
import { wavLengthMs } from './wav-length.ts';

export interface RecorderParts {
  store: Store;
  log: SessionLog;
  clock: Clock;
  newId: IdSource;
  logger: Logger;
  /** The recordings folder. */
  folder: string;
}

/** Starts and stops one file at the media engine. */
export interface Tape {
  start(path: string): Promise<void>;
  stop(path: string): Promise<void>;
}

export interface RunningRecording {
  recording: Recording;
  tape: Tape;
}

const system = { kind: 'system' } as const;

/** Recordings on their way from the engine into the store: opened, closed, hashed, told. */
export class Recorder extends EventEmitter<{ recording: [recording: Recording] }> {
  private readonly parts: RecorderParts;

  constructor(parts: RecorderParts) {
    super();
    this.parts = parts;
  }

  /** @throws when the engine cannot write; that is told and logged. */
  async start(
    sessionId: string,
    kind: Recording['kind'],
    name: string,
    legId: string | undefined,
    tape: Tape,
  ): Promise<RunningRecording> {
    const { clock, folder, log, newId, store } = this.parts;
    const startedAt = clock.now();
    const stamp = startedAt.toISOString().replace(/[:.]/g, '-');
    const path = join(sessionId, `${stamp}-${fileName(name)}.wav`);
    const whole = join(folder, path);
    await mkdir(dirname(whole), { recursive: true, mode: 0o750 });
    const own = legId === undefined ? {} : { legId };
    try {
      await tape.start(whole);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      await log.append({ sessionId, event: 'recording.failed', actor: system, ...own, detail: { kind, error: text } });
      throw error;
    }
    const recording = await store.recordings.insert({
      id: newId(),
      sessionId,
      kind,
      ...own,
      path,
      format: 'wav',
      state: 'recording',
      bytes: 0,
      startedAt,
    });
    await log.append({
      sessionId,
      event: 'recording.started',
      actor: system,
      ...own,
      detail: { recordingId: recording.id, kind },
    });
    this.emit('recording', recording);
    return { recording, tape };
  }

  async stop({ recording, tape }: RunningRecording): Promise<Recording> {
    await tape.stop(join(this.parts.folder, recording.path)).catch((error: unknown) => {
      this.parts.logger.warn({ err: error, recording: recording.id }, 'recording could not be stopped at the engine');
    });
    return this.close(recording);
  }

  /** Hashes a file that is complete and writes hash and length into store and log. */
  async close(recording: Recording): Promise<Recording> {
    const { clock, folder, log, store } = this.parts;
    const own = recording.legId === undefined ? {} : { legId: recording.legId };
    const whole = join(folder, recording.path);
    try {
      const { size } = await stat(whole);
      const sha256 = await hashFile(whole);
      const durationMs = await wavLengthMs(whole);
      const closed = await store.recordings.update(recording.id, {
        state: 'closed',
        bytes: size,
        sha256,
        durationMs,
        endedAt: clock.now(),
      });
      await log.append({
        sessionId: recording.sessionId,
        event: 'recording.closed',
        actor: system,
        ...own,
        detail: { recordingId: recording.id, kind: recording.kind, sha256, bytes: size, durationMs },
      });
      if (closed !== undefined) this.emit('recording', closed);
      return closed ?? recording;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const failed = await store.recordings.update(recording.id, { state: 'failed', endedAt: clock.now() });
      await log.append({
        sessionId: recording.sessionId,
        event: 'recording.failed',
        actor: system,
        ...own,
        detail: { recordingId: recording.id, error: text },
      });
      if (failed !== undefined) this.emit('recording', failed);
      return failed ?? recording;
    }
  }

  /** After a crash: files that were being written are whole up to their last second; close them. */
  async closeLeftOver(): Promise<void> {
    for (const recording of await this.parts.store.recordings.find({ state: 'recording' })) await this.close(recording);
  }
}

/** SHA-256 of a file, lower-case hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** A name that every file system takes, Vietnamese letters without their marks. */
export function fileName(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'leg' : plain;
}
