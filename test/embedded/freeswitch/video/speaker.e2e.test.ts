import assert from 'node:assert/strict';
import { seenBy, sees } from '../../../peers/pictures.ts';
import { type Seat, Stage } from './stage.ts';

describe('media engine: speaker layout with baresip', function () {
  this.timeout(90_000);
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

  it('shows the speaker to all, and the one before to the speaker', async () => {
    await stage.speaks(green);
    await Promise.all([sees(red.terminal, 'green'), sees(blue.terminal, 'green'), sees(green.terminal, 'red')]);
    await stage.speaks(blue);
    await Promise.all([sees(red.terminal, 'blue'), sees(green.terminal, 'blue'), sees(blue.terminal, 'green')]);
    const changes = stage.maintenance.filter(({ action }) => action === 'video-floor-change');
    assert.deepEqual(
      changes.map((change) => `${change['Old-ID']} → ${change['New-ID']}`),
      [`none → ${red.memberId}`, `${red.memberId} → ${green.memberId}`, `${green.memberId} → ${blue.memberId}`],
    );
  });

  it('keeps the floor that staff fix whoever speaks, and follows the voice again', async () => {
    assert.match(await stage.command(`vid-floor ${red.memberId} force`), /^\+OK/);
    await Promise.all([sees(blue.terminal, 'red'), sees(green.terminal, 'red')]);
    await stage.speaks(green);
    await green.terminal.listen(3);
    assert.equal(await seenBy(blue.terminal), 'red');
    assert.match(await stage.command('clear-vid-floor'), /^\+OK/);
    await sees(blue.terminal, 'green');
    assert.match(await stage.command('vid-floor 9999 force'), /^-ERR/);
  });

  it('counts what moves, and sends numbers without a break', async () => {
    const variables = await blue.endpoint.getChannelVariables(true);
    assert.equal(Number(variables.variable_rtp_video_in_width), 640);
    assert.equal(Number(variables.variable_rtp_video_in_height), 360);
    assert.ok(Number(variables.variable_rtp_video_in_key_frame_count) >= 1);
    assert.ok(Number(variables.variable_rtp_video_out_packet_count) > 100);
    assert.equal(Number(variables.variable_rtp_video_in_skip_packet_count), 0);
  });

  it('gives the floor to whoever is left when its holder goes', async () => {
    await green.terminal.hangUp();
    await Promise.all([sees(red.terminal, 'blue'), sees(blue.terminal, 'red')]);
  });
});
