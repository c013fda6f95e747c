import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureConsole } from '../api/console/build.ts';
import { closeBrowser, logIn, openWindow, type Window } from '../test/console/browser.ts';
import { pagePaths } from '../test/console/paths.ts';
import { names, Stage } from '../test/console/stage.ts';

/*
 * `npm run screens`: a picture of every page of the console in both languages into docs/screens, of the product as it
 * runs: a session with a SIP codec, an H.323 codec and a telephone in it.
 */

const folder = join('docs', 'screens');
const raw = mkdtempSync(join(tmpdir(), 'screens-'));
const password = 'a password for tests';
/** Longer pages are cut: what counts is at their head. */
const tallest = 1_500;
/** So long the room sounds before pictures are taken: there is a course of its quality then, ms. */
const listenMs = 22_000;

interface Kept {
  id: string;
}

/** Cases, sessions past and to come, so that no page is empty. */
async function fill(
  stage: Stage,
): Promise<{ session: string; planned: string; case: string; recording: string; phone: string }> {
  const { product } = stage;
  const make = (path: string, body: object) => product.post<Kept>(path, body);
  const citizens = [
    { name: 'Nguyễn Thị Lan', birthYear: 1952, phone: '0912 345 678', address: 'Thôn Già Khê, xã Lục Nam' },
  ];
  const summary =
    'Gia đình bà Lan và 11 hộ đề nghị xem xét lại đơn giá đền bù đất nông nghiệp khi mở rộng đường tỉnh 293, vì thấp hơn các hộ liền kề.';
  const first = await make('/cases', {
    title: 'Khiếu nại về đền bù đất khi mở rộng đường tỉnh 293',
    kind: 'remote',
    authority: 'province',
    citizens,
    people: 12,
    summary,
  });
  for (const step of ['propose', 'report']) await make(`/cases/${first.id}/steps`, { step });
  const decision = { decidedBy: 'Chủ tịch UBND tỉnh', reason: 'Nhiều hộ liên quan', document: '45/TB-UBND' };
  await make(`/cases/${first.id}/steps`, { step: 'accept', ...decision });
  for (const [title, kind, authority, name] of [
    ['Phản ánh về bãi rác tự phát ven đường', 'crowd', 'commune', 'Trần Văn Đức'],
    ['Kiến nghị về chính sách người có công', 'on-request', 'province', 'Lê Thị Hồng'],
    ['Tranh chấp ranh giới đất giữa hai thôn', 'several-agencies', 'commune', 'Hoàng Văn Bình'],
  ] as const) {
    await make('/cases', { title, kind, authority, citizens: [{ name }], summary: `${title}.` });
  }
  const { items: devices } = await product.get<{ items: (Kept & { name: string })[] }>('/endpoints');
  const { items: sites } = await product.get<{ items: (Kept & { name: string })[] }>('/sites');
  const participants = [
    ...devices.map(({ id }) => ({ kind: 'endpoint', endpointId: id })),
    ...sites.filter(({ name }) => name === names.province).map(({ id }) => ({ kind: 'uplink', siteId: id })),
  ];
  const past = await make('/sessions', { title: 'Tiếp công dân định kỳ', participants: participants.slice(0, 2) });
  await make(`/sessions/${past.id}/start`, {});
  for (const name of [names.codec, names.old]) {
    await product.events.logged('leg.joined', (entry) => entry.sessionId === past.id && entry.detail.name === name);
  }
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  await make(`/sessions/${past.id}/end`, {});
  const closed = await product.events.logged('recording.closed', ({ sessionId, detail }) => {
    return sessionId === past.id && detail.kind !== 'track';
  });
  await product.put(`/sessions/${past.id}/outcome`, {
    text: 'Đã nghe công dân trình bày; giao bộ phận địa chính trả lời.',
  });
  const { items: recordings } = await product.get<{ items: Kept[] }>(`/recordings?kind=room&sessionId=${past.id}`);
  const now = Date.now();
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const chair = { name: 'Hoàng Văn Minh', position: 'Chủ tịch UBND xã' };
  const planned = await make('/sessions', {
    title: 'Tiếp công dân về môi trường thôn Già Khê',
    plannedStart: at(1_440),
    plannedEnd: at(1_530),
    chair,
    participants: participants.slice(0, 2),
    runningOrder: [
      { title: 'Khai mạc, giới thiệu thành phần', minutes: 5, speaker: chair.name },
      { title: 'Công dân trình bày', minutes: 20 },
      { title: 'Các cơ quan giải thích', minutes: 20 },
      { title: 'Kết luận', minutes: 10, speaker: chair.name },
    ],
  });
  const session = await make('/sessions', {
    title: 'Tiếp công dân về đền bù đất đường tỉnh 293',
    room: '5001',
    pin: '2468',
    plannedStart: at(-10),
    openByTime: false,
    caseIds: [first.id],
    chair,
    participants,
  });
  const phone = await make('/endpoints', {
    name: 'Máy bàn bộ phận một cửa',
    kind: 'sip',
    number: '102',
    username: 'mot-cua',
    secret: 'mat-khau-may-ban',
    device: {
      model: 'SIP-T46S',
      mac: '001565aabbcc',
      overrides: { ntpServer: 'time.xa.vn', account: { srtp: 'preferred' } },
    },
  });
  await make(`/sessions/${session.id}/start`, {});
  for (const name of [names.codec, names.old]) {
    await product.events.logged('leg.joined', (entry) => entry.sessionId === session.id && entry.detail.name === name);
  }
  await stage.phoneCalls('0912345678', 'Nguyễn Thị Lan');
  await new Promise((resolve) => setTimeout(resolve, listenMs));
  return {
    session: session.id,
    planned: planned.id,
    case: first.id,
    recording: recordings[0]?.id ?? String(closed.seq),
    phone: phone.id,
  };
}

/** A picture with few colours, as a page has them: a fifth of the bytes. */
function shrink(from: string, to: string): void {
  const filter = `crop=iw:min(ih\\,${tallest}):0:0,split[a][b];[a]palettegen=max_colors=96[p];[b][p]paletteuse=dither=none`;
  const done = spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', from, '-vf', filter, '-frames:v', '1', to]);
  if (done.status !== 0) throw new Error(String(done.stderr));
}

async function shoot({ page }: Window, name: string): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.waiting') === null);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const picture = join(raw, 'page.png');
  await page.screenshot({ path: picture, fullPage: true });
  shrink(picture, join(folder, `${name}.png`));
}

/** Waits for how it sounds and how loud it is. */
async function measured({ page }: Window): Promise<void> {
  for (const what of ['.spark', '.meter-good, .meter-plain']) await page.locator(what).first().waitFor();
}

const nameOf = (path: string): string =>
  path === '/'
    ? 'today'
    : path
        .slice(1)
        .replace(/[0-9a-f-]{36}/, 'one')
        .replaceAll('/', '-');

await ensureConsole();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const stage = await Stage.open();
try {
  const there = await fill(stage);
  for (const language of ['vi', 'en'] as const) {
    const window = await openWindow(stage.origin);
    await window.page.goto('/');
    await window.page.locator(`.languages button[lang=${language}]`).click();
    await shoot(window, `log-in.${language}`);
    await logIn(window, 'admin', password);
    await window.page.locator(`.languages button[lang=${language}]`).click();
    for (const path of pagePaths(there)) {
      await window.page.goto(path);
      // The live page is taken when measures have come in.
      if (path.startsWith('/live')) await measured(window);
      if (path === '/search') {
        await window.page.locator('input[type=search]').fill('den bu dat');
        await window.page.keyboard.press('Enter');
      }
      if (path === '/plan') {
        await window.page.locator('.panel input').first().fill('5001');
        await window.page.locator('.panel form button[type=submit]').click();
        await window.page.locator('.steps').waitFor();
      }
      await shoot(window, `${nameOf(path)}.${language}`);
    }
    await window.context.close();
    const phone = await openWindow(stage.origin, { width: 390, height: 780 });
    await logIn(phone, 'admin', password);
    await phone.page.goto(`/live/${there.session}`);
    await measured(phone);
    await shoot(phone, `live-one-phone.${language}`);
    await phone.context.close();
  }
} finally {
  await closeBrowser();
  await stage.close();
  rmSync(raw, { recursive: true, force: true });
}
