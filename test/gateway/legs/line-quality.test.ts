import assert from 'node:assert/strict';
import { LineJudge, Summing } from '../../../gateway/legs/line-quality.ts';

const sound = (lossPercent: number, score = 4.2, jitterMs = 5) => ({ lossPercent, score, jitterMs });

describe('whether a line is poor', () => {
  /** Samples of 5 s each, and where the verdict changed: `+3` poor with the fourth sample, `-9` well with the tenth. */
  const stories: [name: string, samples: ReturnType<typeof sound>[], changes: string[]][] = [
    ['one bad moment is nothing', [sound(0), sound(9), sound(0), sound(9), sound(0)], []],
    ['two in a row are', [sound(0), sound(9), sound(9)], ['+2']],
    ['a poor score', [sound(0, 2.9), sound(0, 2.5)], ['+1']],
    ['wild jitter', [sound(0, 4, 120), sound(0, 4, 150)], ['+1']],
    ['between the limits it stays poor', [sound(9), sound(9), ...Array(10).fill(sound(3))], ['+1']],
    ['six good ones in a row end it', [sound(9), sound(9), ...Array(6).fill(sound(0))], ['+1', '-7']],
    [
      'a relapse begins the count anew',
      [sound(9), sound(9), sound(0), sound(3), ...Array(6).fill(sound(0))],
      ['+1', '-9'],
    ],
  ];
  for (const [name, samples, changes] of stories)
    it(name, () => {
      const judge = new LineJudge();
      const told: string[] = [];
      for (const [place, sample] of samples.entries()) {
        const changed = judge.hear('sound', sample);
        if (changed !== undefined) told.push(`${changed ? '+' : '-'}${place}`);
      }
      assert.deepEqual(told, changes);
    });

  it('is stricter with pictures, whose packets come in bursts all the same', () => {
    const judge = new LineJudge();
    assert.equal(judge.hear('picture', { lossPercent: 0, jitterMs: 300 }), undefined);
    assert.equal(judge.hear('picture', { lossPercent: 3 }), undefined);
    assert.equal(judge.hear('picture', { lossPercent: 4 }), true);
  });
});

describe('a summary of samples', () => {
  it('tells mean and worst of what was measured', () => {
    const summing = new Summing();
    assert.equal(summing.summary, undefined);
    summing.add({ ...sound(1, 4, 2), roundTripMs: undefined });
    summing.add({ ...sound(2, 3.5, 9), roundTripMs: 40 });
    assert.deepEqual(summing.summary, {
      samples: 2,
      lossPercent: { mean: 1.5, worst: 2 },
      score: { mean: 3.75, worst: 3.5 },
      jitterMs: { mean: 5.5, worst: 9 },
      roundTripMs: { mean: 40, worst: 40 },
    });
    const pictures = new Summing();
    pictures.add({ lossPercent: 0, framesPerSecond: 25, width: 1280, height: 720 });
    pictures.add({ lossPercent: 0, framesPerSecond: 15, width: 640, height: 360 });
    assert.deepEqual(pictures.summary?.framesPerSecond, { mean: 20, worst: 15 });
    assert.equal(pictures.summary?.size, '640x360');
  });
});
