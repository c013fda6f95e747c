import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { plainPath } from '../../../provisioning/roomos/document.ts';
import { ciscoRoomos } from '../../../provisioning/templates/cisco/roomos.ts';
import { ownAddress } from '../../peers/address.ts';
import { Product } from '../../peers/product.ts';
import { RoomCodec } from '../../peers/room-codec.ts';

/* The whole product configures a room codec over HTTPS: from its endpoint, through its template, to what reads back. */

interface Outcome {
  way: string;
  result: string;
  settings: { path: string; result: string; reason?: string }[];
}

describe('a room codec is configured by the product', function () {
  this.timeout(60_000);
  const password = 'mat-khau-quan-tri-cua-codec';
  const names = [...ciscoRoomos.device, ...ciscoRoomos.accounts.flat(), ...ciscoRoomos.keys.flat()].map(
    ({ name }) => name,
  );
  let product: Product;
  let codec: RoomCodec;
  let id = '';
  before(async () => {
    codec = await RoomCodec.open({
      host: ownAddress(),
      password,
      // It has all but one of the settings that the template knows.
      knows: Object.fromEntries(
        names.filter((name) => name !== 'Time/DateFormat').map((name) => [plainPath(name), undefined]),
      ),
      refuses: 'document',
    });
    product = await Product.start();
    const made = await product.post<{ id: string }>('/endpoints', {
      name: 'Phòng tiếp công dân',
      kind: 'sip',
      username: 'phong-tcd',
      secret: 'mat-khau-sip',
      address: `${codec.host}:${codec.port}`,
      device: { model: 'Cisco Room Kit', mac: '005060aabb01' },
    });
    id = made.id;
  });
  after(async () => {
    await product?.stop();
    await codec?.close();
  });
  const sync = (): Promise<Outcome> => product.post(`/endpoints/${id}/device/sync`);

  it('is told no settings before its password is known', async () => {
    const { result, way } = await sync();
    assert.deepEqual([way, result], ['xapi', 'password-refused']);
    assert.equal(codec.values.size, 0);
  });

  it('takes what it has, which reads back; what it has not is named with its reason', async () => {
    await product.put(`/endpoints/${id}/device/admin-password`, { password });
    const { result, settings } = await sync();
    assert.equal(result, 'differs');
    assert.deepEqual(
      settings.filter((one) => one.result !== 'applied'),
      [{ path: 'Time/DateFormat', result: 'refused', reason: 'No match on address expression.' }],
    );
    assert.equal(codec.values.get('sip/displayname'), 'Phòng tiếp công dân');
    assert.equal(codec.values.get('sip/authentication/password'), 'mat-khau-sip');
    assert.equal(codec.values.get('sip/proxy/address'), product.sip);
    assert.equal(codec.values.get('time/zone'), 'Asia/Ho_Chi_Minh');
    assert.equal(codec.sessions.size, 0, 'sessions are given back');
    const told = (await product.log()).filter(({ event }) => event === 'device.sync').at(-1);
    assert.deepEqual(told?.detail.others, ['Time/DateFormat']);
    assert.ok(!JSON.stringify(await product.log()).includes('mat-khau'), 'no password in the log');
    assert.ok(!product.lines.join('').includes('mat-khau'), 'nor in what the product writes');
  });

  it('that shows another certificate gets no password, until an admin says that this is right', async () => {
    const { shown } = codec;
    await codec.renewCertificate();
    assert.equal((await sync()).result, 'not-trusted');
    assert.equal(codec.shown, shown);
    await product.remove(`/endpoints/${id}/device/certificate`);
    assert.equal((await sync()).result, 'differs');
  });
});
