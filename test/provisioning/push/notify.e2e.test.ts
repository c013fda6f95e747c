import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import { ownAddress } from '../../peers/address.ts';
import { Baresip } from '../../peers/baresip.ts';
import { DeskPhone, type NotifyManner } from '../../peers/desk-phone.ts';
import { Product } from '../../peers/product.ts';
import { writeTone } from '../../peers/tones.ts';

/* An order to take settings, over real sockets: what leaves, what vendors' phones answer, what is told of it. */

interface Outcome {
  way: string;
  result: string;
  contacts: { event: string; status: number; result: string }[];
}

describe('devices are told to take their settings', function () {
  this.timeout(60_000);
  const password = 'mat-khau-cua-may';
  const phones: DeskPhone[] = [];
  let product: Product;
  before(async () => {
    product = await Product.start();
  });
  after(() => product?.stop());
  afterEach(() => {
    for (const phone of phones.splice(0)) phone.close();
  });

  let number = 700;
  const registered = async (userAgent: string, manner: NotifyManner, site?: string) => {
    const user = `may${++number}`;
    const { id } = await product.post<{ id: string }>('/endpoints', {
      name: userAgent,
      kind: 'sip',
      username: user,
      secret: password,
      ...(site === undefined ? {} : { siteId: site }),
    });
    const phone = await DeskPhone.open({ host: ownAddress(), user, password, userAgent, at: product.sip });
    phones.push(phone);
    phone.manner = manner;
    assert.equal(await phone.register(), 200);
    return { id, phone };
  };
  const sync = (id: string): Promise<Outcome> => product.post(`/endpoints/${id}/device/sync`);

  it('a Yealink phone gets check-sync without restart, and takes it', async () => {
    const { id, phone } = await registered('Yealink SIP-T46S 66.85.0.5', { status: 200 });
    const outcome = await sync(id);
    assert.deepEqual([outcome.way, outcome.result], ['sip', 'accepted']);
    const [seen] = phone.seen;
    assert.equal(seen?.method, 'NOTIFY');
    assert.equal(seen?.headers.event, 'check-sync;reboot=false');
    assert.match(seen?.headers.contact ?? '', new RegExp(`<sip:diemcau@${product.host}`));
    assert.match(seen?.headers.from ?? '', new RegExp(`<sip:diemcau@${product.host}[^>]*>;tag=`));
    assert.equal(seen?.headers['subscription-state'], 'terminated');
    const entry = (await product.log()).findLast(({ event }) => event === 'device.sync');
    assert.equal(entry?.endpointId, id);
    assert.deepEqual(entry?.detail, { way: 'sip', result: 'accepted', answers: ['check-sync;reboot=false: 200'] });
  });

  it('a Cisco phone gets resync, asks for the password of its line, and takes it', async () => {
    const { id, phone } = await registered('Cisco/SPA504G-7.6.2f', { challenge: password, status: 200 });
    assert.equal((await sync(id)).result, 'accepted');
    assert.deepEqual(
      phone.seen.map(({ headers }) => [headers.event, headers.authorization !== undefined]),
      [
        ['resync', false],
        ['resync', true],
      ],
    );
  });

  it('a phone that takes another password alone is told of as such, and is not asked on and on', async () => {
    const { id, phone } = await registered('Cisco-CP-8851-3PCC/11.3.1', { challenge: 'another', status: 200 });
    const outcome = await sync(id);
    assert.deepEqual([outcome.result, outcome.contacts[0]?.status], ['password-refused', 401]);
    assert.equal(phone.seen.length, 2);
  });

  it('one that does not understand, one that keeps silent, one that is gone, one that is called by address', async () => {
    const deaf = await registered('Grandstream GXP1760 1.0.1.57', { status: 481 });
    const silent = await registered('snomD785/10.1.33.33', 'silent');
    const gone = await registered('Fanvil X4U 2.4.3', { status: 200 });
    assert.equal(await gone.phone.register(0), 200);
    const plain = await product.post<{ id: string }>('/endpoints', {
      name: 'xa',
      kind: 'sip-address',
      address: 'sip:1@127.0.0.1',
    });
    const outcomes = await Promise.all([deaf.id, silent.id, gone.id, plain.id].map(sync));
    assert.deepEqual(
      outcomes.map(({ result, way }) => [way, result]),
      [
        ['sip', 'not-understood'],
        ['sip', 'silent'],
        ['sip', 'not-registered'],
        ['none', 'no-way'],
      ],
    );
    assert.equal(deaf.phone.seen[0]?.headers.event, 'check-sync');
    assert.ok(silent.phone.seen.length > 1, 'the request is sent again');
  });

  it('all devices of a site, while who asked looks away', async () => {
    const site = await product.post<{ id: string }>('/sites', { name: 'Xã Đồng Tiến' });
    const many = [];
    for (let count = 0; count < 5; count++)
      many.push(await registered('Yealink SIP-T23G 44.84.0.140', { status: 200 }, site.id));
    const run = await product.post<{ id: string; total: number }>('/provisioning/sync', { siteId: site.id });
    assert.equal(run.total, 5);
    let state: { done: number; results: Record<string, number>; endedAt?: string };
    do {
      await pause(50);
      state = await product.get(`/provisioning/sync/${run.id}`);
    } while (state.endedAt === undefined);
    assert.deepEqual(state.results, { accepted: 5 });
    assert.ok(many.every(({ phone }) => phone.seen.length === 1));
  });

  it('baresip, which is no desk phone, says what it thinks of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sync-'));
    const plays = join(folder, 'tone.wav');
    writeTone(plays, 440, 5);
    await product.post('/endpoints', { name: 'baresip', kind: 'sip', username: 'baresip', secret: password });
    const terminal = await Baresip.start({
      name: 'sync',
      plays,
      registers: { user: 'baresip', password, at: product.sip },
    });
    try {
      await terminal.registered();
      const { items } = await product.get<{ items: { id: string; name: string }[] }>('/endpoints?limit=100');
      const outcome = await sync(items.find(({ name }) => name === 'baresip')?.id ?? '');
      assert.equal(outcome.contacts.length, 1);
      assert.ok(['accepted', 'not-understood', 'refused'].includes(outcome.result), JSON.stringify(outcome));
    } finally {
      await terminal.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
