import { pino } from 'pino';
import { Engine } from '../../platform/supervisor.ts';

/** A running document store of a test. */
export interface TestMongod {
  url: string;
  pid: number | undefined;
  /** Ends it at once, as a power cut does; it comes back on the same port by itself. */
  kill(): void;
  /** Resolves when it is back. */
  back(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the embedded store on a folder. */
export async function startMongod(folder: string): Promise<TestMongod> {
  const engine = new Engine(
    {
      name: 'mongod',
      entry: 'embedded/mongod/main.ts',
      environment: { MONGOD_HOST: '127.0.0.1', MONGOD_PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'error' },
      portVariables: { mongod: 'MONGOD_PORT' },
    },
    pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
  );
  const ports = await engine.start();
  return {
    url: `mongodb://127.0.0.1:${ports.mongod}/diemcau?directConnection=true`,
    get pid() {
      return engine.pid;
    },
    kill: () => {
      if (engine.pid !== undefined) process.kill(engine.pid, 'SIGKILL');
    },
    back: () => new Promise((resolve) => engine.once('ready', () => resolve())),
    stop: () => engine.stop(),
  };
}
