import type { Clock } from '../../platform/clock.ts';
import type { IdSource } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import type { Actor } from '../../store/schema/log.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import type { DevicePush, SyncOutcome } from './push.ts';

/** Devices told at once: what they fetch then comes as a stream, not as a flood. */
const atOnce = 16;
/** Runs remembered for who asks. */
const mostRuns = 50;

/** Many devices told one after the other. */
export interface SyncRun {
  id: string;
  startedAt: Date;
  endedAt?: Date;
  total: number;
  outcomes: SyncOutcome[];
}

/** Runs of telling all devices of a model or a site; they go on while who began them looks away. */
export class SyncRuns {
  private readonly push: DevicePush;
  private readonly clock: Clock;
  private readonly newId: IdSource;
  private readonly logger: Logger;
  private readonly runs = new Map<string, SyncRun>();
  private closing = false;

  constructor(push: DevicePush, parts: { clock: Clock; newId: IdSource; logger: Logger }) {
    this.push = push;
    this.clock = parts.clock;
    this.newId = parts.newId;
    this.logger = parts.logger;
  }

  /** Begins a run and answers at once. */
  begin(endpoints: readonly Endpoint[], actor: Actor): SyncRun {
    const run: SyncRun = { id: this.newId(), startedAt: this.clock.now(), total: endpoints.length, outcomes: [] };
    this.runs.set(run.id, run);
    for (const id of [...this.runs.keys()].slice(0, -mostRuns)) this.runs.delete(id);
    const waiting = [...endpoints];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !this.closing; next = waiting.shift())
        run.outcomes.push(await this.push.sync(next, actor).catch((error: unknown) => this.failed(next, error)));
    };
    void Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, worker)).finally(() => {
      run.endedAt = this.clock.now();
    });
    return run;
  }

  /** Something of ours failed: the others are told all the same. */
  private failed({ id, name }: Endpoint, error: unknown): SyncOutcome {
    this.logger.error({ err: error, endpointId: id }, 'a device could not be told to take its settings');
    return { endpointId: id, name, way: 'none', result: 'not-sent', contacts: [], settings: [] };
  }

  get(id: string): SyncRun | undefined {
    return this.runs.get(id);
  }

  /** Starts nothing more; what was sent is not waited for. */
  close(): void {
    this.closing = true;
  }
}
