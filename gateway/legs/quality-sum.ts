import type { SoundQuality } from '../../freeswitch/media/media.ts';
import type { LegRecord } from '../../store/schema/session.ts';

/** How a leg sounded over its whole life, out of what was measured every few seconds. */
export class QualitySum {
  private readings = 0;
  private score = 0;
  private worst = Number.POSITIVE_INFINITY;
  private loss = 0;
  private jitterMs = 0;

  add(quality: SoundQuality): void {
    this.readings += 1;
    this.score += quality.score;
    this.worst = Math.min(this.worst, quality.score);
    this.loss += quality.lossPercent;
    this.jitterMs += quality.jitterMs;
  }

  /** Means of all readings and the worst score; nothing before the first reading. */
  get mean(): LegRecord['quality'] {
    if (this.readings === 0) return undefined;
    const round = (value: number) => Math.round((value * 100) / this.readings) / 100;
    return {
      readings: this.readings,
      score: round(this.score),
      worst: Math.round(this.worst * 100) / 100,
      lossPercent: round(this.loss),
      jitterMs: round(this.jitterMs),
    };
  }
}
