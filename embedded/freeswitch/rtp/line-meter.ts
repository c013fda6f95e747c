import type { FarReports } from './far-reports.ts';
import type { Playout } from './playout.ts';
import { opinionScore } from './quality.ts';
import type { Reception } from './reception.ts';

/** What was measured of a leg's sound since the last report. */
export interface LegQuality {
  lossPercent: number;
  jitterMs: number;
  roundTripMs: number | undefined;
  /** What the far side told that it lost of ours, of 100. */
  farLossPercent: number | undefined;
  bufferMs: number;
  concealedMs: number;
  packets: number;
  /** Mean opinion score by the E-model, 1…4.5. */
  score: number;
}

/** One packet is on its way for so long before it is whole, ms. */
const packetMs = 20;

/** Loss, jitter and what they make of the sound, from one look to the next. */
export class LineMeter {
  private before = { packets: 0, lost: 0, late: 0, concealedMs: 0 };

  /** Since the last look; `undefined` when nothing came. */
  look(reception: Reception, playout: Playout, told: FarReports): LegQuality | undefined {
    const { before } = this;
    const { packets, lost } = reception;
    const { late, concealedMs } = playout;
    this.before = { packets, lost, late, concealedMs };
    const came = packets - before.packets;
    if (came <= 0) return undefined;
    const gone = Math.max(0, lost - before.lost) + Math.max(0, late - before.late);
    const lossPercent = (100 * gone) / (came + Math.max(0, lost - before.lost));
    const jitterMs = (reception.jitter * 1000) / playout.codec.clockHz;
    const bufferMs = Math.max(0, playout.delayMs);
    const delayMs = (told.roundTripMs ?? 0) / 2 + bufferMs + packetMs;
    return {
      lossPercent,
      jitterMs,
      roundTripMs: told.roundTripMs,
      farLossPercent: told.lossPercent,
      bufferMs,
      concealedMs: Math.max(0, concealedMs - before.concealedMs),
      packets: came,
      score: opinionScore({ codec: playout.codec.name, lossPercent, jitterMs, delayMs }),
    };
  }
}
