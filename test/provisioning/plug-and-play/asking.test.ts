import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pino } from 'pino';
import { whoAsks } from '../../../provisioning/plug-and-play/asking.ts';
import { PlugAndPlayDesk } from '../../../provisioning/plug-and-play/desk.ts';
import { faceFor, facesOf } from '../../../provisioning/plug-and-play/faces.ts';
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

  it('is told when it was entered and a window is open to it, or its certificate is believed; else nothing', async () => {
    const noted: string[] = [];
    const refused: string[] = [];
    const window = {
      siteId: 'hall',
      closesAt: new Date(60_000),
      most: 1,
      used: [] as { endpointId: string; from: string }[],
    };
    let open: (typeof window)[] = [];
    let state: { provenAt?: Date } | undefined;
    let blocked = false;
    let certificates = false;
    const desk = new PlugAndPlayDesk({
      store: {
        endpoints: {
          first: async (filter: Record<string, unknown>) =>
            filter['device.mac'] === '000413aabb01' ? ({ id: 'x', siteId: 'hall' } as Endpoint) : undefined,
        },
        contactWindows: { find: async () => open },
      } as never,
      states: { get: async () => state as never, refused: (id: string) => refused.push(id) },
      blocks: { has: () => blocked },
      certificates: () => certificates,
      url: () => 'http://10.9.2.1:8081/',
      known: () => known,
      note: ({ mac }) => noted.push(String(mac)),
      clock: { now: () => new Date(0) },
      logger: pino({ level: 'silent' }),
    });
    assert.equal(await desk.answer(asking), undefined, 'nothing is open to it');
    assert.deepEqual(refused, ['x'], 'its page tells that it asked');
    open = [window];
    assert.equal(await desk.answer(asking), 'http://10.9.2.1:8081/');
    blocked = true;
    assert.equal(await desk.answer(asking), undefined, 'its source is blocked');
    blocked = false;
    state = { provenAt: new Date(0) };
    assert.equal(await desk.answer(asking), undefined, 'it has its address, with a key');
    certificates = true;
    assert.equal(await desk.answer(asking), undefined, 'and keeps it');
    assert.deepEqual(refused, ['x'], 'nothing was refused to it by that');
    state = undefined;
    open = [];
    assert.equal(await desk.answer(asking), 'http://10.9.2.1:8081/');
    assert.deepEqual(noted, []);
    assert.equal(await desk.answer({ ...asking, from: '<sip:nobody@x>', source: '10.9.2.10' }), undefined);
    assert.deepEqual(noted, ['undefined']);
  });

  it('faces are those of the interfaces named, or all but the machine’s own; an address belongs to one', () => {
    const face = { family: 'IPv4' as const, mac: '', internal: false, netmask: '255.255.255.0' };
    const all = {
      lo: [{ ...face, internal: true, address: '127.0.0.1', cidr: '127.0.0.1/8' }],
      eth0: [{ ...face, address: '10.0.0.5', cidr: '10.0.0.5/24' }],
      eth2: [{ ...face, address: '10.0.2.5', cidr: '10.0.2.5/24' }],
    };
    const eth0 = { name: 'eth0', address: '10.0.0.5', cidr: '10.0.0.5/24' };
    const eth2 = { name: 'eth2', address: '10.0.2.5', cidr: '10.0.2.5/24' };
    assert.deepEqual(facesOf(['eth0', 'eth1', 'eth0'], all), [eth0]);
    assert.deepEqual(facesOf(['all'], all), [eth0, eth2]);
    assert.deepEqual(faceFor('10.0.2.77', [eth0, eth2]), eth2);
    assert.equal(faceFor('10.0.3.77', [eth0, eth2]), undefined);
  });
});
