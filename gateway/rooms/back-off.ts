/* When a lost or unanswered uplink is called again. Pure. */

const stepsMs = [2_000, 5_000, 10_000, 20_000, 30_000, 60_000];

/** A connection that held this long starts the schedule anew, ms. */
export const steadyAfterMs = 60_000;

/** Wait before the next attempt, after `failures` in a row (from 1); `random` of 0…1 spreads many callers out. */
export function redialDelayMs(failures: number, random = 0.5): number {
  const step = stepsMs[Math.min(Math.max(1, failures), stepsMs.length) - 1] ?? 60_000;
  return Math.round(step * (0.85 + 0.3 * random));
}
