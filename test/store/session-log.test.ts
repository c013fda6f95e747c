import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import mongoose, { type Connection } from 'mongoose';
import { systemClock } from '../../platform/clock.ts';
import { saveStoreAddress } from '../../store/address.ts';
import { entryHash, type StoredEntry } from '../../store/chain.ts';
import { logRows, stored } from '../../store/log-reader.ts';
import { openSessionLog } from '../../store/session-log.ts';
import { sound, verifyStoredLog } from '../../store/verify.ts';
import { startMongod, type TestMongod } from './mongod.ts';

type Row = { _id: number } & Record<string, unknown>;

describe('session log', function () {
  this.timeout(60_000);
  let root: string;
  let mongod: TestMongod;
  let connection: Connection;
  let dataDir: string;
  let count = 0;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'diemcau-log-'));
    mongod = await startMongod(join(root, 'store'));
    connection = await mongoose.createConnection(mongod.url, { serverSelectionTimeoutMS: 2_000 }).asPromise();
  });
  after(async () => {
    await connection?.close();
    await mongod?.stop();
    rmSync(root, { recursive: true, force: true });
  });
  const rows = () => logRows(connection);
  beforeEach(async () => {
    await rows().deleteMany({});
    count += 1;
    dataDir = join(root, `data-${count}`);
  });

  const statement = (place: number) => ({
    event: 'leg.joined' as const,
    actor: { kind: 'device' as const, name: `Máy ${place}` },
    sessionId: `s${place % 3}`,
    detail: { place, 'odd.key': 'ạ\ud800', list: [1, undefined, 2.5], when: new Date(0) },
  });
  const write = async (entries: number) => {
    const log = await openSessionLog(connection, systemClock, { dataDir });
    const written = await Promise.all(Array.from({ length: entries }, (_, place) => log.append(statement(place))));
    await log.close();
    return written;
  };

  it('keeps a thousand entries appended at once in the order of the calls', async () => {
    const written = await write(1_000);
    assert.deepEqual(
      written.map(({ seq }) => seq),
      Array.from({ length: 1_000 }, (_, place) => place + 1),
    );
    assert.deepEqual(
      written.map(({ detail }) => detail.place),
      Array.from({ length: 1_000 }, (_, place) => place),
    );
    const verdict = await verifyStoredLog(connection, dataDir);
    assert.deepEqual([verdict.checked, verdict.fault, sound(verdict)], [1_000, undefined, true]);
  });

  it('goes on where it was after a restart, and refuses what is no statement', async () => {
    await write(10);
    const log = await openSessionLog(connection, systemClock, { dataDir });
    assert.equal((await log.append(statement(10))).seq, 11);
    await assert.rejects(log.append({ event: 'No Event' as never, actor: { kind: 'system' } }));
    await log.close();
    await assert.rejects(log.append(statement(1)), /closed/);
    assert.equal(sound(await verifyStoredLog(connection, dataDir)), true);
  });

  it('two writers at once make one chain', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => openSessionLog(connection, systemClock, {})));
    const writes = Array.from({ length: 100 }, (_, place) => (place % 2 === 0 ? one : two)!.append(statement(place)));
    await Promise.all(writes);
    const verdict = await verifyStoredLog(connection);
    assert.deepEqual([verdict.checked, verdict.fault], [100, undefined]);
    await Promise.all([one?.close(), two?.close()]);
  });

  it('finds by session, event, place and time', async () => {
    let time = 1_800_000_000_000;
    const clock = {
      now: () => {
        time += 1_000;
        return new Date(time);
      },
    };
    const log = await openSessionLog(connection, clock, {});
    for (let place = 0; place < 30; place += 1) await log.append(statement(place));
    const places = async (query: Parameters<typeof log.find>[0]) => (await log.find(query)).map(({ seq }) => seq);
    assert.deepEqual(await places({ sessionId: 's1', limit: 3 }), [2, 5, 8]);
    assert.deepEqual(await places({ sessionId: 's1', newestFirst: true, limit: 2 }), [29, 26]);
    assert.deepEqual(await places({ event: 'leg.left' }), []);
    assert.deepEqual(await places({ afterSeq: 27 }), [28, 29, 30]);
    assert.deepEqual(await places({ beforeSeq: 3 }), [1, 2]);
    const [fifth, ninth] = await Promise.all(
      [5, 9].map(async (seq) => (await log.find({ afterSeq: seq - 1, limit: 1 }))[0]!.time),
    );
    assert.deepEqual(await places({ from: fifth!, to: ninth! }), [5, 6, 7, 8, 9]);
    assert.deepEqual(await places({ from: new Date(9_000_000_000_000) }), []);
    await log.close();
  });

  it('time never runs backwards along the log', async () => {
    let time = 1_800_000_000_000;
    const log = await openSessionLog(connection, { now: () => new Date(time) }, {});
    const first = await log.append(statement(1));
    time -= 60_000;
    const second = await log.append(statement(2));
    assert.equal(second.time.getTime(), first.time.getTime());
    await log.close();
  });

  it('loses nothing while the store is away, and says so once', async () => {
    const log = await openSessionLog(connection, systemClock, { dataDir });
    await log.append(statement(0));
    const stalled = once(log, 'stalled');
    const resumed = once(log, 'resumed');
    const back = mongod.back();
    mongod.kill();
    const written = Array.from({ length: 50 }, (_, place) => log.append(statement(place + 1)));
    await stalled;
    assert.ok(existsSync(join(dataDir, 'log-pending.ndjson')), 'what waits is on disk');
    await back;
    await Promise.all(written);
    await resumed;
    assert.equal(existsSync(join(dataDir, 'log-pending.ndjson')), false);
    await log.close();
    const verdict = await verifyStoredLog(connection, dataDir);
    assert.deepEqual([verdict.checked, sound(verdict)], [51, true]);
  });

  it('takes up what an ended process could not bring to the store', async () => {
    const folder = join(root, 'own');
    const first = await startMongod(folder);
    const one = await mongoose.createConnection(first.url, { serverSelectionTimeoutMS: 500 }).asPromise();
    const log = await openSessionLog(one, systemClock, { dataDir });
    await Promise.all(Array.from({ length: 5 }, (_, place) => log.append(statement(place))));
    await first.stop();
    const stalled = once(log, 'stalled');
    const waiting = Array.from({ length: 3 }, (_, place) => log.append(statement(place + 5)));
    await stalled;
    await log.close();
    assert.equal(log.status().waiting, waiting.length);
    await one.close();
    const second = await startMongod(folder);
    const two = await mongoose.createConnection(second.url).asPromise();
    const again = await openSessionLog(two, systemClock, { dataDir });
    assert.equal(again.status().seq, 8);
    await again.close();
    assert.equal(sound(await verifyStoredLog(two, dataDir)), true);
    await two.close();
    await second.stop();
  });

  const read = async (seq: number): Promise<StoredEntry> => stored((await rows().findOne({ _id: seq }))!);
  const put = async (entry: StoredEntry, seq: number) => {
    const { seq: _seq, ...rest } = entry;
    await rows().deleteOne({ _id: seq });
    await rows().insertOne({ _id: seq, ...rest } as Row);
  };
  const tampering: [name: string, kind: string, seq: number, tamper: () => Promise<void>][] = [
    [
      'a changed name',
      'changed',
      7,
      async () => void (await rows().updateOne({ _id: 7 }, { $set: { 'actor.name': 'x' } })),
    ],
    ['a deleted entry', 'missing', 7, async () => void (await rows().deleteOne({ _id: 7 }))],
    [
      'an inserted entry',
      'inserted',
      8,
      async () => {
        await rows().insertOne({ ...(await rows().findOne({ _id: 7 }))!, _id: 7.5 } as Row);
      },
    ],
    [
      'two swapped',
      'reordered',
      7,
      async () => {
        const [seventh, ninth] = [await read(7), await read(9)];
        await put(ninth, 7);
        await put(seventh, 9);
      },
    ],
    ['a cut-off end', 'truncated', 16, async () => void (await rows().deleteMany({ _id: { $gt: 15 } }))],
    ['an emptied log', 'truncated', 1, async () => void (await rows().deleteMany({}))],
    [
      'a log chained anew',
      'changed',
      20,
      async () => {
        let previous = String((await read(6)).hash);
        for (let seq = 7; seq <= 20; seq += 1) {
          const entry: StoredEntry = { ...(await read(seq)), previous };
          if (seq === 7) entry.detail = {};
          entry.hash = entryHash(entry);
          previous = String(entry.hash);
          await put(entry, seq);
        }
      },
    ],
  ];
  for (const [name, kind, seq, tamper] of tampering) {
    it(`finds ${name}`, async () => {
      await write(20);
      assert.equal(sound(await verifyStoredLog(connection, dataDir)), true);
      await tamper();
      const verdict = await verifyStoredLog(connection, dataDir);
      assert.deepEqual([verdict.fault?.kind, verdict.fault?.seq], [kind, seq]);
    });
  }

  it('goes on after its end was cut off, and keeps the evidence', async () => {
    await write(20);
    await rows().deleteMany({ _id: { $gt: 10 } });
    const log = await openSessionLog(connection, systemClock, { dataDir });
    const [seq] = await once(log, 'altered');
    assert.equal(seq, 20);
    for (let place = 0; place < 30; place += 1) await log.append(statement(place));
    await log.close();
    assert.equal((await verifyStoredLog(connection, dataDir)).fault?.kind, 'changed');
    assert.equal((await log.find({ event: 'log.altered' })).length, 1);
  });

  it('finds touched and vanished anchors', async () => {
    await write(20);
    const folder = join(dataDir, 'log-anchors');
    const file = join(folder, readdirSync(folder)[0]!);
    const anchor = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...anchor, seq: 15 }));
    assert.equal((await verifyStoredLog(connection, dataDir)).badAnchors.length, 1);
    rmSync(file);
    const verdict = await verifyStoredLog(connection, dataDir);
    assert.deepEqual([verdict.anchorsGone, sound(verdict)], [true, false]);
  });

  describe('npm run verify-log', () => {
    const verify = (...args: string[]) =>
      new Promise<{ code: number; output: string }>((resolve) => {
        const file = ['--import', 'tsx', 'tools/verify-log.ts', ...args];
        execFile(process.execPath, file, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
        );
      });

    it('tells of a sound log and of an altered one, while the product runs', async () => {
      await write(20);
      saveStoreAddress(dataDir, mongod.url);
      for (const args of [
        ['--data', dataDir],
        ['--url', mongod.url, '--data', dataDir],
      ]) {
        const good = await verify(...args);
        assert.equal(good.code, 0, good.output);
        assert.match(good.output, /^20 entries checked/);
      }
      await rows().deleteOne({ _id: 3 });
      const bad = await verify('--data', dataDir);
      assert.deepEqual([bad.code, /FAULT at 3: missing/.test(bad.output)], [1, true], bad.output);
    });

    it('starts the store itself when the product is stopped', async () => {
      const stopped = join(root, 'stopped');
      const own = await startMongod(join(stopped, 'store'));
      const connected = await mongoose.createConnection(own.url).asPromise();
      const log = await openSessionLog(connected, systemClock, { dataDir: stopped });
      await Promise.all([1, 2, 3].map((place) => log.append(statement(place))));
      saveStoreAddress(stopped, own.url);
      await log.close();
      await connected.close();
      await own.stop();
      const good = await verify('--data', stopped);
      assert.equal(good.code, 0, good.output);
      assert.match(good.output, /^3 entries checked/);
    });

    it('says so when there is nothing to read', async () => {
      assert.equal((await verify('--data', join(root, 'nowhere'))).code, 2);
    });
  });
});
