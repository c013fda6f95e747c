import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { type House, openHouse } from './house.ts';

describe('API: search by site', function () {
  this.timeout(60_000);
  let house: House;
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await house.ask('POST', path, body);
    assert.equal(answer.status, 201, answer.text);
    return String(answer.body.id);
  };
  const foundAt = async (siteId: string, path = '/search'): Promise<string[]> => {
    const { body, text, status } = await house.ask('GET', `${path}?siteId=${siteId}`);
    assert.equal(status, 200, text);
    return (body.sessions as { title: string }[]).map(({ title }) => title).sort();
  };
  let [commune, village, province] = ['', '', ''];

  before(async () => {
    house = await openHouse();
    commune = await made('/sites', { name: 'Xã', kind: 'commune' });
    village = await made('/sites', { name: 'Thôn', kind: 'commune' });
    const uplink = { protocol: 'sip', address: 'sip:phong@tinh.example' };
    province = await made('/sites', { name: 'Tỉnh', kind: 'province', uplink });
    const device = { kind: 'sip', secret: 'mat-khau-thiet-bi', siteId: commune };
    const endpointId = await made('/endpoints', { ...device, name: 'Codec', number: '101', username: 'codec' });
    const far = { kind: 'uplink', siteId: province };
    await made('/sessions', { title: 'Có thiết bị', participants: [{ kind: 'endpoint', endpointId }] });
    await made('/sessions', { title: 'Có tỉnh', participants: [far] });
    await made('/sessions', { title: 'Ghi trong kế hoạch', siteIds: [village] });
    await made('/sessions', { title: 'Không ai' });
  });
  after(() => house?.close());

  it('finds where its devices take part, where it is called, and where the plan names it', async () => {
    assert.deepEqual(await foundAt(commune), ['Có thiết bị']);
    assert.deepEqual(await foundAt(province), ['Có tỉnh']);
    assert.deepEqual(await foundAt(village), ['Ghi trong kế hoạch']);
  });

  it('keeps to the words as well', async () => {
    const { body } = await house.ask('GET', `/search?siteId=${commune}&q=co+tinh`);
    assert.deepEqual(body.sessions, []);
  });
});
