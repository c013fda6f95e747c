/*
 * The quality of a leg's line over time: what came last, a minute's summary, the whole call's, and whether it is poor.
 * Pure: samples and time are told.
 */

/** What was measured of the sound in the last seconds. */
export interface SoundSample {
  lossPercent: number;
  jitterMs: number;
  roundTripMs?: number | undefined;
  farLossPercent?: number | undefined;
  /** Mean opinion score, 1…4.5. */
  score: number;
}

/** What was measured of the pictures in the last seconds. */
export interface PictureSample {
  lossPercent: number;
  jitterMs?: number | undefined;
  roundTripMs?: number | undefined;
  farLossPercent?: number | undefined;
  framesPerSecond?: number | undefined;
  bitsPerSecond?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
}

/** The mean of one measure, and its worst. */
class Measure {
  private sum = 0;
  private count = 0;
  private readonly worse: (a: number, b: number) => number;
  private worst: number | undefined;

  constructor(worse: (a: number, b: number) => number) {
    this.worse = worse;
  }

  add(value: number | undefined): void {
    if (value === undefined) return;
    this.sum += value;
    this.count++;
    this.worst = this.worst === undefined ? value : this.worse(this.worst, value);
  }

  get summary(): { mean: number; worst: number } | undefined {
    if (this.worst === undefined) return undefined;
    return { mean: round(this.sum / this.count), worst: round(this.worst) };
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Measures by name; what is worse: more of loss and delay, less of score and rate. */
const worst = {
  lossPercent: Math.max,
  jitterMs: Math.max,
  roundTripMs: Math.max,
  farLossPercent: Math.max,
  score: Math.min,
  framesPerSecond: Math.min,
  bitsPerSecond: Math.min,
} as const;
type MeasureName = keyof typeof worst;

/** What a stretch of time was like: of each measure its mean and its worst. */
export type Summary = Partial<Record<MeasureName, { mean: number; worst: number }>> & {
  samples: number;
  size?: string;
};

/** Sums up samples of one medium. */
export class Summing {
  private readonly measures = new Map<MeasureName, Measure>();
  private samples = 0;
  private size: string | undefined;

  add(sample: SoundSample | PictureSample): void {
    this.samples++;
    for (const [name, worse] of Object.entries(worst) as [MeasureName, (a: number, b: number) => number][]) {
      const value = (sample as Partial<Record<MeasureName, number>>)[name];
      if (value === undefined) continue;
      let measure = this.measures.get(name);
      if (measure === undefined) {
        measure = new Measure(worse);
        this.measures.set(name, measure);
      }
      measure.add(value);
    }
    const { height, width } = sample as PictureSample;
    if (width !== undefined && height !== undefined) this.size = `${width}x${height}`;
  }

  /** `undefined` when there was nothing to sum up. */
  get summary(): Summary | undefined {
    if (this.samples === 0) return undefined;
    const told: Summary = { samples: this.samples };
    for (const [name, { summary }] of this.measures) if (summary !== undefined) told[name] = summary;
    return this.size === undefined ? told : { ...told, size: this.size };
  }
}

/** From here on a line is poor, and up to here it is well again: between the two it stays what it was. */
export const limits = {
  poor: { soundLossPercent: 5, pictureLossPercent: 3, jitterMs: 100, score: 3 },
  well: { soundLossPercent: 2, pictureLossPercent: 1, jitterMs: 60, score: 3.5 },
} as const;
/** Samples in a row: 10 s until it is called poor, 30 s until it is well again. */
const poorAfter = 2;
const wellAfter = 6;

/** Says when a line becomes poor, and when it is well again. */
export class LineJudge {
  poor = false;
  private inRow = 0;

  /** @returns `true` or `false` when it changed. */
  hear(media: 'sound' | 'picture', sample: SoundSample | PictureSample): boolean | undefined {
    const beyond = (limit: (typeof limits)['poor' | 'well']): boolean =>
      sample.lossPercent >= (media === 'sound' ? limit.soundLossPercent : limit.pictureLossPercent) ||
      (media === 'sound' && (sample.jitterMs ?? 0) >= limit.jitterMs) ||
      ('score' in sample && sample.score < limit.score);
    const against = this.poor ? !beyond(limits.well) : beyond(limits.poor);
    this.inRow = against ? this.inRow + 1 : 0;
    if (this.inRow < (this.poor ? wellAfter : poorAfter)) return undefined;
    this.inRow = 0;
    this.poor = !this.poor;
    return this.poor;
  }
}
