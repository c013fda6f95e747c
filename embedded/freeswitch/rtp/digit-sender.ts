import { eventPayload } from './telephone-event.ts';

/* Digits of ours as RFC 4733 events, a packet a beat: 100 ms long, the end told three times, 60 ms until the next. */

const beatsLong = 5;
const endsTold = 3;
const beatsBetween = 3;
const beatsOfPause = 50;
const beatMs = 20;
const mostQueued = 512;

/** One packet of an event. */
export interface EventPacket {
  marker: boolean;
  /** RTP time stamp at which the event began. */
  startedAt: number;
  payload: Buffer;
}

export class DigitSender {
  private readonly queue: string[] = [];
  private sending: { digit: string; startedAt: number; elapsed: number; ends: number } | undefined;
  private pause = 0;

  /** Queues digits; `,` or `w` is a pause of a second. */
  add(digits: string): void {
    const known = digits.toUpperCase().replace(/[^0-9*#A-DW,]/g, '');
    this.queue.push(...known.slice(0, mostQueued - this.queue.length));
  }

  get busy(): boolean {
    return this.sending !== undefined || this.queue.length > 0 || this.pause > 0;
  }

  clear(): void {
    this.queue.length = 0;
    this.sending = undefined;
    this.pause = 0;
  }

  /** This beat's packet in place of sound; `undefined` in a pause. */
  next(timestamp: number, clockHz: number): EventPacket | undefined {
    if (this.pause > 0) {
      this.pause--;
      return undefined;
    }
    if (this.sending === undefined) {
      const digit = this.queue.shift();
      if (digit === undefined) return undefined;
      if (digit === ',' || digit === 'W') {
        this.pause = beatsOfPause;
        return undefined;
      }
      this.sending = { digit, startedAt: timestamp, elapsed: 0, ends: 0 };
    }
    const { sending } = this;
    const marker = sending.elapsed === 0;
    if (sending.elapsed < beatsLong) sending.elapsed++;
    else sending.ends++;
    const duration = Math.round((sending.elapsed * beatMs * clockHz) / 1000);
    const packet = {
      marker,
      startedAt: sending.startedAt,
      payload: eventPayload(sending.digit, duration, sending.ends > 0),
    };
    if (sending.ends === endsTold) {
      this.sending = undefined;
      this.pause = beatsBetween;
    }
    return packet;
  }
}
