import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';

/* A desk phone as far as provisioning sees it: registers over UDP, and answers NOTIFY as a vendor's phone does. */

export interface PhoneOptions {
  host: string;
  user: string;
  password: string;
  userAgent: string;
  /** `host:port` of the registrar. */
  at: string;
}

/** How it answers the NOTIFY that comes: a status, silence, or a digest challenge first. */
export type NotifyManner = { status: number } | 'silent' | { challenge: string; status: number };

export interface SeenRequest {
  method: string;
  uri: string;
  headers: Record<string, string>;
  body: string;
}

const hash = (text: string): string => createHash('md5').update(text).digest('hex');

export class DeskPhone extends EventEmitter<{ request: [seen: SeenRequest]; answer: [status: number] }> {
  manner: NotifyManner = { status: 200 };
  readonly seen: SeenRequest[] = [];
  private readonly options: PhoneOptions;
  private readonly socket: Socket;
  private cseq = 1;
  private readonly callId = randomBytes(8).toString('hex');
  private readonly nonce = randomBytes(8).toString('hex');
  private awaited: ((text: string) => void) | undefined;

  private constructor(options: PhoneOptions, socket: Socket) {
    super();
    this.options = options;
    this.socket = socket;
    socket.on('message', (data, from) => {
      const text = data.toString('utf8');
      if (text.startsWith('SIP/2.0')) this.awaited?.(text);
      else this.answerRequest(text, from.port, from.address);
    });
  }

  static async open(options: PhoneOptions): Promise<DeskPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, options.host);
    await once(socket, 'listening');
    return new DeskPhone(options, socket);
  }

  get port(): number {
    return (this.socket.address() as AddressInfo).port;
  }

  /** Registers, answering the registrar's challenge; resolves with the last status. */
  async register(expiresS = 300): Promise<number> {
    const first = await this.send(this.registerText(expiresS));
    if (statusOf(first) !== 401) return statusOf(first);
    const challenge = headerOf(first, 'WWW-Authenticate');
    return statusOf(await this.send(this.registerText(expiresS, challenge)));
  }

  close(): void {
    this.socket.close();
  }

  private registerText(expiresS: number, challenge?: string): string {
    const { at, host, user, userAgent } = this.options;
    const lines = [
      `REGISTER sip:${at} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${this.port};branch=z9hG4bK${randomBytes(6).toString('hex')};rport`,
      `From: <sip:${user}@${at}>;tag=${this.callId}`,
      `To: <sip:${user}@${at}>`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${this.cseq++} REGISTER`,
      `Contact: <sip:${user}@${host}:${this.port}>`,
      'Max-Forwards: 70',
      `User-Agent: ${userAgent}`,
      `Expires: ${expiresS}`,
      ...(challenge === undefined ? [] : [`Authorization: ${this.credentials(challenge)}`]),
      'Content-Length: 0',
    ];
    return `${lines.join('\r\n')}\r\n\r\n`;
  }

  private credentials(challenge: string): string {
    const { at, password, user } = this.options;
    const part = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(challenge)?.[1] ?? '';
    const [realm, nonce, cnonce, nc] = [part('realm'), part('nonce'), randomBytes(4).toString('hex'), '00000001'];
    const [a1, a2] = [hash(`${user}:${realm}:${password}`), hash(`REGISTER:sip:${at}`)];
    const response = hash(`${a1}:${nonce}:${nc}:${cnonce}:auth:${a2}`);
    return `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="sip:${at}", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`;
  }

  private async send(text: string): Promise<string> {
    const [host = '', port = ''] = this.options.at.split(':');
    for (let tries = 0; tries < 8; tries++) {
      this.socket.send(text, Number(port), host);
      const answer = await new Promise<string | undefined>((resolve) => {
        const timer = setTimeout(() => resolve(undefined), 1_000);
        this.awaited = (text) => {
          if (statusOf(text) < 200) return;
          clearTimeout(timer);
          resolve(text);
        };
      });
      if (answer !== undefined) return answer;
    }
    throw new Error('the registrar does not answer');
  }

  private answerRequest(text: string, port: number, host: string): void {
    const [head = '', ...rest] = text.split('\r\n\r\n');
    const [line = '', ...headerLines] = head.split('\r\n');
    const headers = Object.fromEntries(
      headerLines.map((one) => {
        const at = one.indexOf(':');
        return [one.slice(0, at).trim().toLowerCase(), one.slice(at + 1).trim()];
      }),
    );
    const [method = '', uri = ''] = line.split(' ');
    const seen = { method, uri, headers, body: rest.join('\r\n\r\n') };
    this.seen.push(seen);
    this.emit('request', seen);
    const { manner } = this;
    if (manner === 'silent') return;
    const challenged = 'challenge' in manner && !this.fits(seen, manner.challenge);
    const status = challenged ? 401 : manner.status;
    const lines = [
      `SIP/2.0 ${status} Answer`,
      `Via: ${headers.via}`,
      `From: ${headers.from}`,
      `To: ${headers.to};tag=${this.callId}`,
      `Call-ID: ${headers['call-id']}`,
      `CSeq: ${headers.cseq}`,
      ...(challenged
        ? [`WWW-Authenticate: Digest realm="phone", nonce="${this.nonce}", algorithm=MD5, qop="auth"`]
        : []),
      'Content-Length: 0',
    ];
    this.socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, host);
  }

  /** Whether a request proves that it knows the password. */
  private fits({ headers, method }: SeenRequest, password: string): boolean {
    const given = headers.authorization ?? '';
    const part = (name: string): string => new RegExp(`\\b${name}="?([^",]+)`).exec(given)?.[1] ?? '';
    const a1 = hash(`${this.options.user}:phone:${password}`);
    const a2 = hash(`${method}:${part('uri')}`);
    const wanted = hash(`${a1}:${this.nonce}:${part('nc')}:${part('cnonce')}:auth:${a2}`);
    return part('response') === wanted;
  }
}

const statusOf = (text: string): number => Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
const headerOf = (text: string, name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1] ?? '';
