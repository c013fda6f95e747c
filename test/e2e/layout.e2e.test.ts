import assert from 'node:assert/strict';
import { meanOf, type Region, seenBy, sees, snapshot } from '../peers/pictures.ts';
import { type Codec, PictureHouse, type SessionView } from './pictures-house.ts';

const quarter = (x: number, y: number): Region => ({ x: x + 0.05, y: y + 0.1, width: 0.4, height: 0.2 });
/** Where the name stands in the first tile of four. */
const firstName: Region = { x: 0.02, y: 0.43, width: 0.12, height: 0.05 };

describe('what a session shows', function () {
  this.timeout(120_000);
  let house: PictureHouse;
  let red: Codec;
  let green: Codec;
  let blue: Codec;
  const leg = { red: '', green: '', blue: '' };

  before(async () => {
    house = await PictureHouse.open({ layout: 'grid-2x2' });
    red = await house.codec('Xã Đông Hiếu', 'red', { counter: false });
    green = await house.codec('UBND huyện Nghĩa Đàn', 'green');
    blue = await house.codec('Trụ sở Tiếp công dân Trung ương', 'blue');
    leg.red = await house.dials(red);
    leg.green = await house.dials(green);
    leg.blue = await house.dials(blue);
  });
  after(() => house.close());

  it('is the layout that was planned, each site in its tile under its name', async function () {
    // A FreeSWITCH built without its picture libraries shows the speaker, and the session says so.
    if ((await house.product.get<SessionView>(house.path)).layout === 'speaker') return this.skip();
    for (const { terminal } of [red, green, blue]) {
      await sees(terminal, 'red', quarter(0, 0), 20_000);
      await sees(terminal, 'green', quarter(0.5, 0));
      await sees(terminal, 'blue', quarter(0, 0.5));
    }
    const [, white] = meanOf((await snapshot(green.terminal)) ?? '', firstName);
    const [, plain] = meanOf((await snapshot(green.terminal)) ?? '', quarter(0, 0));
    assert.ok(white > plain + 25, `letters on red have green in them: ${white}, without ${plain}`);
  });

  it('changes while the session is open, and whoever speaks is told', async () => {
    const changed = await house.product.patch<SessionView>(house.path, { layout: 'speaker' });
    assert.equal(changed.layout, 'speaker');
    await house.speaks(leg.green);
    await Promise.all([sees(red.terminal, 'green'), sees(blue.terminal, 'green')]);
    house.product.events.forget();
    await house.speaks(leg.blue);
    await Promise.all([sees(red.terminal, 'blue'), sees(green.terminal, 'blue')]);
    const told = await house.product.events.once(
      ({ data, name }) => name === 'floor' && data.legId === leg.blue,
      'the floor',
    );
    assert.deepEqual(told.data.by, 'voice');
    const entry = await house.product.events.logged('floor.changed', ({ legId }) => legId === leg.blue);
    assert.equal(entry.siteId, blue.siteId);
    assert.deepEqual(
      (await house.legs()).filter(({ floor }) => floor).map(({ id }) => id),
      [leg.blue],
    );
    const log = await house.product.log(house.session.id);
    // One that showed the speaker from the start has not changed.
    if (log.some(({ event }) => event === 'room.layout-fallback')) return;
    const layouts = log.filter(({ event }) => event === 'layout.changed');
    assert.deepEqual(layouts[0]?.detail, { before: 'grid-2x2', layout: 'speaker' });
  });

  it('keeps to one whom staff fix, by leg, by device and by site, and lets go', async () => {
    await house.product.patch(`${house.path}/legs/${leg.red}`, { floor: true });
    await Promise.all([sees(blue.terminal, 'red'), sees(green.terminal, 'red')]);
    await house.product.events.logged('floor.changed', (e) => e.legId === leg.red && e.detail.by === 'staff');
    await house.product.patch(house.path, { floor: { kind: 'site', siteId: green.siteId } });
    await Promise.all([sees(red.terminal, 'green'), sees(blue.terminal, 'green')]);
    await house.speaks(leg.red);
    await red.terminal.listen(3);
    assert.equal(await seenBy(blue.terminal), 'green', 'though red speaks');
    const free = await house.product.patch<SessionView>(house.path, { floor: { kind: 'automatic' } });
    assert.equal(free.floor.kind, 'automatic');
    await sees(blue.terminal, 'red');
    const turn = await house.product.events.logged('leg.spoke', ({ legId }) => legId === leg.blue);
    assert.ok(Number(turn.detail.seconds) >= 2 && Date.parse(String(turn.detail.from)) > 0);
  });

  it('stays after a restart of the media engine', async function () {
    const engine = house.product.engines().get('freeswitch');
    // Not ours to kill.
    if (engine === undefined) return this.skip();
    await house.product.patch(house.path, {
      layout: 'grid-2x2',
      floor: { kind: 'endpoint', endpointId: red.endpointId },
    });
    await sees(green.terminal, 'red', quarter(0, 0));
    house.product.events.forget();
    process.kill(engine, 'SIGKILL');
    for (const id of Object.values(leg)) {
      await house.product.events.logged('leg.media-restored', ({ legId }) => legId === id, 20_000);
    }
    const shown = async (): Promise<string[]> => {
      const colours: string[] = [];
      for (const tile of [quarter(0, 0), quarter(0.5, 0), quarter(0, 0.5)]) {
        colours.push((await seenBy(red.terminal, tile)) ?? '-');
      }
      return colours;
    };
    const until = performance.now() + 30_000;
    let seen: string[] = [];
    // They come back in any order.
    while (seen.toSorted().join(' ') !== 'blue green red' && performance.now() < until) seen = await shown();
    assert.equal(seen.toSorted().join(' '), 'blue green red');
    await house.product.events.logged('floor.changed', (e) => e.legId === leg.red && e.detail.by === 'staff', 20_000);
    await house.product.patch(house.path, { layout: 'speaker' });
    await Promise.all([sees(green.terminal, 'red'), sees(blue.terminal, 'red')]);
  });

  it('follows the voice again when the one fixed has gone', async () => {
    await house.product.patch(house.path, { floor: { kind: 'leg', legId: leg.red } });
    house.product.events.forget();
    await red.terminal.hangUp();
    await house.product.events.logged(
      'floor.set',
      ({ detail }) => JSON.stringify(detail.floor) === '{"kind":"automatic"}',
    );
    const { floor } = await house.product.get<SessionView>(house.path);
    assert.equal(floor.kind, 'automatic');
    await Promise.all([sees(green.terminal, 'blue'), sees(blue.terminal, 'green')]);
    await assert.rejects(house.product.patch(house.path, { floor: { kind: 'leg', legId: leg.red } }), /404/);
  });
});
