/* Change of sample rate by a polyphase filter: a sinc under Kaiser's window, cut in as many phases as the ratio asks. */

/** Attenuation beyond the cut is about 80 dB (beta 8); taps in a phase, counted at the lower of the two rates. */
const beta = 8;
const tapsAtLower = 32;
/** Where the filter begins to cut, as a share of the lower rate's half. */
const passband = 0.9;

interface Phases {
  up: number;
  down: number;
  taps: number;
  /** `up` phases of `taps` coefficients, each in the order in which old to new samples are met. */
  table: Float32Array;
}

const known = new Map<string, Phases>();

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; n < 40; n++) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function phasesFor(from: number, to: number): Phases {
  const key = `${from}/${to}`;
  const had = known.get(key);
  if (had !== undefined) return had;
  const divisor = greatestDivisor(from, to);
  const up = to / divisor;
  const down = from / divisor;
  const taps = from > to ? Math.ceil((tapsAtLower * from) / to) : tapsAtLower;
  const length = up * taps;
  const cut = (passband * Math.min(from, to)) / 2 / (from * up);
  const table = new Float32Array(length);
  const middle = (length - 1) / 2;
  for (let place = 0; place < length; place++) {
    const x = place - middle;
    const sinc = x === 0 ? 2 * cut : Math.sin(2 * Math.PI * cut * x) / (Math.PI * x);
    const window = besselI0(beta * Math.sqrt(Math.max(0, 1 - (x / (middle + 1)) ** 2))) / besselI0(beta);
    const phase = place % up;
    const tap = taps - 1 - Math.floor(place / up);
    table[phase * taps + tap] = sinc * window * up;
  }
  const made = { up, down, taps, table };
  known.set(key, made);
  return made;
}

/** Samples before and of a frame while it is filtered: one is filtered at a time. */
let work = new Float32Array(1_024);

/** One stream's change of rate (Hz). Keeps what the filter needs of the samples before. */
export class Resampler {
  private readonly phases: Phases;
  private readonly past: Float32Array;
  /** Place of the next output sample in the up-sampled grid, from the first new sample on. */
  private offset = 0;

  constructor(from: number, to: number) {
    this.phases = phasesFor(from, to);
    this.past = new Float32Array(this.phases.taps - 1);
  }

  /** Filters `input` into `output` from its start; answers how many samples came. `output` must hold them. */
  process(input: Int16Array, output: Int16Array): number {
    const { past } = this;
    const { up, down, taps, table } = this.phases;
    const before = past.length;
    const count = input.length;
    if (work.length < before + count) work = new Float32Array(before + count);
    work.set(past);
    for (let place = 0; place < count; place++) work[before + place] = input[place]!;
    let made = 0;
    let offset = this.offset;
    for (let place = Math.floor(offset / up); place < count; place = Math.floor(offset / up)) {
      const coefficients = (offset % up) * taps;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += work[place + tap]! * table[coefficients + tap]!;
      output[made++] = sum > 32767 ? 32767 : sum < -32768 ? -32768 : Math.round(sum);
      offset += down;
    }
    this.offset = offset - count * up;
    past.set(work.subarray(count, count + before));
    return made;
  }

  reset(): void {
    this.past.fill(0);
    this.offset = 0;
  }

  /** Goes on as if it had heard what `other` heard; both change the same rates. */
  follow(other: Resampler): void {
    this.past.set(other.past);
    this.offset = other.offset;
  }
}

/** A whole piece of sound at another rate, aligned with the original. */
export function resampled(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to || samples.length === 0) return samples;
  const { up, down, taps } = phasesFor(from, to);
  const length = Math.max(1, Math.floor((samples.length * up) / down));
  // The filter answers half its length late: feed it silence behind, and drop as much in front.
  const late = Math.round((taps * up - 1) / 2 / down);
  const padded = new Int16Array(samples.length + taps);
  padded.set(samples);
  const output = new Int16Array(Math.ceil((padded.length * up) / down) + 1);
  new Resampler(from, to).process(padded, output);
  return output.slice(late, late + length);
}
