/* Mixing of one frame: who is loud enough, what each hears. Pure but for the buffers it is given. */

/** Voices mixed at once; the quieter ones of more are left out. */
export const mostVoices = 3;
/** Mean level below which nobody is mixed. */
export const leastLevel = 20;
/** How much louder another must be to take a voice's place. */
const staying = 1.5;

/**
 * Places of the loudest voices, at most `mostVoices`, into `chosen`; answers how many. `before` tells who was mixed in
 * the last frame: they stay against others that are hardly louder.
 */
export function chooseVoices(levels: Float32Array, before: Uint8Array, count: number, chosen: Int32Array): number {
  let found = 0;
  for (let place = 0; place < count; place++) {
    let score = levels[place]!;
    if (score < leastLevel) continue;
    if (before[place] === 1) score *= staying;
    let at = found;
    while (at > 0 && scoreOf(levels, before, chosen[at - 1]!) < score) at--;
    if (at >= mostVoices) continue;
    for (let move = Math.min(found, mostVoices - 1); move > at; move--) chosen[move] = chosen[move - 1]!;
    chosen[at] = place;
    if (found < mostVoices) found++;
  }
  return found;
}

const scoreOf = (levels: Float32Array, before: Uint8Array, place: number): number =>
  levels[place]! * (before[place] === 1 ? staying : 1);

/** Multiplies a frame by a gain that goes evenly from one value to another. */
export function ramp(frame: Int16Array, from: number, to: number): void {
  if (from === 1 && to === 1) return;
  const { length } = frame;
  const step = (to - from) / length;
  let gain = from;
  for (let at = 0; at < length; at++) {
    gain += step;
    const value = frame[at]! * gain;
    frame[at] = value > 32767 ? 32767 : Math.max(value, -32768);
  }
}

/** Adds a frame to the sum. */
export function add(sum: Int32Array, frame: Int16Array): void {
  const { length } = sum;
  for (let at = 0; at < length; at++) sum[at]! += frame[at]!;
}

/** What those hear who are not in the sum. */
export function hearAll(sum: Int32Array, into: Int16Array): void {
  const { length } = sum;
  for (let at = 0; at < length; at++) into[at] = clamp(sum[at]!);
}

/** What one hears who is in the sum: all but itself. */
export function hearOthers(sum: Int32Array, own: Int16Array, into: Int16Array): void {
  const { length } = sum;
  for (let at = 0; at < length; at++) into[at] = clamp(sum[at]! - own[at]!);
}

function clamp(value: number): number {
  return value > 32767 ? 32767 : Math.max(value, -32768);
}
