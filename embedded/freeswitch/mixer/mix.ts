/* Mixing of one frame: who is loud enough, what each hears. Pure but for the buffers it is given. */

/** Voices mixed at once; the quieter ones of more are left out. */
export const mostVoices = 8;

/** Mean level of a frame, 0…32767. */
export function level(frame: Int16Array): number {
  let sum = 0;
  for (let at = 0; at < frame.length; at++) sum += frame[at]! < 0 ? -frame[at]! : frame[at]!;
  return sum / frame.length;
}

/** Places of the loudest voices, at most `count`; silent ones (0) never. */
export function loudest(levels: ArrayLike<number>, count: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < levels.length; place++) if (levels[place]! > 0) places.push(place);
  if (places.length <= count) return places;
  return places.sort((a, b) => levels[b]! - levels[a]!).slice(0, count);
}

/** Adds a frame to the sum. */
export function add(sum: Int32Array, frame: Int16Array): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += frame[at]!;
}

/** What those hear who are not in the sum. */
export function hearAll(sum: Int32Array, into: Int16Array): void {
  for (let at = 0; at < sum.length; at++) into[at] = clamp(sum[at]!);
}

/** What one hears who is in the sum: all but itself. */
export function hearOthers(sum: Int32Array, own: Int16Array, into: Int16Array): void {
  for (let at = 0; at < sum.length; at++) into[at] = clamp(sum[at]! - own[at]!);
}

function clamp(value: number): number {
  if (value > 32767) return 32767;
  return Math.max(value, -32768);
}
