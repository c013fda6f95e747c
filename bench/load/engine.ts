import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/* A media engine under load: ours as a child process, or a real FreeSWITCH that the environment names. */

/** Where an engine is reached. */
export interface Reachable {
  sip: { host: string; port: number };
  /** Event socket. */
  esl: { host: string; port: number; secret: string };
}

export interface LoadedEngine extends Reachable {
  name: string;
  /** Resident memory, KiB, and processor time so far, ms, with its children's. 0 where the process is not ours to see. */
  memory(): number;
  used(): number;
  /** Without its children. */
  usedAlone(): number;
  stop(): Promise<void>;
}

function watched(pid: number | undefined): Pick<LoadedEngine, 'memory' | 'used' | 'usedAlone'> {
  if (pid === undefined) return { memory: () => 0, used: () => 0, usedAlone: () => 0 };
  const memoryOf = (one: number): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1]);
  return {
    memory: () => [pid, ...childrenOf(pid)].reduce((sum, one) => sum + memoryOf(one), 0),
    used: () => [pid, ...childrenOf(pid)].reduce((sum, one) => sum + usedBy(one), 0),
    usedAlone: () => usedBy(pid),
  };
}

/** Fields of /proc/PID/stat from the state on (proc(5)). */
const statOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');

/** Processor time of a process so far, ms. */
function usedBy(pid: number): number {
  const fields = statOf(pid);
  // utime and stime, in ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Studios of composed pictures among them. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return Number(statOf(one)[1]) === pid;
      } catch {
        return false;
      }
    });
}

/** Ours. `profile`: a folder that V8's processor profile is written into. */
export async function startOwn(sessions: number, profile?: string): Promise<LoadedEngine> {
  const secret = 'bench';
  // As the launcher starts it; `HEAP_FLAGS` tries others.
  const { HEAP_FLAGS: heap = '--max-semi-space-size=2 --heap-growing-percent=20' } = process.env;
  const flags = [
    ...heap.split(' ').filter((flag) => flag !== ''),
    ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
  ];
  const child = spawn(process.execPath, [...flags, '--import', 'tsx', 'embedded/freeswitch/main.ts'], {
    env: {
      ...process.env,
      MALLOC_ARENA_MAX: '1',
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
