import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import { ensureConsole } from '../../api/console/build.ts';
import { consoleFolder } from '../../api/console/built.ts';
import { consolePages } from '../../api/console/serve.ts';
import { randomIds } from '../../platform/ids.ts';
import { adminPassword, type House, openHouse } from '../api/house.ts';
import { findsNoFault } from './axe.ts';
import { closeBrowser, logIn, openWindow, type Window } from './browser.ts';
import { openLine } from './cut.ts';
import { type Furnished, furnish, join } from './furnished.ts';
import { pagePaths } from './paths.ts';

/* The console in Chromium over the real API and store; calls are those of a gateway that only remembers what was asked. */

describe('console', function () {
  this.timeout(120_000);
  let house: House;
  let there: Furnished;
  let origin: string;
  let admin: Window;

  before(async () => {
    await ensureConsole();
    house = await openHouse({ pages: consolePages(consoleFolder) });
    origin = house.url.replace(/\/api\/v1$/, '');
    admin = await openWindow(origin);
  });
  after(async () => {
    await closeBrowser();
    await house?.close();
  });

  it('is served compressed, under a policy of its own, files for ever, the page never', async () => {
    const page = await fetch(`${origin}/sessions`, { headers: { 'accept-encoding': 'br' } });
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    assert.match(
      page.headers.get('content-security-policy') ?? '',
      /default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    const script = /src="(\/assets\/main-\w+\.js)"/.exec(await page.text())?.[1] ?? '';
    const file = await fetch(`${origin}${script}`, { headers: { 'accept-encoding': 'br, gzip' } });
    assert.equal(file.headers.get('content-encoding'), 'br');
    assert.match(file.headers.get('cache-control') ?? '', /immutable/);
    const again = await fetch(`${origin}/`, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    assert.equal(again.status, 304);
    assert.equal((await fetch(`${origin}/assets/nothing.js`)).status, 404);
  });

  it('says why a log-in is refused, and lets in who knows the password', async () => {
    const { page, complaints } = admin;
    await page.goto('/');
    await findsNoFault(page, 'log-in');
    await page.locator('input[autocomplete=username]').fill('admin');
    await page.locator('input[autocomplete=current-password]').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Sai tên đăng nhập hoặc mật khẩu.').waitFor();
    // A browser itself complains of any 401: this one was asked for.
    assert.equal(complaints.splice(0).length, 1);
    await logIn(admin, 'admin', adminPassword);
    await page.getByRole('heading', { level: 1, name: 'Hôm nay' }).waitFor();
  });

  it('tells on a fresh installation what to do, in order, and what each empty list waits for', async () => {
    const { page, complaints } = admin;
    const first = page.locator('section', { has: page.getByRole('heading', { name: 'Bắt đầu sử dụng' }) });
    await first.getByRole('link', { name: 'Điền tên cơ quan' }).waitFor();
    assert.equal(await first.getByRole('listitem').count(), 5);
    await findsNoFault(page, 'first steps');
    const empty: [path: string, next: RegExp][] = [
      ['/sessions', /Lập phiên mới/],
      ['/cases', /Tiếp nhận vụ việc/],
      ['/devices', /Thêm thiết bị/],
      ['/lines', /phòng của tỉnh/],
      ['/recordings', /khi kết thúc/],
    ];
    for (const [path, next] of empty) {
      await page.goto(path);
      await page.locator('.empty', { hasText: next }).first().waitFor();
      await findsNoFault(page, `${path}, empty`);
    }
    await page.goto('/sessions?q=khong+co');
    await page.getByText('Không có phiên nào như vậy.').waitFor();
    await page.getByRole('button', { name: 'Bỏ điều kiện tìm' }).click();
    await page.getByText('Chưa có phiên nào.').waitFor();
    assert.equal(await page.getByLabel('Tìm kiếm').inputValue(), '');
    there = await furnish(house);
    await page.goto('/');
    await page.locator('.agenda, .open-session').first().waitFor();
    await first.waitFor({ state: 'detached' });
    assert.deepEqual(complaints.splice(0), []);
  });

  for (const language of ['vi', 'en'] as const) {
    it(`shows every page in ${language}, without a complaint of the browser or a fault for axe`, async () => {
      const { page, complaints } = admin;
      await page.locator(`.languages button[lang=${language}]`).click();
      await page.locator(`html[lang=${language}]`).waitFor();
      for (const path of pagePaths(there)) {
        await page.goto(path);
        await page.locator('main h1').waitFor();
        await page.waitForFunction(() => document.querySelector('.waiting') === null);
        await findsNoFault(page, `${path} in ${language}`);
        const shown = await page.locator('main').textContent();
        assert.ok((shown ?? '').length > 40, path);
        // A recording's file is not there in this house; its page must bear that.
        assert.deepEqual(
          complaints.splice(0).filter((text) => !text.includes('/file')),
          [],
          path,
        );
      }
    });
  }

  it('shows all that happened in a long session, beyond the first page of its log', async () => {
    const { page } = admin;
    const entry = { sessionId: there.ended, actor: { kind: 'system' as const } };
    const summaries = Array.from({ length: 1_100 }, () => house.log.append({ ...entry, event: 'leg.quality' }));
    await Promise.all(summaries);
    await house.log.append({ ...entry, event: 'leg.admitted', detail: { name: 'Bà Cuối' } });
    const known = await house.store.recordings.get(there.recording);
    assert.ok(known !== undefined);
    const { createdAt: _created, updatedAt: _updated, ...recording } = known;
    const long = { id: 'long', startedAt: new Date(Date.now() - 60_000), endedAt: new Date(Date.now() + 60_000) };
    await house.store.recordings.insert({ ...recording, ...long });
    await page.locator('.languages button[lang=vi]').click();
    await page.goto('/recordings/long');
    await page.locator('.marks').getByText('Bà Cuối được cho vào').waitFor();
    // So it is on the session's own page, where the line's measures of each minute are left out.
    await page.goto(`/sessions/${there.ended}`);
    await page.locator('.log-list').getByText('Bà Cuối được cho vào').waitFor();
    await house.store.recordings.remove('long');
    admin.complaints.splice(0);
  });

  it('fits a phone and a small screen: nothing is wider than the window', async () => {
    const phone = await openWindow(origin, { width: 375, height: 720 });
    await logIn(phone, 'viewer', 'viewer-password');
    for (const path of [
      '/',
      '/sessions',
      `/sessions/${there.ended}`,
      '/cases',
      `/live/${there.session}`,
      '/devices',
      '/lines',
      '/plan',
      '/system',
    ]) {
      await phone.page.goto(path);
      await phone.page.locator('main h1').waitFor();
      await phone.page.waitForFunction(() => document.querySelector('.waiting') === null);
      const wider = await phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
      await findsNoFault(phone.page, `${path} on a phone`);
    }
    await phone.context.close();
  });

  it('is walked by keyboard alone: skip, menu, dialog and back', async () => {
    const { page } = admin;
    await page.goto('/users');
    await page.locator('main h1').waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'content');
    await page.keyboard.press('Tab');
    const opener = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await findsNoFault(page, 'a dialog');
    for (let count = 0; count < 30; count += 1) {
      await page.keyboard.press('Tab');
      const outside = await page.evaluate(() => {
        const element = document.activeElement;
        return element !== document.body && element?.closest('dialog') === null ? element?.outerHTML : undefined;
      });
      assert.equal(outside, undefined, 'the keyboard left the dialog');
    }
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.waitForFunction((text) => document.activeElement?.textContent === text, opener);
  });

  it('leads from a label to its device: what it has, letting it in, another key', async () => {
    const { page, complaints } = admin;
    await page.locator('.languages button[lang=vi]').click();
    await page.goto(`/devices?device=${there.phone}`);
    const dialog = page.locator('dialog[open]');
    await dialog.getByText('Chưa có cấu hình mới nhất').waitFor();
    await findsNoFault(page, 'a device and its state');
    await dialog.getByRole('button', { name: 'Cho thiết bị vào lần đầu' }).click();
    await page.getByText('Trong 30 phút tới').waitFor();
    const [window] = await house.store.contactWindows.find({ endpointId: there.phone });
    assert.equal(window?.most, 1);
    await dialog.getByRole('button', { name: 'Đổi khóa' }).click();
    const sure = page.locator('dialog[open]').last();
    await sure.getByText('khóa cũ còn dùng được ba ngày').waitFor();
    await sure.getByRole('button', { name: 'Đổi khóa' }).click();
    await page.waitForFunction(() => document.querySelectorAll('dialog[open]').length === 1);
    assert.ok((await house.store.deviceSecrets.get(there.phone))?.keyMadeAt !== undefined);
    assert.deepEqual(complaints.splice(0), []);
  });

  it('shows how a device sounds while its test call runs, and then what was found', async () => {
    const { page, complaints } = admin;
    await page.goto(`/devices?device=${there.phone}`);
    const dialog = page.locator('dialog[open]');
    await dialog.getByText('Chưa có cấu hình mới nhất').waitFor();
    const call = { id: 'thu', endpointId: there.phone, state: 'testing' as const, startedAt: new Date() };
    await house.store.testCalls.insert(call);
    const told = { endpointId: there.phone, actor: { kind: 'system' as const } };
    await house.log.append({ ...told, event: 'test.started' });
    await dialog.getByText('Đang đo').waitFor();
    const leg = { ...there.leg, id: 'thu', sessionId: '', endpointId: there.phone, state: 'ivr' as const };
    house.gateway.emit('leg', leg);
    house.gateway.emit('quality', { legId: 'thu', lossPercent: 2.5, jitterMs: 12, roundTripMs: 40, score: 3.9 });
    await dialog.getByText('mất 2,5 % · rung 12 ms · MOS 3,9').waitFor();
    house.gateway.emit('leg', { ...leg, state: 'ended' });
    await house.store.testCalls.update('thu', { state: 'done', verdict: 'good', endedAt: new Date() });
    await house.log.append({ ...told, event: 'test.result' });
    await dialog.getByText('Tốt', { exact: true }).waitFor();
    assert.deepEqual(complaints.splice(0), []);
  });

  it('holds what a session left, with the reason, lifts that, and gives it out as one file', async () => {
    const { page } = admin;
    await page.goto(`/sessions/${there.ended}`);
    for (const [button, held] of [
      ['Giữ, không cho xóa', true],
      ['Bỏ giữ', false],
    ] as const) {
      await page.locator('main').getByRole('button', { name: button }).click();
      const dialog = page.locator('dialog[open]');
      await dialog.locator('textarea').fill('Theo văn bản số 12');
      await findsNoFault(page, 'a hold');
      await dialog.getByRole('button', { name: button }).click();
      await dialog.waitFor({ state: 'detached' });
      if (held) await page.getByText('Theo văn bản số 12').waitFor();
      else await page.getByText('Theo văn bản số 12').waitFor({ state: 'detached' });
      assert.equal((await house.store.sessions.get(there.ended))?.hold !== undefined, held);
    }
    const href = await page.locator('a', { hasText: 'Tải hồ sơ phiên' }).getAttribute('href');
    assert.equal(href, `/api/v1/sessions/${there.ended}/bundle.zip`);
  });

  it('keeps incidents on the first page until somebody says that they saw them', async () => {
    const { page } = admin;
    await page.goto('/');
    const panel = page.locator('section', { has: page.getByRole('heading', { name: 'Cần xem lại (1)' }) });
    await panel.getByText('Trụ sở Tiếp công dân tỉnh').first().waitFor();
    await panel.locator('.advice').waitFor();
    await findsNoFault(page, 'incidents on the first page');
    await panel.getByRole('button', { name: 'Đã xem' }).click();
    await panel.waitFor({ state: 'detached' });
    assert.equal(await house.store.incidents.count({ seenBy: 'admin' }), 1);
    for (const source of ['10.0.0.1', '10.0.0.2']) {
      const blocked = { code: 'provisioning.blocked' as const, values: { source }, count: 1, lastAt: new Date() };
      await house.store.incidents.insert({ id: randomIds(), ...blocked });
    }
    await page.reload();
    await page.getByRole('button', { name: 'Đã xem tất cả' }).click();
    await page.getByText('Cần xem lại').waitFor({ state: 'detached' });
    assert.equal(await house.store.incidents.count({ seenBy: 'admin' }), 3);
  });

  it('gives the address of a calendar, and asks before a new one ends it', async () => {
    const { page, complaints } = admin;
    const dialog = page.locator('dialog[open]');
    const press = () => page.locator('main').getByRole('button', { name: 'Lịch điện thoại' }).click();
    const statusOf = async (address: string) => (await fetch(address)).status;
    await page.goto('/sessions');
    await press();
    const first = await dialog.getByLabel('Địa chỉ').inputValue();
    await findsNoFault(page, 'the address of a calendar');
    await dialog.getByRole('button', { name: 'Đóng' }).last().click();
    await press();
    await dialog.getByText('Bạn đã có một địa chỉ lịch').waitFor();
    await dialog.getByRole('button', { name: 'Thôi' }).click();
    assert.equal(await statusOf(first), 200, 'it holds until somebody is sure');
    await press();
    await dialog.getByRole('button', { name: 'Tạo địa chỉ mới' }).click();
    const second = await dialog.getByLabel('Địa chỉ').inputValue();
    assert.deepEqual([await statusOf(first), await statusOf(second)], [404, 200]);
    await page.keyboard.press('Escape');
    assert.deepEqual(complaints.splice(0), []);
  });

  it('names what is wrong in a form by its label, and forgets a failure on the next page', async () => {
    const { page, complaints } = admin;
    await page.locator('.languages button[lang=vi]').click();
    await page.goto('/lines');
    await page.getByRole('button', { name: 'Thêm điểm cầu' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByRole('button', { name: 'Lưu' }).click();
    await dialog.locator('.field-wrong', { hasText: 'Còn để trống' }).waitFor();
    await dialog.getByRole('alert').getByText('Tên điểm cầu: Còn để trống; hãy điền hoặc chọn.').waitFor();
    await findsNoFault(page, 'a form with a fault');
    await page.keyboard.press('Escape');
    await page.goto(`/cases/${there.case}`);
    const file = { name: 'x.html', mimeType: 'text/html', buffer: Buffer.from('<html><script>1</script></html>') };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('.toast-bad').waitFor();
    await page.getByRole('navigation', { name: 'Danh mục' }).getByRole('link', { name: 'Bản ghi' }).click();
    await page.locator('.toast-bad').waitFor({ state: 'detached' });
    // A browser itself complains of any 400: these two were asked for.
    assert.equal(complaints.splice(0).length, 2);
  });

  it('shows two operators the same: who comes in, speaks, is muted by the other', async () => {
    const name = 'Ban Tiếp công dân Trung ương';
    const lost = { code: 'uplink.lost' as const, sessionId: there.session, values: { name, text: '', q850: 18 } };
    await house.store.incidents.insert({ id: randomIds(), ...lost, count: 3, lastAt: new Date() });
    const other = await openWindow(origin);
    await logIn(other, 'operator', 'operator-password');
    for (const { page } of [admin, other]) await page.goto(`/live/${there.session}`);
    await admin.page.locator('.languages button[lang=vi]').click();
    const card = (window: Window) => window.page.locator(`[data-leg="${there.leg.id}"]`);
    await Promise.all([card(admin).waitFor(), card(other).waitFor()]);
    await card(admin).getByRole('button', { name: 'Tắt tiếng' }).click();
    await card(other).getByRole('button', { name: 'Bật tiếng' }).waitFor();
    await card(other).getByRole('button', { name: 'Bật tiếng' }).click();
    await card(admin).getByRole('button', { name: 'Tắt tiếng' }).waitFor();
    const legId = there.leg.id;
    house.gateway.emit('talking', { sessionId: there.session, legId, talking: true });
    const quality = { sessionId: there.session, legId, lossPercent: 7.5, jitterMs: 40, roundTripMs: 80, score: 2.4 };
    house.gateway.emit('quality', quality);
    house.gateway.emit('incident', {
      code: 'leg.silent',
      sessionId: there.session,
      legId,
      values: { name: there.leg.name },
    });
    await join(house, there.session, { name: 'Bà Lan', number: '0912345678' });
    for (const { page } of [admin, other]) {
      await page.locator('.leg-talking').waitFor();
      await page.getByText('mất 7,5 % · rung 40 ms · MOS 2,4').waitFor();
      await page.getByText('Không nhận được tiếng từ Codec phòng tiếp dân.').waitFor();
      await page.getByText(`${name} (không có ai trả lời); hệ thống đang gọi lại. (3 lần)`).waitFor();
      await page.locator('.advice').first().waitFor();
      await page.getByRole('heading', { name: 'Bà Lan' }).waitFor();
    }
    house.gateway.emit('incident', lost);
    for (const { page } of [admin, other]) await page.getByText('hệ thống đang gọi lại. (4 lần)').waitFor();
    await other.context.close();
  });

  it('shows who speaks and has the floor on a page opened meanwhile, and how loud, while it is looked at', async () => {
    const legId = (await join(house, there.session, { name: 'Phòng họp tỉnh', number: '900', floor: true })).id;
    house.gateway.sounds.set(legId, { speaking: true, level: { inDb: -24, outDb: -55 } });
    const window = await openWindow(origin);
    await logIn(window, 'operator', 'operator-password');
    await window.page.goto(`/live/${there.session}`);
    const card = window.page.locator(`[data-leg="${legId}"]`);
    await card.getByText('Đang nói').waitFor();
    await card.getByText('Đang được chiếu').waitFor();
    const sends = card.getByRole('meter', { name: 'Tiếng từ Phòng họp tỉnh' });
    assert.equal(await sends.getAttribute('aria-valuetext'), '-24 dB, vừa');
    await findsNoFault(window.page, 'level meters');
    await until(() => house.gateway.watched.includes(there.session));
    house.gateway.emit('levels', { sessionId: there.session, levels: [{ legId, inDb: -4, outDb: -127 }] });
    await card.locator('[aria-valuetext="-4 dB, quá to, dễ rè"]').waitFor();
    await card.locator('[aria-valuetext="không có tiếng"]').waitFor();
    await window.page.goto('/sessions');
    await until(() => !house.gateway.watched.includes(there.session));
    assert.deepEqual(window.complaints, []);
    await window.context.close();
  });

  it('goes on after a break where it broke off', async () => {
    const line = await openLine(Number(new URL(origin).port));
    const window = await openWindow(`http://127.0.0.1:${line.port}`);
    await logIn(window, 'operator', 'operator-password');
    await window.page.goto(`/live/${there.session}`);
    await window.page.locator(`[data-leg="${there.leg.id}"]`).waitFor();
    line.cut();
    await window.page.locator('.stream-notice').waitFor();
    await join(house, there.session, { name: 'Ông Đức', number: '0987654321' });
    line.requests.length = 0;
    line.mend();
    await window.page.getByRole('heading', { name: 'Ông Đức' }).waitFor();
    await window.page.locator('.stream-notice').waitFor({ state: 'detached' });
    const events = line.requests.filter((request) => request.includes('/api/v1/events'));
    assert.match(events[0] ?? '', /[0-9a-f]{12}-\d+/, 'it said where it broke off');
    assert.ok(!line.requests.some((request) => request.includes('/legs')), 'nothing had to be loaded anew');
    await window.context.close();
    line.close();
  });

  it('keeps from a viewer what is not theirs', async () => {
    const viewer = await openWindow(origin);
    await logIn(viewer, 'viewer', 'viewer-password');
    await viewer.page.goto('/users');
    await viewer.page.getByText('Tài khoản của bạn không được xem trang này').waitFor();
    await viewer.page.goto(`/live/${there.session}`);
    await viewer.page.locator('.leg').first().waitFor();
    assert.equal(await viewer.page.locator('.leg-actions button').count(), 0);
    await viewer.context.close();
  });
});

/** Waits for what happens on the server's side, where no event tells of it. */
async function until(fits: () => boolean): Promise<void> {
  while (!fits()) await sleep(20);
}
