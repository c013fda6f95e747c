import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Colour, meanOf, named } from '../peers/pictures.ts';

/*
 * The media half of a terminal with pictures: FFmpeg as camera and screen, and RTP that goes out from where it is taken.
 * Sound is A-law silence, 20 ms a packet.
 */

async function bound(host: string): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  return socket;
}

const nalTypeOf = (payload: Buffer): number => {
  const type = payload[0]! & 0x1f;
  // A fragment tells its unit's type behind its own; an aggregate has the first unit behind its length.
  if (type === 28) return (payload[1]! & 0x80) === 0 ? 0 : payload[1]! & 0x1f;
  return type === 24 ? payload[3]! & 0x1f : type;
};

export class PictureLine {
  readonly host: string;
  /** Key frames that came. */
  keyFramesSeen = 0;
  videoPackets = 0;
  videoBytes = 0;
  soundPackets = 0;
  readonly payloadTypes = new Set<number>();
  /** Whether it shows its camera. */
  filming = true;
  private readonly folder: string;
  private readonly sound: Socket;
  private readonly picture: Socket;
  private readonly fromCamera: Socket;
  private readonly children: ChildProcess[] = [];
  private readonly beat: NodeJS.Timeout;
  private to: { host: string; sound: number; picture: number; payloadType: number } | undefined;
  private sequence = 0;

  private constructor(host: string, folder: string, sockets: [Socket, Socket, Socket]) {
    this.host = host;
    this.folder = folder;
    [this.sound, this.picture, this.fromCamera] = sockets;
    this.sound.on('message', () => this.soundPackets++);
    this.beat = setInterval(() => this.say(), 20);
  }

  static async open(host: string, folder: string, colour: Colour): Promise<PictureLine> {
    const line = new PictureLine(host, folder, [await bound(host), await bound(host), await bound('127.0.0.1')]);
    await line.watch();
    line.film(colour);
    return line;
  }

  get soundPort(): number {
    return this.sound.address().port;
  }

  get picturePort(): number {
    return this.picture.address().port;
  }

  /** Takes the far side's description: where media goes. */
  reach(sdp: string | undefined): void {
    if (sdp === undefined) {
      this.to = undefined;
      return;
    }
    const port = (kind: string): number => Number(new RegExp(`^m=${kind} (\\d+)`, 'm').exec(sdp)?.[1] ?? 0);
    this.to = {
      host: /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '',
      sound: port('audio'),
      picture: /^m=video [\s\S]*^a=sendonly/m.test(sdp) ? 0 : port('video'),
      payloadType: Number(/^m=video \d+ \S+ (\d+)/m.exec(sdp)?.[1] ?? 97),
    };
  }

  /** Waits until its screen shows a colour. */
  async sees(colour: Colour, ms = 15_000): Promise<void> {
    const screen = join(this.folder, `${this.picturePort}.png`);
    let last: Colour | undefined;
    for (const until = performance.now() + ms; performance.now() < until; await pause(50)) {
      if (!existsSync(screen)) continue;
      try {
        last = named(meanOf(screen));
      } catch {
        // It is being written.
      }
      if (last === colour) return;
    }
    throw new Error(`the terminal sees ${last ?? 'nothing'}, not ${colour} (${this.videoPackets} packets came)`);
  }

  /** Waits until more pictures came than `from`; `false` when none do. */
  async moves(from: number, ms = 10_000): Promise<boolean> {
    for (const until = performance.now() + ms; performance.now() < until; await pause(50)) {
      if (this.videoPackets >= from + 20) return true;
    }
    return false;
  }

  /** Waits until a key frame more than `from` came. */
  async refreshed(from: number, ms = 4_000): Promise<boolean> {
    for (const until = performance.now() + ms; performance.now() < until; await pause(20)) {
      if (this.keyFramesSeen > from) return true;
    }
    return false;
  }

  close(): void {
    clearInterval(this.beat);
    for (const child of this.children) child.kill('SIGKILL');
    for (const socket of [this.sound, this.picture, this.fromCamera]) socket.close();
  }

  private say(): void {
    const { to } = this;
    if (to === undefined || to.sound < 10) return;
    const packet = Buffer.alloc(172, 0xd5);
    packet.writeUInt16BE(0x8008, 0);
    packet.writeUInt16BE(++this.sequence & 0xffff, 2);
    packet.writeUInt32BE((this.sequence * 160) >>> 0, 4);
    packet.writeUInt32BE(0x4833_3233, 8);
    this.sound.send(packet, to.sound, to.host);
  }

  /** Its camera: FFmpeg's RTP, sent on from where pictures are taken. */
  private film(colour: Colour): void {
    this.fromCamera.on('message', (packet) => {
      const { to } = this;
      if (to === undefined || to.picture < 10 || !this.filming) return;
      packet[1] = (packet[1]! & 0x80) | to.payloadType;
      this.picture.send(packet, to.picture, to.host);
    });
    this.run([
      ...['-re', '-f', 'lavfi', '-i', `color=c=${colour}:s=640x360:r=15`, '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-tune', 'zerolatency', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '15', '-b:v', '300k'],
      ...['-payload_type', '97', '-f', 'rtp', `rtp://127.0.0.1:${this.fromCamera.address().port}?pkt_size=1200`],
    ]);
  }

  /** Its screen: what comes is handed to FFmpeg, which keeps the newest picture in a file. */
  private async watch(): Promise<void> {
    const free = await bound('127.0.0.1');
    const { port } = free.address();
    await new Promise<void>((resolve) => free.close(() => resolve()));
    const description = join(this.folder, `${this.picturePort}.sdp`);
    writeFileSync(
      description,
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 97\na=rtpmap:97 H264/90000\na=fmtp:97 packetization-mode=1\n`,
    );
    this.run([
      ...['-protocol_whitelist', 'file,udp,rtp', '-fflags', 'nobuffer', '-i', description, '-vf', 'fps=5'],
      ...['-update', '1', '-atomic_writing', '1', '-f', 'image2', join(this.folder, `${this.picturePort}.png`)],
    ]);
    this.picture.on('message', (packet) => {
      if (packet.length < 14) return;
      this.videoPackets++;
      this.videoBytes += packet.length;
      this.payloadTypes.add(packet[1]! & 0x7f);
      if (nalTypeOf(packet.subarray(12)) === 5) this.keyFramesSeen++;
      packet[1] = (packet[1]! & 0x80) | 97;
      this.picture.send(packet, port, '127.0.0.1');
    });
  }

  private run(options: string[]): void {
    this.children.push(spawn('ffmpeg', ['-v', 'error', '-y', ...options], { stdio: 'ignore' }));
  }
}
