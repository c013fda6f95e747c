import assert from 'node:assert/strict';
import { LevelSum } from '../../../../embedded/freeswitch/mixer/meters.ts';

const sine = (amplitude: number, samples = 1_600): Int16Array =>
  Int16Array.from({ length: samples }, (_, at) => Math.round(amplitude * Math.sin((2 * Math.PI * 400 * at) / 8_000)));

describe('media engine: meters', () => {
  it('tell dBov as RFC 6464 defines it', () => {
    const table: [string, Int16Array, number][] = [
      ['a square wave at the limit', new Int16Array(160).fill(32_767), 0],
      ['one step beyond', new Int16Array(160).fill(-32_768), 0],
      ['a sine at the limit', sine(32_767), -3],
      ['a tenth of it', sine(3_276.7), -23],
      ['a hundredth', sine(327.67), -43],
      ['the least that there is', Int16Array.from({ length: 160 }, (_, at) => (at === 0 ? 1 : 0)), -112],
      ['silence', new Int16Array(160), -127],
      ['nothing', new Int16Array(0), -127],
    ];
    for (const [name, samples, level] of table) {
      const sum = new LevelSum();
      sum.add(samples);
      assert.equal(sum.take(), level, name);
      assert.equal(sum.take(), -127, `${name}: taken`);
    }
  });

  it('tell the power of all frames together', () => {
    const sum = new LevelSum();
    sum.add(sine(16_384));
    sum.add(new Int16Array(1_600));
    assert.equal(sum.take(), -12);
  });
});
