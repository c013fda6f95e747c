import { randomUUID } from 'node:crypto';
import { parseCSeq, tagOf } from '../sip/address.ts';
import {
  header,
  headerValues,
  reasonPhrase,
  responseTo,
  type SipRequest,
  type SipResponse,
  without,
} from '../sip/message.ts';
import type { Served } from '../transaction/layer.ts';
import { type Later, T1, transactionTimeoutMs } from '../transaction/timers.ts';
import type { Application, Sent } from './application.ts';
import { type Dialog, dialogOfCallee } from './dialog.ts';
import type { DialogBook } from './dialog-book.ts';
import { ownHeaders } from './draft.ts';
import type { OwnAddress } from './own-address.ts';
import { newTag } from './tag.ts';

/** How long a program may let a caller ring. */
const unansweredInviteMs = 30 * 60_000;

/** A request that a program has in hand. */
export interface InHand extends Served {
  id: string;
  application: Application;
  toTag: string;
  dialog: Dialog<Application> | undefined;
  /** Ends the wait for the program's answer. */
  stopPatience?: () => void;
  /** The reliable provisional response that waits for its PRACK (RFC 3262). */
  reliable?: { sequence: number; stop: () => void };
}

/** What requests are answered with. */
export interface ServingParts {
  book: DialogBook<Application>;
  own: OwnAddress;
  later: Later;
}

/** Requests that programs have in hand, their responses, and what those do to dialogs (RFC 3261, clauses 8.2, 12.1.1, 13.3). */
export class Serving {
  private readonly parts: ServingParts;
  private readonly inHand = new Map<string, InHand>();

  constructor(parts: ServingParts) {
    this.parts = parts;
  }

  /** Requests in hand. */
  get size(): number {
    return this.inHand.size;
  }

  /** A program went away: what it had not answered is refused. */
  leave(application: Application): void {
    for (const entry of [...this.inHand.values()]) {
      if (entry.application !== application || entry.transaction.answered) continue;
      this.refuse(entry, entry.request.method === 'INVITE' ? 487 : 503);
    }
  }

  /** Whether an INVITE of theirs waits for its answer in this dialog. */
  hasOpenInvite(dialog: Dialog<Application>): boolean {
    return [...this.inHand.values()].some(
      (entry) => entry.dialog === dialog && entry.request.method === 'INVITE' && !entry.transaction.answered,
    );
  }

  of(transaction: Served['transaction']): InHand | undefined {
    return [...this.inHand.values()].find((entry) => entry.transaction === transaction);
  }

  /** Takes a request that is not answered yet out of the program's hand. */
  take(transactionId: string): InHand | undefined {
    const entry = this.inHand.get(transactionId);
    if (entry === undefined || entry.transaction.answered) return undefined;
    this.inHand.delete(transactionId);
    return entry;
  }

  /** The ACK of a 2xx came: the INVITE that it ends; nothing when it came before. */
  acknowledged(dialog: Dialog<Application>, ack: SipRequest): InHand | undefined {
    const sequence = parseCSeq(header(ack, 'CSeq'))?.number;
    for (const entry of this.inHand.values()) {
      if (entry.dialog !== dialog || entry.request.method !== 'INVITE') continue;
      if (parseCSeq(header(entry.request, 'CSeq'))?.number !== sequence) continue;
      if (!entry.transaction.confirmed()) return undefined;
      this.inHand.delete(entry.id);
      return entry;
    }
    return undefined;
  }

  /** No ACK came for its 2xx. */
  unacknowledged(transaction: Served['transaction']): InHand | undefined {
    const entry = this.of(transaction);
    if (entry !== undefined) this.inHand.delete(entry.id);
    return entry;
  }

  /** Sends a program's response. */
  respond(transactionId: string, draft: SipResponse): Sent {
    const entry = this.inHand.get(transactionId);
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
    response.headers.push(...this.parts.own.localised(ownHeaders(draft), arrival));
    const wantsContact = (formsDialog || request.method === 'UPDATE') && success;
    if (wantsContact && header(response, 'Contact') === undefined) {
      response.headers.push({ name: 'Contact', value: this.parts.own.contact(arrival) });
    }
    this.followServed(entry, response);
    entry.reliable?.stop();
    if (response.status >= 200) entry.stopPatience?.();
    else if (response.status > 100 && /\b100rel\b/i.test(header(draft, 'Require') ?? ''))
      this.makeReliable(entry, response);
    entry.transaction.respond(response);
    const { id } = entry;
    if (response.status >= 200 && !(request.method === 'INVITE' && response.status < 300)) this.inHand.delete(id);
    return { ok: true, message: response, peer: arrival, transactionId: id, dialogId: entry.dialog?.id ?? '' };
  }

  /** Numbers a provisional response and repeats it until its PRACK comes (RFC 3262, clause 3). */
  private makeReliable(entry: InHand, response: SipResponse): void {
    const given = Number(header(response, 'RSeq'));
    const sequence =
      Number.isInteger(given) && given > 0
        ? given
        : (entry.reliable?.sequence ?? Math.floor(Math.random() * 2 ** 20)) + 1;
    response.headers = [...without(response.headers, 'RSeq'), { name: 'RSeq', value: String(sequence) }];
    let stop = (): void => {};
    const repeat = (wait: number, waited: number): void => {
      stop = this.parts.later(wait, () => {
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
  acknowledgedByPrack(dialog: Dialog<Application>, request: SipRequest): boolean {
    const [sequence] = (header(request, 'RAck') ?? '').trim().split(/\s+/);
    for (const served of this.inHand.values()) {
      if (served.dialog !== dialog || String(served.reliable?.sequence) !== sequence) continue;
      served.reliable?.stop();
      return true;
    }
    return false;
  }

  /** What a response of ours does to dialogs. */
  private followServed(entry: InHand, response: SipResponse): void {
    const { request } = entry;
    if (request.method !== 'INVITE' && request.method !== 'SUBSCRIBE') return;
    const first = tagOf(header(request, 'To')) === undefined;
    if (response.status > 100 && response.status < 300) {
      if (first && entry.dialog === undefined) {
        entry.dialog = dialogOfCallee(request, entry.toTag, entry.arrival, entry.application);
        entry.dialog.subscription = request.method === 'SUBSCRIBE';
        this.parts.book.add(entry.dialog);
      }
      if (response.status >= 200 && entry.dialog !== undefined) entry.dialog.confirmed = true;
    } else if (response.status >= 300 && first && entry.dialog !== undefined) this.parts.book.remove(entry.dialog);
  }

  /** Gives a request to a program, which has to answer it in time. */
  hold(served: Served, application: Application): InHand {
    const entry: InHand = { ...served, id: randomUUID(), application, toTag: newTag(), dialog: undefined };
    this.inHand.set(entry.id, entry);
    // A program that never answers must not hold us: by timer F the sender has given up on anything but an INVITE.
    const patience = served.request.method === 'INVITE' ? unansweredInviteMs : transactionTimeoutMs;
    entry.stopPatience = this.parts.later(patience, () => {
      if (this.inHand.get(entry.id) === entry && !served.transaction.answered) this.refuse(entry, 408);
    });
    return entry;
  }

  /** Refuses in the program's stead. */
  refuse(entry: InHand, status: number): void {
    entry.stopPatience?.();
    entry.reliable?.stop();
    entry.transaction.respond(responseTo(entry.request, status, [], entry.toTag));
    this.inHand.delete(entry.id);
    if (entry.dialog !== undefined && !entry.dialog.confirmed) this.parts.book.remove(entry.dialog);
  }
}
