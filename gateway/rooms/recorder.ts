import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { errorText } from '../../platform/error-text.ts';
import type { IdSource } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import { withoutMarks } from '../../platform/search.ts';
import { stretchPath } from '../../store/archive/finish.ts';
import type { Actor, LogEvent } from '../../store/schema/log.ts';
import type { Recording } from '../../store/schema/session.ts';
import type { SessionLog } from '../../store/session-log.ts';
import type { Store } from '../../store/store.ts';

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

/** What is recorded: a room, or a leg of it. */
export interface Subject {
  sessionId: string;
  kind: Recording['kind'];
  /** What stands in the file's name. */
  name: string;
  legId?: string;
}

/** A stretch that is being written. */
export interface RunningRecording {
  recording: Recording;
  /** Whole path of the file that the engine writes. */
  path: string;
  tape: Tape;
}

/** Why a recording stopped, or goes on: somebody's will, no space, an engine that died or came back, the end of all. */
export interface Why {
  actor: Actor;
  reason: 'session' | 'staff' | 'space' | 'engine' | 'product';
}

const system = { kind: 'system' } as const;
export const bySession: Why = { actor: system, reason: 'session' };
const unfinished = { $in: ['recording', 'paused'] };

/**
 * Recordings on their way from the engine into the store. A recording is one file in the end, however often it was
 * stopped: each stretch is a file of the engine's own, and planned work joins them when nothing more will come.
 */
export class Recorder extends EventEmitter<{ recording: [recording: Recording] }> {
  /** Nothing is recorded: there is no space. */
  halted = false;
  private readonly parts: RecorderParts;

  constructor(parts: RecorderParts) {
    super();
    this.parts = parts;
  }

  /** Starts a recording, or goes on with the one that is there. @throws when the engine cannot write; that is logged. */
  async begin(subject: Subject, tape: Tape, why: Why): Promise<RunningRecording> {
    const { clock, folder } = this.parts;
    const startedAt = clock.now();
    const before = await this.unfinishedOf(subject);
    const path =
      before?.path ?? join(subject.sessionId, `${stampOf(startedAt)}-${fileName(subject.name)}${extension(subject)}`);
    const stretch = stretchPath(path, (before?.parts.length ?? 0) + 1);
    const whole = join(folder, stretch);
    await mkdir(dirname(whole), { recursive: true, mode: 0o750 });
    try {
      await tape.start(whole);
    } catch (error) {
      const text = errorText(error);
      await this.tell(subject, 'recording.not-started', why.actor, { kind: subject.kind, error: text });
      throw error;
    }
    const part = { path: stretch, startedAt };
    const recording =
      before === undefined
        ? await this.insert(subject, path, part)
        : await this.change(before, { state: 'recording', parts: [...before.parts, part] });
    const event = before === undefined ? 'recording.started' : 'recording.resumed';
    const { reason } = why;
    const { id: recordingId, kind } = recording;
    await this.tell(subject, event, why.actor, { recordingId, kind, reason, part: recording.parts.length });
    return { recording, path: whole, tape };
  }

  /** Ends a stretch; the recording may go on. */
  async stop(running: RunningRecording, why: Why): Promise<void> {
    await running.tape.stop(running.path).catch((error: unknown) => {
      const { recording } = running;
      this.parts.logger.warn({ err: error, recording: recording.id }, 'recording could not be stopped at the engine');
    });
    await this.stopped(running.recording, why);
  }

  /** A stretch came to an end by itself: the engine died, or could not write any more. */
  lost(running: RunningRecording): Promise<void> {
    return this.stopped(running.recording, { actor: system, reason: 'engine' });
  }

  /** Nothing more will come: planned work makes the file. */
  async finish(recordingId: string): Promise<void> {
    const recording = await this.parts.store.recordings.get(recordingId);
    if (recording === undefined || !['recording', 'paused'].includes(recording.state)) return;
    const endedAt = recording.parts.at(-1)?.endedAt ?? this.parts.clock.now();
    await this.change(recording, { state: 'finishing', percent: 0, endedAt });
  }

  /** All recordings of a session are over. */
  async finishSession(sessionId: string): Promise<void> {
    for (const { id } of await this.parts.store.recordings.find({ sessionId, state: unfinished }))
      await this.finish(id);
  }

  /**
   * After a crash: stretches that were being written are whole up to their last second. Films of sessions that go on
   * wait for them; everything else is finished.
   */
  async takeLeftOver(): Promise<void> {
    const { store } = this.parts;
    for (const recording of await store.recordings.find({ state: unfinished })) {
      const known = await this.withParts(recording);
      if (known.state === 'recording') await this.stopped(known, { actor: system, reason: 'product' });
      const session = await store.sessions.get(recording.sessionId);
      if (recording.kind === 'track' || session?.state !== 'open') await this.finish(recording.id);
    }
  }

  /** Recordings of earlier versions had one stretch, which was the file itself. */
  private async withParts(recording: Recording): Promise<Recording> {
    if (recording.parts.length > 0) return recording;
    const { path, startedAt } = recording;
    const format = path.endsWith('.mp4') ? 'mp4' : 'wav';
    const place = path.replace(/(\.\w+)$/, '-1$1');
    return this.change(recording, { path: place, format, parts: [{ path, startedAt }] });
  }

  private async stopped(recording: Recording, { actor, reason }: Why): Promise<void> {
    const endedAt = this.parts.clock.now();
    const last = recording.parts.length - 1;
    const parts = recording.parts.map((part, place) => (place === last ? { ...part, endedAt } : part));
    const { id: recordingId, kind } = recording;
    await this.change(recording, { state: 'paused', parts });
    await this.tell(recording, 'recording.stopped', actor, { recordingId, kind, reason, part: parts.length });
  }

  private unfinishedOf({ kind, legId, sessionId }: Subject): Promise<Recording | undefined> {
    const whose = legId === undefined ? {} : { legId };
    return this.parts.store.recordings.first({ sessionId, kind, ...whose, state: unfinished });
  }

  private async insert(
    { kind, legId, sessionId }: Subject,
    path: string,
    part: Recording['parts'][0],
  ): Promise<Recording> {
    const recording = await this.parts.store.recordings.insert({
      id: this.parts.newId(),
      sessionId,
      kind,
      ...(legId === undefined ? {} : { legId }),
      path,
      format: kind === 'room' ? 'mp4' : 'wav',
      state: 'recording',
      parts: [part],
      attempts: 0,
      bytes: 0,
      startedAt: part.startedAt,
    });
    this.emit('recording', recording);
    return recording;
  }

  private async change(
    recording: Recording,
    to: Partial<Omit<Recording, 'id' | 'createdAt' | 'updatedAt'>>,
  ): Promise<Recording> {
    const changed = await this.parts.store.recordings.update(recording.id, to);
    if (changed === undefined) return recording;
    this.emit('recording', changed);
    return changed;
  }

  private tell(
    { legId, sessionId }: Pick<Subject, 'sessionId'> & { legId?: string | undefined },
    event: LogEvent,
    actor: Actor,
    detail: Record<string, unknown>,
  ): Promise<unknown> {
    const own = legId === undefined ? {} : { legId };
    return this.parts.log.append({ sessionId, event, actor, ...own, detail });
  }
}

const stampOf = (at: Date): string => at.toISOString().replace(/[:.]/g, '-');
const extension = ({ kind }: Subject): string => (kind === 'room' ? '.mp4' : '.wav');

/** A name that every file system takes, Vietnamese letters without their marks. */
export function fileName(name: string): string {
  const plain = withoutMarks(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'leg' : plain;
}
