import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/* A media engine under load: ours as a child process, or a real FreeSWITCH that the environment names. */

export interface LoadedEngine {
  name: string;
  sip: { host: string; port: number };
  /** Event socket. */
  esl: { host: string; port: number; secret: string };
  /** Resident memory, KiB; processor time so far, ms. 0 where the process is not ours to see. */
  memory(): number;
  used(): number;
  stop(): Promise<void>;
}

function watched(pid: number | undefined): Pick<LoadedEngine, 'memory' | 'used'> {
  if (pid === undefined) return { memory: () => 0, used: () => 0 };
  return {
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
    used: () => {
      // utime and stime, in ticks of 10 ms (proc(5), stat, fields 14 and 15).
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
  };
}

/** Ours. `profile`: a folder that V8's processor profile is written into. */
export async function startOwn(sessions: number, profile?: string): Promise<LoadedEngine> {
  const secret = 'bench';
  // As the launcher starts it.
  const flags = [
    '--max-semi-space-size=2',
    ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
  ];
  const child = spawn(process.execPath, [...flags, '--import', 'tsx', 'embedded/freeswitch/main.ts'], {
    env: {
      ...process.env,
      MEDIA_SIP_PORT: '0',
      ESL_PORT: '0',
      ESL_SECRET: secret,
      RTP_HOST: '127.0.0.1',
      EXIT_WITH_PARENT: '1',
      LOG_LEVEL: 'warn',
      MAX_SESSIONS: String(sessions + 10),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [ready] = await once(createInterface({ input: child.stdout }), 'line');
  const { ports } = JSON.parse(String(ready)) as { ports: { sip: number; esl: number } };
  return {
    name: 'embedded/freeswitch',
    sip: { host: '127.0.0.1', port: ports.sip },
    esl: { host: '127.0.0.1', port: ports.esl, secret },
    ...watched(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/**
 * The real one, when `FREESWITCH_HOST`, `FREESWITCH_SIP_PORT` (its profile `drachtio_mrf`), `FREESWITCH_PORT`,
 * `FREESWITCH_SECRET` and, for its processor time and memory, `FREESWITCH_PID` tell of it.
 */
export function configuredPeer(): LoadedEngine | undefined {
  const {
    FREESWITCH_HOST: host,
    FREESWITCH_SIP_PORT,
    FREESWITCH_PORT,
    FREESWITCH_SECRET,
    FREESWITCH_PID,
  } = process.env;
  if (host === undefined || FREESWITCH_SIP_PORT === undefined) return undefined;
  return {
    name: 'FreeSWITCH',
    sip: { host, port: Number(FREESWITCH_SIP_PORT) },
    esl: { host, port: Number(FREESWITCH_PORT ?? 8021), secret: FREESWITCH_SECRET ?? 'ClueCon' },
    ...watched(FREESWITCH_PID === undefined ? undefined : Number(FREESWITCH_PID)),
    stop: async () => {},
  };
}
