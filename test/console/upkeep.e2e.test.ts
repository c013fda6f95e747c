import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { ensureConsole } from '../../api/console/build.ts';
import { consoleFolder } from '../../api/console/built.ts';
import { consolePages } from '../../api/console/serve.ts';
import { adminPassword, type House, openHouse } from '../api/house.ts';
import { makePair } from '../api/pairs.ts';
import { findsNoFault } from './axe.ts';
import { closeBrowser, logIn, openWindow, type Window } from './browser.ts';
import { type Furnished, furnish } from './furnished.ts';

/* What an IT officer does for the product itself, in Chromium over the real API and store. */

describe('console: upkeep', function () {
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
  const dialog = () => admin.page.locator('dialog[open]');
  const told = (text: string) => admin.page.locator('.toast', { hasText: text }).first().waitFor();

  it('starts an engine again, when whoever asks is sure', async () => {
    const { page } = admin;
    await page.goto('/system');
    const card = page.locator('[data-engine="sip"]');
    house.gateway.calls = 3;
    await page.reload();
    await card.getByRole('button', { name: 'Khởi động lại' }).click();
    await dialog().getByText('Đang có 3 cuộc gọi').waitFor();
    await findsNoFault(page, 'a restart');
    await dialog().getByRole('button', { name: 'Khởi động lại' }).click();
    await told('Đã khởi động lại');
    assert.deepEqual(house.engines.asked, ['sip']);
    house.gateway.calls = 0;
    await card.getByText('Đã tự dừng 1 lần').or(card.getByText('Chạy từ')).first().waitFor();
    assert.equal(await page.locator('[data-engine="store"] button').count(), 0, 'another server runs it');
  });

  it('puts a certificate into use, says what is wrong with one, and makes a new one', async () => {
    const { page } = admin;
    const panel = page.locator('section', { has: page.getByRole('heading', { name: 'Chứng thư' }) });
    await panel.getByText('Tự ký').first().waitFor();
    await panel.getByRole('button', { name: 'Thay chứng thư' }).click();
    const [pair, other] = [await makePair('192.0.2.10'), await makePair('192.0.2.11')];
    const files = dialog().locator('input[type=file]');
    const file = (text: string) => ({ name: 'a.pem', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await files.nth(0).setInputFiles(file(pair.cert));
    await files.nth(1).setInputFiles(file(other.key));
    await findsNoFault(page, 'a certificate');
    await dialog().getByRole('button', { name: 'Dùng chứng thư này' }).click();
    await dialog().locator('.field-error', { hasText: 'Khóa riêng không thuộc chứng thư này.' }).waitFor();
    await files.nth(1).setInputFiles(file(pair.key));
    await dialog().getByRole('button', { name: 'Dùng chứng thư này' }).click();
    await told('Đã dùng chứng thư mới.');
    assert.equal(readFileSync(`${house.dataDir}/keys/tls.cert.pem`, 'utf8').trim(), pair.cert.trim());
    await panel.getByRole('button', { name: 'Tạo mới' }).click();
    await dialog().getByRole('button', { name: 'Tạo mới' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.notEqual(readFileSync(`${house.dataDir}/keys/tls.cert.pem`, 'utf8').trim(), pair.cert.trim());
    admin.complaints.length = 0;
  });

  it('makes a back-up, shows how it went, gives it out, and removes it', async () => {
    const { page, complaints } = admin;
    await page.goto('/system/backups');
    await page.getByText('Chưa có lần sao lưu nào.').waitFor();
    await page.getByRole('button', { name: 'Sao lưu ngay' }).click();
    await dialog().getByLabel('Cả các khóa').check();
    await dialog().locator('input[type=password]').fill('một câu mật khẩu dài');
    await findsNoFault(page, 'a back-up asked for');
    await dialog().getByRole('button', { name: 'Bắt đầu sao lưu' }).click();
    const row = page.locator('tbody tr', { hasText: '-keys.zip' });
    await row.waitFor();
    const last = page.locator('section', { has: page.getByRole('heading', { name: 'Lần sao lưu gần nhất' }) });
    // The furnished house has a recording without its file: a back-up must say so.
    await last.getByText('none.wav').or(last.getByText('Đầy đủ')).first().waitFor();
    await findsNoFault(page, 'a back-up made');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      row.getByRole('link', { name: 'Tải về' }).click(),
    ]);
    assert.equal(
      readFileSync(await download.path())
        .subarray(0, 2)
        .toString(),
      'PK',
    );
    await row.getByRole('button').last().click();
    await dialog().getByRole('button', { name: 'Xóa' }).click();
    await row.waitFor({ state: 'detached' });
    assert.deepEqual(complaints.splice(0), []);
  });

  it('writes the office on documents, and does not overwrite what another changed', async () => {
    const { page } = admin;
    await page.goto('/system/office');
    await page.getByLabel('Tên cơ quan').fill('ỦY BAN NHÂN DÂN XÃ LỤC NAM');
    await page.getByLabel('Nơi nhận').fill('Ban Tiếp công dân tỉnh\nLưu: VT');
    await page.locator('.sheet', { hasText: 'LỤC NAM' }).waitFor();
    await findsNoFault(page, 'the office');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await told('Đã lưu.');
    const { agency, recipients } = (await house.ask('GET', '/office')).body;
    assert.deepEqual([agency, recipients], ['ỦY BAN NHÂN DÂN XÃ LỤC NAM', ['Ban Tiếp công dân tỉnh', 'Lưu: VT']]);
  });

  it('makes a token that is shown once, lists it, and ends it', async () => {
    const { page, complaints } = admin;
    complaints.length = 0;
    await page.goto('/users/tokens');
    await page.getByRole('button', { name: 'Cấp khóa cho phần mềm' }).click();
    await dialog().getByLabel('Tên phần mềm').fill('Giám sát của tỉnh');
    await dialog().getByLabel('Hết hạn').first().fill('31/12/2099');
    await dialog().getByRole('button', { name: 'Cấp khóa cho phần mềm' }).click();
    await dialog().getByText('Khóa chỉ hiện một lần này').waitFor();
    await findsNoFault(page, 'a token shown');
    const token = await dialog().locator('input').inputValue();
    assert.equal((await house.ask('GET', '/me', undefined, { token })).body.username, 'admin');
    await dialog().getByRole('button', { name: 'Đóng' }).last().click();
    const row = page.locator('tbody tr', { hasText: 'Giám sát của tỉnh' });
    await row.getByRole('button').click();
    await dialog().getByRole('button', { name: 'Xóa' }).click();
    await row.waitFor({ state: 'detached' });
    assert.equal((await house.ask('GET', '/me', undefined, { token })).status, 401);
    assert.deepEqual(complaints.splice(0), []);
  });

  it('sets for how many days the recordings of one session are kept', async () => {
    const { page } = admin;
    await page.goto(`/sessions/${there.ended}`);
    await page.getByRole('button', { name: 'Đặt số ngày giữ' }).click();
    await dialog().locator('input').fill('3650');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('3.650').waitFor();
    assert.equal((await house.store.sessions.get(there.ended))?.retentionDays, 3650);
    await page.goto('/system/keeping');
    await page.getByText('Phiên có thời hạn riêng').waitFor();
  });

  it('asks the network what it offers, and says what to do', async () => {
    const { page } = admin;
    await page.goto('/system/network');
    await page.locator('main').getByRole('button', { name: 'Kiểm tra ngay' }).click();
    await page.locator('.findings, .empty, .toast').first().waitFor();
    await findsNoFault(page, 'the network check');
  });
});
