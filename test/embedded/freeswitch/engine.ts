import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** An engine of this repository as its own process. */
export interface Engine {
  readonly ports: Record<string, number>;
  readonly pid: number;
  readonly alive: () => boolean;
  /** Resident memory, KiB. */
  readonly memory: () => number;
  readonly log: () => string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export const secret = 'a secret of the test';

export function startMedia(env: Record<string, string> = {}): Promise<Engine> {
  // A start of its own in the range, so that suites side by side seldom meet.
  const first = 20_000 + 2 * Math.floor(Math.random() * 4_000);
  return startEngine('embedded/freeswitch/main.ts', {
    MEDIA_SIP_PORT: '0',
    ESL_PORT: '0',
    ESL_SECRET: secret,
    RTP_HOST: '127.0.0.1',
    RTP_PORT_MIN: String(first),
    RTP_PORT_MAX: String(first + 1_999),
    ...env,
  });
}

export function startSip(): Promise<Engine> {
  return startEngine('embedded/drachtio/main.ts', {
    CONTROL_PORT: '0',
    CONTROL_SECRET: secret,
    SIP_HOST: '127.0.0.1',
    SIP_PORT: '0',
  });
}

async function startEngine(file: string, env: Record<string, string>): Promise<Engine> {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    env: { ...process.env, EXIT_WITH_PARENT: '1', LOG_LEVEL: 'warn', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-50_000);
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => Promise.reject(new Error(`engine ended: ${log}`))),
  ]);
  const { ports } = JSON.parse(String(line)) as { ports: Record<string, number> };
  const pid = child.pid ?? 0;
  return {
    ports,
    pid,
    alive: () => child.exitCode === null && child.signalCode === null,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
    log: () => log,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}
