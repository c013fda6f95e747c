import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { ensureConsole } from '../../api/console/build.ts';
import { consoleFolder } from '../../api/console/built.ts';
import { consolePages } from '../../api/console/serve.ts';
import { overrides } from '../../provisioning/settings.ts';
import { adminPassword, type House, openHouse } from '../api/house.ts';
import { findsNoFault } from './axe.ts';
import { closeBrowser, logIn, openWindow, type Window } from './browser.ts';
import { type Furnished, furnish } from './furnished.ts';

/* What an admin sets for devices, in Chromium over the real API, store and file server's parts. */

describe('console: devices that set themselves up', function () {
  this.timeout(120_000);
  let house: House;
  let there: Furnished;
  let admin: Window;

  before(async () => {
    await ensureConsole();
    house = await openHouse({ pages: consolePages(consoleFolder) });
    there = await furnish(house);
    admin = await openWindow(house.url.replace(/\/api\/v1$/, ''));
    await logIn(admin, 'admin', adminPassword);
  });
  after(async () => {
    await closeBrowser();
    await house?.close();
  });

  const main = () => admin.page.locator('main');
  const button = (name: string, within: Locator = main()) => within.getByRole('button', { name, exact: true });
  const told = (text: string) => admin.page.locator('.toast', { hasText: text }).first().waitFor();
  /** The file as the phone gets it. */
  const served = async (): Promise<string> => {
    const endpoint = await house.store.endpoints.get(there.phone);
    assert.ok(endpoint !== undefined);
    const set = await house.provisioning.files.of(endpoint);
    return (set?.files ?? []).map(({ text }) => text).join('\n');
  };
  const take = async (name: string): Promise<void> => {
    await main().getByLabel('Đặt riêng thêm một mục').selectOption(name);
    await button('Thêm').click();
  };

  it('show what a setting of one device changes, then keep it and hand it out', async () => {
    const { page } = admin;
    assert.ok(!(await served()).includes('gio.xa.vn'));
    await page.goto(`/devices/settings/device/${there.phone}`);
    await take('ntpServer');
    await main().getByLabel('Máy chủ giờ').fill('gio.xa.vn');
    assert.ok(await button('Lưu và gửi tới thiết bị').isDisabled(), 'what it changes is looked at first');
    await button('Xem thay đổi').click();
    const row = page.locator('tr', { hasText: 'local_time.ntp_server1' });
    await row.getByText('gio.xa.vn').waitFor();
    await findsNoFault(page, 'what would change');
    await button('Lưu và gửi tới thiết bị').click();
    await told('Đã lưu');
    assert.ok((await served()).includes('gio.xa.vn'));
    assert.deepEqual((await house.store.endpoints.get(there.phone))?.device?.overrides, { ntpServer: 'gio.xa.vn' });
  });

  it('say in words what is wrong with a value, and keep nothing', async () => {
    const { page } = admin;
    await page.goto(`/devices/settings/device/${there.phone}`);
    await main().getByLabel('Máy chủ giờ').fill('không phải tên');
    await button('Xem thay đổi').click();
    await page.locator('.field-error').first().waitFor();
    await findsNoFault(page, 'a wrong value');
    assert.ok((await served()).includes('gio.xa.vn'));
  });

  it('set all devices of a model: codecs in order, speed dials; what one device has counts more', async () => {
    const { page } = admin;
    await page.goto('/devices/setup');
    await main().getByLabel('Đặt riêng cho điểm hoặc kiểu máy khác').selectOption({ label: 'Yealink SIP-T46S' });
    await button('Đặt').click();
    await page.getByRole('heading', { level: 1, name: 'Cài đặt riêng cho mọi máy SIP-T46S' }).waitFor();
    await take('codecs');
    await button('Đưa PCMA lên trước').click();
    await take('ntpServer');
    await main().getByLabel('Máy chủ giờ').fill('gio.tinh.vn');
    await take('speedDials');
    await button('Thêm phím').click();
    await main().getByLabel('Tên trên phím').fill('Phòng tiếp dân');
    await main().getByLabel('Số gọi').fill('101');
    await button('Xem thay đổi').click();
    await page.locator('tr', { hasText: 'Phòng tiếp dân' }).first().waitFor();
    await findsNoFault(page, 'settings of a model');
    await button('Lưu và gửi tới thiết bị').click();
    await told('Đã lưu');
    const text = await served();
    assert.ok(text.includes('Phòng tiếp dân') && text.includes('gio.xa.vn') && !text.includes('gio.tinh.vn'));
    const [kept] = await house.store.deviceOverrides.find({ scope: 'model' });
    const { codecs } = overrides.parse(kept?.overrides);
    assert.deepEqual(codecs?.slice(0, 2), ['PCMA', 'G722']);
    const listed = page.locator('tr', { hasText: 'SIP-T46S' });
    await listed.getByText('Máy chủ giờ: gio.tinh.vn').waitFor();
    await listed.getByRole('link', { name: 'Sửa' }).click();
    for (const name of ['Chuẩn âm thanh', 'Máy chủ giờ', 'Phím gọi nhanh']) await button(`Bỏ mục “${name}”`).click();
    await button('Xem thay đổi').click();
    await button('Lưu và gửi tới thiết bị').click();
    await page.getByText('Chưa có điểm hay kiểu máy nào đặt riêng.').waitFor();
    assert.equal(await house.store.deviceOverrides.count(), 0, 'nothing set is nothing kept');
  });

  it('take firmware that is what its vendor published, and no other; remove it', async () => {
    const { page } = admin;
    await page.goto('/devices/setup');
    const content = Buffer.from('firmware of a phone');
    const published = main().getByLabel('Mã SHA-256 hãng công bố');
    const upload = () =>
      main()
        .locator('input[type=file]')
        .setInputFiles({ name: 'T46S-86.rom', mimeType: 'application/octet-stream', buffer: content });
    await published.fill('0'.repeat(64));
    await upload();
    await told('Đây không phải tệp do hãng công bố');
    await published.fill(createHash('sha256').update(content).digest('hex'));
    await upload();
    const row = page.locator('tr', { hasText: 'T46S-86.rom' });
    await row.getByText('Đúng tệp').waitFor();
    await findsNoFault(page, 'firmware');
    assert.equal((await house.provisioning.firmware.check())[0]?.state, 'good');
    await row.getByRole('button').click();
    await button('Xóa', page.locator('dialog[open]')).click();
    await page.getByText('Chưa có tệp nào.').waitFor();
    assert.deepEqual(await house.provisioning.firmware.check(), []);
  });

  it('let new devices of a site in for a time, and close that again; unblock an address', async () => {
    const { page } = admin;
    for (let count = 0; count < 100; count++) house.provisioning.blocks.refused('10.6.6.6', new Date());
    await page.goto('/devices/setup');
    const [site] = await house.store.sites.find({ kind: 'commune' });
    await main()
      .getByLabel('Điểm', { exact: false })
      .last()
      .selectOption(site?.id ?? '');
    await button('Mở cho điểm này').click();
    await page.getByText(/Mở đến/).waitFor();
    await button('Đóng lại').click();
    await page.getByText('Đã đóng').waitFor();
    const blocked = page.locator('tr', { hasText: '10.6.6.6' });
    await blocked.getByRole('button', { name: 'Bỏ chặn' }).click();
    await page.getByText('Không có địa chỉ nào bị chặn.').waitFor();
    assert.deepEqual(house.provisioning.blocks.list(new Date()), []);
  });

  it('give out labels and a setting sheet as PDF', async () => {
    const { page, complaints } = admin;
    await page.goto('/devices');
    await button('In nhãn').click();
    const take = async (name: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        button(name, page.locator('dialog[open]')).click(),
      ]);
      return readFileSync(await download.path(), 'latin1').slice(0, 5);
    };
    assert.equal(await take('Tải tờ nhãn (PDF)'), '%PDF-');
    await page.goto(`/devices?device=${there.phone}`);
    const dialog = page.locator('dialog[open]');
    const sheet = dialog.getByRole('region', { name: 'Máy phải cài bằng tay' });
    await sheet.getByLabel('Kiểu máy').selectOption({ index: 1 });
    await findsNoFault(page, 'a setting sheet');
    assert.equal(await take('Tải phiếu cài đặt (PDF)'), '%PDF-');
    // A refused file and a wrong value were asked for.
    assert.deepEqual(
      complaints.splice(0).filter((text) => !/status of 4/.test(text)),
      [],
    );
  });
});
