import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { readSound, type Sound } from './tones.ts';

/** One RTP packet seen on the wire. */
export interface SeenRtp {
  source: string;
  sourcePort: number;
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  payload: Buffer;
  /** When it was on the wire, ms. */
  atMs: number;
}

/** Listens on the wire to what is sent to an address, for peers that keep no record of what they hear (dumpcap). */
export class RtpCapture {
  readonly seen: SeenRtp[] = [];
  private readonly child: ChildProcess;
  private readonly folder: string;
  private rest = Buffer.alloc(0);
  private begun = false;

  private constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    child.stdout?.on('data', (data: Buffer) => this.take(data));
  }

  /** Starts; resolves when it listens. `which` is a filter of libpcap's; files are made in `folder`. */
  static async start(which: string, folder: string): Promise<RtpCapture> {
    const child = spawn('dumpcap', ['-q', '-i', 'lo', '-f', `udp and ${which}`, '-P', '-w', '-'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const capture = new RtpCapture(child, folder);
    let said = '';
    child.stderr?.on('data', (data) => {
      said += data;
    });
    for (let tries = 0; !/File: /.test(said); tries++) {
      if (child.exitCode !== null || tries > 200) throw new Error(`dumpcap: ${said}`);
      await pause(25);
    }
    return capture;
  }

  /** A-law sound of the next so many seconds. */
  async listen(seconds: number): Promise<Sound> {
    const from = this.seen.length;
    const packets = seconds * 50;
    const sound = (): SeenRtp[] => this.seen.slice(from).filter(({ payloadType }) => payloadType === 8);
    for (let tries = 0; sound().length < packets; tries++) {
      if (tries > (seconds + 10) * 20) throw new Error(`only ${sound().length} packets of sound came`);
      await pause(50);
    }
    const file = `${this.folder}/heard.al`;
    writeFileSync(
      file,
      Buffer.concat(
        sound()
          .slice(0, packets)
          .map(({ payload }) => payload),
      ),
    );
    return readSound(file, '-t', 'al', '-r', '8000', '-c', '1');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }

  private take(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    if (!this.begun) {
      if (this.rest.length < 24) return;
      this.rest = this.rest.subarray(24);
      this.begun = true;
    }
    while (this.rest.length >= 16) {
      const length = this.rest.readUInt32LE(8);
      if (this.rest.length < 16 + length) return;
      const atMs = this.rest.readUInt32LE(0) * 1_000 + this.rest.readUInt32LE(4) / 1_000;
      this.frame(this.rest.subarray(16, 16 + length), atMs);
      this.rest = this.rest.subarray(16 + length);
    }
  }

  private frame(frame: Buffer, atMs: number): void {
    const ip = frame.subarray(14);
    if (ip.length < 40 || ip[0] !== 0x45 || ip[9] !== 17) return;
    const rtp = ip.subarray(28);
    const second = rtp[1] ?? 0;
    // Version 2; RTCP's packet types (192–223) share the port range, SIP is text.
    if (rtp.length < 12 || (rtp[0] ?? 0) >> 6 !== 2 || (second >= 192 && second <= 223)) return;
    this.seen.push({
      source: [...ip.subarray(12, 16)].join('.'),
      sourcePort: ip.readUInt16BE(20),
      payloadType: second & 0x7f,
      marker: second >= 0x80,
      sequence: rtp.readUInt16BE(2),
      timestamp: rtp.readUInt32BE(4),
      payload: Buffer.from(rtp.subarray(12)),
      atMs,
    });
  }
}
