import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { part, readWav, toneLevel, tonesIn, writeTone } from './tones.ts';

describe('tones in a sound', () => {
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-tones-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const mix = (seconds: number, ...tones: { hz: number; level: number; from: number }[]) => {
    const rate = 8000;
    const samples = new Int16Array(rate * seconds);
    for (const { hz, level, from } of tones) {
      for (let i = from * rate; i < samples.length; i++) {
        samples[i] = (samples[i] ?? 0) + 32_767 * level * Math.sin((2 * Math.PI * hz * i) / rate);
      }
    }
    return { rate, samples };
  };

  it('are measured each by itself, at any phase', () => {
    const sound = mix(1, { hz: 440, level: 0.1, from: 0 }, { hz: 697, level: 0.3, from: 0 });
    for (let from = 0; from < 0.03; from += 0.007) {
      const window = part(sound, from, from + 0.2);
      assert.ok(Math.abs(toneLevel(window, 440) - 0.1) < 0.005);
      assert.ok(Math.abs(toneLevel(window, 697) - 0.3) < 0.005);
      assert.ok(toneLevel(window, 1004) < 0.001);
    }
  });

  it('are found where they sound', () => {
    const sound = mix(4, { hz: 500, level: 0.2, from: 0 }, { hz: 1004, level: 0.2, from: 2 });
    assert.deepEqual(tonesIn(part(sound, -2), [500, 1004, 1500]), [500, 1004]);
    assert.deepEqual(tonesIn(part(sound, 0, 2), [500, 1004, 1500]), [500]);
  });

  it('are not found in silence nor in nothing', () => {
    assert.deepEqual(tonesIn(mix(1), [440]), []);
    assert.deepEqual(tonesIn(mix(0), [440]), []);
  });

  it('are read back from the files that peers play', () => {
    const file = join(folder, 'tone.wav');
    writeTone(file, [697, 1004], 2, 16_000);
    const sound = readWav(file);
    assert.equal(sound.rate, 16_000);
    assert.equal(sound.samples.length, 32_000);
    assert.deepEqual(tonesIn(sound, [440, 697, 1004]), [697, 1004]);
  });
});
