import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Logger } from './log.ts';

/** A program that the launcher runs and watches. */
export interface EngineSpec {
  name: string;
  /** Its TypeScript entry. */
  entry: string;
  environment: Record<string, string>;
  /** Flags of Node.js itself. */
  flags?: string[];
  /** Name of a port it reports → environment variable that asks for it: a restart takes the same ports again. */
  portVariables: Record<string, string>;
}

export type Ports = Record<string, number>;

interface EngineEvents {
  /** It listens (again). */
  ready: [ports: Ports];
  /** It ended without being asked to. */
  died: [reason: string];
}

const readyLine = z.object({ event: z.literal('ready'), ports: z.record(z.string(), z.number().int()) });

const startTimeoutMs = 20_000;
const stopTimeoutMs = 3_500;
const firstBackOffMs = 100;
const longestBackOffMs = 10_000;
/** An engine that ran this long starts again with the first back-off. */
const steadyMs = 30_000;

type State = 'idle' | 'starting' | 'running' | 'waiting' | 'stopping' | 'stopped';

/** How it stands with an engine. */
export interface EngineStatus {
  state: State;
  /** Since it is so. */
  since: Date;
  /** How often it ended without being told to stop. */
  ends: number;
  lastEnd?: { at: Date; reason: string };
}

/**
 * Keeps one engine running: idle → starting → running; when it ends unasked, waiting (back-off) → starting; `stop`
 * brings it to stopped from anywhere. The engine says `{"event":"ready","ports":{…}}` on its standard output.
 */
export class Engine extends EventEmitter<EngineEvents> {
  private status: EngineStatus = { state: 'idle', since: new Date(), ends: 0 };
  private child: ChildProcess | undefined;
  private backOffMs = firstBackOffMs;
  private retry: NodeJS.Timeout | undefined;
  private tooLate: NodeJS.Timeout | undefined;
  private readonly environment: Record<string, string>;
  private readonly spec: EngineSpec;
  private readonly logger: Logger;

  constructor(spec: EngineSpec, logger: Logger) {
    super();
    this.spec = spec;
    this.environment = { ...spec.environment };
    this.logger = logger.child({ engine: spec.name });
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  get standing(): EngineStatus {
    return this.status;
  }

  private get state(): State {
    return this.status.state;
  }

  private set state(state: State) {
    if (state !== this.status.state) this.status = { ...this.status, state, since: new Date() };
  }

  /**
   * Ends it where it stands, for it to be started again as after a crash: an engine that is asked to end says good-bye to
   * its calls, one that dies is picked up where it was. Resolves when it is ready. @throws when it is not running
   */
  async restart(): Promise<void> {
    if (this.state !== 'running') throw new Error(`${this.spec.name} is ${this.state}`);
    const ready = once(this, 'ready', { signal: AbortSignal.timeout(startTimeoutMs) });
    this.logger.info('engine is started again, as asked');
    this.backOffMs = firstBackOffMs;
    this.child?.kill('SIGKILL');
    await ready;
  }

  /** Starts it; resolves to the ports it took. @throws when it does not come up. */
  async start(): Promise<Ports> {
    const ready = once(this, 'ready') as Promise<[Ports]>;
    const died = once(this, 'died') as Promise<[string]>;
    this.launch();
    const outcome = await Promise.race([ready, died]);
    if (typeof outcome[0] === 'string') {
      await this.stop();
      throw new Error(`${this.spec.name} did not start: ${outcome[0]}`);
    }
    return outcome[0];
  }

  /** Asks it to end, and ends it when it does not within 3.5 s. */
  async stop(): Promise<void> {
    clearTimeout(this.retry);
    const child = this.child;
    this.state = child === undefined ? 'stopped' : 'stopping';
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await gone;
    clearTimeout(hard);
    this.state = 'stopped';
  }

  private launch(): void {
    this.state = 'starting';
    const startedAt = performance.now();
    // A process group of its own: Ctrl-C in a terminal must not reach it before we have said good-bye to the calls.
    const child = spawn(process.execPath, [...(this.spec.flags ?? []), '--import', 'tsx', this.spec.entry], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...this.environment, EXIT_WITH_PARENT: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.child = child;
    child.stdin.on('error', () => {});
    this.tooLate = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    createInterface({ input: child.stdout }).on('line', (line) => this.hear(line));
    createInterface({ input: child.stderr }).on('line', (line) => this.relay(line));
    child.on('error', (error) => this.logger.error({ err: error }, 'engine cannot be started'));
    child.on('exit', (code, signal) => {
      clearTimeout(this.tooLate);
      if (performance.now() - startedAt > steadyMs) this.backOffMs = firstBackOffMs;
      this.ended(signal ?? `exit code ${code}`);
    });
  }

  private hear(line: string): void {
    const parsed = readyLine.safeParse(jsonOrNothing(line));
    if (!parsed.success) return;
    for (const [port, variable] of Object.entries(this.spec.portVariables)) {
      const taken = parsed.data.ports[port];
      if (taken !== undefined) this.environment[variable] = String(taken);
    }
    clearTimeout(this.tooLate);
    this.state = 'running';
    this.logger.info({ ports: parsed.data.ports }, 'engine ready');
    this.emit('ready', parsed.data.ports);
  }

  private ended(reason: string): void {
    this.child = undefined;
    if (this.state === 'stopping' || this.state === 'stopped') return;
    this.state = 'waiting';
    this.status = { ...this.status, ends: this.status.ends + 1, lastEnd: { at: new Date(), reason } };
    this.logger.error({ reason, again: this.backOffMs }, 'engine ended; starting it again');
    this.retry = setTimeout(() => this.launch(), this.backOffMs);
    this.backOffMs = Math.min(this.backOffMs * 2, longestBackOffMs);
    this.emit('died', reason);
  }

  /** The engine's own log lines go through ours, so that there is one log. */
  private relay(line: string): void {
    const parsed = logLine.safeParse(jsonOrNothing(line));
    if (!parsed.success) {
      this.logger.warn({ line: line.slice(0, 1000) }, 'engine says');
      return;
    }
    const { level, msg, time: _time, pid: _pid, hostname: _hostname, ...fields } = parsed.data;
    if (level >= 50) this.logger.error(fields, msg);
    else if (level >= 40) this.logger.warn(fields, msg);
    else if (level >= 30) this.logger.info(fields, msg);
    else this.logger.debug(fields, msg);
  }
}

const logLine = z.looseObject({
  level: z.number(),
  msg: z.string().default(''),
  time: z.unknown(),
  pid: z.unknown(),
  hostname: z.unknown(),
});

function jsonOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
