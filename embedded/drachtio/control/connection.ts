import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { SipAgent } from '../core/agent.ts';
import type { Application, Delivery, Sent } from '../core/application.ts';
import { type SipMessage, serialize } from '../sip/message.ts';
import { parseHead, SipParseError } from '../sip/parse.ts';
import type { Transport } from '../transport/transport.ts';
import { FrameError, FrameReader, frame } from './frame.ts';

/* One program at the control port: drachtio's text protocol to the SIP core's calls, and back. */

/** What we say we are: clients compare it with what they need. */
const version = 'v0.9.10';

export interface ControlContext {
  agent: SipAgent;
  transport: Transport;
  secret: string;
  logger: Logger;
}

/** `HH:MM:SS.micro`, as drachtio stamps messages. */
function stamp(): string {
  return `${new Date().toISOString().slice(11, 23)}000`;
}

export class ControlConnection implements Application {
  readonly routes = new Set<string>();
  private authenticated = false;
  private readonly reader = new FrameReader();
  private readonly socket: Socket;
  private readonly context: ControlContext;

  constructor(socket: Socket, context: ControlContext) {
    this.socket = socket;
    this.context = context;
    socket.setNoDelay(true);
    socket.on('data', (data) => this.receive(data));
    socket.on('error', () => {});
    // Whoever does not log in holds nothing of ours for long.
    const impatience = setTimeout(() => {
      if (!this.authenticated) socket.destroy();
    }, 10_000);
    impatience.unref();
    socket.on('close', () => {
      clearTimeout(impatience);
      if (this.authenticated) this.context.agent.applicationLeft(this);
    });
  }

  deliver({ message, peer, transactionId, dialogId, receivedOn }: Delivery): void {
    const text = serialize(message).toString('utf8');
    const source = transactionId === 'unsolicited' ? 'application' : 'network';
    const head = [
      'sip',
      source,
      Buffer.byteLength(text),
      peer.transport,
      peer.host,
      peer.port,
      stamp(),
      transactionId,
      dialogId,
    ];
    const place = receivedOn === undefined ? '' : `${receivedOn.host}|${receivedOn.port}|`;
    this.send(`${head.join('|')}|${place}\r\n${text}`);
  }

  private receive(data: Buffer): void {
    let texts: string[];
    try {
      texts = this.reader.push(data);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.context.logger.warn({ peer: this.socket.remoteAddress, reason: error.message }, 'control connection closed');
      this.socket.destroy();
      return;
    }
    for (const text of texts) {
      if (this.socket.destroyed || this.socket.writableEnded) return;
      this.take(text);
    }
  }

  private take(text: string): void {
    const end = text.indexOf('\r\n');
    const [id = '', type = '', ...fields] = (end === -1 ? text : text.slice(0, end)).split('|');
    const body = end === -1 ? '' : text.slice(end + 2);
    // Nothing at all before log-in: the real server lets anybody take routes here.
    if (!this.authenticated && type !== 'authenticate') {
      this.reply(id, 'NO', 'not authenticated');
      this.socket.end();
      return;
    }
    switch (type) {
      case 'authenticate':
        this.authenticate(id, fields[0] ?? '');
        break;
      case 'ping':
        this.reply(id, 'OK', 'pong');
        break;
      case 'route':
        this.routes.add((fields[0] ?? '').toLowerCase());
        this.reply(id, 'OK');
        break;
      case 'remove_route':
        this.routes.delete((fields[0] ?? '').toLowerCase());
        this.reply(id, 'OK');
        break;
      case 'sip':
        this.sip(id, fields, body);
        break;
      case 'proxy':
        this.proxy(id, fields, body);
        break;
      default:
        this.reply(id, 'NO', 'Unknown message type');
        this.socket.end();
    }
  }

  private authenticate(id: string, secret: string): void {
    const { agent, logger, transport } = this.context;
    if (!sameSecret(secret, this.context.secret)) {
      logger.warn({ peer: this.socket.remoteAddress }, 'control connection with an incorrect secret');
      this.reply(id, 'NO', 'incorrect secret');
      this.socket.end();
      return;
    }
    if (!this.authenticated) agent.applicationJoined(this);
    this.authenticated = true;
    const listening = transport.listeningOn().join(',');
    this.reply(id, 'OK', listening, version, listening);
  }

  private sip(id: string, fields: string[], body: string): void {
    const [transactionId = '', dialogId = '', proxy = ''] = fields;
    let draft: SipMessage;
    try {
      draft = readDraft(body);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      this.reply(id, 'NOK', `Unable to parse message: ${error.message}`);
      return;
    }
    const { agent } = this.context;
    if (draft.kind === 'response') this.report(id, agent.serving.respond(transactionId, draft));
    else if (draft.method === 'CANCEL') this.report(id, agent.calling.cancel(transactionId));
    else {
      const sending =
        dialogId === ''
          ? agent.calling.request(this, draft, proxy === '' ? undefined : proxy)
          : agent.calling.requestInDialog(this, dialogId, draft);
      sending.then(
        (sent) => this.report(id, sent),
        (error: unknown) => {
          this.context.logger.error({ err: error }, 'request could not be sent');
          this.reply(id, 'NOK', 'internal error');
        },
      );
    }
  }

  private proxy(id: string, fields: string[], body: string): void {
    const [
      transactionId = '',
      remain = '',
      ,
      redirects = '',
      forking = '',
      provisional = '',
      final = '',
      ...destinations
    ] = fields;
    let headers: SipMessage['headers'];
    try {
      headers = readDraft(body).headers.filter((entry) => entry.name !== 'Content-Length');
    } catch {
      headers = [];
    }
    const fault = this.context.agent.proxyRequest(transactionId, {
      destinations: destinations.filter((destination) => destination !== ''),
      recordRoute: remain !== '',
      followRedirects: redirects !== '',
      simultaneous: forking === 'simultaneous',
      provisionalTimeoutMs: milliseconds(provisional),
      finalTimeoutMs: milliseconds(final),
      headers,
      onResponse: (message, peer) => {
        const text = serialize(message).toString('utf8');
        const facts = [
          'network',
          Buffer.byteLength(text),
          peer.transport,
          peer.host,
          peer.port,
          stamp(),
          transactionId,
          '',
        ];
        this.send(`response|${id}|OK|${facts.join('|')}|continue\r\n${text}`);
      },
      onDone: () => this.reply(id, 'OK', 'done'),
    });
    if (fault !== undefined) this.reply(id, 'NOK', fault);
  }

  private report(id: string, sent: Sent): void {
    if (!sent.ok) {
      this.reply(id, 'NOK', sent.reason);
      return;
    }
    const text = serialize(sent.message).toString('utf8');
    const { peer } = sent;
    const facts = [
      'application',
      Buffer.byteLength(text),
      peer.transport,
      peer.host,
      peer.port,
      stamp(),
      sent.transactionId,
    ];
    const dialog = sent.dialogId === undefined ? '' : `${sent.dialogId}||`;
    this.send(`response|${id}|OK|${facts.join('|')}|${dialog}Msg sent:|\r\n${text}`);
  }

  private reply(id: string, ...words: string[]): void {
    this.send(`response|${id}|${words.join('|')}`);
  }

  private send(text: string): void {
    if (!this.socket.writable) return;
    // A program that does not read must not fill our memory.
    if (this.socket.writableLength > 64 << 20) this.socket.destroy();
    else this.socket.write(frame(`${randomUUID()}|${text}`));
  }
}

function readDraft(text: string): SipMessage {
  const end = text.indexOf('\r\n\r\n');
  const head = end === -1 ? text : text.slice(0, end);
  const draft = parseHead(head.replace(/(\r\n)+$/, ''), { headerBytes: 65_536, bodyBytes: 1 << 20, headers: 256 });
  draft.body = end === -1 ? Buffer.alloc(0) : Buffer.from(text.slice(end + 4), 'utf8');
  return draft;
}

function milliseconds(text: string): number | undefined {
  const match = /^(\d{1,6})(ms|s)?$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}

function sameSecret(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
