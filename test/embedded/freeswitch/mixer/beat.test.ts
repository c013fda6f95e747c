import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Beat } from '../../../../embedded/freeswitch/mixer/beat.ts';

describe('media engine: the beat', () => {
  for (const [name, workMs] of [
    ['that is quick', 0],
    ['that is slow now and then', 6],
    ['that takes longer than a beat', 35],
  ] as const) {
    it(`${name}: everything made is sent once, before more is made, and times go on by 20 ms`, async () => {
      const story: string[] = [];
      const times: number[] = [];
      let early = 0;
      const beat = new Beat(
        (nowMs) => {
          if (performance.now() < nowMs) early++;
          times.push(nowMs);
          story.push('made');
          const until = performance.now() + (times.length % 5 === 0 ? workMs : 0);
          while (performance.now() < until);
        },
        () => story.push('sent'),
      );
      beat.start();
      while (times.length < 25) await pause(5);
      beat.stop();
      assert.equal(early, 0);
      for (let at = 1; at < story.length; at++) assert.notEqual(story[at], story[at - 1], story.join(' '));
      if (beat.skipped > 0) return;
      for (let at = 1; at < times.length; at++) assert.ok(Math.abs(times[at]! - times[at - 1]! - 20) < 0.001);
    });
  }
});
