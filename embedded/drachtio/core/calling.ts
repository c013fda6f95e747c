import { randomUUID } from 'node:crypto';
import { parseCSeq, tagOf } from '../sip/address.ts';
import { header, headerValues, responseTo, type SipRequest, type SipResponse, without } from '../sip/message.ts';
import type { ClientTransaction } from '../transaction/client.ts';
import type { TransactionLayer } from '../transaction/layer.ts';
import { type Later, transactionTimeoutMs } from '../transaction/timers.ts';
import type { Peer, Transport } from '../transport/transport.ts';
import type { Application, Sent } from './application.ts';
import { cancelOf } from './cancel.ts';
import { confirmByResponse, type Dialog, dialogId, dialogOfCaller, refreshTarget, requestRoute } from './dialog.ts';
import type { DialogBook } from './dialog-book.ts';
import { endsSubscription, ownHeaders } from './draft.ts';
import { errorText } from './error-text.ts';
import type { OwnAddress } from './own-address.ts';
import { type Names, resolve } from './resolve.ts';
import { newTag } from './tag.ts';

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

/** What requests are sent with. */
export interface CallingParts {
  layer: TransactionLayer;
  transport: Transport;
  book: DialogBook<Application>;
  own: OwnAddress;
  names: Names;
  later: Later;
}

/** Requests that programs send, and what their responses do to dialogs (RFC 3261, clauses 8.1, 9.1, 12.2.1, 13.2). */
export class Calling {
  private readonly parts: CallingParts;
  private readonly sent = new Map<string, SentByApp>();

  constructor(parts: CallingParts) {
    this.parts = parts;
  }

  /** Requests in hand. */
  get size(): number {
    return this.sent.size;
  }

  /** A program went away: its calls that are not answered yet are given up. */
  leave(application: Application): void {
    for (const sent of [...this.sent.values()]) {
      if (sent.application === application && sent.request.method === 'INVITE' && !sent.answered) this.cancelSent(sent);
    }
  }

  /** Whether an INVITE of ours waits for its answer in this dialog. */
  hasOpenInvite(dialog: Dialog<Application>): boolean {
    return [...this.sent.values()].some(
      (sent) => sent.dialog === dialog && sent.request.method === 'INVITE' && !sent.answered,
    );
  }

  /** Sends a program's request that starts something new. */
  async request(application: Application, draft: SipRequest, proxy: string | undefined): Promise<Sent> {
    const routes = headerValues(draft, 'Route');
    let peer: Peer;
    try {
      peer = await resolve(proxy ?? routes[0] ?? draft.uri, this.parts.names);
    } catch (error) {
      return { ok: false, reason: errorText(error) };
    }
    const from = header(draft, 'From') ?? `<sip:${this.parts.own.hostPort(peer)}>`;
    const local = this.parts.own.localised([{ name: 'From', value: from }], peer)[0]?.value ?? from;
    const sequence = parseCSeq(header(draft, 'CSeq'))?.number ?? 1 + Math.floor(Math.random() * 2 ** 28);
    const request: SipRequest = {
      kind: 'request',
      method: draft.method,
      uri: draft.uri,
      headers: [
        { name: 'Via', value: this.parts.own.via(peer) },
        { name: 'Max-Forwards', value: header(draft, 'Max-Forwards') ?? '70' },
        { name: 'From', value: tagOf(local) === undefined ? `${local};tag=${newTag()}` : local },
        { name: 'To', value: header(draft, 'To') ?? `<${draft.uri}>` },
        { name: 'Call-ID', value: header(draft, 'Call-ID') ?? randomUUID() },
        { name: 'CSeq', value: `${sequence} ${draft.method}` },
        ...this.parts.own.contactIfNeeded(draft, peer),
        ...this.parts.own.localised(ownHeaders(draft), peer),
      ],
      body: draft.body,
    };
    return this.launch(application, request, peer, undefined);
  }

  /** Sends a program's request inside of a dialog. */
  async requestInDialog(application: Application, id: string, draft: SipRequest): Promise<Sent> {
    const dialog = this.parts.book.byId(id);
    if (dialog === undefined) return { ok: false, reason: `unable to find dialog for dialog id provided: ${id}` };
    const { uri, routes } = requestRoute(dialog);
    let peer: Peer;
    try {
      peer =
        routes.length === 0 && dialog.flow !== undefined && this.usable(dialog.flow)
          ? dialog.flow
          : await resolve(routes[0] ?? uri, this.parts.names);
    } catch (error) {
      return { ok: false, reason: errorText(error) };
    }
    const ack = draft.method === 'ACK';
    const sequence = ack ? dialog.inviteSequence : ++dialog.localSequence;
    if (draft.method === 'INVITE') dialog.inviteSequence = sequence;
    const request: SipRequest = {
      kind: 'request',
      method: draft.method,
      uri,
      headers: [
        { name: 'Via', value: this.parts.own.via(peer) },
        ...routes.map((value) => ({ name: 'Route', value })),
        { name: 'Max-Forwards', value: '70' },
        { name: 'From', value: dialog.localParty },
        { name: 'To', value: dialog.remoteParty },
        { name: 'Call-ID', value: dialog.callId },
        { name: 'CSeq', value: `${sequence} ${draft.method}` },
        ...this.parts.own.contactIfNeeded(draft, peer),
        ...this.parts.own.localised(without(ownHeaders(draft), 'Route', 'Max-Forwards'), peer),
      ],
      body: draft.body,
    };
    if (ack) {
      dialog.lastAck = { sequence, message: request, peer };
      this.parts.layer.sendAlone(request, peer);
      return { ok: true, message: request, peer: this.parts.own.seenAs(peer), transactionId: randomUUID() };
    }
    if (draft.method === 'BYE' || endsSubscription(dialog, draft)) this.parts.book.remove(dialog);
    return this.launch(application, request, peer, dialog);
  }

  /** Cancels a program's INVITE (RFC 3261, clause 9.1: not before a provisional response). */
  cancel(transactionId: string): Sent {
    const sent = this.sent.get(transactionId);
    if (sent === undefined || sent.request.method !== 'INVITE' || sent.answered) {
      return { ok: false, reason: 'unable to find original request for CANCEL' };
    }
    const cancel = this.cancelSent(sent);
    return { ok: true, message: cancel, peer: this.parts.own.seenAs(sent.peer), transactionId: randomUUID() };
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
    entry.transaction = this.parts.layer.request(request, peer, {
      response: (response, from) => this.response(entry, response, from),
      failed: (status) => this.response(entry, responseTo(request, status, [], newTag()), peer),
      terminated: () => this.sent.delete(id),
    });
    return { ok: true, message: request, peer: this.parts.own.seenAs(peer), transactionId: id };
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
      if (first && entry.dialog !== undefined) this.parts.book.remove(entry.dialog);
      return true;
    }
    if (response.status === 100 || tag === undefined) return true;
    if (!first) {
      if (response.status >= 200 && entry.dialog !== undefined) {
        if (entry.answered) {
          if (entry.dialog.lastAck !== undefined)
            this.parts.layer.sendAlone(entry.dialog.lastAck.message, entry.dialog.lastAck.peer);
          return false;
        }
        refreshTarget(entry.dialog, response);
      }
      return true;
    }
    if (response.status >= 200 && entry.answered) {
      const dialog = entry.dialog;
      if (dialog !== undefined && dialog.remoteTag === tag) {
        if (dialog.lastAck !== undefined) this.parts.layer.sendAlone(dialog.lastAck.message, dialog.lastAck.peer);
      } else this.endFork(request, response, from, entry.application);
      return false;
    }
    if (entry.dialog === undefined) {
      entry.dialog = dialogOfCaller(request, response, from, entry.application);
      entry.dialog.subscription = request.method === 'SUBSCRIBE';
      this.parts.book.add(entry.dialog);
    } else {
      this.parts.book.remove(entry.dialog);
      confirmByResponse(entry.dialog, response);
      this.parts.book.add(entry.dialog);
    }
    return true;
  }

  /** A second branch of a forked INVITE answered too: acknowledge it and end it. */
  private endFork(request: SipRequest, response: SipResponse, from: Peer, application: Application): void {
    const dialog = dialogOfCaller(request, response, from, application);
    dialog.id = `${dialog.id};fork=${dialog.remoteTag}`;
    this.parts.book.add(dialog);
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
    this.parts.layer.request(cancel, entry.peer, { response: () => {}, failed: () => {}, terminated: () => {} });
    // A far side that never gives the final response (RFC 3261, clause 9.1) must not hold us.
    this.parts.later(transactionTimeoutMs, () => {
      if (entry.answered) return;
      this.response(entry, responseTo(entry.request, 487, [], newTag()), entry.peer);
      entry.transaction.abandon();
    });
    return cancel;
  }

  /** Sends BYE on our own account and forgets the dialog. */
  endDialog(dialog: Dialog<Application>, reason: string): SipRequest {
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

  private usable(flow: Peer): boolean {
    return flow.transport === 'udp' || this.parts.transport.hasStream(flow);
  }

  private idOf(request: SipRequest): string {
    return dialogId(header(request, 'Call-ID') ?? '', tagOf(header(request, 'From')) ?? '');
  }
}
