import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { ensureConsole } from '../../api/console/build.ts';
import { closeBrowser, logIn, openWindow, type Window } from './browser.ts';
import { names, operator, Stage } from './stage.ts';

/*
 * One case from its registration to the report, all by the console, while a SIP codec, an H.323 codec and a telephone
 * really call.
 */

const title = 'Khiếu nại về đền bù đất đường tỉnh 293';

describe('console: the story of one case', function () {
  this.timeout(90_000);
  let stage: Stage;
  let window: Window;
  let page: Page;

  before(async () => {
    await ensureConsole();
    stage = await Stage.open();
    window = await openWindow(stage.origin);
    page = window.page;
    page.setDefaultTimeout(30_000);
    await logIn(window, operator.username, operator.password);
  });
  after(async () => {
    await closeBrowser();
    await stage?.close();
  });

  const open = (menu: string) =>
    page.getByRole('navigation', { name: 'Danh mục' }).getByRole('link', { name: menu }).click();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const inDialog = () => page.locator('dialog[open]');
  const leg = (name: string) => page.locator('.leg', { has: page.getByRole('heading', { name, exact: true }) });

  it('a citizen registers; the office proposes; the chair accepts', async () => {
    await open('Vụ việc');
    await page.getByRole('link', { name: 'Tiếp nhận vụ việc' }).click();
    await page.getByLabel('Tên vụ việc').fill(title);
    await page.getByLabel('Tóm tắt nội dung').fill('Gia đình đề nghị xem xét lại đơn giá đền bù.');
    await press('Lưu');
    await page.locator('.field-wrong', { hasText: 'Họ và tên' }).waitFor();
    // A browser itself complains of any 400: this one was asked for.
    assert.equal(window.complaints.splice(0).length, 1);
    await page.getByLabel('Họ và tên').fill('Nguyễn Thị Lan');
    await page.getByLabel('Điện thoại').fill('0912 345 678');
    await press('Lưu');
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await press('Đề xuất Chủ tịch xã');
    await inDialog().getByRole('button', { name: 'Đề xuất Chủ tịch xã' }).click();
    await press('Đồng ý tiếp');
    await inDialog().getByLabel('Lý do').fill('Công dân cao tuổi, đi lại khó khăn');
    await inDialog().getByRole('button', { name: 'Đồng ý tiếp' }).click();
    await page.locator('.path [aria-current]', { hasText: 'Được tiếp trực tuyến' }).waitFor();
    // Found again by who types without marks.
    await open('Vụ việc');
    await page.getByLabel('Tìm kiếm').fill('nguyen thi lan den bu');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: title }).click();
  });

  it('a session is planned for it', async () => {
    await page.getByRole('link', { name: 'Lập phiên cho vụ việc' }).click();
    await page.getByLabel('Tên phiên').fill('Tiếp công dân trực tuyến tháng 11');
    await page.getByLabel('Bắt đầu', { exact: false }).first().fill('25/12/2030');
    await page.getByLabel('Giờ').first().fill('8:00');
    for (const device of [names.codec, names.old]) {
      await page.getByLabel('Thiết bị của ta').selectOption({ label: device });
      await press('Thêm');
    }
    await press('Thêm nội dung');
    await page.getByLabel('Nội dung 1').fill('Công dân trình bày');
    await page.getByLabel('Mã PIN').fill('2468');
    await press('Lưu');
    await page.getByRole('heading', { level: 1, name: 'Tiếp công dân trực tuyến tháng 11' }).waitFor();
    await page.getByText('25/12/2030 08:00').waitFor();
    await page.getByText('Công dân trình bày').waitFor();
  });

  it('it is opened: both codecs are called, the citizen comes by telephone', async () => {
    await press('Mở phiên');
    await inDialog().getByRole('button', { name: 'Mở phiên' }).click();
    await page.waitForURL(/\/live\//);
    for (const name of [names.codec, names.old]) await leg(name).getByText('Trong phiên').waitFor();
    await leg(names.old).getByText('H.323', { exact: true }).waitFor();
    await stage.phoneCalls('0912345678', 'Nguyen Thi Lan');
    await leg('Nguyen Thi Lan').getByText('Trong phiên').waitFor();
    await leg(names.codec).locator('.spark').waitFor();
    // The engine measures what the codec sends: a tone, by no means silence.
    if (process.env.FREESWITCH_HOST === undefined)
      await leg(names.codec)
        .getByRole('meter', { name: `Tiếng từ ${names.codec}` })
        .and(page.locator('[aria-valuetext*="dB"]'))
        .waitFor();
  });

  it('it is steered: one is muted, all hear an announcement, one is removed and called again', async () => {
    await leg(names.codec).getByRole('button', { name: 'Tắt tiếng' }).click();
    await stage.product.events.logged('leg.muted', ({ detail }) => detail.name === names.codec);
    await leg(names.codec).getByRole('button', { name: 'Bật tiếng' }).click();
    await press('Thông báo');
    await inDialog().getByRole('button', { name: 'Xin giữ trật tự, lần lượt phát biểu' }).click();
    await stage.product.events.logged('session.announced');
    await leg(names.codec).getByRole('button', { name: 'Mời ra' }).click();
    await inDialog().getByRole('button', { name: 'Mời ra' }).click();
    await leg(names.codec).getByRole('button', { name: 'Gọi lại' }).click();
    await leg(names.codec).getByText('Trong phiên').waitFor();
    await press('Kết thúc phiên');
    await inDialog().getByRole('button', { name: 'Kết thúc phiên' }).click();
    await page.getByText('Phiên đã kết thúc.').waitFor();
  });

  it('its outcome is written down, its recording played and verified', async () => {
    await page.getByRole('link', { name: 'Xem kết quả' }).click();
    await press('Ghi kết quả');
    await inDialog().getByLabel('Phiên đã diễn ra thế nào').fill('Đã nghe công dân trình bày.');
    await inDialog().getByLabel('Kết quả của vụ việc').fill('Giao công chức địa chính rà soát trước ngày 15.');
    await inDialog().getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Đã nghe công dân trình bày.').waitFor();
    await page.locator('a[href^="/recordings/"]').first().click();
    await page.locator('.badge', { hasText: 'Đã đóng' }).waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => (document.querySelector('video')?.duration ?? 0) > 1);
    await page.getByRole('button', { name: `${names.old} vào phiên` }).click();
    // It plays on from where the mark is.
    await page.waitForFunction(() => {
      const video = document.querySelector('video');
      return video !== null && !video.paused && video.currentTime > 0.3;
    });
    const lanes = page.locator('.lanes');
    await lanes.locator('> span', { hasText: names.codec }).waitFor();
    await lanes.locator('.speech').first().waitFor({ state: 'attached' });
    await press('Kiểm tra tệp');
    await page.getByText('Tệp nguyên vẹn').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Tải hồ sơ phiên' }).click(),
    ]);
    const bundle = await download.path();
    const checked = spawnSync(process.execPath, ['--import', 'tsx', 'tools/verify-bundle.ts', bundle], {
      encoding: 'utf8',
    });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  });

  it('the notice of the result is written and issued, and the case is closed', async () => {
    await open('Vụ việc');
    await page.getByRole('link', { name: title }).click();
    await press('Soạn thông báo');
    await inDialog().getByLabel('Số văn bản').fill('15');
    assert.match(await inDialog().getByLabel('Kết luận, giao việc').inputValue(), /rà soát/);
    await inDialog().getByRole('button', { name: 'Lưu' }).click();
    await inDialog().waitFor({ state: 'detached' });
    await press('Ban hành thông báo');
    await inDialog().getByRole('button', { name: 'Ban hành thông báo' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'DOCX' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    assert.equal(Buffer.concat(chunks).subarray(0, 2).toString(), 'PK');
    await press('Đóng vụ việc');
    await inDialog().getByRole('button', { name: 'Đóng vụ việc' }).click();
    await page.locator('.path [aria-current]', { hasText: 'Đã đóng' }).waitFor();
  });

  it('it is found by who types without marks, by day and by site', async () => {
    await open('Tra cứu');
    await page.getByLabel('Từ, tên công dân, mã vụ việc').fill('nguyen thi lan');
    await page.keyboard.press('Enter');
    await page.locator('main').getByRole('link', { name: 'Tiếp công dân trực tuyến tháng 11' }).waitFor();
    await page.locator('main').getByRole('link', { name: title }).waitFor();
    await page.locator('main').locator('a[href^="/recordings/"]').first().waitFor();
    await page.locator('tbody tr', { hasText: 'leg.' }).first().waitFor();
    const answered = page.waitForResponse((response) => response.url().includes('siteId='));
    await page.getByLabel('Điểm cầu').selectOption({ label: names.commune });
    await answered;
    await page.locator('main').getByRole('link', { name: 'Tiếp công dân trực tuyến tháng 11' }).waitFor();
    await page.getByLabel('Từ ngày', { exact: true }).fill('01/01/2031');
    await page.locator('main').getByRole('button', { name: 'Tìm', exact: true }).click();
    await page.getByText('Không có phiên nào như vậy.').waitFor();
  });

  it('it stands in the report, whose figures lead back to it', async () => {
    await open('Báo cáo');
    await page.getByRole('button', { name: 'Phiên đã tổ chức 1' }).click();
    await inDialog().getByRole('link', { name: 'Tiếp công dân trực tuyến tháng 11' }).waitFor();
    await page.keyboard.press('Escape');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'PDF gửi cấp trên' }).click(),
    ]);
    const stream = await download.createReadStream();
    const first = (await stream[Symbol.asyncIterator]().next()).value as Buffer;
    assert.equal(first.subarray(0, 5).toString(), '%PDF-');
  });

  it('an engine is started again and the certificate renewed from the page', async () => {
    await stage.product.patch(`/users/${(await stage.userOf(operator.username)).id}`, { role: 'admin' });
    await page.reload();
    await open('Hệ thống');
    const engine = page.locator('[data-engine="media"]');
    if (process.env.FREESWITCH_HOST === undefined) {
      await engine.getByRole('button', { name: 'Khởi động lại' }).click();
      await inDialog().getByRole('button', { name: 'Khởi động lại' }).click();
      await page.getByText('Đã khởi động lại: Âm thanh, hình ảnh.').waitFor();
      await engine.getByText('Đã tự dừng 1 lần').waitFor();
      await engine.getByText('Đang chạy').waitFor();
    }
    const certificate = page.locator('section', { has: page.getByRole('heading', { name: 'Chứng thư số' }) });
    const before = await certificate.locator('.code').textContent();
    await certificate.getByRole('button', { name: 'Tạo mới' }).click();
    await inDialog().getByRole('button', { name: 'Tạo mới' }).click();
    await page.getByText('Đã dùng chứng thư mới.').waitFor();
    await page.waitForFunction((old) => !document.body.textContent?.includes(old ?? ''), before);
  });

  it('the log shows it all, unaltered, and the browser complained of nothing', async () => {
    await open('Hệ thống');
    await press('Kiểm tra nhật ký');
    await page.getByText('Nhật ký nguyên vẹn').waitFor();
    assert.deepEqual(window.complaints, []);
  });
});
