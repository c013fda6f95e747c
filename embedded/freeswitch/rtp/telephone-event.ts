import { circularDistance } from './packet.ts';

/* Digits as named events (RFC 4733): read once an event, however often it is repeated, and written. */

const digits = '0123456789*#ABCD';

export interface HeardDigit {
  digit: string;
  durationMs: number;
}

/** Takes event packets; tells a digit once, at its end or when the next begins. */
export class TelephoneEventReader {
  private current: { event: number; timestamp: number; duration: number; told: boolean } | undefined;
  private lastTold: number | undefined;
  private readonly clockHz: number;

  constructor(clockHz = 8000) {
    this.clockHz = clockHz;
  }

  /** Digits that this packet completes (a lost end is made up for by the next event). */
  push(timestamp: number, payload: Uint8Array): HeardDigit[] {
    if (payload.length < 4) return [];
    const event = payload[0]!;
    const end = (payload[1]! & 0x80) !== 0;
    const duration = (payload[2]! << 8) | payload[3]!;
    if (event > 15) return [];
    // An old event, repeated or reordered.
    if (this.lastTold !== undefined && circularDistance(timestamp, this.lastTold, 32) <= 0) return [];
    const heard: HeardDigit[] = [];
    if (this.current !== undefined && this.current.timestamp !== timestamp) {
      if (circularDistance(timestamp, this.current.timestamp, 32) < 0) return [];
      heard.push(...this.finish());
    }
    this.current ??= { event, timestamp, duration, told: false };
    this.current.duration = Math.max(this.current.duration, duration);
    if (end) heard.push(...this.finish());
    return heard;
  }

  /** Completes an event whose end never came; called when nothing came for a while. */
  finish(): HeardDigit[] {
    const { current } = this;
    if (current === undefined) return [];
    this.current = undefined;
    this.lastTold = current.timestamp;
    return [{ digit: digits[current.event]!, durationMs: Math.round((current.duration * 1000) / this.clockHz) }];
  }

  /** Whether an event is under way. */
  get open(): boolean {
    return this.current !== undefined;
  }
}

/** The payload of one event packet. @throws RangeError when it is no digit. */
export function eventPayload(digit: string, durationSamples: number, end: boolean): Buffer {
  const event = digits.indexOf(digit.toUpperCase());
  if (event < 0 || digit.length !== 1) throw new RangeError(`not a digit: ${digit}`);
  const duration = Math.min(durationSamples, 0xffff);
  return Buffer.from([event, (end ? 0x80 : 0) | 10, duration >> 8, duration & 0xff]);
}
