import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ownAddress } from './address.ts';
import { part, readWav, type Sound } from './tones.ts';

/*
 * baresip 1.0, a SIP terminal that plays files and records what it hears, steered over its TCP control interface
 * (netstrings of JSON). It has an address of its own, so it keeps the standard ports.
 */

const modules = '/usr/lib/baresip/modules';
const controlPort = 4444;

export interface BaresipOptions {
  name: string;
  /** WAV file (PCM, 16 bits) that it plays to the far side. */
  plays: string;
  host?: string;
  /** Account to register; without it, it is a terminal that is called at its address. */
  registers?: { user: string; password: string; at: string; expiresS?: number };
  answers?: 'auto' | 'manual';
  /** In order of preference, as baresip names them. */
  audioCodecs?: string;
  /** `avformat,FILE.mp4`, or a synthetic picture. */
  video?: string;
  videoCodecs?: string;
  transport?: 'udp' | 'tcp';
  /** Further account parameters, such as `mediaenc=srtp`. */
  account?: string;
  /** Further modules, such as `srtp.so`. */
  modules?: string[];
}

/** What baresip tells. */
export interface BaresipEvent {
  /** `CALL_ESTABLISHED`, `CALL_CLOSED`, `CALL_DTMF_START`, `REGISTER_OK`, … */
  type: string;
  param: string;
  direction: string;
  peer: string;
  id: string;
}

/** One running baresip. */
export class Baresip {
  readonly name: string;
  readonly host: string;
  readonly folder: string;
  readonly told: BaresipEvent[] = [];
  private readonly child: ChildProcess;
  private readonly control: Socket;
  private readonly waiting = new Set<() => void>();
  private readonly answers = new Map<string, (answer: { ok: boolean; data: string }) => void>();
  private rest = Buffer.alloc(0);
  private commands = 0;

  private constructor(name: string, host: string, folder: string, child: ChildProcess, control: Socket) {
    this.name = name;
    this.host = host;
    this.folder = folder;
    this.child = child;
    this.control = control;
    control.setNoDelay(true);
    control.on('data', (data) => this.take(data));
    control.on('error', () => {});
  }

  static async start(options: BaresipOptions): Promise<Baresip> {
    const { host = ownAddress(), name } = options;
    const folder = mkdtempSync(join(tmpdir(), `baresip-${name}-`));
    mkdirSync(join(folder, 'heard'));
    writeFileSync(join(folder, 'config'), configuration(options, host, folder));
    writeFileSync(join(folder, 'accounts'), `${accountOf(options, host)}\n`);
    writeFileSync(join(folder, 'contacts'), '');
    const log = openSync(join(folder, 'log'), 'w');
    const child = spawn('baresip', ['-f', folder, '-s'], { stdio: ['ignore', log, log] });
    closeSync(log);
    const control = await reach(host, child, folder);
    return new Baresip(name, host, folder, child, control);
  }

  /** What it wrote about itself: SIP messages, warnings. */
  get log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  /** Runs a command (`dial`, `hangup`, `hold`, `resume`, `sndcode`, `mute`, `snapshot_recv`). */
  async run(command: string, params = ''): Promise<string> {
    const token = String(++this.commands);
    const message = JSON.stringify({ command, params, token });
    const answered = new Promise<{ ok: boolean; data: string }>((resolve) => this.answers.set(token, resolve));
    this.control.write(`${Buffer.byteLength(message)}:${message},`);
    const { data, ok } = await answered;
    if (!ok) throw new Error(`baresip ${this.name} refused ${command} ${params}: ${data}`);
    return data;
  }

  /** Waits until its registration is accepted (it may have been before we listened: hence asked for, not awaited). */
  async registered(ms = 10_000): Promise<void> {
    for (const until = performance.now() + ms; performance.now() < until; await pause(50))
      if (/OK/.test(await this.run('reginfo'))) return;
    throw new Error(`baresip ${this.name} is not registered\n${this.log.slice(-2_000)}`);
  }

  dial(number: string): Promise<string> {
    return this.run('dial', number);
  }

  hangUp(): Promise<string> {
    return this.run('hangup');
  }

  /** Keys digits as RFC 4733 events, one at a time. */
  async key(digits: string, eachMs = 250): Promise<void> {
    for (const digit of digits) {
      await this.run('sndcode', digit);
      await pause(eachMs);
    }
  }

  /** The first event of a kind that fits, among those told since `forget` or yet to come. */
  async event(type: string, fits: (event: BaresipEvent) => boolean = () => true, ms = 15_000): Promise<BaresipEvent> {
    const until = performance.now() + ms;
    for (;;) {
      const found = this.told.find((event) => event.type === type && fits(event));
      if (found !== undefined) return found;
      const left = until - performance.now();
      if (left <= 0) {
        const told = this.told.map((event) => `${event.type} ${event.param}`).join(', ');
        throw new Error(
          `baresip ${this.name} told no ${type} within ${ms} ms; it told: ${told}\n${this.log.slice(-2000)}`,
        );
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.waiting.add(wake);
      });
    }
  }

  /** Digits that it received so far. */
  get digits(): string {
    return this.told
      .filter(({ type }) => type === 'CALL_DTMF_START')
      .map(({ param }) => param)
      .join('');
  }

  /** Waits until a number of digits was received. */
  async receivedDigits(count: number, ms = 15_000): Promise<string> {
    await this.event('CALL_DTMF_START', () => this.digits.length >= count, ms);
    return this.digits;
  }

  forget(): void {
    this.told.length = 0;
  }

  /** What it heard in its last call, up to now; it goes on growing while the call lasts. */
  heard(): Sound {
    // A hold ends the file and a resume begins another: the one written last is what is heard now.
    const files = readdirSync(join(this.folder, 'heard'))
      .filter((name) => name.endsWith('-dec.wav'))
      .map((name) => join(this.folder, 'heard', name))
      .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
    const last = files.at(-1);
    return last === undefined ? { rate: 8_000, samples: new Int16Array(0) } : readWav(last);
  }

  /** Listens for so many seconds from now. */
  async listen(seconds: number): Promise<Sound> {
    const from = this.heard().samples.length;
    for (let tries = 0; tries < (seconds + 10) * 20; tries++) {
      const sound = this.heard();
      if (sound.samples.length >= from + seconds * sound.rate)
        return part(sound, from / sound.rate, from / sound.rate + seconds);
      await pause(50);
    }
    throw new Error(`baresip ${this.name} hears nothing`);
  }

  async stop(): Promise<void> {
    this.control.destroy();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const hard = setTimeout(() => this.child.kill('SIGKILL'), 3_000);
      await gone;
      clearTimeout(hard);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends without a word, as a pulled plug does. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private take(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    for (;;) {
      const colon = this.rest.indexOf(':');
      const length = Number(this.rest.toString('latin1', 0, Math.max(0, colon)));
      if (colon < 0 || this.rest.length < colon + length + 2) return;
      const text = this.rest.toString('utf8', colon + 1, colon + 1 + length);
      this.rest = this.rest.subarray(colon + length + 2);
      this.hear(JSON.parse(text) as Record<string, unknown>);
    }
  }

  private hear(message: Record<string, unknown>): void {
    const text = (name: string): string => (typeof message[name] === 'string' ? (message[name] as string) : '');
    if (message.response === true) {
      this.answers.get(text('token'))?.({ ok: message.ok === true, data: text('data') });
      this.answers.delete(text('token'));
      return;
    }
    this.told.push({
      type: text('type'),
      param: text('param'),
      direction: text('direction'),
      peer: text('peeruri'),
      id: text('id'),
    });
    for (const wake of this.waiting) wake();
  }
}

async function reach(host: string, child: ChildProcess, folder: string): Promise<Socket> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null)
      throw new Error(`baresip ended at once: ${readFileSync(join(folder, 'log'), 'utf8').slice(-2_000)}`);
    const socket = connect({ host, port: controlPort });
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      socket.destroy();
      await pause(50);
    }
  }
  child.kill('SIGKILL');
  throw new Error('baresip does not open its control port');
}

function accountOf(options: BaresipOptions, host: string): string {
  const {
    answers = 'auto',
    audioCodecs = 'PCMA/8000/1,PCMU/8000/1',
    name,
    registers,
    transport,
    videoCodecs,
  } = options;
  const common = [
    `answermode=${answers}`,
    `audio_codecs=${audioCodecs}`,
    `video_codecs=${videoCodecs ?? 'h264'}`,
    'ptime=20',
    ...(options.account === undefined ? [] : [options.account]),
  ];
  const by = transport === 'tcp' ? ';transport=tcp' : '';
  if (registers === undefined) return `<sip:${name}@${host}${by}>;regint=0;${common.join(';')}`;
  const { at, expiresS = 60, password, user } = registers;
  return [
    `<sip:${user}@${at}${by}>`,
    `auth_user=${user}`,
    `auth_pass=${password}`,
    `outbound="sip:${at}${by}"`,
    `regint=${expiresS}`,
    ...common,
  ].join(';');
}

function configuration(options: BaresipOptions, host: string, folder: string): string {
  const { name, plays, video } = options;
  return `${[
    'poll_method epoll',
    `sip_listen ${host}:5060`,
    'call_local_timeout 120',
    'call_max_calls 4',
    'call_hold_other_calls no',
    'audio_path /usr/share/baresip',
    // The sound of a file goes out; what is heard goes nowhere but into the recording.
    `audio_player aubridge,${name}-sink`,
    `audio_source aufile,${plays}`,
    `audio_alert aubridge,${name}-sink`,
    `snd_path ${join(folder, 'heard')}`,
    'ausrc_srate 8000',
    'auplay_srate 8000',
    'ausrc_channels 1',
    'auplay_channels 1',
    'audio_txmode thread',
    'audio_level no',
    'ausrc_format s16',
    'auplay_format s16',
    'auenc_format s16',
    'audec_format s16',
    'audio_buffer 20-160',
    `video_source ${video ?? 'fakevideo,nil'}`,
    'video_display fakevideo,nil',
    'video_size 352x288',
    'video_bitrate 500000',
    'video_fps 15',
    'video_fullscreen no',
    'videnc_format yuv420p',
    'rtp_ports 30000-30999',
    'rtp_bandwidth 512-1024',
    'rtcp_mux no',
    'jitter_buffer_delay 5-10',
    'rtp_stats yes',
    'rtp_timeout 60',
    `net_interface ${host}`,
    `module_path ${modules}`,
    ...['g711', 'g722', 'opus', 'aufile', 'aubridge', 'sndfile'].map((one) => `module ${one}.so`),
    ...(video === undefined ? [] : ['avcodec', 'avformat', 'snapshot'].map((one) => `module ${one}.so`)),
    'module fakevideo.so',
    ...(options.modules ?? []).map((one) => `module ${one}`),
    'module_tmp account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen ${host}:${controlPort}`,
    'avcodec_h264enc libx264',
    'avcodec_h264dec h264',
    'opus_bitrate 28000',
  ].join('\n')}\n`;
}
