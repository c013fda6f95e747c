/* Digits in the sound itself (ITU-T Q.23, Q.24): Goertzel's filter over 20 ms, told when two frames in a row agree. */

const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477, 1633];
const keys = ['123A', '456B', '789C', '*0#D'];

const coefficients = (frequencies: number[], rate: number): number[] =>
  frequencies.map((frequency) => 2 * Math.cos((2 * Math.PI * frequency) / rate));
const factors = new Map(
  [8000, 16_000].map((rate) => [rate / 50, { rows: coefficients(rows, rate), columns: coefficients(columns, rate) }]),
);

function power(samples: Int16Array, factor: number): number {
  let before = 0;
  let last = 0;
  for (let at = 0; at < samples.length; at++) {
    const next = samples[at]! + factor * last - before;
    before = last;
    last = next;
  }
  return before * before + last * last - factor * before * last;
}

function strengths(samples: Int16Array, of: number[]): { best: number; place: number; second: number } {
  let best = 0;
  let second = 0;
  let place = 0;
  for (let index = 0; index < of.length; index++) {
    const value = power(samples, of[index]!);
    if (value > best) {
      second = best;
      best = value;
      place = index;
    } else if (value > second) second = value;
  }
  return { best, place, second };
}

/** The key that one frame of 20 ms holds, if it holds one: both tones strong, near each other, and little else. */
function keyOf(samples: Int16Array): string | undefined {
  const known = factors.get(samples.length);
  if (known === undefined) return undefined;
  const block = samples.length;
  let energy = 0;
  for (let at = 0; at < block; at++) energy += samples[at]! * samples[at]!;
  if (energy / block < 50 * 50) return undefined;
  const row = strengths(samples, known.rows);
  if (row.best / (block / 2) < 0.1 * energy) return undefined;
  const column = strengths(samples, known.columns);
  // Twist: the column may be 8 dB weaker, the row 4 dB (Q.24); speech is kept out by what the two tones leave over.
  if (column.best < row.best / 6.3 || column.best > row.best * 6.3) return undefined;
  if (row.second * 4 > row.best || column.second * 4 > column.best) return undefined;
  if ((row.best + column.best) / (block / 2) < 0.72 * energy) return undefined;
  return keys[row.place]?.[column.place];
}

/** Whether a frame of 20 ms (8 or 16 kHz) is the tone of a key. */
export function holdsKey(samples: Int16Array): boolean {
  return keyOf(samples) !== undefined;
}

export class DtmfDetector {
  private candidate: string | undefined;
  private frames = 0;
  private quiet = 2;

  /** Takes 20 ms; answers a digit when its second frame in a row was heard. */
  push(samples: Int16Array): string | undefined {
    const key = keyOf(samples);
    if (key === undefined) {
      this.quiet++;
      if (this.quiet >= 2) this.candidate = undefined;
      if (this.quiet >= 2) this.frames = 0;
      return undefined;
    }
    this.quiet = 0;
    if (key !== this.candidate) {
      this.candidate = key;
      this.frames = 1;
      return undefined;
    }
    this.frames++;
    return this.frames === 2 ? key : undefined;
  }
}
