import { randomBytes, randomUUID } from 'node:crypto';
import { bracketHost, parseCSeq, parseNameAddress, parseUri, tagOf } from '../sip/address.ts';
import {
  type Header,
  header,
  headerValues,
  reasonPhrase,
  responseTo,
  type SipRequest,
  type SipResponse,
  without,
} from '../sip/message.ts';
import type { ClientTransaction } from '../transaction/client.ts';
import { newBranch, type Served, TransactionLayer } from '../transaction/layer.ts';
import { type Later, machineTimers, T1, transactionTimeoutMs } from '../transaction/timers.ts';
import type { Arrival, Peer, Transport } from '../transport/transport.ts';
import type { Application, Sent } from './application.ts';
import { cancelOf } from './cancel.ts';
import {
  confirmByResponse,
  type Dialog,
  dialogId,
  dialogOfCallee,
  dialogOfCaller,
  refreshTarget,
  requestRoute,
} from './dialog.ts';
import { DialogBook } from './dialog-book.ts';
import { type ProxyOptions, RequestProxy } from './proxy.ts';
import { markArrival, methodsKnown, requestFault } from './request-check.ts';
import { type Names, resolve, systemNames } from './resolve.ts';

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

interface ServedByApp extends Served {
  id: string;
  application: Application;
  toTag: string;
  dialog: Dialog<Application> | undefined;
  /** Ends the wait for the program's answer. */
  stopPatience?: () => void;
  /** The reliable provisional response that waits for its PRACK (RFC 3262). */
  reliable?: { sequence: number; stop: () => void };
}

interface SentByApp {
  id: string;
  application: Application;
  request: SipRequest;
  peer: Peer;
  transaction: ClientTransaction;
  dialog: Dialog<Application> | undefined;
  answered: boolean;
  ringing: boolean;
  cancelled: boolean;
}

const newTag = (): string => randomBytes(8).toString('hex');
/** How long a program may let a caller ring. */
const unansweredInviteMs = 30 * 60_000;
const retryAfter: Header = { name: 'Retry-After', value: '5' };

/** The SIP core: user agent and proxy on behalf of the programs at the control port (RFC 3261, clauses 8, 9, 12–16). */
export class SipAgent {
  private readonly layer: TransactionLayer;
  private readonly served = new Map<string, ServedByApp>();
  private readonly sent = new Map<string, SentByApp>();
  private readonly book = new DialogBook<Application>();
  private readonly proxy: RequestProxy;
  private readonly applications = new Set<Application>();
  private turn = 0;
  private second = 0;
  private callsThisSecond = 0;
  private readonly transport: Transport;
  private readonly limits: AgentLimits;
  private readonly log: AgentLog;
  private readonly names: Names;
  private readonly later: Later;

  constructor(
    transport: Transport,
    limits: AgentLimits,
    log: AgentLog,
    later: Later = machineTimers,
    names: Names = systemNames,
  ) {
    this.transport = transport;
    this.limits = limits;
    this.log = log;
    this.names = names;
    this.later = later;
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
    this.proxy = new RequestProxy(this.layer, transport, (uri) => resolve(uri, this.names), later);
    transport.on('message', (message, arrival) => {
      if (message.kind === 'response') this.layer.receiveResponse(message, arrival);
      else this.receiveRequest(message, arrival);
    });
  }

  /** Counts for supervision and tests. */
  get load(): { dialogs: number; servers: number; clients: number; served: number; sent: number } {
    return { dialogs: this.book.size, ...this.layer.size, served: this.served.size, sent: this.sent.size };
  }

  applicationJoined(application: Application): void {
    this.applications.add(application);
  }

  /** A program went away: what it had not answered is refused, its calls are ended. */
  applicationLeft(application: Application): void {
    this.applications.delete(application);
    for (const served of [...this.served.values()]) {
      if (served.application !== application || served.transaction.answered) continue;
      this.refuse(served, served.request.method === 'INVITE' ? 487 : 503);
    }
    for (const sent of [...this.sent.values()]) {
      if (sent.application === application && sent.request.method === 'INVITE' && !sent.answered) this.cancelSent(sent);
    }
    for (const dialog of this.book.of(application)) {
      if (dialog.confirmed) this.endDialog(dialog, 'SIP;cause=503;text="application gone"');
      else this.book.remove(dialog);
    }
  }

  /* ---- from the network ---- */

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
    const required = headerValues(request, 'Require').flatMap((value) => value.split(','));
    const unknown = required.map((tag) => tag.trim()).filter((tag) => !understood.has(tag.toLowerCase()));
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
    const entry = this.register(served, application);
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
    if (request.method === 'PRACK' && !this.acknowledgedByPrack(dialog, request)) {
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
    const entry = this.register(served, dialog.owner);
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
    const ours = [...this.sent.values()].some(
      (sent) => sent.dialog === dialog && sent.request.method === 'INVITE' && !sent.answered,
    );
    return (
      ours ||
      [...this.served.values()].some(
        (served) => served.dialog === dialog && served.request.method === 'INVITE' && !served.transaction.answered,
      )
    );
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
    const sequence = parseCSeq(header(request, 'CSeq'))?.number;
    for (const served of this.served.values()) {
      if (served.dialog !== dialog || served.request.method !== 'INVITE') continue;
      if (parseCSeq(header(served.request, 'CSeq'))?.number !== sequence) continue;
      if (!served.transaction.confirmed()) return;
      const { id } = served;
      this.served.delete(id);
      served.application.deliver({ message: request, peer: arrival, transactionId: id, dialogId: dialog.id });
      return;
    }
  }

  private cancelled(served: Served, invite: Served | undefined): void {
    if (invite === undefined) {
      this.answer(served, 481);
      return;
    }
    this.answer(served, 200);
    if (invite.transaction.answered) return;
    if (this.proxy.cancel(invite)) return;
    const entry = [...this.served.values()].find((candidate) => candidate.transaction === invite.transaction);
    if (entry === undefined) return;
    this.refuse(entry, 487);
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
    const entry = [...this.served.values()].find((candidate) => candidate.transaction === served.transaction);
    const dialog = entry?.dialog;
    if (entry !== undefined) this.served.delete(entry.id);
    if (dialog === undefined || this.book.byId(dialog.id) !== dialog) return;
    this.log.warn({ callId: dialog.callId }, 'no ACK for 2xx; ending the call');
    const bye = this.endDialog(dialog, 'SIP;cause=408;text="ACK timeout"');
    entry?.application.deliver({
      message: bye,
      peer: served.arrival,
      transactionId: 'unsolicited',
      dialogId: dialog.id,
    });
  }

  /* ---- from the programs ---- */

  /** Sends a program's response. */
  respond(transactionId: string, draft: SipResponse): Sent {
    const entry = this.served.get(transactionId);
    if (entry === undefined || entry.transaction.answered) {
      return { ok: false, reason: 'Response not sent due to unknown transaction' };
    }
    const { request, arrival } = entry;
    const given = tagOf(header(draft, 'To'));
    if (given !== undefined && tagOf(header(request, 'To')) === undefined && entry.dialog === undefined)
      entry.toTag = given;
    const tagged = draft.status > 100;
    const response = responseTo(request, draft.status, [], tagged ? entry.toTag : undefined);
    response.reason = draft.reason === '' ? reasonPhrase(draft.status) : draft.reason;
    response.body = draft.body;
    const formsDialog = request.method === 'INVITE' || request.method === 'SUBSCRIBE' || request.method === 'REFER';
    const success = draft.status > 100 && draft.status < 300;
    if (formsDialog && success) {
      for (const value of headerValues(request, 'Record-Route')) response.headers.push({ name: 'Record-Route', value });
    }
    response.headers.push(...this.localised(ownHeaders(draft), arrival));
    const wantsContact = (formsDialog || request.method === 'UPDATE') && success;
    if (wantsContact && header(response, 'Contact') === undefined) {
      response.headers.push({ name: 'Contact', value: this.contactFor(arrival) });
    }
    this.followServed(entry, response);
    entry.reliable?.stop();
    if (response.status >= 200) entry.stopPatience?.();
    else if (response.status > 100 && /\b100rel\b/i.test(header(draft, 'Require') ?? ''))
      this.makeReliable(entry, response);
    entry.transaction.respond(response);
    const { id } = entry;
    if (response.status >= 200 && !(request.method === 'INVITE' && response.status < 300)) this.served.delete(id);
    return { ok: true, message: response, peer: arrival, transactionId: id, dialogId: entry.dialog?.id ?? '' };
  }

  /** Numbers a provisional response and repeats it until its PRACK comes (RFC 3262, clause 3). */
  private makeReliable(entry: ServedByApp, response: SipResponse): void {
    const given = Number(header(response, 'RSeq'));
    const sequence =
      Number.isInteger(given) && given > 0
        ? given
        : (entry.reliable?.sequence ?? Math.floor(Math.random() * 2 ** 20)) + 1;
    response.headers = [...without(response.headers, 'RSeq'), { name: 'RSeq', value: String(sequence) }];
    let stop = (): void => {};
    const repeat = (wait: number, waited: number): void => {
      stop = this.later(wait, () => {
        if (entry.transaction.answered) return;
        if (waited + wait >= transactionTimeoutMs) this.refuse(entry, 504);
        else {
          entry.transaction.respond(response);
          repeat(wait * 2, waited + wait);
        }
      });
    };
    repeat(T1, 0);
    entry.reliable = { sequence, stop: () => stop() };
  }

  /** A PRACK came: stops the repetition; `false` when it acknowledges nothing of ours. */
  private acknowledgedByPrack(dialog: Dialog<Application>, request: SipRequest): boolean {
    const [sequence] = (header(request, 'RAck') ?? '').trim().split(/\s+/);
    for (const served of this.served.values()) {
      if (served.dialog !== dialog || String(served.reliable?.sequence) !== sequence) continue;
      served.reliable?.stop();
      return true;
    }
    return false;
  }

  /** What a response of ours does to dialogs. */
  private followServed(entry: ServedByApp, response: SipResponse): void {
    const { request } = entry;
    if (request.method !== 'INVITE' && request.method !== 'SUBSCRIBE') return;
    const first = tagOf(header(request, 'To')) === undefined;
    if (response.status > 100 && response.status < 300) {
      if (first && entry.dialog === undefined) {
        entry.dialog = dialogOfCallee(request, entry.toTag, entry.arrival, entry.application);
        entry.dialog.subscription = request.method === 'SUBSCRIBE';
        this.book.add(entry.dialog);
      }
      if (response.status >= 200 && entry.dialog !== undefined) entry.dialog.confirmed = true;
    } else if (response.status >= 300 && first && entry.dialog !== undefined) this.book.remove(entry.dialog);
  }

  /** Sends a program's request that starts something new. */
  async request(application: Application, draft: SipRequest, proxy: string | undefined): Promise<Sent> {
    const routes = headerValues(draft, 'Route');
    let peer: Peer;
    try {
      peer = await resolve(proxy ?? routes[0] ?? draft.uri, this.names);
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
    const from = header(draft, 'From') ?? `<sip:${this.hostPort(peer)}>`;
    const local = this.localised([{ name: 'From', value: from }], peer)[0]?.value ?? from;
    const sequence = parseCSeq(header(draft, 'CSeq'))?.number ?? 1 + Math.floor(Math.random() * 2 ** 28);
    const request: SipRequest = {
      kind: 'request',
      method: draft.method,
      uri: draft.uri,
      headers: [
        { name: 'Via', value: this.viaFor(peer) },
        { name: 'Max-Forwards', value: header(draft, 'Max-Forwards') ?? '70' },
        { name: 'From', value: tagOf(local) === undefined ? `${local};tag=${newTag()}` : local },
        { name: 'To', value: header(draft, 'To') ?? `<${draft.uri}>` },
        { name: 'Call-ID', value: header(draft, 'Call-ID') ?? randomUUID() },
        { name: 'CSeq', value: `${sequence} ${draft.method}` },
        ...this.contactIfNeeded(draft, peer),
        ...this.localised(ownHeaders(draft), peer),
      ],
      body: draft.body,
    };
    return this.launch(application, request, peer, undefined);
  }

  /** Sends a program's request inside of a dialog. */
  async requestInDialog(application: Application, id: string, draft: SipRequest): Promise<Sent> {
    const dialog = this.book.byId(id);
    if (dialog === undefined) return { ok: false, reason: `unable to find dialog for dialog id provided: ${id}` };
    const { uri, routes } = requestRoute(dialog);
    let peer: Peer;
    try {
      peer =
        routes.length === 0 && dialog.flow !== undefined && this.usable(dialog.flow)
          ? dialog.flow
          : await resolve(routes[0] ?? uri, this.names);
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
    const ack = draft.method === 'ACK';
    const sequence = ack ? dialog.inviteSequence : ++dialog.localSequence;
    if (draft.method === 'INVITE') dialog.inviteSequence = sequence;
    const request: SipRequest = {
      kind: 'request',
      method: draft.method,
      uri,
      headers: [
        { name: 'Via', value: this.viaFor(peer) },
        ...routes.map((value) => ({ name: 'Route', value })),
        { name: 'Max-Forwards', value: '70' },
        { name: 'From', value: dialog.localParty },
        { name: 'To', value: dialog.remoteParty },
        { name: 'Call-ID', value: dialog.callId },
        { name: 'CSeq', value: `${sequence} ${draft.method}` },
        ...this.contactIfNeeded(draft, peer),
        ...this.localised(without(ownHeaders(draft), 'Route', 'Max-Forwards'), peer),
      ],
      body: draft.body,
    };
    if (ack) {
      dialog.lastAck = { sequence, message: request, peer };
      this.layer.sendAlone(request, peer);
      return { ok: true, message: request, peer: this.seenAs(peer), transactionId: randomUUID() };
    }
    if (draft.method === 'BYE' || endsSubscription(dialog, draft)) this.book.remove(dialog);
    return this.launch(application, request, peer, dialog);
  }

  /** Cancels a program's INVITE (RFC 3261, clause 9.1: not before a provisional response). */
  cancel(transactionId: string): Sent {
    const sent = this.sent.get(transactionId);
    if (sent === undefined || sent.request.method !== 'INVITE' || sent.answered) {
      return { ok: false, reason: 'unable to find original request for CANCEL' };
    }
    const cancel = this.cancelSent(sent);
    return { ok: true, message: cancel, peer: this.seenAs(sent.peer), transactionId: randomUUID() };
  }

  /** Hands a request that a program took to the proxy (RFC 3261, clause 16). */
  proxyRequest(transactionId: string, options: ProxyOptions): string | undefined {
    const entry = this.served.get(transactionId);
    if (entry === undefined || entry.transaction.answered) return 'transaction not found';
    this.served.delete(transactionId);
    this.proxy.forward(entry, options);
    return undefined;
  }

  private launch(
    application: Application,
    request: SipRequest,
    peer: Peer,
    dialog: Dialog<Application> | undefined,
  ): Sent {
    const id = randomUUID();
    const entry = {
      id,
      application,
      request,
      peer,
      dialog,
      answered: false,
      ringing: false,
      cancelled: false,
    } as SentByApp;
    this.sent.set(id, entry);
    entry.transaction = this.layer.request(request, peer, {
      response: (response, from) => this.response(entry, response, from),
      failed: (status) => this.response(entry, responseTo(request, status, [], newTag()), peer),
      terminated: () => this.sent.delete(id),
    });
    return { ok: true, message: request, peer: this.seenAs(peer), transactionId: id };
  }

  private response(entry: SentByApp, response: SipResponse, from: Peer): void {
    const { request } = entry;
    const dialogs =
      request.method === 'INVITE' || (request.method === 'SUBSCRIBE' && entry.dialog?.subscription !== false);
    if (dialogs) {
      if (response.status < 200 && !entry.ringing) {
        entry.ringing = true;
        if (entry.cancelled) this.sendCancel(entry);
      }
      if (!this.followSent(entry, response, from)) return;
    } else if (entry.dialog !== undefined && response.status < 300 && response.status >= 200) {
      if (request.method === 'UPDATE') refreshTarget(entry.dialog, response);
    } else if (entry.dialog !== undefined && (response.status === 481 || response.status === 408)) {
      // The far side knows nothing of the dialog any more (RFC 3261, clause 12.2.1.2); the program ends it.
    }
    if (response.status === 100) return;
    entry.answered ||= response.status >= 200;
    const id = tagOf(header(response, 'To')) === undefined ? '' : (entry.dialog?.id ?? this.idOf(request));
    entry.application.deliver({ message: response, peer: from, transactionId: entry.id, dialogId: id });
  }

  /** What a response to our INVITE does to dialogs; `false` when the program is not to see it. */
  private followSent(entry: SentByApp, response: SipResponse, from: Peer): boolean {
    const { request } = entry;
    const first = tagOf(header(request, 'To')) === undefined;
    const tag = tagOf(header(response, 'To'));
    if (response.status >= 300) {
      if (first && entry.dialog !== undefined) this.book.remove(entry.dialog);
      return true;
    }
    if (response.status === 100 || tag === undefined) return true;
    if (!first) {
      if (response.status >= 200 && entry.dialog !== undefined) {
        if (entry.answered) {
          if (entry.dialog.lastAck !== undefined)
            this.layer.sendAlone(entry.dialog.lastAck.message, entry.dialog.lastAck.peer);
          return false;
        }
        refreshTarget(entry.dialog, response);
      }
      return true;
    }
    if (response.status >= 200 && entry.answered) {
      const dialog = entry.dialog;
      if (dialog !== undefined && dialog.remoteTag === tag) {
        if (dialog.lastAck !== undefined) this.layer.sendAlone(dialog.lastAck.message, dialog.lastAck.peer);
      } else this.endFork(request, response, from, entry.application);
      return false;
    }
    if (entry.dialog === undefined) {
      entry.dialog = dialogOfCaller(request, response, from, entry.application);
      entry.dialog.subscription = request.method === 'SUBSCRIBE';
      this.book.add(entry.dialog);
    } else {
      this.book.remove(entry.dialog);
      confirmByResponse(entry.dialog, response);
      this.book.add(entry.dialog);
    }
    return true;
  }

  /** A second branch of a forked INVITE answered too: acknowledge it and end it. */
  private endFork(request: SipRequest, response: SipResponse, from: Peer, application: Application): void {
    const dialog = dialogOfCaller(request, response, from, application);
    dialog.id = `${dialog.id};fork=${dialog.remoteTag}`;
    this.book.add(dialog);
    const ack: SipRequest = {
      kind: 'request',
      method: 'ACK',
      uri: dialog.remoteTarget,
      headers: [],
      body: Buffer.alloc(0),
    };
    void this.requestInDialog(application, dialog.id, ack).then(() =>
      this.endDialog(dialog, 'SIP;cause=200;text="Call completed elsewhere"'),
    );
  }

  private cancelSent(entry: SentByApp): SipRequest {
    entry.cancelled = true;
    if (entry.ringing) return this.sendCancel(entry);
    // Nobody may ever answer: then timer B of the INVITE ends it.
    return cancelOf(entry.request);
  }

  private sendCancel(entry: SentByApp): SipRequest {
    const cancel = cancelOf(entry.request);
    this.layer.request(cancel, entry.peer, { response: () => {}, failed: () => {}, terminated: () => {} });
    // A far side that never gives the final response (RFC 3261, clause 9.1) must not hold us.
    this.later(transactionTimeoutMs, () => {
      if (entry.answered) return;
      this.response(entry, responseTo(entry.request, 487, [], newTag()), entry.peer);
      entry.transaction.abandon();
    });
    return cancel;
  }

  /** Sends BYE on our own account and forgets the dialog. */
  private endDialog(dialog: Dialog<Application>, reason: string): SipRequest {
    const bye: SipRequest = {
      kind: 'request',
      method: 'BYE',
      uri: dialog.remoteTarget,
      headers: [
        { name: 'From', value: dialog.localParty },
        { name: 'To', value: dialog.remoteParty },
        { name: 'Call-ID', value: dialog.callId },
        { name: 'CSeq', value: `${dialog.localSequence + 1} BYE` },
        { name: 'Reason', value: reason },
      ],
      body: Buffer.alloc(0),
    };
    const silent: Application = { routes: new Set(), deliver: () => {} };
    void this.requestInDialog(silent, dialog.id, { ...bye, headers: [{ name: 'Reason', value: reason }] });
    return bye;
  }

  /* ---- small things ---- */

  /** The next program that wants a method, in turn. */
  private pick(method: string): Application | undefined {
    const wanting = [...this.applications].filter((application) => application.routes.has(method.toLowerCase()));
    this.turn = (this.turn + 1) % Number.MAX_SAFE_INTEGER;
    return wanting[this.turn % Math.max(1, wanting.length)];
  }

  private register(served: Served, application: Application): ServedByApp {
    const entry: ServedByApp = { ...served, id: randomUUID(), application, toTag: newTag(), dialog: undefined };
    this.served.set(entry.id, entry);
    // A program that never answers must not hold us: by timer F the sender has given up on anything but an INVITE.
    const patience = served.request.method === 'INVITE' ? unansweredInviteMs : transactionTimeoutMs;
    entry.stopPatience = this.later(patience, () => {
      if (this.served.get(entry.id) === entry && !served.transaction.answered) this.refuse(entry, 408);
    });
    return entry;
  }

  private refuse(entry: ServedByApp, status: number): void {
    entry.stopPatience?.();
    entry.reliable?.stop();
    entry.transaction.respond(responseTo(entry.request, status, [], entry.toTag));
    this.served.delete(entry.id);
    if (entry.dialog !== undefined && !entry.dialog.confirmed) this.book.remove(entry.dialog);
  }

  private answer(served: Served, status: number, extra: Header[] = []): void {
    served.transaction.respond(responseTo(served.request, status, extra, newTag()));
  }

  private usable(flow: Peer): boolean {
    return flow.transport === 'udp' || this.transport.hasStream(flow);
  }

  private idOf(request: SipRequest): string {
    return dialogId(header(request, 'Call-ID') ?? '', tagOf(header(request, 'From')) ?? '');
  }

  private hostPort(peer: Peer): string {
    const { host, port } = this.transport.localFor(peer);
    return `${bracketHost(host)}:${port}`;
  }

  private viaFor(peer: Peer): string {
    const { host, port } = this.transport.localFor(peer);
    const usual = port === (peer.transport === 'tls' ? 5061 : 5060);
    const sentBy = usual ? bracketHost(host) : `${bracketHost(host)}:${port}`;
    return `SIP/2.0/${peer.transport.toUpperCase()} ${sentBy};rport;branch=${newBranch()}`;
  }

  private contactFor(peer: Peer): string {
    return `<sip:${this.hostPort(peer)}${peer.transport === 'udp' ? '' : `;transport=${peer.transport}`}>`;
  }

  private contactIfNeeded(draft: SipRequest, peer: Peer): Header[] {
    const needed = /^(INVITE|SUBSCRIBE|REFER|UPDATE|REGISTER)$/.test(draft.method);
    return needed && header(draft, 'Contact') === undefined ? [{ name: 'Contact', value: this.contactFor(peer) }] : [];
  }

  /** Our own address where a program wrote `localhost`, as drachtio does. */
  private localised(headers: Header[], peer: Peer): Header[] {
    return headers.map(({ name, value }) => {
      if (!/^(from|contact|p-asserted-identity)$/i.test(name) || !/[@:]localhost\b/.test(value)) return { name, value };
      const uri = parseUri(parseNameAddress(value)?.uri ?? '');
      const host =
        name.toLowerCase() === 'contact' || uri?.port === undefined
          ? this.hostPort(peer)
          : bracketHost(this.transport.localFor(peer).host);
      return { name, value: value.replace(/localhost(:\d+)?/, host) };
    });
  }

  /** drachtio tells our own address with what it sent. */
  private seenAs(peer: Peer): Peer {
    return { transport: peer.transport, ...this.transport.localFor(peer) };
  }
}

/** Extensions that the programs behind us are trusted to deal with (RFC 3261, clause 8.2.2.3). */
const understood = new Set([
  '',
  '100rel',
  'timer',
  'replaces',
  'path',
  'outbound',
  'gruu',
  'norefersub',
  'histinfo',
  'eventlist',
  'join',
  'from-change',
]);

/** What a program's message brings besides what the transaction and the dialog settle. */
function ownHeaders(draft: SipRequest | SipResponse): Header[] {
  const settled = ['Via', 'Call-ID', 'CSeq', 'To', 'From', 'Content-Length', 'Max-Forwards'];
  const own =
    draft.kind === 'response'
      ? oneChallengeALine(without(draft.headers, ...settled, 'Record-Route'))
      : without(draft.headers, ...settled);
  // Programs may leave the type of a session description out: a body without a type would be refused by its reader.
  return draft.body.length > 0 &&
    header(draft, 'Content-Type') === undefined &&
    /^v=0\r?\n/.test(draft.body.toString('latin1', 0, 5))
    ? [...own, { name: 'Content-Type', value: 'application/sdp' }]
    : own;
}

/** Whether a message is the last of a dialog that a SUBSCRIBE made (RFC 6665, clause 4.4.1). */
function endsSubscription(dialog: Dialog<Application>, request: SipRequest): boolean {
  return (
    dialog.subscription === true &&
    request.method === 'NOTIFY' &&
    /^\s*terminated\b/i.test(header(request, 'Subscription-State') ?? '')
  );
}

/** Challenges may not share a line: their own parameters are set apart by commas too (RFC 3261, clause 7.3.1). */
function oneChallengeALine(headers: Header[]): Header[] {
  return headers.flatMap(({ name, value }) =>
    /^(www|proxy)-authenticate$/i.test(name)
      ? value.split(/,\s*(?=Digest\s)/i).map((challenge) => ({ name, value: challenge }))
      : [{ name, value }],
  );
}
