import type { SipRequest, SipResponse } from '../sip/message.ts';
import { type Later, T1, T2, T4, TimerSet, transactionTimeoutMs } from './timers.ts';

/* Server transactions (RFC 3261, clause 17.2; RFC 6026, clause 7.1). Sockets are behind `send`. */

export type ServerState = 'trying' | 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'terminated';

export interface ServerUser {
  send(message: SipResponse): void;
  /** No ACK came for a 2xx (RFC 3261, clause 13.3.1.4): the dialog is to be ended. */
  unacknowledged(): void;
  terminated(): void;
}

/** One server transaction. */
export class ServerTransaction {
  state: ServerState;
  readonly request: SipRequest;
  private readonly user: ServerUser;
  private readonly timers: TimerSet;
  private readonly reliable: boolean;
  private readonly invite: boolean;
  private last: SipResponse | undefined;
  private interval = T1;

  constructor(request: SipRequest, reliable: boolean, user: ServerUser, later: Later) {
    this.request = request;
    this.reliable = reliable;
    this.user = user;
    this.timers = new TimerSet(later);
    this.invite = request.method === 'INVITE';
    this.state = this.invite ? 'proceeding' : 'trying';
  }

  /** Whether a final response was given already. */
  get answered(): boolean {
    return this.state !== 'trying' && this.state !== 'proceeding';
  }

  /** The same request came again. */
  retransmission(): void {
    if (
      this.last !== undefined &&
      (this.state === 'proceeding' || this.state === 'completed' || this.state === 'accepted')
    ) {
      this.user.send(this.last);
    }
  }

  /** Sends a response; `false` when a final one was sent before. */
  respond(response: SipResponse): boolean {
    if (this.answered) return false;
    this.last = response;
    this.user.send(response);
    if (response.status < 200) {
      this.state = 'proceeding';
      return true;
    }
    if (!this.invite) {
      this.state = 'completed';
      // Timer J
      if (this.reliable) queueMicrotask(() => this.end());
      else this.timers.start('end', transactionTimeoutMs, () => this.end());
      return true;
    }
    if (response.status < 300) {
      this.state = 'accepted';
      // The 2xx is repeated until its ACK comes, over every transport (RFC 3261, clause 13.3.1.4).
      this.timers.start('repeat', T1, () => this.repeat());
      this.timers.start('giveUp', transactionTimeoutMs, () => {
        this.end();
        this.user.unacknowledged();
      });
      return true;
    }
    this.state = 'completed';
    if (!this.reliable) this.timers.start('repeat', T1, () => this.repeat());
    // Timer H
    this.timers.start('giveUp', transactionTimeoutMs, () => this.end());
    return true;
  }

  /** The ACK of a final response other than 2xx. */
  acknowledged(): void {
    if (this.state !== 'completed' || !this.invite) return;
    this.timers.clear();
    this.state = 'confirmed';
    // Timer I
    if (this.reliable) queueMicrotask(() => this.end());
    else this.timers.start('end', T4, () => this.end());
  }

  /** The ACK of a 2xx, which is a request of its own: stops the repetition; timer L soaks up late INVITEs. */
  confirmed(): boolean {
    if (this.state !== 'accepted') return false;
    this.timers.clear();
    this.timers.start('end', transactionTimeoutMs, () => this.end());
    return true;
  }

  /** Ends it without an answer, when nobody is left to give one. */
  abandon(): void {
    this.end();
  }

  private repeat(): void {
    if (this.last !== undefined) this.user.send(this.last);
    this.interval = Math.min(this.interval * 2, T2);
    this.timers.start('repeat', this.interval, () => this.repeat());
  }

  private end(): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    this.timers.clear();
    this.user.terminated();
  }
}
