import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import { Terminal } from '../../gateway/h323/ras/terminal.ts';
import { ownAddress } from '../../peers/address.ts';
import { DeskPhone } from '../../peers/desk-phone.ts';
import { Product } from '../../peers/product.ts';

/* Devices that nobody entered speak to the whole product; an admin enters one of them, dismisses the other. */

interface Found {
  id: string;
  seen: string;
  name?: string;
  mac?: string;
  model?: string;
  vendor?: string;
  source: string;
  count: number;
}

describe('devices that are not known', function () {
  this.timeout(60_000);
  const [phoneHost, codecHost] = [ownAddress(), ownAddress()];
  let product: Product;
  before(async () => {
    product = await Product.start();
  });
  after(() => product?.stop());

  const list = async (query = ''): Promise<Found[]> =>
    (await product.get<{ items: Found[] }>(`/discovered${query}`)).items;
  /** Waits for what is written within a second. */
  const until = async (fits: (found: Found[]) => boolean): Promise<Found[]> => {
    for (;;) {
      const found = await list();
      if (fits(found)) return found;
      await pause(100);
    }
  };

  it('a phone and a codec register, are found, entered or dismissed, and the phone then registers', async () => {
    const phone = await DeskPhone.open({
      host: phoneHost,
      user: '7401',
      password: 'mat-khau-moi',
      userAgent: 'Yealink SIP-T46S 66.85.0.5 805ec0123456',
      at: product.sip,
    });
    const codec = await Terminal.open(codecHost, { host: product.host, port: product.ports.ras ?? 0 });
    codec.name = 'phong-hop';
    try {
      assert.equal(await phone.register(), 401);
      assert.ok((await codec.ask(codec.registration(['phong-hop'])))?.registrationReject);
      await product.events.once(({ name }) => name === 'discovered', 'a device that is not known');
      const found = await until((all) => all.length === 2 && all.some(({ seen }) => seen === 'register'));
      const seenPhone = found.find(({ seen }) => seen === 'register')!;
      const seenCodec = found.find(({ seen }) => seen === 'rrq')!;
      assert.deepEqual(
        [seenPhone.name, seenPhone.model, seenPhone.vendor, seenPhone.mac, seenPhone.source],
        ['7401', 'SIP-T46S', 'Yealink', '805ec0123456', phoneHost],
      );
      assert.equal(seenCodec.source, codecHost);
      assert.match(seenCodec.name ?? '', /phong-hop/);

      await product.remove(`/discovered/${seenCodec.id}`);
      const { id } = await product.post<{ id: string }>(`/discovered/${seenPhone.id}/adopt`, {
        name: 'Lễ tân',
        number: '7401',
        secret: 'mat-khau-moi',
      });
      const endpoint = await product.get<{ device: object; username: string }>(`/endpoints/${id}`);
      assert.deepEqual(endpoint.device, { model: 'SIP-T46S', mac: '805ec0123456', overrides: {} });
      assert.equal(await phone.register(), 200);

      assert.ok((await codec.ask(codec.registration(['phong-hop'])))?.registrationReject);
      let again: Found | undefined;
      while ((again?.count ?? 1) <= seenCodec.count) {
        await pause(100);
        [again] = await list('?dismissed=true');
      }
      assert.deepEqual(await list(), [], 'what was dismissed stays so, and a known device is not noted');
    } finally {
      phone.close();
      codec.close();
    }
  });
});
