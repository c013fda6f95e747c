import { Allowance } from '../../rtp/allowance.ts';
import { MissingPackets } from './missing.ts';
import { SentPackets } from './sent-packets.ts';

/** The same packet is sent again no faster, ms. */
const leastSpacingMs = 10;

/** Packets asked for again and sent again, by both sides, where the far side knows generic NACK. */
export class Repair {
  /** What is asked for; none where the far side does not know it. */
  missing: MissingPackets | undefined;
  /** Packets asked for, each time counted, those of them that came, and those sent because the far side asked. */
  readonly counts = { asked: 0, recovered: 0, sentAgain: 0 };
  private sent: SentPackets | undefined;
  private readonly may = new Allowance(500, 250);

  /** `rekeyed`: what was sent is under keys that hold no more. */
  use(on: boolean, rekeyed: boolean): void {
    if (!on || rekeyed) this.sent = undefined;
    if (on) this.sent ??= new SentPackets();
    if (on) this.missing ??= new MissingPackets(this.counts);
    else this.missing = undefined;
  }

  /** A packet was sent; `sealed` is what went out. */
  keep(plain: Buffer, sealed: Buffer): void {
    this.sent?.keep(plain, sealed, performance.now());
  }

  /** Sends again what is asked for, as far as it is kept, and not without bound. */
  sendAgain(lost: readonly number[], roundTripMs: number | undefined, send: (packet: Buffer) => void): void {
    const { sent } = this;
    if (sent === undefined) return;
    const now = performance.now();
    const spacingMs = Math.max(leastSpacingMs, (roundTripMs ?? 0) / 2);
    for (const sequence of lost) {
      const packet = sent.again(sequence, now, spacingMs);
      if (packet === undefined) continue;
      if (!this.may.take(1, now)) return;
      this.counts.sentAgain++;
      send(packet);
    }
  }

  /** What is to be asked for now. Call every beat. */
  due(nowMs: number, roundTripMs: number | undefined): number[] {
    this.sent?.sweep(nowMs);
    if (this.missing === undefined) return [];
    this.missing.reportedRoundTripMs = roundTripMs;
    return this.missing.due(nowMs);
  }
}
