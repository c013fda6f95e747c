import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallDialog, IncomingCall } from '../../gateway/call.ts';
import { type House, openHouse } from '../gateway/h323/call/house.ts';
import { type Colour, meanOf, named } from '../peers/pictures.ts';

/*
 * An H.323 room codec with pictures: our own call signalling at the far end, FFmpeg as camera and screen, and RTP that
 * goes out from where it is taken. Sound is A-law silence, 20 ms a packet.
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

export class H323FarEnd {
  readonly house: House;
  readonly host: string;
  dialog: CallDialog | undefined;
  /** Key frames that were asked of it, and that came. */
  keyFramesAsked = 0;
  keyFramesSeen = 0;
  videoPackets = 0;
  videoBytes = 0;
  payloadTypes = new Set<number>();
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
  private version = 1;

  private constructor(house: House, folder: string, sockets: [Socket, Socket, Socket]) {
    this.house = house;
    this.host = house.host;
    this.folder = folder;
    [this.sound, this.picture, this.fromCamera] = sockets;
    this.beat = setInterval(() => this.say(), 20);
  }

  static async open(host: string, folder: string, colour: Colour): Promise<H323FarEnd> {
    const house = await openHouse(host);
    const far = new H323FarEnd(house, folder, [await bound(host), await bound(host), await bound('127.0.0.1')]);
    await far.watch();
    far.film(colour);
    return far;
  }

  /** Its description; `video` false: a call with sound alone. */
  sdp({ bandwidth = 1_024, video = true } = {}): string {
    return [
      'v=0',
      `o=- 1 ${this.version++} IN IP4 ${this.host}`,
      's=-',
      `c=IN IP4 ${this.host}`,
      't=0 0',
      `m=audio ${this.sound.address().port} RTP/AVP 8`,
      'a=ptime:20',
      ...(video
        ? [
            `m=video ${this.picture.address().port} RTP/AVP 97`,
            `b=AS:${bandwidth}`,
            'a=rtpmap:97 H264/90000',
            'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
          ]
        : []),
      '',
    ].join('\r\n');
  }

  /** Calls a number at a gateway. */
  async call(at: { host: string; port: number }, number: string, sdp = this.sdp()): Promise<void> {
    this.house.know('product', `${at.host}:${at.port}`, number);
    const dialog = await this.house.signalling.place(
      { kind: 'endpoint', endpointId: 'product' },
      { offer: sdp, caller: { number: '801', name: 'Phòng họp cũ' }, ringTimeoutMs: 8_000 },
    );
    this.follow(dialog, sdp);
  }

  /** Answers the next call. */
  async answer(sdp = this.sdp()): Promise<void> {
    const call: IncomingCall = await this.house.nextCall();
    this.follow(await call.answer(sdp), sdp);
  }

  /** Offers another description: pictures go, or come. */
  async change(sdp: string): Promise<void> {
    if (this.dialog === undefined) throw new Error('no call');
    this.reach(await this.dialog.offer(sdp));
    this.dialog.onOffer(async (offer) => {
      this.reach(offer);
      return sdp;
    });
  }

  /** Waits until its screen shows a colour. */
  async sees(colour: Colour, ms = 15_000): Promise<void> {
    const screen = join(this.folder, `${this.host}.png`);
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
    throw new Error(`the H.323 terminal sees ${last ?? 'nothing'}, not ${colour} (${this.videoPackets} packets came)`);
  }

  async close(): Promise<void> {
    clearInterval(this.beat);
    for (const child of this.children) child.kill('SIGKILL');
    await this.house.close();
    for (const socket of [this.sound, this.picture, this.fromCamera]) socket.close();
  }

  private follow(dialog: CallDialog, sdp: string): void {
    this.dialog = dialog;
    dialog.on('keyFrameRequest', () => {
      this.keyFramesAsked++;
    });
    dialog.on('ended', () => {
      this.dialog = undefined;
      this.to = undefined;
    });
    this.reach(dialog.remoteSdp);
    dialog.onOffer(async (offer) => {
      this.reach(offer);
      return sdp;
    });
  }

  private reach(sdp: string): void {
    const port = (kind: string): number => Number(new RegExp(`^m=${kind} (\\d+)`, 'm').exec(sdp)?.[1] ?? 0);
    this.to = {
      host: /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '',
      sound: port('audio'),
      picture: /^m=video [\s\S]*^a=sendonly/m.test(sdp) ? 0 : port('video'),
      payloadType: Number(/^m=video \d+ \S+ (\d+)/m.exec(sdp)?.[1] ?? 97),
    };
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
      if (to === undefined || to.picture < 10 || !this.filming || (packet[1]! & 0x7f) >= 72 + 128) return;
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
    const description = join(this.folder, `${this.host}.sdp`);
    writeFileSync(
      description,
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 97\na=rtpmap:97 H264/90000\na=fmtp:97 packetization-mode=1\n`,
    );
    this.run([
      ...['-protocol_whitelist', 'file,udp,rtp', '-fflags', 'nobuffer', '-i', description, '-vf', 'fps=5'],
      ...['-update', '1', '-atomic_writing', '1', '-f', 'image2', join(this.folder, `${this.host}.png`)],
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
