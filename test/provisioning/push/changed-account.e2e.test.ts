import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import { ownAddress } from '../../peers/address.ts';
import { DeskPhone, type NotifyManner } from '../../peers/desk-phone.ts';
import { Product } from '../../peers/product.ts';
import { type Account, accountIn } from '../server/account.ts';

/* An admin changes a device's password: the device, which cannot register with the old one, learns of the new one. */

describe('a device whose account was changed', function () {
  this.timeout(90_000);
  const phones: DeskPhone[] = [];
  let product: Product;
  let serial = 0;
  before(async () => {
    product = await Product.start();
  });
  after(() => product?.stop());
  afterEach(() => {
    for (const phone of phones.splice(0)) phone.close();
  });

  const phoneWith = async ({ password, username }: Account, userAgent: string, manner: NotifyManner) => {
    const phone = await DeskPhone.open({ host: ownAddress(), user: username, password, userAgent, at: product.sip });
    phones.push(phone);
    phone.manner = manner;
    return phone;
  };
  /** A device that took its settings and registered with them, and where it takes them. */
  const setUp = async (manner: (account: Account) => NotifyManner) => {
    const mac = `00156500aa${(++serial).toString(16).padStart(2, '0')}`;
    const agent = `Yealink SIP-T46S 66.86.0.15 ${mac.replace(/..(?=.)/g, '$&:')}`;
    const { id } = await product.post<{ id: string }>('/endpoints', {
      name: `Máy ${mac}`,
      kind: 'sip',
      device: { model: 'SIP-T46S', mac, overrides: {} },
    });
    await product.post('/provisioning/windows', { endpointId: id, minutes: 5 });
    const fetched = async (url: string): Promise<Account> => {
      const answer = await fetch(url, { headers: { 'User-Agent': agent } });
      assert.equal(answer.status, 200);
      return accountIn(await answer.text());
    };
    const account = await fetched(`http://${product.host}:${product.ports.provisioning}/${mac}.cfg`);
    const phone = await phoneWith(account, agent, manner(account));
    assert.equal(await phone.register(), 200);
    return { id, phone, account, agent, refetch: () => fetched(`${account.provisioningUrl}${mac}.cfg`) };
  };
  const contacts = async (id: string): Promise<unknown[]> =>
    (await product.get<{ registrations: unknown[] }>(`/endpoints/${id}/device`)).registrations;
  const notified = async (phone: DeskPhone, times: number): Promise<void> => {
    while (phone.seen.length < times) await pause(50);
  };

  it('is told of it where it was, by itself, fetches, and registers with the new password', async () => {
    const { account, agent, id, phone, refetch } = await setUp(() => ({ status: 200 }));
    await product.patch(`/endpoints/${id}`, { secret: 'mat-khau-moi-1' });
    assert.deepEqual(await contacts(id), [], 'nobody is called at the old contact');
    assert.notEqual(await phone.register(), 200, 'nor let in with the old password');
    await notified(phone, 1);
    assert.equal(phone.seen[0]?.headers.event, 'check-sync;reboot=false');
    const text = JSON.stringify(phone.seen);
    assert.ok(!text.includes('mat-khau-moi-1') && !text.includes(account.password));
    const now = await refetch();
    assert.equal(now.password, 'mat-khau-moi-1');
    const again = await phoneWith(now, agent, { status: 200 });
    assert.equal(await again.register(), 200);
    // Where it was before it is not looked for any more.
    const before = phone.seen.length;
    const outcome = await product.post<{ result: string; contacts: unknown[] }>(`/endpoints/${id}/device/sync`);
    assert.deepEqual([outcome.result, outcome.contacts.length], ['accepted', 1]);
    assert.deepEqual([phone.seen.length, again.seen.length > 0], [before, true]);
    assert.equal(await again.register(0), 200);
    assert.equal((await product.post<{ result: string }>(`/endpoints/${id}/device/sync`)).result, 'not-registered');
  });

  it('that asks who tells is answered with the account that it has, through two changes; the new one is not shown there', async () => {
    const { id, phone } = await setUp(({ password }) => ({ challenge: password, status: 200 }));
    await product.patch(`/endpoints/${id}`, { secret: 'mat-khau-moi-2' });
    await product.patch(`/endpoints/${id}`, { secret: 'mat-khau-moi-3', username: `doi-ten-${serial}` });
    const outcome = await product.post<{ result: string }>(`/endpoints/${id}/device/sync`);
    assert.equal(outcome.result, 'accepted');
    const proofs = phone.seen.filter(({ headers }) => headers.authorization !== undefined);
    assert.ok(proofs.length > 0);
    assert.ok(proofs.every(({ headers }) => !headers.authorization?.includes('doi-ten')));
  });

  it('that was switched off is not told', async () => {
    const { id, phone } = await setUp(() => ({ status: 200 }));
    await product.patch(`/endpoints/${id}`, { secret: 'mat-khau-moi-4' });
    await product.patch(`/endpoints/${id}`, { enabled: false });
    assert.equal((await product.post<{ result: string }>(`/endpoints/${id}/device/sync`)).result, 'not-registered');
    assert.deepEqual(phone.seen, []);
  });
});
