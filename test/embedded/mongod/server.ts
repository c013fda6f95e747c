import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The engine as its own process over a folder that outlives it. */
export interface Server {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  readonly log: () => string;
  /** Ends it with a signal and waits. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export async function startServer(folder: string, env: Record<string, string> = {}): Promise<Server> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'embedded/mongod/main.ts'], {
    env: { ...process.env, MONGOD_PORT: '0', DATA_DIR: folder, EXIT_WITH_PARENT: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-100_000);
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout! });
  const first = await Promise.race([
    once(lines, 'line'),
    exited.then(() => Promise.reject(new Error(`engine ended: ${log}`))),
  ]);
  const { ports } = JSON.parse(String(first[0])) as { ports: { mongod: number } };
  return {
    port: ports.mongod,
    url: `mongodb://127.0.0.1:${ports.mongod}/test`,
    pid: child.pid!,
    log: () => log,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await exited;
    },
  };
}

/** A folder for one test, and how it is removed. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mongod-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
