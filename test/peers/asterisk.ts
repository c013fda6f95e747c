import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ownAddress } from './address.ts';
import { AsteriskCall } from './asterisk-call.ts';
import { type AsteriskSettings, configurationOf } from './asterisk-configuration.ts';
import { AsteriskManager, type ManagerMessage } from './asterisk-manager.ts';
import { asteriskProgram } from './asterisk-package.ts';

/** What a test chooses; the rest has defaults: fast start and tunnelling on, G.711, digits as H.245 alphanumeric. */
export type AsteriskOptions = Partial<Omit<AsteriskSettings, 'managerPort' | 'managerSecret'>>;

/** How a call out is made. */
export interface AsteriskCallOptions {
  /** A name in `peers`; without it the gatekeeper finds the way. */
  peer?: string;
  /** Plays this tone in Hz and records what it hears; or `echo`, `listen` (records), `wait`. `wait` by default. */
  does?: number | 'echo' | 'listen' | 'wait';
  /** How long it may ring, in ms. */
  timeoutMs?: number;
  callerNumber?: string;
  callerName?: string;
}

/**
 * An H.323 terminal that this project did not write: an Asterisk with chan_ooh323 on a loopback address of its own.
 *
 * Numbers that it answers: 600 echo; 601 rings 2 s, then echo; 603 busy; 604 rings for ever; 605 congestion; 606 refuses
 * (cause 21); 607 early tone for 3 s, then echo; 620 takes digits; 801 and 802 play 440 and 697 Hz, and 8 with four
 * digits a tone of that many Hz; 810 records. Its own E.164 number, its name and a call without a number play `tone`.
 * Anything else is a wrong number. Calls are taken from `peers` and through the gatekeeper only.
 */
export class Asterisk {
  readonly settings: AsteriskSettings;
  /** Configuration, recordings and logs (`full`, `h323.log`); removed by `stop` unless KEEP_PEERS is set. */
  readonly folder: string;
  private readonly process: ChildProcess;
  private readonly manager: AsteriskManager;
  private readonly calls = new Map<string, AsteriskCall>();
  private readonly arrived: AsteriskCall[] = [];
  private readonly awaiting: ((call: AsteriskCall) => void)[] = [];

  private constructor(settings: AsteriskSettings, folder: string, process: ChildProcess, manager: AsteriskManager) {
    this.settings = settings;
    this.folder = folder;
    this.process = process;
    this.manager = manager;
    manager.on('event', (event) => this.take(event));
  }

  get address(): string {
    return this.settings.address;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Starts one, and resolves when it takes calls. */
  static async start(options: AsteriskOptions = {}): Promise<Asterisk> {
    const program = asteriskProgram();
    const settings: AsteriskSettings = {
      address: ownAddress(),
      port: 1720,
      peers: {},
      fastStart: true,
      tunnelling: true,
      dtmfMode: 'h245alphanumeric',
      codecs: ['alaw', 'ulaw'],
      gatekeeper: undefined,
      e164: undefined,
      h323Id: 'codec',
      tone: 697,
      trace: 2,
      ...options,
      managerPort: 5038,
      managerSecret: randomUUID(),
    };
    const folder = mkdtempSync(join(tmpdir(), 'diemcau-asterisk-'));
    mkdirSync(join(folder, 'etc'));
    for (const [name, text] of Object.entries(configurationOf(settings, program, folder))) {
      writeFileSync(join(folder, 'etc', name), text);
    }
    const child = spawn(program.program, ['-f', '-q', '-C', join(folder, 'etc/asterisk.conf')], {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, LD_LIBRARY_PATH: program.libraryPath },
    });
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    child.once('exit', () => process.off('exit', endWithUs));
    try {
      await until(
        child,
        () => listens(settings.address, settings.port) && listens(settings.address, settings.managerPort),
      );
      const manager = await AsteriskManager.open(
        settings.address,
        settings.managerPort,
        'test',
        settings.managerSecret,
      );
      await manager.action({ Action: 'Command', Command: 'core waitfullybooted' });
      return new Asterisk(settings, folder, child, manager);
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`Asterisk did not start: ${(error as Error).message}\n${tail(join(folder, 'full'))}`);
    }
  }

  /** Runs a command of its console; resolves to what it prints. */
  async cli(command: string): Promise<string> {
    const answer = await this.manager.action({ Action: 'Command', Command: command });
    return answer.Output ?? '';
  }

  /** Calls a number. The call is returned at once; await its `answered()` or `ended()`. */
  call(number: string, options: AsteriskCallOptions = {}): AsteriskCall {
    const { peer, does = 'wait', timeoutMs = 60_000, callerNumber = '', callerName = '' } = options;
    const uniqueId = randomUUID();
    const call = new AsteriskCall(this.manager, this.folder, { uniqueId, direction: 'out', number });
    this.calls.set(uniqueId, call);
    const action: [string, string][] = [
      ['Action', 'Originate'],
      ['Async', 'true'],
      ['Channel', `OOH323/${number}${peer === undefined ? '' : `@${peer}`}`],
      ['ChannelId', uniqueId],
      ['Context', 'calls'],
      ['Exten', typeof does === 'number' ? 'tone' : does],
      ['Priority', '1'],
      ['Timeout', String(timeoutMs)],
      ['CallerID', `"${callerName}" <${callerNumber}>`],
    ];
    if (typeof does === 'number') action.push(['Variable', `TONE=${does}`]);
    this.manager.action(action).then((answer) => {
      if (answer.Response !== 'Success') this.drop(call, 0);
    });
    return call;
  }

  /** The next call that came in and was not handed out yet. @throws when none comes within `ms`. */
  incoming(ms = 10_000): Promise<AsteriskCall> {
    const call = this.arrived.shift();
    if (call !== undefined) return Promise.resolve(call);
    return new Promise((resolve, reject) => {
      const take = (arrived: AsteriskCall) => {
        clearTimeout(timer);
        resolve(arrived);
      };
      const timer = setTimeout(() => {
        this.awaiting.splice(this.awaiting.indexOf(take), 1);
        reject(new Error(`no call came to ${this.address} within ${ms} ms`));
      }, ms);
      this.awaiting.push(take);
    });
  }

  /** Forgets calls that came in and were not handed out: what is awaited next must be new. */
  forget(): void {
    this.arrived.length = 0;
  }

  /** Calls that are not over. */
  get running(): number {
    return this.calls.size;
  }

  /** Resolves when its gatekeeper has registered it. @throws when that takes longer than `ms`. */
  async registered(ms = 15_000): Promise<void> {
    const deadline = Date.now() + ms;
    for (;;) {
      const state = await this.cli('ooh323 show gk');
      if (/GK state:\s*registered/i.test(state)) return;
      if (Date.now() > deadline) throw new Error(`not registered: ${state}`);
      await delay(100);
    }
  }

  /** Falls silent without a word, as at a power cut. */
  kill(): void {
    this.manager.close();
    this.process.kill('SIGKILL');
  }

  /** Ends it; running calls are cut. Safe to call twice. */
  async stop(): Promise<void> {
    this.manager.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exit = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      const timer = setTimeout(() => this.process.kill('SIGKILL'), 3000);
      await exit;
      clearTimeout(timer);
    }
    if (process.env.KEEP_PEERS === undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private take(event: ManagerMessage): void {
    const uniqueId = event.Uniqueid ?? '';
    if (event.Event === 'OriginateResponse' && event.Response === 'Failure') {
      const call = this.calls.get(uniqueId);
      // A channel that never came to be has no Hangup event.
      if (call !== undefined && call.channel === '') this.drop(call, 0);
      return;
    }
    if (event.Channel?.startsWith('OOH323/') !== true) return;
    let call = this.calls.get(uniqueId);
    if (call === undefined && event.Event === 'Newchannel') {
      call = new AsteriskCall(this.manager, this.folder, { uniqueId, direction: 'in', number: event.Exten ?? '' });
      this.calls.set(uniqueId, call);
      const waiting = this.awaiting.shift();
      if (waiting === undefined) this.arrived.push(call);
      else waiting(call);
    }
    call?.take(event);
    if (event.Event === 'Hangup') this.calls.delete(uniqueId);
  }

  private drop(call: AsteriskCall, cause: number): void {
    this.calls.delete(call.uniqueId);
    call.fail(cause);
  }
}

/** Whether a TCP socket listens there, read from the kernel's table: a trial connection would count as a call. */
function listens(address: string, port: number): boolean {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const place = `${address
    .split('.')
    .reverse()
    .map((part) => hex(Number(part), 2))
    .join('')}:${hex(port, 4)}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .some((line) => {
      const [, local, , state] = line.trim().split(/\s+/);
      return local === place && state === '0A';
    });
}

async function until(child: ChildProcess, reached: () => boolean, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!reached()) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`it does not listen after ${ms} ms`);
    await delay(50);
  }
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n');
  } catch {
    return '';
  }
}
