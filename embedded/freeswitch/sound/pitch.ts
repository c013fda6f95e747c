/* The period of voiced sound, found by correlation. */

/** Shortest and longest period looked for: 2.5 … 15 ms (400 … 67 Hz). */
const shortestMs = 2.5;
export const longestPeriodMs = 15;

/** A period in samples, and how alike one is to the next: 1 is the same. */
export interface Pitch {
  period: number;
  likeness: number;
}

/** Finds the period of what lies before `end`; it looks at twice the longest period. Silence has likeness 1. */
export function pitchBefore(samples: Int16Array, end: number, rate: number): Pitch {
  const shortest = Math.round((shortestMs * rate) / 1000);
  const longest = Math.round((longestPeriodMs * rate) / 1000);
  const window = longest;
  // Coarse over every second sample (every fourth at 16 kHz), then fine around the best.
  const step = rate >= 16_000 ? 4 : 2;
  let period = longest;
  let best = Number.NEGATIVE_INFINITY;
  for (let lag = shortest; lag <= longest; lag += step >> 1) {
    const value = likeness(samples, end - window, lag, window, step);
    if (value > best) {
      best = value;
      period = lag;
    }
  }
  const coarse = period;
  best = Number.NEGATIVE_INFINITY;
  for (let lag = Math.max(shortest, coarse - step); lag <= Math.min(longest, coarse + step); lag++) {
    const value = likeness(samples, end - window, lag, window, 1);
    if (value > best) {
      best = value;
      period = lag;
    }
  }
  return { period, likeness: best };
}

/** Normalised correlation of a window with what lies `lag` samples before it. */
export function likeness(samples: Int16Array, start: number, lag: number, window: number, step: number): number {
  let cross = 0;
  let here = 0;
  let there = 0;
  for (let at = start; at < start + window; at += step) {
    const a = samples[at]!;
    const b = samples[at - lag]!;
    cross += a * b;
    here += a * a;
    there += b * b;
  }
  if (here < window * 4 && there < window * 4) return 1;
  return cross <= 0 ? 0 : cross / Math.sqrt(here * there + 1);
}
