import { bySession, type Recorder, type RunningRecording, type Subject, type Tape, type Why } from './recorder.ts';

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
/** A stretch that lasted so long is no failure when it ends: the next is tried at once, ms. */
const steadyMs = 30_000;

export interface TapeDeckListeners {
  /** It could not be recorded; told once until it could again. */
  failed(error: unknown): void;
  /** A stretch began. */
  began(why: Why): void;
}

/**
 * Sees that one subject is recorded while it is wanted and the engine can: starts, stops, goes on in a new stretch when
 * the engine lost one, with patience between tries. What is asked is done in order.
 */
export class TapeDeck {
  readonly subject: Subject;
  private readonly recorder: Recorder;
  private readonly listeners: TapeDeckListeners;
  private running: RunningRecording | undefined;
  private recordingId: string | undefined;
  private tape: Tape | undefined;
  private wanted: boolean;
  private failures = 0;
  private beganAtMs = 0;
  private retry: NodeJS.Timeout | undefined;
  private queue: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(subject: Subject, recorder: Recorder, wanted: boolean, listeners: TapeDeckListeners) {
    this.subject = subject;
    this.recorder = recorder;
    this.wanted = wanted;
    this.listeners = listeners;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** The engine is there, or there again. */
  load(tape: Tape, why: Why = bySession): Promise<void> {
    this.tape = tape;
    return this.settle(why);
  }

  /** The engine is gone, and what it wrote ends here. */
  unload(): Promise<void> {
    this.tape = undefined;
    return this.lose();
  }

  want(wanted: boolean, why: Why): Promise<void> {
    this.wanted = wanted;
    return this.settle(why);
  }

  /** The engine told that a file ended which we did not stop. */
  async ended(path: string): Promise<void> {
    if (this.running?.path !== path) return;
    const lasted = performance.now() - this.beganAtMs;
    await this.lose();
    if (lasted >= steadyMs) this.failures = 0;
    this.fail(new Error('the media engine ended the recording'));
  }

  /** Stops for good; `finish` says that the recording is over, and not only interrupted. */
  async close(finish: boolean, why: Why): Promise<void> {
    this.wanted = false;
    await this.settle(why);
    this.closed = true;
    clearTimeout(this.retry);
    if (finish && this.recordingId !== undefined) await this.recorder.finish(this.recordingId);
  }

  /** Starts or stops as it should be now. */
  settle(why: Why): Promise<void> {
    return this.inTurn(async () => {
      const should = this.wanted && this.tape !== undefined && !this.recorder.halted && !this.closed;
      if (should && this.running === undefined) await this.begin(this.tape!, why);
      else if (!should && this.running !== undefined) {
        const { running } = this;
        this.running = undefined;
        await this.recorder.stop(running, why);
      }
    });
  }

  private async begin(tape: Tape, why: Why): Promise<void> {
    clearTimeout(this.retry);
    try {
      this.running = await this.recorder.begin(this.subject, tape, why);
      this.recordingId = this.running.recording.id;
      this.beganAtMs = performance.now();
      this.listeners.began(why);
    } catch (error) {
      this.fail(error);
    }
  }

  private lose(): Promise<void> {
    return this.inTurn(async () => {
      const { running } = this;
      this.running = undefined;
      if (running !== undefined) await this.recorder.lost(running);
    });
  }

  private fail(error: unknown): void {
    this.failures++;
    if (this.failures === 1) this.listeners.failed(error);
    if (this.closed) return;
    const wait = Math.min(firstRetryMs * 2 ** (this.failures - 1), longestRetryMs);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.settle({ ...bySession, reason: 'engine' }), wait).unref();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work, work);
    return this.queue;
  }
}
