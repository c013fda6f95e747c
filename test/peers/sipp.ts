import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ownAddress } from './address.ts';

const scenarios = join(process.cwd(), 'test', 'e2e', 'sipp');

export interface SippOptions {
  /** Scenario below test/e2e/sipp, without `.xml`. */
  scenario?: string;
  /** Or the scenario itself (see sipp-script.ts). */
  script?: string;
  /** Where it calls: `host:port`; a scenario that waits for calls has none. */
  to?: string;
  host?: string;
  /** Port that it listens on; a free one when absent. */
  port?: number;
  /** Number called. */
  number?: string;
  /** `{{name}}` in the scenario → text. */
  fill?: Record<string, string>;
  calls?: number;
  /** Calls a second. */
  rate?: number;
  /** Calls at once. */
  limit?: number;
  transport?: 'udp' | 'tcp';
  /** Returns the RTP that comes. */
  echoes?: boolean;
  /** Ends, as failed, after so many seconds. */
  timeoutS?: number;
  /** User and password of a challenge. */
  auth?: { user: string; password: string };
}

/** A run of SIPp: a scripted caller or callee. */
export class Sipp {
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  private readonly child: ChildProcess;
  private readonly exit: Promise<number>;
  private output = '';

  private constructor(host: string, port: number, folder: string, child: ChildProcess) {
    this.host = host;
    this.port = port;
    this.folder = folder;
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => {
        this.output = (this.output + data).slice(-4_000);
      });
    this.exit = once(child, 'exit').then(([code]) => Number(code));
  }

  /** Starts it; a callee listens when this resolves. */
  static async start(options: SippOptions): Promise<Sipp> {
    const {
      auth,
      calls = 1,
      fill = {},
      host = ownAddress(),
      limit,
      number,
      rate,
      timeoutS = 30,
      to,
      transport,
    } = options;
    const folder = mkdtempSync(join(tmpdir(), 'sipp-'));
    const text = options.script ?? readFileSync(join(scenarios, `${options.scenario}.xml`), 'utf8');
    const filled = text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => fill[name] ?? whole);
    writeFileSync(join(folder, 'scenario.xml'), filled);
    const port = options.port ?? (await freePort(host));
    const child = spawn(
      'sipp',
      [
        ...['-sf', 'scenario.xml', '-i', host, '-p', String(port), '-mi', host, '-nostdin', '-m', String(calls)],
        ...['-timeout', `${timeoutS}s`, '-timeout_error', '-trace_err', '-trace_msg', '-default_behaviors', 'all,-bye'],
        ...(number === undefined ? [] : ['-s', number]),
        ...(rate === undefined ? [] : ['-r', String(rate)]),
        ...(limit === undefined ? [] : ['-l', String(limit)]),
        ...(transport === 'tcp' ? ['-t', 't1'] : []),
        ...(auth === undefined ? [] : ['-au', auth.user, '-ap', auth.password]),
        ...(options.echoes === true ? ['-rtp_echo'] : []),
        ...(to === undefined ? [] : [to]),
      ],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const sipp = new Sipp(host, port, folder, child);
    if (to === undefined) await sipp.listens(transport === 'tcp');
    return sipp;
  }

  /** Resolves when every call went as the scenario says. @throws with what went wrong. */
  async done(): Promise<void> {
    const code = await this.exit;
    if (code !== 0)
      throw new Error(
        `SIPp ended with ${code}\n${this.traced('errors') || this.output}\n${this.traced('messages').slice(-6_000)}`,
      );
  }

  /** Runs a scenario to its end. */
  static async run(options: SippOptions): Promise<void> {
    const sipp = await Sipp.start(options);
    try {
      await sipp.done();
    } finally {
      await sipp.stop();
    }
  }

  /** All messages sent and received so far. */
  get messages(): string {
    return this.traced('messages');
  }

  /** Ends it, however far it is. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGKILL');
      await this.exit;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private traced(kind: string): string {
    const files = readdirSync(this.folder).filter((name) => name.endsWith(`_${kind}.log`));
    return files.map((name) => readFileSync(join(this.folder, name), 'utf8')).join('\n');
  }

  private async listens(stream: boolean): Promise<void> {
    const address = this.host.split('.').map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase());
    const wanted = `${address.reverse().join('')}:${this.port.toString(16).padStart(4, '0').toUpperCase()} `;
    for (let tries = 0; tries < 200; tries++) {
      if (readFileSync(stream ? '/proc/net/tcp' : '/proc/net/udp', 'latin1').includes(wanted)) return;
      if (this.child.exitCode !== null) throw new Error(`SIPp ended at once: ${this.output}`);
      await pause(25);
    }
    throw new Error('SIPp does not listen');
  }
}

/** A port that nobody has at this address. */
export async function freePort(host: string): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
