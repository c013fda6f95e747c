import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { ownAddress } from '../peers/address.ts';
import { sees } from '../peers/pictures.ts';
import { H323FarEnd } from './h323-far-end.ts';
import { type Codec, type Kept, PictureHouse } from './pictures-house.ts';

describe('pictures between an H.323 codec and a SIP codec', function () {
  this.timeout(120_000);
  const host = ownAddress();
  let house: PictureHouse;
  let red: Codec;
  let far: H323FarEnd;
  let farDevice: Kept;
  let gateway: { host: string; port: number };

  const joined = (): Promise<string> =>
    house.product.events
      .logged('leg.joined', ({ endpointId }) => endpointId === farDevice.id)
      .then(({ legId }) => legId ?? '');

  before(async () => {
    house = await PictureHouse.open();
    red = await house.codec('Xã A', 'red');
    far = await H323FarEnd.open(host, house.folder, 'yellow');
    farDevice = await house.product.post<Kept>('/endpoints', {
      name: 'Phòng họp cũ',
      kind: 'h323-address',
      address: `${host}:${far.house.port}`,
    });
    gateway = { host: house.product.host, port: house.product.ports.h323! };
    await house.dials(red);
  });
  after(async () => {
    await far.close();
    await house.close();
  });

  it('go both ways, in a call that comes in; key frames are asked for and given by H.245', async () => {
    const arrives = joined();
    await far.call(gateway, '5000');
    const leg = await arrives;
    await Promise.all([sees(red.terminal, 'yellow', undefined, 20_000), far.line.sees('red')]);
    assert.ok(far.keyFramesAsked >= 1, 'videoFastUpdatePicture came');
    const before = far.line.keyFramesSeen;
    await far.dialog?.requestKeyFrame();
    assert.ok(await far.line.refreshed(before), 'its own videoFastUpdatePicture brings a key frame');
    const told = await house.product.events.once(
      ({ data, name }) => name === 'quality' && data.legId === leg && data.width !== undefined,
      'its line',
    );
    assert.deepEqual([told.data.width, told.data.height], [640, 360]);
  });

  it('go away in the call and come again', async () => {
    const { legId } = await house.product.events.logged('leg.joined', ({ endpointId }) => endpointId === farDevice.id);
    await far.change(far.sdp({ video: false }));
    const packets = far.line.videoPackets;
    await pause(500);
    assert.ok(far.line.videoPackets - packets < 20, 'no more pictures are sent to it');
    assert.equal((await house.leg(legId ?? '')).state, 'joined');
    await far.change(far.sdp());
    const seen = far.line.videoPackets;
    await far.line.sees('red');
    assert.ok(await far.line.moves(seen), 'pictures are sent to it again');
    await sees(red.terminal, 'yellow');
  });

  it('that stop without a word are an incident, and so is sound', async () => {
    const { legId } = await house.product.events.logged('leg.joined', ({ endpointId }) => endpointId === farDevice.id);
    far.line.filming = false;
    const { data } = await house.product.events.once(
      (event) => event.name === 'incident' && event.data.code === 'leg.dark' && event.data.legId === legId,
      'the incident',
      20_000,
    );
    assert.match((data.text as { en: string }).en, /Phòng họp cũ/);
    far.line.filming = true;
    await house.product.events.logged('leg.seen-again', (entry) => entry.legId === legId);
    await far.dialog?.end();
    await house.product.events.logged('leg.ended', (entry) => entry.legId === legId);
  });

  it('go both ways, in a call that goes out, and within the rate that the terminal takes', async () => {
    house.product.events.forget();
    const answered = far.answer(far.sdp({ bandwidth: 192 }));
    await house.product.post(`${house.path}/calls`, { kind: 'endpoint', endpointId: farDevice.id });
    await answered;
    await joined();
    await Promise.all([sees(red.terminal, 'yellow', undefined, 20_000), far.line.sees('red')]);
    const from = { bytes: far.line.videoBytes, at: performance.now() };
    await pause(4_000);
    const bitsPerSecond = ((far.line.videoBytes - from.bytes) * 8_000) / (performance.now() - from.at);
    assert.ok(bitsPerSecond > 10_000 && bitsPerSecond < 1.25 * 192_000, `${Math.round(bitsPerSecond)} bit/s`);
  });
});
