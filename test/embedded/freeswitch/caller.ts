import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { decodingTable, encode } from '../../../embedded/freeswitch/sound/g711.ts';

let calls = 0;

/** A bare SIP caller over UDP with one RTP stream: what arrives is kept, what is sent is a tone or silence. */
export class Caller extends EventEmitter<{ message: [string]; rtp: [Buffer] }> {
  readonly callId = `call-${process.pid}-${++calls}@127.0.0.1`;
  readonly heard: number[] = [];
  readonly received: { sequence: number; timestamp: number; payloadType: number; at: number }[] = [];
  remotePort = 0;
  answer = '';
  private readonly sip: Socket;
  readonly rtp: Socket;
  private readonly port: number;
  private sequence = 1;
  private rtpSequence = 65_500;
  private timestamp = 4_294_960_000;
  private toTag = '';
  private timer: NodeJS.Timeout | undefined;

  private constructor(sip: Socket, rtp: Socket, port: number) {
    super();
    this.setMaxListeners(100);
    this.sip = sip;
    this.rtp = rtp;
    this.port = port;
    sip.on('message', (data) => this.take(data.toString()));
    rtp.on('message', (data) => {
      if (data.length < 12) return;
      this.received.push({
        sequence: data.readUInt16BE(2),
        timestamp: data.readUInt32BE(4),
        payloadType: data[1]! & 0x7f,
        at: performance.now(),
      });
      if ((data[1]! & 0x7f) === 8) for (const code of data.subarray(12)) this.heard.push(decodingTable('PCMA')[code]!);
      this.emit('rtp', data);
    });
  }

  static async open(port: number): Promise<Caller> {
    const [sip, rtp] = [createSocket('udp4'), createSocket('udp4')];
    sip.bind(0, '127.0.0.1');
    rtp.bind(0, '127.0.0.1');
    await Promise.all([once(sip, 'listening'), once(rtp, 'listening')]);
    return new Caller(sip, rtp, port);
  }

  sdp(lines: string[] = []): string {
    const media =
      lines.length > 0
        ? lines
        : [
            `m=audio ${this.rtp.address().port} RTP/AVP 8 101`,
            'a=rtpmap:8 PCMA/8000',
            'a=rtpmap:101 telephone-event/8000',
          ];
    return ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ...media, ''].join('\r\n');
  }

  request(method: string, body = '', headers: string[] = [], sequence = this.sequence): Buffer {
    const address = `127.0.0.1:${this.sip.address().port}`;
    const to = this.toTag === '' ? '' : `;tag=${this.toTag}`;
    return Buffer.from(
      [
        `${method} sip:drachtio@127.0.0.1:${this.port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${address};rport;branch=z9hG4bK${this.callId}-${sequence}${method}`,
        'Max-Forwards: 70',
        `From: <sip:${address}>;tag=from`,
        `To: <sip:drachtio@127.0.0.1:${this.port}>${to}`,
        `Call-ID: ${this.callId}`,
        `CSeq: ${sequence} ${method}`,
        `Contact: <sip:${address}>`,
        ...headers,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  raw(data: Buffer): void {
    this.sip.send(data, this.port, '127.0.0.1');
  }

  /** Sends a request; answers with the final response's status and text. */
  async ask(method: string, body = '', headers: string[] = []): Promise<{ status: number; text: string }> {
    const sequence = ++this.sequence;
    const wanted = new RegExp(`^CSeq: ${sequence} ${method}`, 'm');
    this.raw(this.request(method, body, headers, sequence));
    for (;;) {
      const [text] = (await once(this, 'message')) as [string];
      const status = Number(/^SIP\/2\.0 (\d+)/.exec(text)?.[1] ?? 0);
      if (status >= 200 && wanted.test(text)) return { status, text };
    }
  }

  async invite(body = this.sdp(), headers: string[] = [], ackBody = ''): Promise<{ status: number; text: string }> {
    const answer = await this.ask('INVITE', body, headers);
    this.toTag = /^To:.*;tag=([^;\r\n]+)/m.exec(answer.text)?.[1] ?? '';
    this.raw(this.request('ACK', ackBody, [], this.sequence));
    this.answer = answer.text.split('\r\n\r\n')[1] ?? '';
    this.remotePort = Number(/^m=audio (\d+)/m.exec(this.answer)?.[1] ?? 0);
    if (answer.status >= 300) this.toTag = '';
    return answer;
  }

  /** Sends steady tones (Hz; 0 is silence) until `quiet`. */
  talk(...tones: number[]): void {
    let at = 0;
    let next = performance.now();
    const frame = new Int16Array(160);
    const beat = (): void => {
      for (; next <= performance.now(); next += 20) {
        for (let place = 0; place < 160; place++, at++)
          frame[place] = 6_000 * tones.reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * at) / 8_000), 0);
        const payload = Buffer.alloc(160);
        encode('PCMA', frame, payload);
        this.send(8, payload);
      }
      this.timer = setTimeout(beat, 5);
    };
    beat();
  }

  quiet(): void {
    clearTimeout(this.timer);
  }

  /** One RTP packet; the clock goes on by 160, unless it is kept or given. */
  send(
    payloadType: number,
    payload: Buffer,
    options: { marker?: boolean; keepClock?: boolean; timestamp?: number } = {},
  ): void {
    const packet = Buffer.alloc(12 + payload.length);
    packet[0] = 0x80;
    packet[1] = payloadType | (options.marker === true ? 0x80 : 0);
    packet.writeUInt16BE(this.rtpSequence, 2);
    packet.writeUInt32BE(options.timestamp ?? this.timestamp, 4);
    packet.writeUInt32BE(0x1234_5678, 8);
    payload.copy(packet, 12);
    this.rtpSequence = (this.rtpSequence + 1) & 0xffff;
    if (options.keepClock !== true && options.timestamp === undefined) this.timestamp = (this.timestamp + 160) >>> 0;
    this.rtp.send(packet, this.remotePort, '127.0.0.1');
  }

  /** Keys a digit as an RFC 4733 event (0…9, 10 is *, 11 is #): 100 ms, its end told three times, then a pause. */
  async press(event: number): Promise<void> {
    const { timestamp } = this;
    for (let step = 1; step <= 5; step++) {
      this.send(101, Buffer.from([event, 10, 0, step * 160]), { marker: step === 1, timestamp });
      await pause(20);
    }
    for (let end = 0; end < 3; end++) this.send(101, Buffer.from([event, 0x8a, 3, 32]), { timestamp });
    await pause(60);
  }

  /** Forgets what was heard and waits for so many milliseconds of new sound. */
  async listen(ms: number): Promise<number[]> {
    this.heard.length = 0;
    while (this.heard.length < ms * 8) await once(this, 'rtp');
    return this.heard.slice();
  }

  close(): void {
    this.quiet();
    this.sip.close();
    this.rtp.close();
  }

  private take(text: string): void {
    if (!text.startsWith('SIP/2.0')) {
      const head = /^(?:Via|From|To|Call-ID|CSeq):.*$/gim;
      this.raw(Buffer.from(`SIP/2.0 200 OK\r\n${(text.match(head) ?? []).join('\r\n')}\r\nContent-Length: 0\r\n\r\n`));
    }
    this.emit('message', text);
  }
}

/** Level of one frequency in a piece of sound (Goertzel), as an amplitude of 0…32767. */
export function toneLevel(samples: readonly number[], hz: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((sample, at) => {
    re += sample * Math.cos((2 * Math.PI * hz * at) / 8_000);
    im += sample * Math.sin((2 * Math.PI * hz * at) / 8_000);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
}

/** Level of a tone that may pause or jump (a busy machine sends late): the middle one of pieces of 100 ms. */
export function steadyLevel(samples: readonly number[], hz: number): number {
  const levels: number[] = [];
  for (let at = 0; at + 800 <= samples.length; at += 800) levels.push(toneLevel(samples.slice(at, at + 800), hz));
  return levels.sort((a, b) => a - b)[levels.length >> 1] ?? 0;
}
