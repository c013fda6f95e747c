import assert from 'node:assert/strict';
import { type Region, seenBy, sees } from '../../../peers/pictures.ts';
import { type Seat, Stage } from './stage.ts';

const quarter = (x: number, y: number): Region => ({ x: x + 0.05, y: y + 0.1, width: 0.4, height: 0.2 });

describe('media engine: composed pictures with baresip', function () {
  this.timeout(120_000);
  let stage: Stage;
  let red: Seat;
  let green: Seat;
  let blue: Seat;

  before(async () => {
    stage = await Stage.open();
    red = await stage.seat('red', 'red');
    green = await stage.seat('green', 'green');
    blue = await stage.seat('blue', 'blue');
  });
  after(() => stage.close());

  it('shows every site in its tile to all', async () => {
    await stage.command(`vid-banner ${red.memberId} Xã Đông Hiếu — phòng tiếp công dân`);
    assert.equal((await stage.command('vid-layout 2x2')).trim(), '+OK');
    for (const { terminal } of [red, green, blue]) {
      await sees(terminal, 'red', quarter(0, 0), 15_000);
      await sees(terminal, 'green', quarter(0.5, 0));
      await sees(terminal, 'blue', quarter(0, 0.5));
      await sees(terminal, 'black', quarter(0.5, 0.5));
    }
    assert.match(await stage.command('vid-layout 7x9'), /^-ERR Invalid layout/);
  });

  it('gives the floor the large tile', async () => {
    assert.equal((await stage.command('vid-layout 1up_top_left+5')).trim(), '+OK');
    const large = { x: 0.05, y: 0.1, width: 0.55, height: 0.2 };
    await stage.speaks(blue);
    await sees(green.terminal, 'blue', large);
    await stage.speaks(green);
    await sees(red.terminal, 'green', large);
    // The others stand beside it, in the order that they came.
    await sees(red.terminal, 'red', { x: 0.7, y: 0.04, width: 0.25, height: 0.12 });
    await sees(red.terminal, 'blue', { x: 0.7, y: 0.38, width: 0.25, height: 0.12 });
    assert.ok(!stage.maintenance.some(({ action }) => action === 'video-layout-fallback'));
  });

  it('goes back to the speaker', async () => {
    await stage.command('vid-layout speaker');
    await sees(red.terminal, 'green');
    await sees(green.terminal, 'blue');
    assert.equal(await seenBy(blue.terminal), 'green');
  });
});
