import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type BadLine, badLine } from '../../../../bench/load/bad-line.ts';
import { type Cameras, openCameras } from '../../../../bench/load/cameras.ts';
import { type Clip, framesPerSecond, makeClip } from '../../../../bench/load/clip.ts';
import { type Events, openEvents } from '../../../../bench/load/events.ts';
import { decode, Eye, newSights, recognisable, type Sight } from '../../../../bench/load/eye.ts';
import { openRoom, type Room } from '../../../../bench/load/room.ts';
import { speech } from '../../../../bench/load/speech.ts';
import { type Engine, secret, startMedia } from '../engine.ts';
import { randomFrom } from '../random.ts';

/* Real H.264 over real sockets, decoded where it is seen. Caller 0 looks; 1 is red, 2 is blue. */

const quiet = new Uint8Array(160).fill(0xd5);

describe('media engine: what is seen over lines that lose packets', function () {
  this.timeout(90_000);
  let red: Clip;
  let blue: Clip;
  let engine: Engine;
  let events: Events;

  before(async () => {
    const smaller = { size: '640x360', kilobits: 800, seconds: 6 };
    red = makeClip('red', smaller);
    blue = makeClip('blue', smaller);
    engine = await startMedia();
    events = await openEvents(loaded(), 'conference::maintenance');
  });
  after(async () => {
    events.close();
    await engine.stop();
  });

  const loaded = () => ({
    sip: { host: '127.0.0.1', port: engine.ports.sip! },
    esl: { host: '127.0.0.1', port: engine.ports.esl!, secret },
  });

  /** A room of three; what caller 0 sees while `story` runs. */
  async function watched(
    lines: Map<number, BadLine>,
    story: (room: Room, cameras: Cameras) => Promise<void>,
  ): Promise<Sight[]> {
    const cameras = await openCameras(3, {
      clipOf: (caller) => (caller === 2 ? blue : red),
      through: (caller, port) => lines.get(caller)?.aim(port) ?? port,
      asksOnLoss: true,
    });
    const eye = new Eye();
    cameras.shown = (caller, packet, atMs) => {
      if (caller === 0) eye.take(packet, atMs);
    };
    const room = await openRoom(loaded(), 3, { pictures: cameras.pictures });
    room.says = (caller, beat) => (caller === 1 ? speech(caller, beat) : quiet);
    room.start();
    cameras.start();
    await story(room, cameras);
    cameras.stop();
    await room.close();
    for (const line of lines.values()) line.close();
    return eye.open();
  }

  const colourOf = ({ u, v }: Sight): string => (v > u ? 'red' : 'blue');
  const known = (clip: Clip): Sight[] => decode(clip.units.map((units) => ({ atMs: 0, units })));

  it('the speaker, without a torn picture in between, once the floor has changed', async () => {
    let changedAt = 0;
    const sights = await watched(new Map(), async (room) => {
      await pause(3_000);
      events.told = (event, atMs) => {
        if (event.Action === 'video-floor-change' && changedAt === 0) changedAt = atMs;
      };
      room.says = (caller, beat) => (caller === 2 ? speech(caller, beat) : quiet);
      for (let waited = 0; changedAt === 0 && waited < 200; waited++) await pause(50);
      await pause(2_000);
    });
    assert.ok(changedAt > 0, 'the floor never changed');
    const first = sights.findIndex((sight) => colourOf(sight) === 'blue');
    assert.ok(first > 0, 'the new speaker was never seen');
    assert.deepEqual(new Set(sights.slice(0, first).map(colourOf)), new Set(['red']));
    assert.deepEqual(new Set(sights.slice(first).map(colourOf)), new Set(['blue']));
    assert.ok(sights[first]!.atMs >= changedAt - 20 && sights[first]!.atMs < changedAt + 5_000);
    // Every picture is one of the clip's, to the last of both.
    const whole =
      newSights(sights.slice(0, first), known(red), 1).length + newSights(sights.slice(first), known(blue), 1).length;
    assert.ok(whole > sights.length - 3, `${whole} of ${sights.length}`);
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
      const sights = await watched(new Map([[number, line]]), () => pause(8_000));
      const times = [startedAt, ...newSights(sights, known(red), recognisable)];
      const longest = Math.max(...times.slice(1).map((at, place) => at - times[place]!));
      assert.ok(times.length > 4 * framesPerSecond, `only ${times.length} pictures`);
      assert.ok(longest < 1_000, `${longest} ms without a picture`);
    });
  }
});
