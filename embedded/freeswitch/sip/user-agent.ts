import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { Call, type CallAgent, Refusal } from './call.ts';
import { allValues, firstValue, readSip, type SipHeader, type SipText, tagIn, uriIn, writeSip } from './message.ts';

/* The engine's side of the calls that a drachtio server makes to it: a user agent server over UDP (RFC 3261, 3264). */

const T1 = 500;
const T2 = 4_000;
const giveUpMs = 32_000;
const allow = 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE';

/** What the rest of the engine does about calls. */
export interface CallHandler {
  /** A new call; answers with the SDP for the 200. @throws Refusal */
  invited(call: Call): Promise<string>;
}

interface Pending {
  response: Buffer;
  cancelTimers: () => void;
  acknowledged: boolean;
}

interface UserAgentEvents {
  unreadable: [address: string];
}

/** The calls that come in, over one UDP socket. */
export class UserAgent extends EventEmitter<UserAgentEvents> implements CallAgent {
  private readonly socket: Socket;
  private readonly host: string;
  private readonly handler: CallHandler;
  private readonly calls = new Map<string, Call>();
  /** Final and provisional answers by branch, for retransmitted requests. */
  private readonly answers = new Map<string, Pending>();
  private readonly ours = new Map<string, () => void>();
  port = 0;

  constructor(host: string, handler: CallHandler) {
    super();
    this.host = host;
    this.handler = handler;
    this.socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 21 });
  }

  /** @throws when the port is taken. */
  async listen(port: number): Promise<void> {
    this.socket.bind({ address: this.host, port, exclusive: true });
    await once(this.socket, 'listening');
    this.port = this.socket.address().port;
    this.socket.on('error', () => {});
    this.socket.on('message', (data, source) => {
      if (/^[\r\n\0]*$/.test(data.toString('latin1', 0, 8)) && data.length <= 4) return;
      const message = readSip(data);
      if (message === undefined) this.emit('unreadable', source.address);
      else if (message.status > 0) this.answerToUs(message);
      else this.receive(message, source);
    });
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  get size(): number {
    return this.calls.size;
  }

  close(): void {
    for (const pending of this.answers.values()) pending.cancelTimers();
    this.answers.clear();
    this.socket.close();
  }

  hangUp(call: Call, cause: { q850: number; name: string }): void {
    if (call.over) return;
    this.forget(call);
    this.request(call, 'BYE', [{ name: 'Reason', value: `Q.850;cause=${cause.q850};text="${cause.name}"` }]);
  }

  /** Sends INFO in a call. */
  inform(call: Call, contentType: string, body: string): void {
    this.request(call, 'INFO', [{ name: 'Content-Type', value: contentType }], body);
  }

  /** A request of ours in a dialog, repeated until it is answered. */
  private request(call: Call, method: 'BYE' | 'INFO', headers: SipHeader[], body = ''): void {
    call.localSequence++;
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    const to = firstValue(call.request, 'to') ?? '';
    const message = writeSip(
      `${method} ${call.remoteTarget} SIP/2.0`,
      [
        { name: 'Via', value: `SIP/2.0/UDP ${this.address};rport;branch=${branch}` },
        { name: 'Max-Forwards', value: '70' },
        { name: 'From', value: `${to};tag=${call.localTag}` },
        { name: 'To', value: firstValue(call.request, 'from') ?? '' },
        { name: 'Call-ID', value: call.callId },
        { name: 'CSeq', value: `${call.localSequence} ${method}` },
        { name: 'User-Agent', value: 'drachtio MRF' },
        { name: 'Allow', value: allow },
        ...headers,
      ],
      body,
    );
    this.ours.set(
      branch,
      this.repeat(message, call.source, () => this.ours.delete(branch)),
    );
  }

  private receive(message: SipText, source: { address: string; port: number }): void {
    const branch = /;\s*branch=([^;,\s]+)/i.exec(firstValue(message, 'via') ?? '')?.[1] ?? '';
    const known = this.answers.get(`${branch}|${message.method}`);
    if (known !== undefined) {
      this.put(known.response, source);
      return;
    }
    const call = this.calls.get(firstValue(message, 'call-id') ?? '');
    const inDialog = tagIn(firstValue(message, 'to')) !== undefined;
    if (message.method === 'ACK') {
      this.acknowledge(message, call);
      return;
    }
    const respond = (status: number, reason: string, headers: SipHeader[] = [], body = ''): void =>
      this.respond(message, source, branch, { status, reason, headers, body, call });
    if (inDialog && (call === undefined || tagIn(firstValue(message, 'to')) !== call.localTag)) {
      respond(481, 'Call/Transaction Does Not Exist');
      return;
    }
    switch (message.method) {
      case 'INVITE':
        if (call === undefined) void this.invite(message, source, branch);
        else if (inDialog) void this.offered(message, call, respond);
        else respond(482, 'Loop Detected');
        break;
      case 'UPDATE':
        if (call === undefined) respond(481, 'Call/Transaction Does Not Exist');
        else if (message.body === '') respond(200, 'OK');
        else void this.offered(message, call, respond);
        break;
      case 'BYE':
        respond(call === undefined ? 481 : 200, call === undefined ? 'Call/Transaction Does Not Exist' : 'OK');
        if (call !== undefined) {
          this.forget(call);
          call.emit('ended', 'NORMAL_CLEARING');
        }
        break;
      case 'CANCEL':
        respond(200, 'OK');
        break;
      case 'INFO':
        respond(call === undefined ? 481 : 200, call === undefined ? 'Call/Transaction Does Not Exist' : 'OK');
        call?.emit('info', firstValue(message, 'content-type') ?? '', message.body);
        break;
      case 'OPTIONS':
        respond(200, 'OK', [
          { name: 'Allow', value: allow },
          { name: 'Accept', value: 'application/sdp' },
        ]);
        break;
      default:
        respond(501, 'Not Implemented', [{ name: 'Allow', value: allow }]);
    }
  }

  private async invite(message: SipText, source: { address: string; port: number }, branch: string): Promise<void> {
    this.put(this.compose(message, { status: 100, reason: 'Trying', headers: [], body: '', call: undefined }), source);
    const call = new Call(message, source, this);
    this.calls.set(call.callId, call);
    // A retransmission must not start a second call while the answer is being made.
    this.answers.set(`${branch}|INVITE`, {
      response: this.compose(message, { status: 100, reason: 'Trying', headers: [], body: '', call: undefined }),
      cancelTimers: () => {},
      acknowledged: false,
    });
    try {
      const sdp = await this.handler.invited(call);
      this.answers.delete(`${branch}|INVITE`);
      this.respond(message, source, branch, { status: 200, reason: 'OK', headers: sdpHeaders, body: sdp, call });
    } catch (error) {
      this.calls.delete(call.callId);
      call.over = true;
      this.answers.delete(`${branch}|INVITE`);
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'Server Internal Error');
      const headers =
        refusal.retryAfter === undefined ? [] : [{ name: 'Retry-After', value: String(refusal.retryAfter) }];
      this.respond(message, source, branch, {
        status: refusal.status,
        reason: refusal.message,
        headers,
        body: '',
        call,
      });
    }
  }

  private async offered(
    message: SipText,
    call: Call,
    respond: (status: number, reason: string, headers?: SipHeader[], body?: string) => void,
  ): Promise<void> {
    const sequence = Number.parseInt(firstValue(message, 'cseq') ?? '0', 10);
    if (sequence <= call.remoteSequence) {
      respond(500, 'Server Internal Error');
      return;
    }
    call.remoteSequence = sequence;
    const contact = firstValue(message, 'contact');
    if (contact !== undefined) call.remoteTarget = uriIn(contact);
    try {
      respond(200, 'OK', sdpHeaders, await call.onOffer(message.body === '' ? undefined : message.body));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'Server Internal Error');
      respond(refusal.status, refusal.message);
    }
  }

  private acknowledge(message: SipText, call: Call | undefined): void {
    const sequence = Number.parseInt(firstValue(message, 'cseq') ?? '0', 10);
    for (const [key, pending] of this.answers) {
      if (!key.endsWith(`|INVITE`) || pending.acknowledged) continue;
      if (!pending.response.includes(`CSeq: ${sequence} INVITE`)) continue;
      if (!pending.response.includes(`Call-ID: ${firstValue(message, 'call-id')}`)) continue;
      pending.acknowledged = true;
      pending.cancelTimers();
      if (call === undefined || call.over) return;
      if (message.body !== '') call.emit('answered', message.body);
      call.emit('confirmed');
      return;
    }
  }

  private respond(
    message: SipText,
    source: { address: string; port: number },
    branch: string,
    answer: { status: number; reason: string; headers: SipHeader[]; body: string; call: Call | undefined },
  ): void {
    const response = this.compose(message, answer);
    const key = `${branch}|${message.method}`;
    const invite = message.method === 'INVITE';
    const forget = (): void => {
      this.answers.delete(key);
    };
    const pending: Pending = { response, cancelTimers: () => {}, acknowledged: !invite };
    if (invite) {
      const stop = this.repeat(response, source, () => {
        const { call } = answer;
        if (answer.status !== 200 || call === undefined || call.over) return;
        // No ACK ever came (RFC 3261, clause 13.3.1.4).
        call.emit('ended', 'RECOVERY_ON_TIMER_EXPIRE');
        this.hangUp(call, { q850: 102, name: 'RECOVERY_ON_TIMER_EXPIRE' });
      });
      pending.cancelTimers = stop;
    } else this.put(response, source);
    this.answers.set(key, pending);
    setTimeout(forget, giveUpMs + 1_000).unref();
  }

  private compose(
    message: SipText,
    answer: { status: number; reason: string; headers: SipHeader[]; body: string; call: Call | undefined },
  ): Buffer {
    const to = firstValue(message, 'to') ?? '';
    const tag =
      tagIn(to) === undefined && answer.status > 100
        ? `;tag=${answer.call?.localTag ?? randomBytes(6).toString('hex')}`
        : '';
    const user = message.method === 'INVITE' && message.body !== '' ? 'drachtio' : 'mod_sofia';
    return writeSip(
      `SIP/2.0 ${answer.status} ${answer.reason}`,
      [
        ...allValues(message, 'via').map((value) => ({ name: 'Via', value })),
        { name: 'From', value: firstValue(message, 'from') ?? '' },
        { name: 'To', value: `${to}${tag}` },
        { name: 'Call-ID', value: firstValue(message, 'call-id') ?? '' },
        { name: 'CSeq', value: firstValue(message, 'cseq') ?? '' },
        ...(answer.status > 100 && answer.status < 300
          ? [{ name: 'Contact', value: `<sip:${user}@${this.address}>` }]
          : []),
        { name: 'User-Agent', value: 'drachtio MRF' },
        ...(message.method === 'INVITE' ? [{ name: 'Allow', value: allow }] : []),
        ...answer.headers,
      ],
      answer.body,
    );
  }

  /** Sends now and again until stopped: T1, doubling up to T2, for 64 × T1. */
  private repeat(data: Buffer, peer: { address: string; port: number }, gaveUp: () => void): () => void {
    let interval = T1;
    let waited = 0;
    let timer: NodeJS.Timeout | undefined;
    const again = (): void => {
      this.put(data, peer);
      timer = setTimeout(() => {
        waited += interval;
        interval = Math.min(interval * 2, T2);
        if (waited >= giveUpMs) gaveUp();
        else again();
      }, interval);
      timer.unref();
    };
    again();
    return () => clearTimeout(timer);
  }

  private answerToUs(message: SipText): void {
    const branch = /;\s*branch=([^;,\s]+)/i.exec(firstValue(message, 'via') ?? '')?.[1] ?? '';
    if (message.status < 200) return;
    this.ours.get(branch)?.();
    this.ours.delete(branch);
  }

  private forget(call: Call): void {
    call.over = true;
    if (this.calls.get(call.callId) === call) this.calls.delete(call.callId);
  }

  private put(data: Buffer, peer: { address: string; port: number }): void {
    this.socket.send(data, peer.port, peer.address, () => {});
  }
}

const sdpHeaders: SipHeader[] = [
  { name: 'Content-Type', value: 'application/sdp' },
  { name: 'Content-Disposition', value: 'session' },
];
