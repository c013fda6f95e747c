import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { systemClock } from '../../platform/clock.ts';
import { saveStoreAddress } from '../../store/address.ts';
import { backUp } from '../../store/backup/backup.ts';
import { openKeys, sealKeys } from '../../store/backup/format.ts';
import { restore } from '../../store/backup/restore.ts';
import { recording, session } from '../../store/schema/session.ts';
import { openStore } from '../../store/store.ts';
import { sound, verifyStoredLog } from '../../store/verify.ts';
import { type House, openHouse } from '../api/house.ts';
import { startMongod } from './mongod.ts';

const stamps = { createdAt: new Date(), updatedAt: new Date() };
const sessionOf = (id: string, title: string) => session.parse({ id, title, room: '5000', ...stamps });
const recordingOf = (id: string, sessionId: string, path: string, stretch: string) =>
  recording.parse({
    id,
    sessionId,
    kind: 'room',
    path,
    format: 'mp4',
    state: 'finishing',
    parts: [{ path: stretch, startedAt: new Date() }],
    startedAt: new Date(),
    ...stamps,
  });
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

  it('is of one moment while sessions, the log and recordings go on', async () => {
    const folderOf = join(house.dataDir, 'recordings', 'phien');
    mkdirSync(folderOf, { recursive: true });
    let writing = true;
    let made = 0;
    // A session, then its entry; and a film that is written as a stretch, then stands as a closed file, then the next.
    const write = async (): Promise<void> => {
      for (; writing; made += 1) {
        const title = `Phiên ${made}`;
        const { id } = await house.store.sessions.insert(sessionOf(`song-${made}`, title));
        await house.log.append({
          sessionId: id,
          event: 'session.opened',
          actor: { kind: 'system' },
          detail: { title },
        });
        const content = Buffer.alloc(50_000, title);
        const [stretch, film] = [`phien/${made}.part-1.mp4`, `phien/${made}.mp4`];
        writeFileSync(join(house.dataDir, 'recordings', stretch), content);
        await house.store.recordings.insert(recordingOf(`film-${made}`, id, film, stretch));
        writeFileSync(join(house.dataDir, 'recordings', film), content);
        const sha256 = createHash('sha256').update(content).digest('hex');
        await house.store.recordings.update(`film-${made}`, { state: 'closed', sha256, bytes: content.length });
        rmSync(join(house.dataDir, 'recordings', stretch));
      }
    };
    const writer = write();
    while (made < 10) await new Promise((resolve) => setImmediate(resolve));
    const live = join(folder, 'live.zip');
    const { connection } = house.store;
    const order = { connection, dataDir: house.dataDir, file: live, recordings: true, now: new Date() };
    const result = await backUp(order);
    writing = false;
    await writer;
    assert.deepEqual([result.oneMoment, result.damaged], [true, []]);
    assert.deepEqual(
      readdirSync(house.dataDir).filter((name) => name.startsWith('.backup')),
      [],
    );

    const fresh = join(folder, 'live');
    const mongod = await startMongod(join(fresh, 'store'));
    const store = await openStore(mongod.url, systemClock);
    try {
      await restore({ connection: store.connection, dataDir: fresh, file: live });
      assert.ok(sound(await verifyStoredLog(store.connection, fresh)), 'the log is whole up to its anchors');
      const kept = (await store.sessions.find()).filter(({ id }) => id.startsWith('song-'));
      const told = await store.connection.db!.collection('sessionLog').countDocuments({ event: 'session.opened' });
      const films = await store.recordings.find({ id: { $in: kept.map((one) => one.id.replace('song', 'film')) } });
      assert.ok(kept.length >= 10 && kept.length < made, `${kept.length} of ${made} sessions: it went on meanwhile`);
      assert.ok(kept.length - told >= 0 && kept.length - told <= 1, `${kept.length} sessions, ${told} entries`);
      assert.ok(told - films.length >= 0 && told - films.length <= 1, `${told} entries, ${films.length} recordings`);
      for (const film of films) {
        const path = film.state === 'closed' ? film.path : (film.parts[0]?.path ?? '');
        const content = readFileSync(join(fresh, 'recordings', path));
        if (film.state === 'closed') assert.equal(createHash('sha256').update(content).digest('hex'), film.sha256);
        else assert.equal(content.length, 50_000);
      }
      assert.ok(films.filter(({ state }) => state !== 'closed').length <= 1);
    } finally {
      await store.close();
      await mongod.stop();
    }
  });

  it('tells of recordings that are not what the store says', async () => {
    writeFileSync(join(house.dataDir, 'recordings', 'phien', '3.mp4'), 'another film');
    rmSync(join(house.dataDir, 'recordings', 'phien', '4.mp4'));
    const made = await run('backup', [join(folder, 'odd.zip'), '--data', house.dataDir]);
    assert.equal(made.code, 1);
    assert.match(made.text, /phien\/3\.mp4.*\n.*phien\/3\.mp4.*\n.*phien\/4\.mp4/);
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
