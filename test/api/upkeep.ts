import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { restore } from '../../store/backup/restore.ts';
import { openStore } from '../../store/store.ts';
import { startMongod } from '../store/mongod.ts';
import type { Contract } from './contract.ts';
import type { House } from './house.ts';
import { makePair } from './pairs.ts';

interface Backups {
  folder: string;
  running?: { name: string };
  last?: { state: string; name: string; by: string; documents: number; damaged: string[] };
  items: { name: string; bytes: number; keys: boolean }[];
}

const codeOf = ({ body }: { body: Record<string, unknown> }): string => (body.error as { code: string }).code;

/** What an IT officer does for the product itself. */
export async function tellUpkeep(house: House, api: Contract): Promise<void> {
  const { tokens } = house;
  const engines = (await api.good('GET', '/system/engines')).body.items as { name: string; ours: boolean }[];
  assert.deepEqual(
    engines.map(({ name, ours }) => [name, ours]),
    [
      ['sip', true],
      ['media', true],
      ['store', false],
    ],
  );
  await api.good('POST', '/system/engines/sip/restart', {});
  assert.deepEqual(house.engines.asked, ['sip']);
  assert.equal(codeOf(await api.ask('POST', '/system/engines/store/restart', {})), 'engine.not-ours');
  assert.equal(codeOf(await api.ask('POST', '/system/engines/media/restart', {})), 'engine.not-running');
  house.gateway.calls = 2;
  assert.equal(codeOf(await api.ask('POST', '/system/engines/sip/restart', {})), 'upkeep.calls');
  assert.equal(codeOf(await api.ask('POST', '/system/certificate/renew', {})), 'upkeep.calls');
  await api.good('POST', '/system/engines/sip/restart', { force: true });
  house.gateway.calls = 0;
  const operator = { token: tokens.operator };
  assert.equal((await api.ask('POST', '/system/engines/sip/restart', {}, operator)).status, 403);

  const before = (await api.good('GET', '/system/certificate')).body;
  assert.deepEqual([before.own, before.fitsHost], [true, true]);
  const renewed = (await api.good('POST', '/system/certificate/renew', {})).body;
  assert.notEqual(renewed.sha256, before.sha256);
  const pair = await makePair('gw.lucnam.example.vn');
  const other = await makePair('other.example.vn');
  const put = (cert: string, key: string) => api.ask('PUT', '/system/certificate', { cert, key });
  assert.equal(codeOf(await put('x', pair.key)), 'certificate.unreadable');
  assert.equal(codeOf(await put(pair.cert, 'x')), 'certificate.key-unreadable');
  assert.equal(codeOf(await put(pair.cert, other.key)), 'certificate.key-of-another');
  house.clock.aheadMs = 20 * 365 * 86_400_000;
  const late = await api.ask('PUT', '/system/certificate', pair, { token: await freshToken(house) });
  house.clock.aheadMs = 0;
  assert.equal(codeOf(late), 'certificate.over');
  const used = await api.good('PUT', '/system/certificate', pair);
  assert.deepEqual([used.body.subject, used.body.fitsHost], ['CN=gw.lucnam.example.vn', false]);
  await house.log.flush();
  const told = await house.log.find({ event: 'api.change', limit: 500, newestFirst: true });
  const ofCertificate = told.filter(({ detail }) => detail.what === 'certificate');
  assert.deepEqual(
    ofCertificate.map(({ detail }) => detail.action),
    ['replace', 'renew'],
  );
  assert.ok(!JSON.stringify(ofCertificate).includes('PRIVATE'), 'no key is in the log');

  const kept = (await api.good('GET', '/system/archive')).body;
  assert.deepEqual([kept.second, kept.retentionDays, kept.heldSessions], [undefined, undefined, 0]);

  await tellBackups(house, api);
}

async function tellBackups(house: House, api: Contract): Promise<void> {
  const state = async () => (await api.good('GET', '/backups')).body as unknown as Backups;
  assert.deepEqual((await state()).items, []);
  const passphrase = 'một câu mật khẩu dài';
  const begun = await api.good('POST', '/backups', { passphrase });
  assert.equal(codeOf(await api.ask('POST', '/backups', {})), 'backup.running');
  let now = await state();
  while (now.running !== undefined) {
    await sleep(50);
    now = await state();
  }
  while (now.last === undefined) now = await state();
  assert.deepEqual([now.last.state, now.last.by, now.items.length], ['made', 'admin', 1]);
  assert.equal(now.last.name, begun.body.name);
  const [item] = now.items;
  assert.deepEqual([item?.name, item?.keys], [begun.body.name, true]);
  const file = await api.good('GET', `/backups/${item?.name}`);
  assert.equal(file.bytes.length, item?.bytes);
  assert.equal((await api.ask('GET', '/backups/..%2Fports.json')).status, 400);
  assert.equal(
    (await api.ask('GET', `/backups/${item?.name}`, undefined, { token: house.tokens.operator })).status,
    403,
  );
  await comesBack(file.bytes, passphrase, now.last.documents);
  await api.good('DELETE', `/backups/${item?.name}`);
  assert.deepEqual((await state()).items, []);
  const told = await house.log.find({ event: 'api.change', limit: 5, newestFirst: true });
  const ofBackups = told.filter(({ detail }) => detail.what === 'backup');
  assert.deepEqual(
    ofBackups.map(({ detail }) => detail.action),
    ['remove', 'download', 'begin'],
  );
  assert.ok(!JSON.stringify(ofBackups).includes(passphrase), 'no passphrase is in the log');
}

/** What was downloaded is a whole back-up. */
async function comesBack(bytes: Buffer, passphrase: string, documents: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-comes-back-'));
  const mongod = await startMongod(join(folder, 'store'));
  const store = await openStore(mongod.url, { now: () => new Date() });
  try {
    const file = join(folder, 'all.zip');
    writeFileSync(file, bytes);
    const restored = await restore({ connection: store.connection, dataDir: join(folder, 'data'), file, passphrase });
    assert.deepEqual([restored.keys, restored.documents], [true, documents]);
  } finally {
    await store.close();
    await mongod.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A log-in of the clock's present. */
async function freshToken(house: House): Promise<string> {
  const login = { username: 'admin', password: 'mat-khau-quan-tri' };
  return String((await house.ask('POST', '/login', login, { token: '' })).body.token);
}
