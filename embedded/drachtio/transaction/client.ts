import { headerValues, type SipRequest, type SipResponse } from '../sip/message.ts';
import { type Later, T1, T2, T4, TimerSet, timerD, transactionTimeoutMs } from './timers.ts';

/* Client transactions (RFC 3261, clause 17.1; RFC 6026, clause 7.2). Sockets are behind `send`. */

export type ClientState = 'calling' | 'trying' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

export interface ClientUser {
  /** Puts a message on the wire. */
  send(message: SipRequest): void;
  /** A response for the transaction user: provisional ones, the first final one, and every 2xx to INVITE. */
  response(response: SipResponse): void;
  /** No final response came (timer B or F), or the transport failed. */
  failed(status: 408 | 503): void;
  terminated(): void;
}

/** One client transaction. */
export class ClientTransaction {
  state: ClientState;
  readonly request: SipRequest;
  private readonly user: ClientUser;
  private readonly timers: TimerSet;
  private readonly reliable: boolean;
  private readonly invite: boolean;
  private interval = T1;

  constructor(request: SipRequest, reliable: boolean, user: ClientUser, later: Later) {
    this.request = request;
    this.reliable = reliable;
    this.user = user;
    this.timers = new TimerSet(later);
    this.invite = request.method === 'INVITE';
    this.state = this.invite ? 'calling' : 'trying';
  }

  start(): void {
    this.user.send(this.request);
    // Timers A/E repeat the request over unreliable transports, B/F give up.
    if (!this.reliable) this.timers.start('repeat', T1, () => this.repeat());
    this.timers.start('giveUp', transactionTimeoutMs, () => this.giveUp(408));
  }

  /** The transport could not send (RFC 3261, clause 17.1.4). */
  transportError(): void {
    if (this.state !== 'terminated' && this.state !== 'completed' && this.state !== 'accepted') this.giveUp(503);
  }

  receive(response: SipResponse): void {
    if (this.invite) this.receiveInvite(response);
    else this.receiveOther(response);
  }

  /** Ends it without a word; for CANCEL with nobody left to answer. */
  abandon(): void {
    this.end();
  }

  private receiveInvite(response: SipResponse): void {
    switch (this.state) {
      case 'calling':
      case 'proceeding':
        this.timers.stop('repeat');
        if (response.status < 200) {
          this.timers.stop('giveUp');
          this.state = 'proceeding';
          this.user.response(response);
        } else if (response.status < 300) {
          this.timers.clear();
          this.state = 'accepted';
          // Timer M: further 2xx (retransmitted, or from other forks) still go to the user.
          this.timers.start('end', transactionTimeoutMs, () => this.end());
          this.user.response(response);
        } else {
          this.timers.clear();
          this.state = 'completed';
          this.acknowledge(response);
          if (this.reliable) queueMicrotask(() => this.end());
          else this.timers.start('end', timerD, () => this.end());
          this.user.response(response);
        }
        break;
      case 'completed':
        if (response.status >= 300) this.acknowledge(response);
        break;
      case 'accepted':
        if (response.status >= 200 && response.status < 300) this.user.response(response);
        break;
      default:
    }
  }

  private receiveOther(response: SipResponse): void {
    if (this.state !== 'trying' && this.state !== 'proceeding') return;
    if (response.status < 200) {
      this.state = 'proceeding';
      this.interval = T2;
      this.user.response(response);
      return;
    }
    this.timers.clear();
    this.state = 'completed';
    // Timer K soaks up retransmitted responses.
    if (this.reliable) queueMicrotask(() => this.end());
    else this.timers.start('end', T4, () => this.end());
    this.user.response(response);
  }

  private repeat(): void {
    this.user.send(this.request);
    this.interval = this.invite ? this.interval * 2 : Math.min(this.interval * 2, T2);
    this.timers.start('repeat', this.interval, () => this.repeat());
  }

  /** ACK for a final response other than 2xx belongs to the transaction (RFC 3261, clause 17.1.1.3). */
  private acknowledge(response: SipResponse): void {
    const keep = new Set(['from', 'call-id', 'max-forwards', 'route']);
    const topVia = headerValues(this.request, 'Via')[0] ?? '';
    const to = headerValues(response, 'To')[0] ?? headerValues(this.request, 'To')[0] ?? '';
    const sequence = (headerValues(this.request, 'CSeq')[0] ?? '1').split(' ')[0];
    this.user.send({
      kind: 'request',
      method: 'ACK',
      uri: this.request.uri,
      headers: [
        { name: 'Via', value: topVia },
        ...this.request.headers.filter((entry) => keep.has(entry.name.toLowerCase())),
        { name: 'To', value: to },
        { name: 'CSeq', value: `${sequence} ACK` },
      ],
      body: Buffer.alloc(0),
    });
  }

  private giveUp(status: 408 | 503): void {
    this.end();
    this.user.failed(status);
  }

  private end(): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    this.timers.clear();
    this.user.terminated();
  }
}
