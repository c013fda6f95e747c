import assert from 'node:assert/strict';
import { Resampler, resampled } from '../../../../embedded/freeswitch/sound/resample.ts';

const tone = (hz: number, rate: number, length: number): Int16Array =>
  Int16Array.from({ length }, (_, at) => 10_000 * Math.sin((2 * Math.PI * hz * at) / rate));

function levelOf(samples: Int16Array, hz: number, rate: number): number {
  let re = 0;
  let im = 0;
  for (let at = 0; at < samples.length; at++) {
    re += samples[at]! * Math.cos((2 * Math.PI * hz * at) / rate);
    im += samples[at]! * Math.sin((2 * Math.PI * hz * at) / rate);
  }
  return (2 * Math.hypot(re, im)) / samples.length;
}

function peak(samples: Int16Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

describe('media engine: change of sample rate', () => {
  const pairs = [
    [8_000, 16_000],
    [16_000, 8_000],
    [16_000, 48_000],
    [48_000, 16_000],
    [8_000, 48_000],
    [48_000, 8_000],
    [44_100, 16_000],
    [22_050, 8_000],
  ] as const;

  it('passes what both rates can carry, frame by frame as in one piece', () => {
    for (const [from, to] of pairs) {
      for (const hz of [300, 1_004, 0.36 * Math.min(from, to)]) {
        const sound = tone(hz, from, from);
        const filter = new Resampler(from, to);
        const pieces: number[] = [];
        const out = new Int16Array(to / 50 + 2);
        for (let at = 0; at + from / 50 <= sound.length; at += from / 50) {
          const made = filter.process(sound.subarray(at, at + from / 50), out);
          pieces.push(...out.subarray(0, made));
        }
        assert.ok(Math.abs(pieces.length - to) <= 1, `${from} → ${to}: ${pieces.length}`);
        const level = levelOf(Int16Array.from(pieces.slice(to / 10, to - to / 10)), hz, to);
        assert.ok(Math.abs(level - 10_000) < 300, `${hz} Hz, ${from} → ${to}: ${level}`);
      }
    }
  });

  it('keeps out what the lower rate cannot carry', () => {
    for (const [from, to] of pairs) {
      if (from < to) continue;
      const sound = resampled(tone(0.6 * to, from, from), from, to);
      assert.ok(peak(sound.subarray(to / 10, to - to / 10)) < 20, `${from} → ${to}: ${peak(sound)}`);
    }
  });

  it('makes no image of what it raises', () => {
    const sound = resampled(tone(3_000, 8_000, 8_000), 8_000, 16_000);
    assert.ok(levelOf(sound.subarray(1_600, 14_400), 5_000, 16_000) < 10);
  });

  it('keeps a whole piece in its place', () => {
    const click = new Int16Array(8_000);
    click[4_000] = 20_000;
    const sound = resampled(click, 8_000, 16_000);
    assert.equal(sound.length, 16_000);
    const at = sound.indexOf(peak(sound));
    assert.ok(Math.abs(at - 8_000) <= 1, String(at));
  });
});
