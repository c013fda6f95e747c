import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type MessageCode, say } from '../platform/messages/messages.ts';
import { DemoProduct, type ToldEntry } from './demo/product.ts';
import { SimulatedSite } from './demo/site.ts';

/*
 * `npm run demo`: a whole session without any hardware. The product is started as users start it; a room codec, the
 * province's bridge and a citizen's phone are simulated, each with a tone of its own, so that who hears whom can be told.
 * Every line is shown as it happens, in Vietnamese and in English.
 */

const password = 'a demonstration only';
const startedAt = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'diemcau-demo-'));
/** Loopback addresses of its own: nothing that runs on this machine is disturbed. */
const network = `127.${randomInt(2, 255)}.${randomInt(0, 255)}`;
const tones = { codec: 440, province: 620, phone: 1_030 };

interface Kept {
  id: string;
}

function tell(code: MessageCode, values: Record<string, string | number> = {}): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
  console.log(`${seconds} s  ${say('vi', code, values)}\n         ${say('en', code, values)}`);
}

/** Lines of the session log that an onlooker wants to see. */
const shown: Record<string, MessageCode> = {
  'session.opened': 'demo-session-opened',
  'leg.called': 'demo-leg-called',
  'leg.answered': 'demo-leg-answered',
  'leg.joined': 'demo-leg-joined',
  'uplink.code-sent': 'demo-code-sent',
  'recording.started': 'demo-recording-started',
  'recording.closed': 'demo-recording-closed',
  'leg.muted': 'demo-leg-muted',
  'leg.unmuted': 'demo-leg-unmuted',
  'leg.ended': 'demo-leg-ended',
  'session.ended': 'demo-session-ended',
};

const entries: ToldEntry[] = [];
const waiting = new Set<() => void>();

function heardOf(entry: ToldEntry): void {
  entries.push(entry);
  const code = shown[entry.event];
  const { bytes = 0, kind = '', name = '', sha256 = '' } = entry.detail;
  if (code !== undefined && !(entry.event === 'recording.started' && kind === 'track')) {
    tell(code, {
      name: String(name),
      bytes: Number(bytes),
      hash: String(sha256).slice(0, 12),
      cause: entry.cause?.text ?? '',
    });
  }
  for (const wake of waiting) wake();
}

/** Waits for an entry of the log. @throws after half a minute. */
async function logged(event: string, name: string): Promise<ToldEntry> {
  const until = performance.now() + 30_000;
  for (;;) {
    const found = entries.find((entry) => entry.event === event && entry.detail.name === name);
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`${event} ${name} did not come`);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, 1_000);
      waiting.add(wake);
    });
  }
}

tell('demo-begins', { folder });
const product = await DemoProduct.start(folder, `${network}.1`, password);
tell('demo-product-ready', { address: product.sip });
const sites: SimulatedSite[] = [];
let failed = false;
try {
  const codec = await SimulatedSite.open('codec', `${network}.11`, tones.codec);
  const province = await SimulatedSite.open('province', `${network}.12`, tones.province);
  const phone = await SimulatedSite.open('phone', `${network}.13`, tones.phone);
  sites.push(codec, province, phone);
  const names = { codec: 'Phòng tiếp công dân xã', province: 'UBND tỉnh', phone: '0912345678' };

  const { id: endpointId } = await product.ask<Kept>('POST', '/endpoints', {
    name: names.codec,
    kind: 'sip',
    number: '101',
    username: 'codec',
    secret: password,
  });
  const uplink = { protocol: 'sip', address: province.uri, menuCode: '8765#' };
  const { id: siteId } = await product.ask<Kept>('POST', '/sites', { name: names.province, kind: 'province', uplink });
  await product.ask('POST', '/trunks', { name: 'Nhà mạng', host: phone.host, addresses: [phone.host] });
  await codec.register(product.sip, 'codec', password);
  tell('demo-registered', { name: names.codec });
  const session = await product.ask<Kept>('POST', '/sessions', {
    title: 'Phiên tiếp công dân trực tuyến',
    pin: '2468',
    participants: [
      { kind: 'endpoint', endpointId },
      { kind: 'uplink', siteId },
    ],
  });
  await product.follow(heardOf);
  await product.ask('POST', `/sessions/${session.id}/start`, {});
  await logged('leg.joined', names.codec);
  await logged('uplink.code-sent', names.province);
  for (const until = performance.now() + 5_000; province.digits.length < 5 && performance.now() < until; )
    await pause(50);
  tell('demo-code-arrived', { digits: province.digits });

  tell('demo-phone-calls');
  await phone.dial('02143800800', product.sip, names.phone);
  phone.key('2468#');
  const joined = await logged('leg.joined', names.phone);
  await pause(6_500);
  const who = (site: SimulatedSite): string => {
    const found = site.hears(Object.values(tones));
    const labels = Object.entries(tones).filter(([, hz]) => found.includes(hz));
    return labels.map(([name]) => names[name as keyof typeof names]).join(', ') || '–';
  };
  const tellEars = (): void => {
    tell('demo-hears', { name: names.codec, who: who(codec) });
    tell('demo-hears', { name: names.province, who: who(province) });
    tell('demo-hears', { name: names.phone, who: who(phone) });
  };
  tellEars();
  const leg = `/sessions/${session.id}/legs/${joined.legId}`;
  await product.ask('PATCH', leg, { muted: true });
  await pause(1_500);
  tellEars();
  await product.ask('PATCH', leg, { muted: false });
  await pause(1_500);
  tellEars();
  await phone.hangUp();
  await logged('leg.ended', names.phone);
  await product.ask('POST', `/sessions/${session.id}/end`, {});
  for (let tries = 0; tries < 200; tries++) {
    const path = `/recordings?sessionId=${session.id}`;
    const { items } = await product.ask<{ items: { state: string }[] }>('GET', path);
    if (items.every(({ state }) => state === 'closed' || state === 'failed')) break;
    await pause(100);
  }

  const logFile = join(folder, 'session-log.jsonl');
  const { items } = await product.ask<{ items: object[] }>('GET', `/sessions/${session.id}/log?order=oldest&limit=500`);
  writeFileSync(logFile, `${items.map((item) => JSON.stringify(item)).join('\n')}\n`);
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'tools/verify-log.ts'], {
    env: { ...process.env, DATA_DIR: folder },
    encoding: 'utf8',
  });
  tell('demo-verified', { result: stdout.trim().split('\n').at(-1) ?? '' });
  const recordings = join(folder, 'recordings', session.id);
  const room = readdirSync(recordings).find((name) => name.endsWith('-room.mp4')) ?? '';
  tell('demo-recording-at', { path: join(recordings, room) });
  tell('demo-log-at', { path: logFile, folder });
} catch (error) {
  failed = true;
  console.error(error);
} finally {
  for (const site of sites) site.close();
  await product.end();
}
process.exit(failed ? 1 : 0);
