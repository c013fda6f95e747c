import assert from 'node:assert/strict';
import { part, type Sound, tonesIn } from '../peers/tones.ts';

/** Somebody in a call whose ear is ours. */
export interface Listener {
  /** What it hears in the next so many seconds. */
  listen(seconds: number): Promise<Sound>;
}

/** What is on its way when something changes (jitter buffers, packets), in seconds. */
const onTheWay = 0.5;

/** Which tones somebody hears from now on. */
export async function hears(listener: Listener, tones: readonly number[], seconds = 1): Promise<number[]> {
  return tonesIn(part(await listener.listen(onTheWay + seconds), onTheWay), tones);
}

/**
 * Waits until somebody hears exactly these of all tones (announcements may still be spoken), and makes sure that it stays
 * so. @throws when it does not come about in time.
 */
export async function hearsExactly(
  listener: Listener,
  expected: readonly number[],
  tones: readonly number[],
  ms = 15_000,
): Promise<void> {
  let heard: number[] = [];
  for (const until = performance.now() + ms; performance.now() < until; ) {
    heard = tonesIn(await listener.listen(0.5), tones);
    if (heard.join() !== expected.join()) continue;
    heard = tonesIn(await listener.listen(1.5), tones);
    if (heard.join() === expected.join()) return;
  }
  assert.deepEqual(heard, expected, 'tones heard');
}

/** Each tone that stands in any second of a sound. */
export function tonesAnywhere(sound: Sound, tones: readonly number[]): number[] {
  const seconds = Math.floor(sound.samples.length / sound.rate);
  const found = Array.from({ length: seconds }, (_, at) => tonesIn(part(sound, at, at + 1), tones)).flat();
  return tones.filter((hz) => found.includes(hz));
}
