/* How many pictures a second a studio composes. Pure. */

export interface PaceState {
  /** 0: it cannot keep any. */
  framesPerSecond: number;
  /** Seconds in a row. */
  slowFor: number;
  easyFor: number;
}

/** What a second was like: the part of a core used, and of the pictures that came late. */
export interface Second {
  busy: number;
  late: number;
}

const paces = [25, 15, 10, 7];
const slowAfter = 2;
const easyAfter = 10;

/** The pace for the next second: down after two bad seconds, up after ten good ones. */
export function nextPace(state: PaceState, second: Second): PaceState {
  const { framesPerSecond } = state;
  const slow = second.late > 0.2 || second.busy > 0.95;
  const place = Math.max(0, paces.indexOf(framesPerSecond));
  if (slow) {
    const slowFor = state.slowFor + 1;
    if (slowFor < slowAfter) return { framesPerSecond, slowFor, easyFor: 0 };
    return { framesPerSecond: paces[place + 1] ?? 0, slowFor: 0, easyFor: 0 };
  }
  const faster = paces[place - 1];
  // Work grows with the rate: only a pace that fits is tried.
  const easy = faster !== undefined && second.late < 0.05 && (second.busy * faster) / framesPerSecond < 0.75;
  const easyFor = easy ? state.easyFor + 1 : 0;
  if (faster !== undefined && easyFor >= easyAfter) return { framesPerSecond: faster, slowFor: 0, easyFor: 0 };
  return { framesPerSecond, slowFor: 0, easyFor };
}
