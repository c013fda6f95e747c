import assert from 'node:assert/strict';
import { sees } from '../peers/pictures.ts';
import { type Codec, PictureHouse } from './pictures-house.ts';

describe('protected pictures', function () {
  this.timeout(120_000);
  let house: PictureHouse;
  let must: Codec;
  let may: Codec;
  let open: Codec;

  before(async () => {
    house = await PictureHouse.open();
    const srtp = (mediaenc: string) => ({ modules: ['srtp.so'], account: `mediaenc=${mediaenc}` });
    must = await house.codec('Xã A', 'red', {}, { ...srtp('srtp-mand'), device: { srtp: 'required' } });
    may = await house.codec('Xã B', 'green', {}, srtp('srtp'));
    open = await house.codec('Xã C', 'blue', {}, { device: { srtp: 'off' } });
  });
  after(() => house.close());

  it('are seen by codecs that must, may and cannot have them, in calls both ways', async () => {
    // The one that must is called: our offer is protected or nothing.
    await house.product.post(`${house.path}/calls`, { kind: 'endpoint', endpointId: must.endpointId });
    const joined = await house.product.events.logged('leg.joined', ({ endpointId }) => endpointId === must.endpointId);
    const mayLeg = await house.dials(may);
    const openLeg = await house.dials(open);
    await house.speaks(mayLeg);
    await Promise.all([sees(must.terminal, 'green', undefined, 20_000), sees(open.terminal, 'green')]);
    await house.speaks(openLeg);
    await Promise.all([sees(must.terminal, 'blue'), sees(may.terminal, 'blue'), sees(open.terminal, 'green')]);
    await house.speaks(joined.legId ?? '');
    await Promise.all([sees(may.terminal, 'red'), sees(open.terminal, 'red')]);
    const protectedLegs = (await house.legs()).flatMap(({ alarms }) => alarms);
    assert.ok(!protectedLegs.includes('unauthentic'));
    const sections = must.terminal.log.split(/^(?=m=)/m).filter((section) => /^m=video [1-9]/.test(section));
    assert.ok(sections.length >= 2, 'its SDP and ours are in its log');
    for (const section of sections) assert.match(section, /^m=video \d+ RTP\/SAVP[\s\S]*^a=crypto:/m);
  });
});
