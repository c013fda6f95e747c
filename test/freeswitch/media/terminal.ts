import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodingTable, encode } from '../../../embedded/freeswitch/sound/g711.ts';
import type { Sound } from '../../peers/tones.ts';

const frame = 160;
const telephoneEvent = 101;
const keys = '0123456789*#ABCD';

/** The RTP half of a terminal, G.711 A-law: it sends a tone, keys digits, and keeps what it hears. */
export class Terminal {
  readonly port: number;
  /** Digits heard as RFC 4733 events, each once. */
  digits = '';
  packets = 0;
  private heard: number[] = [];
  private readonly socket: Socket;
  private far: { address: string; port: number } = { address: '127.0.0.1', port: 0 };
  private sequence = 65_500;
  private timestamp = 4_294_960_000;
  private lastEvent = -1;
  private hz: number | undefined;
  private phase = 0;
  private beat: NodeJS.Timeout | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.port = socket.address().port;
    socket.on('message', (data) => this.hear(data));
  }

  static async open(): Promise<Terminal> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Terminal(socket);
  }

  /** Its description: an offer, or an answer. */
  sdp(direction = 'sendrecv', version = 1): string {
    return [
      'v=0',
      `o=- ${this.port} ${version} IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.port} RTP/AVP 8 ${telephoneEvent}`,
      'a=rtpmap:8 PCMA/8000',
      `a=rtpmap:${telephoneEvent} telephone-event/8000`,
      `a=fmtp:${telephoneEvent} 0-15`,
      'a=ptime:20',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Where to send: the engine's description. */
  meets(sdp: string): void {
    this.far = {
      address: /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '127.0.0.1',
      port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0),
    };
  }

  /** Sends a tone from now on, or silence, as a real terminal's clock does: every 20 ms. */
  talk(hz: number | undefined): void {
    this.hz = hz;
    if (this.beat !== undefined) return;
    let next = performance.now();
    const step = (): void => {
      for (; next <= performance.now(); next += 20) this.sendFrame();
      this.beat = setTimeout(step, 5);
    };
    step();
  }

  /** Sends nothing more. */
  fallSilent(): void {
    clearTimeout(this.beat);
    this.beat = undefined;
  }

  /** Keys digits (RFC 4733, clause 2.5): 100 ms each, 100 ms apart, the end told three times. */
  async key(digits: string): Promise<void> {
    for (const digit of digits) {
      const at = this.timestamp;
      for (let step = 1; step <= 7; step++) {
        const payload = Buffer.alloc(4);
        payload[0] = keys.indexOf(digit);
        payload[1] = (step > 4 ? 0x80 : 0) | 10;
        payload.writeUInt16BE(Math.min(step, 5) * frame, 2);
        this.send(telephoneEvent, payload, at, step === 1);
        if (step < 5) await pause(20);
      }
      this.timestamp = (at + 6 * frame) >>> 0;
      await pause(100);
    }
  }

  /** Forgets what was heard, then listens for so many ms of sound. */
  async listen(ms: number): Promise<Sound> {
    this.heard = [];
    while (this.heard.length < ms * 8) await once(this.socket, 'message');
    return { rate: 8_000, samples: Int16Array.from(this.heard) };
  }

  /** All that was heard since `forget`. */
  get sound(): Sound {
    return { rate: 8_000, samples: Int16Array.from(this.heard) };
  }

  forget(): void {
    this.heard = [];
  }

  close(): void {
    this.fallSilent();
    this.socket.close();
  }

  private sendFrame(): void {
    const samples = new Int16Array(frame);
    if (this.hz !== undefined)
      for (let place = 0; place < frame; place++)
        samples[place] = 9_800 * Math.sin((2 * Math.PI * this.hz * this.phase++) / 8_000);
    const payload = Buffer.alloc(frame);
    encode('PCMA', samples, payload);
    this.send(8, payload, this.timestamp, false);
    this.timestamp = (this.timestamp + frame) >>> 0;
  }

  private send(payloadType: number, payload: Buffer, timestamp: number, marker: boolean): void {
    if (this.far.port === 0) return;
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = payloadType | (marker ? 0x80 : 0);
    header.writeUInt16BE(this.sequence, 2);
    header.writeUInt32BE(timestamp, 4);
    header.writeUInt32BE(this.port, 8);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.socket.send(Buffer.concat([header, payload]), this.far.port, this.far.address);
  }

  private hear(data: Buffer): void {
    if (data.length < 12 || (data[0] ?? 0) >> 6 !== 2) return;
    this.packets++;
    const payloadType = (data[1] ?? 0) & 0x7f;
    const body = data.subarray(12 + 4 * ((data[0] ?? 0) & 0x0f));
    if (payloadType === 8) for (const code of body) this.heard.push(decodingTable('PCMA')[code] ?? 0);
    if (payloadType === telephoneEvent && data.readUInt32BE(4) !== this.lastEvent) {
      this.lastEvent = data.readUInt32BE(4);
      this.digits += keys[body[0] ?? 0] ?? '';
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
