import type { CodecName } from '../sound/codec.ts';

/* How good a leg sounds, estimated from what the network does to it: ITU-T G.107's E-model, simplified. Pure. */

/** What was measured over a stretch of time. */
export interface Measured {
  codec: CodecName;
  /** Packets lost or too late, of 100. */
  lossPercent: number;
  jitterMs: number;
  /** From mouth to ear as far as we know it: half the round trip, the buffer, one packet. */
  delayMs: number;
}

/** Robustness against loss with concealment (Bpl of G.113, appendix I; estimates for the wideband codecs). */
const robustness: Record<CodecName, number> = { PCMU: 25.1, PCMA: 25.1, G722: 20, opus: 25 };
const bestRating = 93.2;

/** Rating R, 0…100. */
export function rating({ codec, lossPercent, delayMs }: Measured): number {
  const impairedByDelay = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
  const impairedByLoss = (95 * lossPercent) / (lossPercent + robustness[codec]);
  return Math.max(0, Math.min(100, bestRating - impairedByDelay - impairedByLoss));
}

/** Mean opinion score, 1…4.5 (G.107, annex B). */
export function opinionScore(measured: Measured): number {
  const r = rating(measured);
  const score = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
  return Math.max(1, Math.min(4.5, score));
}
