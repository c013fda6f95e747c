import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Region, sees } from '../peers/pictures.ts';
import { type Codec, PictureHouse, type SessionView } from './pictures-house.ts';

const left: Region = { x: 0.05, y: 0.35, width: 0.4, height: 0.2 };
const right: Region = { x: 0.55, y: 0.35, width: 0.4, height: 0.2 };

/** The process that composes the room's pictures. */
function studioOf(mediaEngine: number): number {
  const children = readFileSync(`/proc/${mediaEngine}/task/${mediaEngine}/children`, 'utf8').trim().split(' ');
  const found = children
    .map(Number)
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('studio/main'));
  assert.ok(found !== undefined, 'pictures are composed');
  return found;
}

/** Lets a process run for a tenth of the time only, until `enough`. */
async function starve(pid: number, enough: () => boolean): Promise<void> {
  for (let turns = 0; turns < 80 && !enough(); turns++) {
    process.kill(pid, 'SIGSTOP');
    await pause(450);
    process.kill(pid, 'SIGCONT');
    await pause(50);
  }
}

describe('a session whose pictures are too much for the machine', function () {
  this.timeout(120_000);
  let house: PictureHouse;
  let red: Codec;
  let green: Codec;

  before(async () => {
    house = await PictureHouse.open({ layout: 'side-by-side' });
    red = await house.codec('Xã A', 'red');
    green = await house.codec('Xã B', 'green');
    await house.dials(red);
    await house.dials(green);
  });
  after(() => house.close());

  const fallBack = (): number =>
    house.product.events.told.filter(({ data }) => data.event === 'room.layout-fallback').length;

  it('composes fewer pictures, then shows the speaker and says so', async () => {
    await sees(green.terminal, 'red', left, 20_000);
    await sees(green.terminal, 'green', right);
    await starve(studioOf(house.product.engines().get('freeswitch') ?? 0), () => fallBack() > 0);
    const slower = await house.product.events.logged('room.pace-changed');
    assert.equal(slower.detail.framesPerSecond, 15);
    const entry = await house.product.events.logged('room.layout-fallback');
    assert.deepEqual(entry.detail, { reason: 'overload', layout: 'side-by-side' });
    const incident = await house.product.events.once(
      ({ data, name }) => name === 'incident' && data.code === 'room.layout-fallback',
      'the incident',
    );
    assert.match((incident.data.text as { vi: string }).vi, /quá tải/);
    assert.equal((await house.product.get<SessionView>(house.path)).layout, 'speaker');
    await Promise.all([sees(red.terminal, 'green'), sees(green.terminal, 'red')]);
  });

  it('goes back when staff choose the layout again', async () => {
    await house.product.patch(house.path, { layout: 'side-by-side' });
    await sees(green.terminal, 'red', left, 20_000);
    await sees(green.terminal, 'green', right);
  });

  it('gives up as well when composing breaks down again and again', async () => {
    house.product.events.forget();
    for (let death = 0; death < 3; death++) {
      process.kill(studioOf(house.product.engines().get('freeswitch') ?? 0), 'SIGKILL');
      await pause(1_000);
      if (fallBack() > 0) break;
    }
    const entry = await house.product.events.logged('room.layout-fallback');
    assert.equal(entry.detail.reason, 'failure');
    await sees(green.terminal, 'red');
  });
});
