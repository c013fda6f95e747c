import { type EntityPort, waitMs } from './port.ts';

const timer = 'T105';
const interval = 'round trip interval';
/** Between two requests, ms. */
const everyMs = 20_000;
/** Requests in a row without an answer after which a far side that answered before is gone. */
const mostSilent = 2;

export interface RoundTripUser {
  measured(delayMs: number): void;
  /** A far side that used to answer is silent. */
  lost(): void;
}

/** The round trip delay entity, RTDSE (H.245, clause C.9), asked again and again as a sign of life. */
export class RoundTrip {
  state: 'stopped' | 'idle' | 'awaiting response' = 'stopped';
  private sequence = 0;
  private sentAt = 0;
  private silent = 0;
  private answered = false;
  private readonly port: EntityPort;
  private readonly nowMs: () => number;
  private readonly user: RoundTripUser;

  constructor(port: EntityPort, nowMs: () => number, user: RoundTripUser) {
    this.port = port;
    this.nowMs = nowMs;
    this.user = user;
  }

  start(): void {
    if (this.state !== 'stopped') return;
    this.state = 'idle';
    this.port.startTimer(interval, everyMs);
  }

  stop(): void {
    this.state = 'stopped';
    this.port.stopTimer(timer);
    this.port.stopTimer(interval);
  }

  /** The far side measures, or looks whether we live. */
  request(sequenceNumber: number): void {
    this.port.send({ response: { roundTripDelayResponse: { sequenceNumber } } });
  }

  response(sequenceNumber: number): void {
    if (this.state !== 'awaiting response' || sequenceNumber !== this.sequence) return;
    this.port.stopTimer(timer);
    this.answered = true;
    this.silent = 0;
    this.wait();
    this.user.measured(this.nowMs() - this.sentAt);
  }

  /** Whether a timer's name is this entity's. */
  timeout(name: string): boolean {
    if (name === interval) {
      if (this.state === 'idle') this.ask();
      return true;
    }
    if (name !== timer) return false;
    if (this.state !== 'awaiting response') return true;
    this.silent++;
    if (this.answered && this.silent >= mostSilent) {
      this.stop();
      this.user.lost();
    } else if (this.answered) this.ask();
    else this.wait();
    return true;
  }

  private ask(): void {
    this.sequence = (this.sequence + 1) & 0xff;
    this.sentAt = this.nowMs();
    this.state = 'awaiting response';
    this.port.send({ request: { roundTripDelayRequest: { sequenceNumber: this.sequence } } });
    this.port.startTimer(timer, waitMs.T105);
  }

  private wait(): void {
    this.state = 'idle';
    this.port.startTimer(interval, everyMs);
  }
}
