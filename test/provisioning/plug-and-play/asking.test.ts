import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pino } from 'pino';
import { whoAsks } from '../../../provisioning/plug-and-play/asking.ts';
import { PlugAndPlayDesk } from '../../../provisioning/plug-and-play/desk.ts';
import { networksOf } from '../../../provisioning/plug-and-play/group.ts';
import type { Endpoint } from '../../../store/schema/places.ts';

const known = [{ vendor: 'Snom', model: 'D785' }];
const asking = {
  event: 'ua-profile;profile-type="device";vendor="snom";model="snomD785";version="10.1.33.33"',
  from: '<sip:MAC%3a000413AABB01@intern.snom.de>;tag=1',
  userAgent: undefined,
  source: '10.9.2.9',
};

describe('who asks by plug-and-play', () => {
  it('is read from From, Event and User-Agent', () => {
    assert.deepEqual(whoAsks(asking, known), {
      vendor: 'Snom',
      model: 'D785',
      mac: '000413aabb01',
      version: '10.1.33.33',
    });
    const bare = { ...asking, from: '<sip:000b82aabb04@224.0.1.75>', event: 'ua-profile' };
    assert.deepEqual(whoAsks(bare, known), { mac: '000b82aabb04' });
    assert.equal(whoAsks({ ...bare, from: '<sip:%zz@x>' }, known).mac, undefined);
    const agent = { ...bare, from: '<sip:00000001@10.0.0.1>', userAgent: 'Yealink SIP-T46S 66 805ec0aabb02' };
    assert.equal(whoAsks(agent, known).mac, '805ec0aabb02');
  });

  it('is answered in the networks that it was switched on for, so often and no more', async () => {
    const noted: string[] = [];
    const desk = new PlugAndPlayDesk({
      store: {
        endpoints: { first: async () => ({ id: 'x' }) as Endpoint },
      } as never,
      networks: ['10.9.2.0/24'],
      url: () => 'http://10.9.2.1:8081/',
      known: () => known,
      note: ({ mac }) => noted.push(String(mac)),
      clock: { now: () => new Date(0) },
      logger: pino({ level: 'silent' }),
    });
    assert.equal(await desk.answer({ ...asking, source: '10.9.3.9' }), undefined);
    for (let turn = 0; turn < 30; turn++) assert.equal(await desk.answer(asking), 'http://10.9.2.1:8081/');
    assert.equal(await desk.answer(asking), undefined);
    assert.equal(await desk.answer({ ...asking, from: '<sip:nobody@x>', source: '10.9.2.10' }), undefined);
    assert.deepEqual(noted, ['undefined']);
  });

  it('networks are those of the interfaces named', () => {
    const face = { family: 'IPv4' as const, mac: '', internal: false, netmask: '255.255.255.0' };
    const all = { eth0: [{ ...face, address: '10.0.0.5', cidr: '10.0.0.5/24' }] };
    assert.deepEqual(networksOf(['eth0', 'eth1'], all), [{ name: 'eth0', address: '10.0.0.5', cidr: '10.0.0.5/24' }]);
  });
});
