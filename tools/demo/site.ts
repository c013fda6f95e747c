import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { frameSamples, toneFrame, tonesIn } from './sound.ts';

/*
 * A simulated site for the demonstration: a small SIP terminal (RFC 3261) with one call at a time, which plays a tone and
 * knows what it hears. It stands in for a codec, a bridge or a phone where there is none.
 */

interface SiteEvents {
  message: [text: string, head: string];
  answered: [];
  ended: [];
  digit: [digit: string];
}

const resendMs = 500;
const patienceMs = 10_000;
const digitFrames = 6;
const gapFrames = 6;
const digitNames = '0123456789*#ABCD';
const eventType = 101;

/** What a request within a call needs to know. */
interface Call {
  id: string;
  local: string;
  remote: string;
  target: string;
  to: { host: string; port: number };
  cseq: number;
}

export class SimulatedSite extends EventEmitter<SiteEvents> {
  readonly host: string;
  readonly tone: number;
  /** Digits that came as RFC 4733 events. */
  digits = '';
  private readonly name: string;
  private readonly sip: Socket;
  private readonly rtp: Socket;
  private readonly answers = new Map<string, string>();
  private readonly heard: number[] = [];
  private call: Call | undefined;
  private mediaTo: { host: string; port: number } | undefined;
  private beat: NodeJS.Timeout | undefined;
  private frames = 0;
  private sequence = 0;
  private toKey: string[] = [];
  private keying: { digit: string; frame: number; startedAt: number } | undefined;
  private lastEvent = -1;

  private constructor(name: string, host: string, tone: number, sip: Socket, rtp: Socket) {
    super();
    this.setMaxListeners(50);
    this.name = name;
    this.host = host;
    this.tone = tone;
    this.sip = sip;
    this.rtp = rtp;
    sip.on('message', (data, source) => this.take(data.toString(), source.address, source.port));
    rtp.on('message', (data) => this.hear(data));
  }

  static async open(name: string, host: string, tone: number): Promise<SimulatedSite> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, host);
      await once(socket, 'listening');
    }
    return new SimulatedSite(name, host, tone, ...sockets);
  }

  /** Where it is called: `sip:name@host:port`. */
  get uri(): string {
    return `sip:${this.name}@${this.host}:${this.sip.address().port}`;
  }

  /** Registers with digest (RFC 3261, clause 22). @throws when it is refused. */
  async register(at: string, user: string, password: string): Promise<void> {
    const line = `REGISTER sip:${at} SIP/2.0`;
    const id = newTag();
    const head = (cseq: number, more: string[]) =>
      [
        line,
        `Via: SIP/2.0/UDP ${this.address};rport;branch=z9hG4bK${newTag()}`,
        `From: <sip:${user}@${at}>;tag=${newTag()}`,
        `To: <sip:${user}@${at}>`,
        `Call-ID: ${id}`,
        `CSeq: ${cseq} REGISTER`,
        `Contact: <${this.uri}>`,
        'Expires: 600',
        'Max-Forwards: 70',
        ...more,
      ].join('\r\n');
    const challenge = await this.ask(head(1, []), '', at);
    const given = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const first = md5(`${user}:${given('realm')}:${password}`);
    const response = md5(`${first}:${given('nonce')}:00000001:demo:auth:${md5(`REGISTER:sip:${at}`)}`);
    const proof = `Authorization: Digest username="${user}", realm="${given('realm')}", nonce="${given('nonce')}", uri="sip:${at}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="demo"`;
    const answer = await this.ask(head(2, [proof]), '', at);
    if (!answer.startsWith('SIP/2.0 200')) throw new Error(`${this.name}: ${answer.split('\r\n')[0]}`);
  }

  /** Calls a number; resolves when it is answered. @throws when it is not. */
  async dial(number: string, at: string, caller: string): Promise<void> {
    const id = newTag();
    const local = `<sip:${caller}@${this.host}>;tag=${newTag()}`;
    const branch = newTag();
    const head = [
      `INVITE sip:${number}@${at} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.address};rport;branch=z9hG4bK${branch}`,
      `From: ${local}`,
      `To: <sip:${number}@${at}>`,
      `Call-ID: ${id}`,
      'CSeq: 1 INVITE',
      `Contact: <${this.uri}>`,
      'Max-Forwards: 70',
      'Content-Type: application/sdp',
    ].join('\r\n');
    const answer = await this.ask(head, this.sdp(), at);
    const remote = header(answer, 'To');
    if (!answer.startsWith('SIP/2.0 200')) throw new Error(`${this.name}: ${answer.split('\r\n')[0]}`);
    const target = /<([^>]+)>/.exec(header(answer, 'Contact'))?.[1] ?? `sip:${at}`;
    this.call = { id, local, remote, target, to: hostPort(at), cseq: 1 };
    this.send(`${this.inCall('ACK', 1)}\r\nContent-Length: 0\r\n\r\n`, this.call.to);
    this.speak(answer);
  }

  /** Keys digits, RFC 4733, one after the other. */
  key(digits: string): void {
    this.toKey.push(...digits);
  }

  /** Which of the tones it heard in the last second. */
  hears(tones: readonly number[]): number[] {
    return tonesIn(this.heard.slice(-8_000), tones);
  }

  async hangUp(): Promise<void> {
    const { call } = this;
    if (call === undefined) return;
    this.over();
    call.cseq++;
    await this.ask(this.inCall('BYE', call.cseq, call), '', `${call.to.host}:${call.to.port}`).catch(() => '');
  }

  close(): void {
    this.over();
    this.sip.close();
    this.rtp.close();
  }

  private get address(): string {
    return `${this.host}:${this.sip.address().port}`;
  }

  private sdp(): string {
    return [
      'v=0',
      `o=demo 1 1 IN IP4 ${this.host}`,
      's=-',
      `c=IN IP4 ${this.host}`,
      't=0 0',
      `m=audio ${this.rtp.address().port} RTP/AVP 8 ${eventType}`,
      'a=rtpmap:8 PCMA/8000',
      `a=rtpmap:${eventType} telephone-event/8000`,
      'a=ptime:20',
      '',
    ].join('\r\n');
  }

  private inCall(method: string, cseq: number, call = this.call): string {
    return [
      `${method} ${call?.target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.address};rport;branch=z9hG4bK${newTag()}`,
      `From: ${call?.local}`,
      `To: ${call?.remote}`,
      `Call-ID: ${call?.id}`,
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
    ].join('\r\n');
  }

  private send(text: string, to: { host: string; port: number }): void {
    this.sip.send(text, to.port, to.host);
  }

  /** Sends a request, again and again until it is answered; resolves to the final response. */
  private async ask(head: string, body: string, at: string): Promise<string> {
    const to = hostPort(at);
    const text = `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const branch = branchOf(head);
    const again = setInterval(() => this.send(text, to), resendMs);
    try {
      this.send(text, to);
      for (;;) {
        const [answer] = (await once(this, 'message', { signal: AbortSignal.timeout(patienceMs) })) as [string];
        if (!answer.startsWith('SIP/2.0') || branchOf(answer) !== branch) continue;
        clearInterval(again);
        if (!answer.startsWith('SIP/2.0 1')) return answer;
      }
    } finally {
      clearInterval(again);
    }
  }

  private take(text: string, host: string, port: number): void {
    this.emit('message', text, text.split('\r\n')[0] ?? '');
    if (text.startsWith('SIP/2.0')) return;
    const method = text.split(' ')[0] ?? '';
    if (method === 'ACK') return;
    const key = `${branchOf(text)} ${method}`;
    const answer = this.answers.get(key) ?? this.answerTo(method, text, { host, port });
    this.answers.set(key, answer);
    this.send(answer, { host, port });
  }

  private answerTo(method: string, text: string, to: { host: string; port: number }): string {
    const tag = /;tag=/.test(header(text, 'To')) ? '' : `;tag=${newTag()}`;
    const own = `${header(text, 'To')}${tag}`;
    const known = method === 'INVITE' || this.call?.id === header(text, 'Call-ID');
    const body = method === 'INVITE' ? this.sdp() : '';
    if (method === 'INVITE') {
      const target = /<([^>]+)>/.exec(header(text, 'Contact'))?.[1] ?? '';
      this.call = { id: header(text, 'Call-ID'), local: own, remote: header(text, 'From'), target, to, cseq: 100 };
      this.speak(text);
      this.emit('answered');
    } else if (method === 'BYE' && known) this.over();
    return [
      known ? 'SIP/2.0 200 OK' : 'SIP/2.0 481 Call Does Not Exist',
      ...text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line)),
      `To: ${own}`,
      `Contact: <${this.uri}>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  /** Begins to send sound to where a description says. */
  private speak(description: string): void {
    const port = Number(/^m=audio (\d+)/m.exec(description)?.[1] ?? 0);
    this.mediaTo = { host: /^c=IN IP4 (\S+)/m.exec(description)?.[1] ?? this.host, port };
    if (this.beat !== undefined) return;
    let next = performance.now();
    this.beat = setInterval(() => {
      for (; next <= performance.now(); next += 20) this.sendFrame();
    }, 5);
  }

  private sendFrame(): void {
    const at = this.frames++ * frameSamples;
    if (this.keying === undefined && this.toKey.length > 0)
      this.keying = { digit: this.toKey.shift() ?? '', frame: 0, startedAt: at };
    const { keying } = this;
    if (keying === undefined) {
      this.sendRtp(8, at, toneFrame(this.tone, at));
      return;
    }
    const frame = keying.frame++;
    if (frame >= digitFrames + gapFrames) this.keying = undefined;
    if (frame >= digitFrames) {
      this.sendRtp(8, at, toneFrame(this.tone, at));
      return;
    }
    const last = frame === digitFrames - 1;
    const event = Buffer.from([digitNames.indexOf(keying.digit), last ? 0x8a : 0x0a, 0, 0]);
    event.writeUInt16BE((frame + 1) * frameSamples, 2);
    for (let time = 0; time < (last ? 3 : 1); time++) this.sendRtp(eventType, keying.startedAt, event, frame === 0);
  }

  private sendRtp(type: number, timestamp: number, payload: Buffer, marker = false): void {
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head[1] = type | (marker ? 0x80 : 0);
    head.writeUInt16BE(this.sequence++ & 0xffff, 2);
    head.writeUInt32BE(timestamp >>> 0, 4);
    head.writeUInt32BE(this.tone, 8);
    if (this.mediaTo !== undefined) this.rtp.send(Buffer.concat([head, payload]), this.mediaTo.port, this.mediaTo.host);
  }

  private hear(packet: Buffer): void {
    if (packet.length < 13) return;
    const type = (packet[1] ?? 0) & 0x7f;
    if (type === 8) {
      this.heard.push(...packet.subarray(12));
      if (this.heard.length > 40_000) this.heard.splice(0, 20_000);
    } else if (type === eventType && packet.readUInt32BE(4) !== this.lastEvent) {
      this.lastEvent = packet.readUInt32BE(4);
      const digit = digitNames[packet[12] ?? 99] ?? '';
      this.digits += digit;
      this.emit('digit', digit);
    }
  }

  private over(): void {
    clearInterval(this.beat);
    this.beat = undefined;
    this.heard.length = 0;
    if (this.call !== undefined) this.emit('ended');
    this.call = undefined;
  }
}

const newTag = (): string => randomBytes(8).toString('hex');
const branchOf = (text: string): string => /branch=([^;\s,]+)/.exec(text)?.[1] ?? '';
const header = (text: string, name: string): string =>
  new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';

function hostPort(at: string): { host: string; port: number } {
  const [host = '', port = '5060'] = at.split(':');
  return { host, port: Number(port) };
}
