import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { systemClock } from '../../../platform/clock.ts';
import { chainAfter, genesis } from '../../../store/chain.ts';
import type { LogQuery } from '../../../store/log-reader.ts';
import { type LogWords, openLogWords } from '../../../store/log-words/log-words.ts';
import { addPacked, blockSize, keepCommon, offsetsIn, packed, placesAt } from '../../../store/log-words/places.ts';
import { answers, termsAsked, termsOf } from '../../../store/log-words/terms.ts';
import type { LogEntry } from '../../../store/schema/log.ts';
import { openSessionLog, type SessionLog } from '../../../store/session-log.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { sound, verifyStoredLog } from '../../../store/verify.ts';
import { startMongod, type TestMongod } from '../mongod.ts';

describe('words of the log', () => {
  const entry = {
    event: 'leg.failed',
    sessionId: 's1',
    actor: { kind: 'user' as const, id: 'u-secret', name: 'Trần Văn An' },
    address: '192.0.2.7',
    cause: { sip: 486, q850: 17, text: 'User busy' },
    detail: {
      name: 'Đỗ Thị Bưởi',
      recordingId: 'abcdef',
      sha256: 'f'.repeat(64),
      at: '2026-05-13T08:00:00.000Z',
      other: '0f8fad5b-d9cb-469f-a165-70867728950e',
      before: { title: 'Đất đai', list: ['ranh giới'] },
      jitterMs: 417,
    },
  };
  const questions: [question: string, found: boolean][] = [
    ['buoi', true],
    ['Bưởi', true],
    ['ĐỖ bưởi', true],
    ['bu', false],
    ['buo ranh', true],
    ['uoi', false],
    ['486', true],
    ['failed busy', true],
    ['leg.failed', true],
    ['192.0.2.7', true],
    ['dat dai tran', true],
    ['abcdef', false],
    ['ffff', false],
    ['0f8fad5b', false],
    ['417', false],
    ['2026', false],
    ['secret', false],
  ];
  for (const [question, found] of questions)
    it(`“${question}” ${found ? 'finds' : 'does not find'} it`, () =>
      assert.equal(answers(termsAsked(question, {}), termsOf(entry)), found));
  it('of another session or event it is not found', () => {
    assert.equal(answers(termsAsked('buoi', { sessionId: 's1', event: 'leg.failed' }), termsOf(entry)), true);
    assert.equal(answers(termsAsked('buoi', { sessionId: 's' }), termsOf(entry)), false);
    assert.equal(answers(termsAsked('buoi', { event: 'leg' }), termsOf(entry)), false);
  });
  it('places are kept small and come back', () => {
    for (const offsets of [[], [0], [0, 1, 7, 8, 4095], Array.from({ length: 3000 }, (_one, at) => at + 3)]) {
      const set = placesAt([]);
      const bytes = packed(offsets);
      assert.ok(bytes.length <= 512);
      addPacked(set, bytes);
      assert.deepEqual(offsetsIn(set), offsets);
      assert.equal(keepCommon(set, placesAt([9, 4095])), offsets.length > 3);
    }
  });
});

describe('entries found by words', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'log-words-'));
  const count = 2 * blockSize + 1_500;
  const names = ['Nguyễn Thị Bưởi', 'Trần Văn An', 'Lê Thị Ước', 'Đỗ Mười'];
  let mongod: TestMongod;
  let store: Store;
  let log: SessionLog;
  let words: LogWords;

  /** Entry n (from 1): every 7th of An, every 1,000th of a rare word, a session each hundred. */
  const made = (n: number) => ({
    event: n % 3 === 0 ? 'leg.joined' : 'leg.ended',
    actor: { kind: 'system' as const },
    sessionId: `session${Math.floor(n / 100)}`,
    detail: {
      name: names[n % 7 === 0 ? 1 : n % 2 === 0 ? 0 : 2] ?? '',
      note: n % 1000 === 0 ? `hiếm số ${n}` : 'thường',
    },
  });
  before(async () => {
    mongod = await startMongod(join(folder, 'store'));
    store = await openStore(mongod.url, systemClock);
    // An old log: written before there was an index.
    let head = { seq: 0, hash: genesis };
    const rows = Array.from({ length: count }, (_one, at) => {
      const entry = chainAfter(head, { time: new Date(1_700_000_000_000 + at * 1000), ...made(at + 1) });
      head = entry;
      const { seq, ...rest } = entry;
      return { _id: seq as never, ...rest };
    });
    for (let at = 0; at < rows.length; at += 2000)
      await store.connection.db!.collection('sessionLog').insertMany(rows.slice(at, at + 2000));
    log = await openSessionLog(store.connection, systemClock, { dataDir: folder });
    words = await openLogWords(store.connection, log);
  });
  after(async () => {
    await log?.close();
    await store?.close();
    await mongod?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const allOf = async (question: string, query: LogQuery): Promise<number[]> => {
    const found: number[] = [];
    let place: Pick<LogQuery, 'afterSeq' | 'beforeSeq'> = {};
    for (let pages = 0; pages < 500; pages += 1) {
      const { entries, next } = await words.find(question, { ...query, ...place });
      assert.ok(entries.length <= (query.limit ?? 100));
      found.push(...entries.map(({ seq }) => seq));
      if (next === undefined) return found;
      place = query.newestFirst === true ? { beforeSeq: next } : { afterSeq: next };
    }
    throw new Error('no end of pages');
  };
  const expected = (fits: (entry: Omit<LogEntry, 'time' | 'previous' | 'hash'>) => boolean): number[] =>
    Array.from({ length: count }, (_one, at) => at + 1).filter((n) => fits({ ...made(n), seq: n }));
  const compare = async (): Promise<void> => {
    const an = expected(({ detail }) => detail.name === names[1]);
    assert.deepEqual(await allOf('an tran', { limit: 100 }), an);
    assert.deepEqual(await allOf('tran van an', { limit: 333, newestFirst: true }), an.toReversed());
    const rare = expected(({ seq }) => seq % 1000 === 0);
    assert.deepEqual(await allOf('hiem', { limit: 3 }), rare);
    assert.deepEqual(
      await allOf('hiem', { newestFirst: true, afterSeq: 2000, beforeSeq: 7000 }),
      [6000, 5000, 4000, 3000],
    );
    assert.deepEqual(await allOf('hiem 5000', {}), [5000]);
    assert.deepEqual(
      await allOf('thuong', { event: 'leg.joined', sessionId: 'session42' }),
      expected((one) => one.event === 'leg.joined' && one.sessionId === 'session42'),
    );
    const [from, to] = [new Date(1_700_000_000_000 + 4_090_000), new Date(1_700_000_000_000 + 4_102_000)];
    assert.deepEqual(
      await allOf('le', { from, to }),
      expected(({ seq, detail }) => seq > 4090 && seq <= 4103 && detail.name === names[2]),
    );
    // Both words are common, and never together.
    assert.deepEqual(await allOf('buoi uoc', { limit: 10 }), []);
    assert.deepEqual(await allOf('khong-co', {}), []);
    assert.deepEqual(await words.find('  …', {}), { entries: [] });
  };

  it('before an old log has its index, page by page', compare);

  it('with the index, which is made without touching the log', async () => {
    await words.catchUp();
    await compare();
    assert.ok(sound(await verifyStoredLog(store.connection, folder)));
    const postings = store.connection.db!.collection('logWords');
    const plan = await postings.find({ _id: { $gte: 'buoi' as never, $lt: 'buoj' as never } }).explain('queryPlanner');
    assert.match(JSON.stringify(plan), /IXSCAN/);
  });

  it('what is written is found at once, and after a restart', async () => {
    await log.append({ event: 'session.announced', actor: { kind: 'system' }, detail: { text: 'Ghi chú đặc biệt' } });
    assert.deepEqual(await allOf('dac biet', {}), [count + 1]);
    const again = await openLogWords(store.connection, log);
    assert.equal((await again.find('dac biet', {})).entries.length, 1);
    assert.equal((await again.find('hiem', {})).entries.length, Math.floor(count / 1000));
  });

  it('a block that a crash left half written is completed', async () => {
    const postings = store.connection.db!.collection('logWords');
    await postings.updateOne(
      { _id: '\u0000progress' as never },
      { $set: { upTo: blockSize, hash: (await log.find({ afterSeq: blockSize - 1, limit: 1 }))[0]?.hash } },
    );
    await postings.deleteMany({ _id: { $gte: 'h' as never, $lt: 'i' as never } });
    const again = await openLogWords(store.connection, log);
    await again.catchUp();
    assert.deepEqual(
      (await again.find('hiem', { afterSeq: blockSize })).entries.map(({ seq }) => seq),
      [5000, 6000, 7000, 8000, 9000],
    );
  });

  it('an index of another log is made anew', async () => {
    const postings = store.connection.db!.collection('logWords');
    await postings.updateOne({ _id: '\u0000progress' as never }, { $set: { hash: genesis } });
    const again = await openLogWords(store.connection, log);
    await again.catchUp();
    assert.equal((await again.find('hiem', {})).entries.length, Math.floor(count / 1000));
  });
});
