import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { systemClock } from '../../platform/clock.ts';
import { saveStoreAddress } from '../../store/address.ts';
import { openKeys, sealKeys } from '../../store/backup/format.ts';
import { openStore } from '../../store/store.ts';
import { type House, openHouse } from '../api/house.ts';
import { startMongod } from './mongod.ts';

const passphrase = 'một câu mật khẩu dài';

const run = (tool: string, args: string[], environment: Record<string, string> = {}) =>
  new Promise<{ code: number; text: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', `tools/${tool}.ts`, ...args],
      { env: { PATH: process.env.PATH ?? '', ...environment }, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), text: `${stdout}${stderr}` }),
    );
  });

describe('back-up and restore', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'diemcau-backup-'));
  const file = join(folder, 'all.zip');
  let house: House;
  before(async () => {
    house = await openHouse();
    saveStoreAddress(house.dataDir, house.storeUrl);
    const citizens = [{ name: 'Nguyễn Thị Bưởi' }];
    const one = { title: 'Đất đai', kind: 'remote', authority: 'commune', citizens };
    const { body } = await house.ask('POST', '/cases', one);
    const form = new FormData();
    form.set('file', new Blob(['Kính gửi']), 'don.txt');
    await house.ask('POST', `/cases/${body.id}/files`, form);
    await house.ask('POST', '/sessions', { title: 'Phiên', plannedStart: '2031-05-13T08:00:00+07:00' });
    mkdirSync(join(house.dataDir, 'recordings', '2026'), { recursive: true });
    writeFileSync(join(house.dataDir, 'recordings', '2026', 'phim.mp4'), Buffer.alloc(200_000, 'phim'));
    await house.log.flush();
  });
  after(async () => {
    await house?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('puts everything of a running product into one file, and back into a fresh folder, where the log is sound', async () => {
    const made = await run('backup', [file, '--data', house.dataDir, '--keys'], { BACKUP_PASSPHRASE: passphrase });
    assert.equal(made.code, 0, made.text);
    const fresh = join(folder, 'fresh');
    const back = await run('restore', [file, '--data', fresh], { BACKUP_PASSPHRASE: passphrase });
    assert.equal(back.code, 0, back.text);
    assert.match(back.text, /Nhật ký toàn vẹn: \d+ dòng/);
    for (const path of ['keys/seal.key', 'keys/log-anchor.key.pem', 'recordings/2026/phim.mp4']) {
      assert.deepEqual(readFileSync(join(fresh, path)), readFileSync(join(house.dataDir, path)), path);
    }
    const mongod = await startMongod(join(fresh, 'store'));
    const store = await openStore(mongod.url, systemClock);
    try {
      for (const name of ['cases', 'attachments', 'sessions', 'users', 'tokens'] as const) {
        assert.deepEqual(await store[name].find(), await house.store[name].find(), name);
      }
      const [attached] = await store.attachments.find();
      assert.equal(readFileSync(join(fresh, 'files', attached?.id ?? ''), 'utf8'), 'Kính gửi');
    } finally {
      await store.close();
      await mongod.stop();
    }
    const verified = await run('verify-log', ['--data', fresh]);
    assert.equal(verified.code, 0, verified.text);
  });

  it('leaves keys and recordings out when told so; the passphrase is asked for; nothing is written over', async () => {
    const slim = join(folder, 'slim.zip');
    const made = await run('backup', [slim, '--data', house.dataDir, '--without-recordings']);
    assert.equal(made.code, 0, made.text);
    const fresh = join(folder, 'slim');
    assert.equal((await run('restore', [slim, '--data', fresh])).code, 0);
    assert.ok(!existsSync(join(fresh, 'keys/seal.key')) && !existsSync(join(fresh, 'recordings')));
    const again = await run('restore', [slim, '--data', fresh]);
    assert.equal(again.code, 1);
    assert.match(again.text, /not empty/);
    assert.equal((await run('backup', [slim, '--data', house.dataDir, '--keys'])).code, 2);
  });

  it('refuses a damaged file', async () => {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
    writeFileSync(join(folder, 'damaged.zip'), bytes);
    const back = await run('restore', [join(folder, 'damaged.zip'), '--data', join(folder, 'damaged')]);
    assert.equal(back.code, 1, back.text);
  });

  it('keys open with their passphrase alone', () => {
    const sealed = sealKeys({ 'keys/a': 'eA==' }, passphrase);
    assert.deepEqual(openKeys(sealed, passphrase.normalize('NFD')), { 'keys/a': 'eA==' });
    assert.throws(() => openKeys(sealed, 'another passphrase'));
    assert.ok(!sealed.includes('eA=='));
  });
});
