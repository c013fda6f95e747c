import { parseCSeq, tagOf } from '../sip/address.ts';
import { type Header, header, responseTo, type SipRequest, type SipResponse } from '../sip/message.ts';
import { type Served, TransactionLayer } from '../transaction/layer.ts';
import { type Later, machineTimers } from '../transaction/timers.ts';
import type { Arrival, Transport } from '../transport/transport.ts';
import type { Application } from './application.ts';
import { Calling } from './calling.ts';
import { type Dialog, refreshTarget } from './dialog.ts';
import { DialogBook } from './dialog-book.ts';
import { endsSubscription } from './draft.ts';
import { OwnAddress } from './own-address.ts';
import { type ProxyOptions, RequestProxy } from './proxy.ts';
import { markArrival, methodsKnown, requestFault, unknownExtensions } from './request-check.ts';
import { type Names, resolve, systemNames } from './resolve.ts';
import { Serving } from './serving.ts';
import { newTag } from './tag.ts';

/** What keeps the agent within bounds. */
export interface AgentLimits {
  /** Dialogs at once; a new INVITE above it gets 503. */
  dialogs: number;
  /** New calls from the network within one second; above it they get 503. */
  callsPerSecond: number;
  /** Server transactions in hand at once. */
  transactions: number;
}

export interface AgentLog {
  warn(fields: object, text: string): void;
  debug(fields: object, text: string): void;
}

const retryAfter: Header = { name: 'Retry-After', value: '5' };

/** The SIP core: user agent and proxy on behalf of the programs at the control port (RFC 3261, clauses 8, 9, 12–16). */
export class SipAgent {
  private readonly layer: TransactionLayer;
  private readonly book = new DialogBook<Application>();
  private readonly proxy: RequestProxy;
  private readonly own: OwnAddress;
  /** Requests of the programs. */
  readonly calling: Calling;
  /** Requests to the programs. */
  readonly serving: Serving;
  private readonly applications = new Set<Application>();
  private turn = 0;
  private second = 0;
  private callsThisSecond = 0;
  private readonly limits: AgentLimits;
  private readonly log: AgentLog;

  constructor(
    transport: Transport,
    limits: AgentLimits,
    log: AgentLog,
    later: Later = machineTimers,
    names: Names = systemNames,
  ) {
    this.limits = limits;
    this.log = log;
    this.layer = new TransactionLayer(
      transport,
      {
        request: (served) => this.newRequest(served),
        ack: (request, arrival) => this.ackOf2xx(request, arrival),
        cancel: (served, invite) => this.cancelled(served, invite),
        strayResponse: (response) => this.strayResponse(response),
        unacknowledged: (served) => this.unacknowledged(served),
      },
      later,
    );
    this.proxy = new RequestProxy(this.layer, transport, (uri) => resolve(uri, names), later);
    this.own = new OwnAddress(transport);
    const { book, layer, own } = this;
    this.calling = new Calling({ layer, transport, book, own, names, later });
    this.serving = new Serving({ book, own, later });
    transport.on('message', (message, arrival) => {
      if (message.kind === 'response') this.layer.receiveResponse(message, arrival);
      else this.receiveRequest(message, arrival);
    });
  }

  /** Counts for supervision and tests. */
  get load(): { dialogs: number; servers: number; clients: number; served: number; sent: number } {
    return { dialogs: this.book.size, ...this.layer.size, served: this.serving.size, sent: this.calling.size };
  }

  applicationJoined(application: Application): void {
    this.applications.add(application);
  }

  /** A program went away: what it had not answered is refused, its calls are ended. */
  applicationLeft(application: Application): void {
    this.applications.delete(application);
    this.serving.leave(application);
    this.calling.leave(application);
    for (const dialog of this.book.of(application)) {
      if (dialog.confirmed) this.calling.endDialog(dialog, 'SIP;cause=503;text="application gone"');
      else this.book.remove(dialog);
    }
  }

  private receiveRequest(request: SipRequest, arrival: Arrival): void {
    const fault = requestFault(request);
    if (fault !== undefined) {
      this.log.debug({ peer: arrival.host, fault }, 'malformed request');
      if (request.method !== 'ACK' && header(request, 'Via') !== undefined) {
        const answer = responseTo(request, 400, [], newTag());
        answer.reason = fault;
        this.layer.sendAlone(answer as never, arrival);
      }
      return;
    }
    markArrival(request, arrival);
    this.layer.receiveRequest(request, arrival);
  }

  private newRequest(served: Served): void {
    const { request, arrival } = served;
    if (this.layer.size.servers > this.limits.transactions) {
      this.answer(served, 503, [retryAfter]);
      return;
    }
    if (this.proxy.isOnRoute(request, arrival)) {
      this.proxy.forwardInDialog(served);
      return;
    }
    const unknown = unknownExtensions(request);
    if (unknown.length > 0) {
      this.answer(served, 420, [{ name: 'Unsupported', value: unknown.join(', ') }]);
      return;
    }
    const toTag = tagOf(header(request, 'To'));
    if (toTag === undefined) this.outOfDialog(served);
    else this.inDialog(served, toTag);
  }

  private outOfDialog(served: Served): void {
    const { request, arrival } = served;
    const invite = request.method === 'INVITE';
    if (!methodsKnown.has(request.method)) {
      this.answer(served, 501, [{ name: 'Allow', value: [...methodsKnown].join(', ') }]);
      return;
    }
    if (request.method === 'BYE' || request.method === 'PRACK' || request.method === 'UPDATE') {
      this.answer(served, 481);
      return;
    }
    if (invite && (this.book.size >= this.limits.dialogs || !this.withinRate())) {
      this.answer(served, 503, [retryAfter]);
      return;
    }
    if (invite) served.transaction.respond(responseTo(request, 100));
    const application = this.pick(request.method);
    if (application === undefined) {
      this.answer(served, 503);
      return;
    }
    const entry = this.serving.hold(served, application);
    application.deliver({
      message: request,
      peer: arrival,
      transactionId: entry.id,
      dialogId: '',
      receivedOn: arrival.local,
    });
  }

  private inDialog(served: Served, toTag: string): void {
    const { request, arrival } = served;
    const dialog = this.book.find(header(request, 'Call-ID') ?? '', toTag, tagOf(header(request, 'From')));
    if (dialog === undefined) {
      // What a REFER or SUBSCRIBE of ours outside of dialogs brings (RFC 6665): the program knows what it means.
      if (request.method === 'NOTIFY' && this.pick('NOTIFY') !== undefined) this.outOfDialog(served);
      else this.answer(served, 481);
      return;
    }
    const sequence = parseCSeq(header(request, 'CSeq'))?.number ?? 0;
    if (dialog.remoteSequence !== undefined && sequence <= dialog.remoteSequence && request.method !== 'PRACK') {
      this.answer(served, 500, [{ name: 'Retry-After', value: '0' }]);
      return;
    }
    if (request.method === 'INVITE' && this.openInvite(dialog)) {
      this.answer(served, 491);
      return;
    }
    if (request.method === 'PRACK' && !this.serving.acknowledgedByPrack(dialog, request)) {
      this.answer(served, 481);
      return;
    }
    dialog.remoteSequence = Math.max(sequence, dialog.remoteSequence ?? 0);
    if (request.method === 'INVITE' || request.method === 'UPDATE' || request.method === 'SUBSCRIBE') {
      refreshTarget(dialog, request);
      if (arrival.transport !== 'udp')
        dialog.flow = { transport: arrival.transport, host: arrival.host, port: arrival.port };
    }
    if (!this.applications.has(dialog.owner)) {
      if (request.method === 'BYE') this.book.remove(dialog);
      this.answer(served, request.method === 'BYE' ? 200 : 481);
      return;
    }
    if (request.method === 'INVITE') served.transaction.respond(responseTo(request, 100));
    const entry = this.serving.hold(served, dialog.owner);
    entry.dialog = dialog;
    if (request.method === 'BYE' || endsSubscription(dialog, request)) this.book.remove(dialog);
    dialog.owner.deliver({ message: request, peer: arrival, transactionId: entry.id, dialogId: dialog.id });
  }

  /** Counts a new call; `false` when there were enough within this second. */
  private withinRate(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.callsThisSecond = 0;
    }
    return ++this.callsThisSecond <= this.limits.callsPerSecond;
  }

  /** An INVITE of ours or theirs still waits for its answer in this dialog: glare (RFC 3261, clause 14.2). */
  private openInvite(dialog: Dialog<Application>): boolean {
    return this.calling.hasOpenInvite(dialog) || this.serving.hasOpenInvite(dialog);
  }

  private ackOf2xx(request: SipRequest, arrival: Arrival): void {
    const dialog = this.book.find(
      header(request, 'Call-ID') ?? '',
      tagOf(header(request, 'To')) ?? '',
      tagOf(header(request, 'From')),
    );
    if (dialog === undefined) {
      if (this.proxy.isOnRoute(request, arrival)) this.proxy.forwardAck(request, arrival);
      return;
    }
    const entry = this.serving.acknowledged(dialog, request);
    entry?.application.deliver({ message: request, peer: arrival, transactionId: entry.id, dialogId: dialog.id });
  }

  private cancelled(served: Served, invite: Served | undefined): void {
    if (invite === undefined) {
      this.answer(served, 481);
      return;
    }
    this.answer(served, 200);
    if (invite.transaction.answered) return;
    if (this.proxy.cancel(invite)) return;
    const entry = this.serving.of(invite.transaction);
    if (entry === undefined) return;
    this.serving.refuse(entry, 487);
    entry.application.deliver({
      message: served.request,
      peer: served.arrival,
      transactionId: entry.id,
      dialogId: entry.dialog?.id ?? '',
    });
  }

  /** A 2xx came again after its transaction was gone: its ACK was lost (RFC 3261, clause 13.2.2.4). */
  private strayResponse(response: SipResponse): void {
    if (parseCSeq(header(response, 'CSeq'))?.method !== 'INVITE' || response.status < 200 || response.status > 299)
      return;
    const dialog = this.book.find(
      header(response, 'Call-ID') ?? '',
      tagOf(header(response, 'From')) ?? '',
      tagOf(header(response, 'To')),
    );
    if (dialog?.lastAck !== undefined) this.layer.sendAlone(dialog.lastAck.message, dialog.lastAck.peer);
  }

  private unacknowledged(served: Served): void {
    const entry = this.serving.unacknowledged(served.transaction);
    const dialog = entry?.dialog;
    if (dialog === undefined || this.book.byId(dialog.id) !== dialog) return;
    this.log.warn({ callId: dialog.callId }, 'no ACK for 2xx; ending the call');
    const bye = this.calling.endDialog(dialog, 'SIP;cause=408;text="ACK timeout"');
    entry?.application.deliver({
      message: bye,
      peer: served.arrival,
      transactionId: 'unsolicited',
      dialogId: dialog.id,
    });
  }

  /** Hands a request that a program took to the proxy (RFC 3261, clause 16). */
  proxyRequest(transactionId: string, options: ProxyOptions): string | undefined {
    const entry = this.serving.take(transactionId);
    if (entry === undefined) return 'transaction not found';
    this.proxy.forward(entry, options);
    return undefined;
  }

  /** The next program that wants a method, in turn. */
  private pick(method: string): Application | undefined {
    const wanting = [...this.applications].filter((application) => application.routes.has(method.toLowerCase()));
    this.turn = (this.turn + 1) % Number.MAX_SAFE_INTEGER;
    return wanting[this.turn % Math.max(1, wanting.length)];
  }

  private answer(served: Served, status: number, extra: Header[] = []): void {
    served.transaction.respond(responseTo(served.request, status, extra, newTag()));
  }
}
