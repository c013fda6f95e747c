import assert from 'node:assert/strict';
import { ComfortNoise } from '../../../../embedded/freeswitch/mixer/comfort-noise.ts';
import { LevelControl } from '../../../../embedded/freeswitch/mixer/level-control.ts';
import { chooseVoices, hearOthers, mostVoices, ramp } from '../../../../embedded/freeswitch/mixer/mix.ts';
import { SharedMix } from '../../../../embedded/freeswitch/mixer/shared-mix.ts';
import { codecs } from '../../../../embedded/freeswitch/sound/codec.ts';
import { holdsKey } from '../../../../embedded/freeswitch/sound/dtmf-detector.ts';

function choose(levels: number[], before: number[] = []): number[] {
  const chosen = new Int32Array(mostVoices);
  const mixed = Uint8Array.from(levels, (_, place) => (before.includes(place) ? 1 : 0));
  const found = chooseVoices(Float32Array.from(levels), mixed, levels.length, chosen);
  return [...chosen.subarray(0, found)].sort();
}

describe('media engine: mixing', () => {
  it('takes the three loudest, never the silent, and does not flutter between equals', () => {
    const table: [string, number[], number[], number[]][] = [
      ['fewer than three', [500, 0, 700], [], [0, 2]],
      ['of five the loudest', [100, 900, 300, 800, 700], [], [1, 3, 4]],
      ['below the least level', [10, 15, 19, 21], [], [3]],
      ['equals: who was there stays', [500, 500, 500, 500], [1, 2, 3], [1, 2, 3]],
      ['hardly louder does not displace', [700, 500, 500, 500], [1, 2, 3], [1, 2, 3]],
      ['much louder does', [900, 500, 510, 520], [1, 2, 3], [0, 2, 3]],
      ['nobody', [0, 0], [0], []],
    ];
    for (const [name, levels, before, wanted] of table) assert.deepEqual(choose(levels, before), wanted, name);
  });

  it('gives each all but itself, and clips instead of turning over', () => {
    const own = Int16Array.of(1_000, -5, 20_000);
    const into = new Int16Array(3);
    hearOthers(Int32Array.of(1_500, 100_000, -50_000), own, into);
    assert.deepEqual([...into], [500, 32_767, -32_768]);
  });

  it('fades evenly', () => {
    const frame = new Int16Array(100).fill(1_000);
    ramp(frame, 0, 1);
    assert.equal(frame[99], 1_000);
    assert.ok(frame.every((sample, at) => at === 0 || sample - frame[at - 1]! <= 11));
  });

  it('evens a weak line and a loud microphone, slowly, within limits, and leaves pauses alone', () => {
    const gainAfter = (levels: (beat: number) => number): number => {
      const control = new LevelControl();
      for (let beat = 0; beat < 1_000; beat++) control.next(levels(beat));
      return control.gain;
    };
    const talk = (level: number) => (beat: number) => (beat % 50 < 30 ? level : 4);
    assert.equal(gainAfter(talk(2_000)), 1);
    assert.ok(Math.abs(gainAfter(talk(450)) - 2) < 0.1);
    assert.equal(gainAfter(talk(70)), 4);
    assert.ok(Math.abs(gainAfter(talk(8_000)) - 0.5) < 0.05);
    assert.equal(
      gainAfter(() => 50),
      1,
      'noise alone',
    );
  });

  it('fills silence with a noise that is hardly there', () => {
    const frame = new Int16Array(16_000);
    new ComfortNoise().fill(frame);
    const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length;
    const level = 10 * Math.log10(power / 32_768 ** 2);
    assert.ok(level > -75 && level < -60, String(level));
  });

  it('knows a key by one frame, at either rate, and takes no voice for one', () => {
    const frame = (rate: number, tones: number[]): Int16Array =>
      Int16Array.from({ length: rate / 50 }, (_, at) =>
        tones.reduce((sum, hz) => sum + 5_000 * Math.sin((2 * Math.PI * hz * at) / rate), 0),
      );
    for (const rate of [8_000, 16_000]) {
      assert.equal(holdsKey(frame(rate, [770, 1_336])), true);
      assert.equal(holdsKey(frame(rate, [941, 1_477])), true);
      assert.equal(holdsKey(frame(rate, [440])), false);
      assert.equal(holdsKey(frame(rate, [120, 240, 360, 480, 600, 720])), false);
      assert.equal(holdsKey(new Int16Array(rate / 50)), false);
    }
  });

  it('encodes what all hear once a codec', () => {
    const shared = new SharedMix(16_000);
    let encoded = 0;
    const counted = {
      ...codecs.PCMA,
      newEncoder: () => ({
        encode: (samples: Int16Array, into: Uint8Array, at: number) => {
          encoded++;
          return codecs.PCMA.newEncoder().encode(samples, into, at);
        },
        follow: () => {},
      }),
    };
    for (let beat = 1; beat <= 5; beat++) {
      shared.samples.fill(beat * 100);
      shared.next();
      const packets = Array.from({ length: 100 }, () => shared.encoded(counted));
      assert.equal(encoded, beat);
      assert.ok(packets.every((packet) => packet === packets[0]));
      shared.finish();
    }
  });
});
