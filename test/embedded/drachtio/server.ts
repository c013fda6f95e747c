import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import Srf from 'drachtio-srf';

export const secret = 'loopback';

/** The SIP engine as a process of its own. */
export interface TestServer {
  ports: { control: number; sip: number; sips?: number };
  child: ChildProcess;
  /** Resident memory, KiB. */
  resident(): number;
  stop(): Promise<void>;
}

export async function startServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'embedded/drachtio/main.ts'], {
    env: {
      ...process.env,
      CONTROL_PORT: '0',
      SIP_HOST: '127.0.0.1',
      SIP_PORT: '0',
      CONTROL_SECRET: secret,
      LOG_LEVEL: 'fatal',
      EXIT_WITH_PARENT: '1',
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }), 'line')) as [
    string,
  ];
  const ready = JSON.parse(line) as { event: string; ports: TestServer['ports'] };
  return {
    ports: ready.ports,
    child,
    resident: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** An unmodified drachtio-srf, logged in. */
export async function connectSrf(server: TestServer): Promise<Srf> {
  const srf = new Srf();
  srf.connect({ host: '127.0.0.1', port: server.ports.control, secret });
  await once(srf as unknown as NodeJS.EventEmitter, 'connect');
  return srf;
}

export const offer = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 8',
  '',
].join('\r\n');

/** Runs SIPp; resolves with its exit code: 0 when every call went as its scenario says. */
export function runSipp(
  arguments_: string[],
  address = '127.0.0.1',
): { done: Promise<number>; child: ChildProcess; said: () => string } {
  const child = spawn('sipp', ['-i', address, '-nostdin', '-timeout', '20s', '-timeout_error', ...arguments_], {
    cwd: '/tmp',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      said = (said + data).slice(-4_000);
    });
  const done = once(child, 'exit').then(([code]) => Number(code));
  return { done, child, said: () => said };
}
