import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { badLine } from '../../../../bench/load/bad-line.ts';
import { type Clip, framesPerSecond } from '../../../../bench/load/clip.ts';
import { type Events, openEvents } from '../../../../bench/load/events.ts';
import { newSights, recognisable, whole } from '../../../../bench/load/eye.ts';
import { type Engine, startMedia } from '../engine.ts';
import { randomFrom } from '../random.ts';
import { colourOf, picturesOf, reached, smallClip, speaks, watched } from './screening.ts';

describe('media engine: what is seen over lines that lose packets', function () {
  this.timeout(90_000);
  let red: Clip;
  let blue: Clip;
  let engine: Engine;
  let events: Events;

  before(async () => {
    red = smallClip('red');
    blue = smallClip('blue');
    engine = await startMedia();
    events = await openEvents(reached(engine), 'conference::maintenance');
  });
  after(async () => {
    events.close();
    await engine.stop();
  });

  it('the speaker, without a torn picture in between, once the floor has changed', async () => {
    let settledAt = 0;
    let changedAt = 0;
    const seen = await watched(engine, [red, red, blue], async (room) => {
      await pause(3_000);
      settledAt = performance.now();
      events.told = (event, atMs) => {
        if (event.Action === 'video-floor-change' && changedAt === 0) changedAt = atMs;
      };
      speaks(room, 2);
      for (let waited = 0; changedAt === 0 && waited < 200; waited++) await pause(50);
      await pause(2_000);
    });
    assert.ok(changedAt > 0, 'the floor never changed');
    // Who comes first is seen until somebody speaks.
    const sights = seen.filter(({ atMs }) => atMs > settledAt);
    const first = sights.findIndex((sight) => colourOf(sight) === 'blue');
    assert.ok(first > 0, 'the new speaker was never seen');
    assert.deepEqual(new Set(sights.slice(0, first).map(colourOf)), new Set(['red']));
    assert.deepEqual(new Set(sights.slice(first).map(colourOf)), new Set(['blue']));
    assert.ok(sights[first]!.atMs >= changedAt - 20 && sights[first]!.atMs < changedAt + 5_000);
    // Every picture is one of the clip's, to the last of both.
    const clean =
      newSights(sights.slice(0, first), picturesOf(red), 1).length +
      newSights(sights.slice(first), picturesOf(blue), 1).length;
    assert.ok(clean > sights.length - 3, `${clean} of ${sights.length}`);
  });

  it('a camera whose parameter sets were lost at the start, when its next key frame comes', async () => {
    let packets = 0;
    const line = await badLine({ up: { lossPercent: 1, jitterMs: 0 } }, () => (packets++ === 0 ? 0 : 0.5));
    const startedAt = performance.now();
    const sights = await watched(engine, [red, red], () => pause(2_500), new Map([[1, line]]), { asksOnLoss: false });
    const [first] = newSights(sights, picturesOf(red), whole);
    assert.ok(first !== undefined && first - startedAt < 2_000, `seen after ${(first ?? Number.NaN) - startedAt} ms`);
  });

  for (const [direction, number] of [
    ['in', 1],
    ['out', 0],
  ] as const) {
    it(`2 % lost on the way ${direction}: never frozen or grey for more than a second, from the join on`, async () => {
      const below = randomFrom(31 + number);
      const flaws = { lossPercent: 2, jitterMs: 0 };
      const line = await badLine(direction === 'in' ? { up: flaws } : { down: flaws }, () => below(10_000) / 10_000);
      const startedAt = performance.now();
      const sights = await watched(engine, [red, red], () => pause(8_000), new Map([[number, line]]));
      const times = [startedAt, ...newSights(sights, picturesOf(red), recognisable)];
      const longest = Math.max(...times.slice(1).map((at, place) => at - times[place]!));
      assert.ok(times.length > 4 * framesPerSecond, `only ${times.length} pictures`);
      assert.ok(longest < 1_000, `${longest} ms without a picture`);
    });

    for (const delayMs of [0, 80]) {
      it(`10 % lost ${direction}, ${delayMs} ms there and back, to be asked for again: every picture whole`, async () => {
        const below = randomFrom(41 + number);
        const flaws = { lossPercent: 10, jitterMs: 0, delayMs };
        const line = await badLine(direction === 'in' ? { up: flaws } : { down: flaws }, () => below(10_000) / 10_000);
        const startedAt = performance.now();
        const sights = await watched(engine, [red, red], () => pause(6_000), new Map([[number, line]]), {
          repairs: true,
        });
        const times = [startedAt, ...newSights(sights, picturesOf(red), whole)];
        const longest = Math.max(...times.slice(1).map((at, place) => at - times[place]!));
        assert.ok(times.length > 5 * framesPerSecond, `only ${times.length} whole pictures of ${sights.length}`);
        assert.ok(longest < 1_000, `${longest} ms without a whole picture`);
      });
    }
  }
});
