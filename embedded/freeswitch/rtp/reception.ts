import { circularDistance } from './packet.ts';
import type { ReportBlock } from './rtcp.ts';

/** What is looked at of a packet's header. */
interface Header {
  ssrc: number;
  sequence: number;
  timestamp: number;
}

/** Counts what one far source sends: loss and jitter as RFC 3550 (appendices A.1, A.3 and A.8) tells. */
export class Reception {
  ssrc = 0;
  packets = 0;
  bytes = 0;
  jitter = 0;
  private base = 0;
  private highest = 0;
  private transit = 0;
  private expectedBefore = 0;
  private receivedBefore = 0;
  private lastSr = 0;
  private lastSrAtMs = 0;

  /** Takes a packet's arrival; `clockHz` is the payload's clock, `bytes` the payload's length. */
  count(packet: Header, nowMs: number, clockHz: number, bytes: number): void {
    if (this.packets === 0 || packet.ssrc !== this.ssrc) this.begin(packet);
    const ahead = circularDistance(packet.sequence, this.highest & 0xffff, 16);
    if (ahead > 0) this.highest += ahead;
    this.packets++;
    this.bytes += bytes;
    // What comes late, or again because it was asked for, tells nothing of the line's delay.
    if (ahead < 0) return;
    const transit = (nowMs * clockHz) / 1000 - packet.timestamp;
    if (this.packets > 1) {
      const change = Math.abs(transit - this.transit);
      // A time stamp that jumped (new talk spurt of another clock) is no jitter.
      if (change < clockHz) this.jitter += (change - this.jitter) / 16;
    }
    this.transit = transit;
  }

  senderReport(ntpMiddle: number, nowMs: number): void {
    this.lastSr = ntpMiddle;
    this.lastSrAtMs = nowMs;
  }

  /** Packets lost so far. */
  get lost(): number {
    return this.packets === 0 ? 0 : Math.max(0, this.highest - this.base + 1 - this.packets);
  }

  /** Our report about this source. */
  report(nowMs: number): ReportBlock | undefined {
    if (this.packets === 0) return undefined;
    const expected = this.highest - this.base + 1;
    const expectedNow = expected - this.expectedBefore;
    const lostNow = expectedNow - (this.packets - this.receivedBefore);
    this.expectedBefore = expected;
    this.receivedBefore = this.packets;
    return {
      ssrc: this.ssrc,
      fractionLost: expectedNow <= 0 || lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
      cumulativeLost: expected - this.packets,
      highestSequence: this.highest,
      jitter: Math.round(this.jitter),
      lastSr: this.lastSr,
      delaySinceLastSr: this.lastSr === 0 ? 0 : Math.round(((nowMs - this.lastSrAtMs) * 65536) / 1000),
    };
  }

  private begin(packet: Header): void {
    this.ssrc = packet.ssrc;
    this.base = packet.sequence;
    this.highest = packet.sequence;
    this.packets = 0;
    this.bytes = 0;
    this.jitter = 0;
    this.expectedBefore = 0;
    this.receivedBefore = 0;
  }
}
