import { longestPeriodMs, pitchBefore } from './pitch.ts';

/*
 * What is heard in place of lost sound: the last periods of the voice repeated and faded, after the manner of ITU-T G.711
 * Appendix I (longer stretches of it as the loss goes on, so that it does not beep), for any rate.
 */

const fadeFromMs = 10;
const silentFromMs = 60;

export class Concealment {
  private readonly rate: number;
  private readonly cycle: Float32Array;
  private readonly past: Int16Array;
  private period = 0;
  private length = 0;
  private phase = 0;
  private made = 0;
  private jump = 0;
  /** Samples over which the return to real sound is blended. */
  private blend = 0;

  constructor(rate: number) {
    this.rate = rate;
    const longest = Math.ceil((longestPeriodMs * rate) / 1000);
    this.cycle = new Float32Array(3 * longest);
    this.past = new Int16Array(4 * longest + longest);
  }

  /** History that `begin` wants before the loss, in samples. */
  static historyFor(rate: number): number {
    return 5 * Math.ceil((longestPeriodMs * rate) / 1000);
  }

  get active(): boolean {
    return this.period > 0;
  }

  /** Samples made so far in this loss. */
  get duration(): number {
    return this.made;
  }

  /** A loss begins behind `end`; at least `historyFor` samples must lie before it. */
  begin(samples: Int16Array, end: number): void {
    const { past } = this;
    for (let at = 0; at < past.length; at++) past[at] = samples[end - past.length + at]!;
    this.period = pitchBefore(past, past.length, this.rate).period;
    this.made = 0;
    this.phase = 0;
    this.shape(1);
    // The repeated period must take up where the sound broke off.
    this.jump = past[past.length - 1]! - past[past.length - 1 - this.period]!;
  }

  /** Makes `count` samples into `into` from `at`. */
  make(into: Int16Array, at: number, count: number): void {
    const { rate, cycle } = this;
    const tenMs = rate / 100;
    const fadeFrom = (fadeFromMs * rate) / 1000;
    const silentFrom = (silentFromMs * rate) / 1000;
    const soften = this.period >> 2;
    for (let place = 0; place < count; place++) {
      if (this.made === tenMs) this.shape(2);
      else if (this.made === 2 * tenMs) this.shape(3);
      if (this.made >= silentFrom) into[at + place] = 0;
      else {
        let value = cycle[this.phase]!;
        if (this.made < soften) value += this.jump * (1 - this.made / soften);
        if (this.made > fadeFrom) value *= 1 - (this.made - fadeFrom) / (silentFrom - fadeFrom);
        into[at + place] = value > 32767 ? 32767 : Math.max(value, -32768);
        if (++this.phase >= this.length) this.phase = 0;
      }
      this.made++;
    }
  }

  /** Real sound is back from `at` on, `count` samples of it: blends them in and ends. */
  end(samples: Int16Array, at: number, count: number): void {
    if (this.made >= (silentFromMs * this.rate) / 1000) this.blend = this.rate / 200;
    else this.blend = (this.period >> 2) + Math.floor((this.made * 4) / 10);
    const span = Math.min(count, this.blend, this.rate / 100);
    const scratch = this.past;
    this.make(scratch, 0, span);
    for (let place = 0; place < span; place++) {
      const share = (place + 1) / (span + 1);
      samples[at + place] = samples[at + place]! * share + scratch[place]! * (1 - share);
    }
    this.period = 0;
    this.made = 0;
  }

  reset(): void {
    this.period = 0;
    this.made = 0;
  }

  /** Takes the last `periods` periods as what is repeated, its end blended so that it leads to its start. */
  private shape(periods: number): void {
    const { cycle, past, period } = this;
    const length = periods * period;
    const from = past.length - length;
    const quarter = period >> 2;
    for (let place = 0; place < length; place++) {
      let value = past[from + place]!;
      const left = length - place;
      if (left <= quarter) {
        const share = left / (quarter + 1);
        value = value * share + past[from - length + place + (length - period)]! * (1 - share);
      }
      cycle[place] = value;
    }
    this.length = length;
    if (this.phase >= length) this.phase = 0;
    if (periods > 1) this.phase = (length - period + this.phase) % length;
  }
}
