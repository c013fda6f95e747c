import { EventEmitter } from 'node:events';
import type { ClearCause } from '../../store/schema/names.ts';
import type { CallDialog, CallParty, DialogEvents } from '../call.ts';
import { ClearError } from '../call.ts';
import { normalEnd, parseReason, q850Of, reasonOf } from '../cause.ts';
import { type SipDialog, type SipRequest, type SipResponse, statusOf } from './drachtio.ts';
import { isHeld } from './hold.ts';
import { asksForKeyFrame, infoDigit, keyFrameRequest } from './info.ts';
import { SessionTimer } from './session-timer.ts';

const endWaitMs = 4_000;

/** An answered SIP call (RFC 3261, clause 12) as the gateway sees it. */
export class SipCallDialog extends EventEmitter<DialogEvents> implements CallDialog {
  readonly protocol = 'sip' as const;
  readonly callId: string;
  readonly party: CallParty;
  private readonly dialog: SipDialog;
  private readonly timer: SessionTimer;
  private held = false;
  private over = false;
  private handler: ((offer: string) => Promise<string>) | undefined;
  private currentRemote: string;

  constructor(dialog: SipDialog, party: CallParty, sessionExpires: string | undefined, weRefresh: boolean) {
    super();
    this.dialog = dialog;
    this.party = party;
    this.callId = dialog.sip.callId;
    this.currentRemote = dialog.remote.sdp;
    this.held = isHeld(this.currentRemote);
    this.timer = new SessionTimer(sessionExpires, weRefresh, {
      refresh: () => this.refresh(),
      expired: () => void this.fail({ sip: 408, q850: 102, text: 'session timer expired' }),
    });
    dialog.on('destroy', (request: SipRequest | undefined, reason: string | undefined) =>
      this.farEnded(request, reason),
    );
    dialog.on('modify', (request: SipRequest, response: SipResponse) => void this.farOffered(request, response));
    dialog.on('update', (request: SipRequest, response: SipResponse) => void this.farOffered(request, response));
    dialog.on('info', (request: SipRequest, response: SipResponse) => this.farInformed(request, response));
    dialog.on('refer', (_request: SipRequest, response: SipResponse) => response.send(603));
    dialog.on('options', (_request: SipRequest, response: SipResponse) => response.send(200));
    dialog.on('message', (_request: SipRequest, response: SipResponse) => response.send(405));
    dialog.on('notify', (_request: SipRequest, response: SipResponse) => response.send(200));
    // A BYE read together with the answer was told before anybody could listen.
    if (!dialog.connected) setImmediate(() => this.farEnded(undefined, undefined));
  }

  get remoteSdp(): string {
    return this.currentRemote;
  }

  onOffer(handler: (offer: string) => Promise<string>): void {
    this.handler = handler;
  }

  async offer(sdp: string): Promise<string> {
    if (this.over) throw new ClearError({ sip: 481, q850: 16, text: 'the call is over' });
    try {
      this.currentRemote = await this.dialog.modify(sdp);
    } catch (error) {
      const { status, reason } = statusOf(error);
      throw new ClearError({ sip: status, q850: q850Of(status), text: reason });
    }
    this.noteHold();
    return this.currentRemote;
  }

  async sendDigits(): Promise<boolean> {
    // Terminals of today take digits in RTP; INFO is for those alone that offer no telephone-event.
    return false;
  }

  /** Sends digits by INFO (application/dtmf-relay), for far ends without RFC 4733; `,` is a pause of a second. */
  async sendInfoDigits(digits: string): Promise<void> {
    for (const digit of digits) {
      if (digit === ',') await new Promise((resolve) => setTimeout(resolve, 1_000));
      else {
        const headers = { 'Content-Type': 'application/dtmf-relay' };
        await this.dialog.request({ method: 'INFO', headers, body: `Signal=${digit}\r\nDuration=160\r\n` });
      }
    }
  }

  async requestKeyFrame(): Promise<void> {
    if (this.over) return;
    const { body, contentType } = keyFrameRequest;
    await this.dialog.request({ method: 'INFO', headers: { 'Content-Type': contentType }, body }).catch(() => {});
  }

  async end(cause: ClearCause = normalEnd): Promise<void> {
    if (this.over) return;
    this.finish();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, endWaitMs);
    });
    await Promise.race([this.dialog.destroy({ headers: { Reason: reasonOf(cause) } }).catch(() => {}), late]);
    clearTimeout(timer);
  }

  /** Ends the call on our own account and tells so. */
  private async fail(cause: ClearCause): Promise<void> {
    if (this.over) return;
    const ended = this.end(cause);
    this.emit('ended', cause);
    await ended;
  }

  private async refresh(): Promise<void> {
    try {
      await this.dialog.modify(this.dialog.local.sdp);
    } catch (error) {
      const { status, reason } = statusOf(error);
      if (status === 408 || status === 481) await this.fail({ sip: status, q850: q850Of(status), text: reason });
    }
  }

  private farEnded(request: SipRequest | undefined, reason: string | undefined): void {
    if (this.over) return;
    this.finish();
    const told = parseReason(request?.get('Reason'));
    const q850 = told.q850 ?? (told.sip === undefined ? 16 : q850Of(told.sip));
    const text = told.text ?? (reason === undefined || reason === 'normal release' ? 'far end hung up' : reason);
    this.emit('ended', { q850, ...(told.sip === undefined ? {} : { sip: told.sip }), text });
  }

  private async farOffered(request: SipRequest, response: SipResponse): Promise<void> {
    this.timer.heard(request.get('Session-Expires'));
    const headers: Record<string, string> = this.timer.answerHeaders();
    const offer = request.body ?? '';
    // Without SDP it is a refresh, or a wish for our offer: what we have is still good.
    if (offer === '') {
      const body = request.method === 'INVITE' ? this.dialog.local.sdp : undefined;
      const type = body === undefined ? {} : { 'Content-Type': 'application/sdp' };
      response.send(200, { headers: { ...headers, ...type }, ...(body === undefined ? {} : { body }) });
      if (body !== undefined) {
        this.dialog.once('ack', (ack: SipRequest) => {
          if (ack.body !== undefined && ack.body !== '') void this.handler?.(ack.body).catch(() => {});
        });
      }
      return;
    }
    if (this.handler === undefined) {
      response.send(488);
      return;
    }
    const before = this.currentRemote;
    try {
      this.currentRemote = offer;
      const answer = await this.handler(offer);
      this.dialog.local.sdp = answer;
      response.send(200, { headers: { ...headers, 'Content-Type': 'application/sdp' }, body: answer });
      this.noteHold();
    } catch {
      this.currentRemote = before;
      this.dialog.remote.sdp = before;
      response.send(488);
    }
  }

  private farInformed(request: SipRequest, response: SipResponse): void {
    const type = request.get('Content-Type');
    const body = request.body ?? '';
    const digit = infoDigit(type, body);
    if (digit !== undefined) {
      response.send(200);
      this.emit('digit', digit.digit, digit.durationMs);
    } else if (asksForKeyFrame(type, body)) {
      response.send(200);
      this.emit('keyFrameRequest');
    } else response.send(body === '' ? 200 : 415);
  }

  private noteHold(): void {
    const held = isHeld(this.currentRemote);
    if (held === this.held) return;
    this.held = held;
    this.emit('hold', held);
  }

  private finish(): void {
    this.over = true;
    this.timer.stop();
  }
}
