/* How a leg's pictures were over the last stretch of time. Pure: totals in, differences out. */

/** Totals of a stream so far. */
export interface PictureTotals {
  packets: number;
  lost: number;
  bytes: number;
  frames: number;
  damagedFrames: number;
}

export interface PictureQuality {
  lossPercent: number;
  jitterMs: number;
  roundTripMs: number | undefined;
  /** What the far side told that it lost of ours, of 100. */
  farLossPercent: number | undefined;
  framesPerSecond: number;
  /** Of its frames, of 100: with packets missing. */
  damagedPercent: number;
  bitsPerSecond: number;
  width: number | undefined;
  height: number | undefined;
}

const nothing: PictureTotals = { packets: 0, lost: 0, bytes: 0, frames: 0, damagedFrames: 0 };

/** Looks at a stream's totals now and then. */
export class PictureMeter {
  private before = nothing;
  private atMs: number | undefined;

  /** What was between the last look and this one; `undefined` when nothing came. */
  measure(
    totals: PictureTotals,
    now: Pick<PictureQuality, 'farLossPercent' | 'height' | 'jitterMs' | 'roundTripMs' | 'width'>,
    nowMs: number,
  ): PictureQuality | undefined {
    const { before } = this;
    const elapsedMs = this.atMs === undefined ? undefined : nowMs - this.atMs;
    this.before = totals;
    this.atMs = nowMs;
    const since = (name: keyof PictureTotals): number => Math.max(0, totals[name] - before[name]);
    const came = since('packets');
    // A stream that began anew counts from zero.
    if (elapsedMs === undefined || elapsedMs <= 0 || came === 0 || totals.packets < before.packets) return undefined;
    const lost = since('lost');
    const frames = since('frames');
    return {
      ...now,
      lossPercent: (100 * lost) / (came + lost),
      framesPerSecond: (1_000 * frames) / elapsedMs,
      damagedPercent: frames === 0 ? 0 : (100 * since('damagedFrames')) / frames,
      bitsPerSecond: (8_000 * since('bytes')) / elapsedMs,
    };
  }
}
