import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import { pino } from 'pino';
import { randomIds } from '../../platform/ids.ts';
import { IncidentBook } from '../../store/incident-book.ts';
import { openStore, type Store } from '../../store/store.ts';
import { startMongod, type TestMongod } from './mongod.ts';

describe('incidents kept for later', function () {
  this.timeout(60_000);
  let folder: string;
  let mongod: TestMongod;
  let store: Store;
  let now = new Date('2026-11-25T08:00:00Z');
  let book: IncidentBook;
  const clock = { now: () => now };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'diemcau-incidents-'));
    mongod = await startMongod(folder);
    store = await openStore(mongod.url, clock);
    book = new IncidentBook({ store, clock, newId: randomIds, logger: pino({ level: 'silent' }) });
  });
  after(async () => {
    await store.close();
    await mongod.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => store.incidents.removeAll({}));

  const poor = (loss: number, legId: string) => ({
    code: 'leg.poor-line' as const,
    sessionId: 's',
    legId,
    values: { name: 'Tỉnh', loss, jitter: 40 },
  });
  const kept = async () =>
    (await store.incidents.find({}, { sort: { legId: 1, count: -1 } })).map(({ count, legId }) => [legId, count]);

  it('are one when they repeat within an hour, with their latest measures', async () => {
    book.note(poor(3, 'a'));
    book.note(poor(7, 'a'));
    book.note(poor(9, 'b'));
    await book.settled();
    assert.deepEqual(await kept(), [
      ['a', 2],
      ['b', 1],
    ]);
    assert.equal((await store.incidents.first({ legId: 'a' }))?.values.loss, 7);
    now = new Date(now.getTime() + 3_700_000);
    book.note(poor(3, 'a'));
    await book.settled();
    assert.equal(await store.incidents.count(), 3);
  });

  it('are one however often a line is called again, and whatever the far side says', async () => {
    for (const text of ['takes no calls', 'does not answer', 'Request Timeout']) {
      book.note({ code: 'uplink.lost', sessionId: 's', values: { name: 'Tỉnh', text, q850: 27 } });
    }
    book.note({ code: 'uplink.lost', sessionId: 's', values: { name: 'Trung ương', text: '', q850: 27 } });
    await book.settled();
    assert.deepEqual(await kept(), [
      [undefined, 3],
      [undefined, 1],
    ]);
  });

  it('are told anew when they come again after somebody looked', async () => {
    book.note({ code: 'space.low', values: {} });
    await book.settled();
    const [one] = await store.incidents.find();
    await store.incidents.update(one?.id ?? '', { seenBy: 'admin' });
    book.note({ code: 'space.low', values: {} });
    await book.settled();
    assert.equal(await store.incidents.count({ seenBy: { $exists: false } }), 1);
  });

  it('do not fill the store: the oldest make room, a flood is cut', async () => {
    for (let round = 0; round < 6; round++) {
      now = new Date(now.getTime() + 1_000);
      for (let n = 0; n < 250; n++)
        book.note({ code: 'provisioning.blocked', values: { source: `10.${round}.0.${n}` } });
      await book.settled();
    }
    assert.equal(await store.incidents.count(), 1_000);
    assert.equal(await store.incidents.count({ 'values.source': '10.0.0.0' }), 0);
    assert.equal(await store.incidents.count({ 'values.source': '10.5.0.199' }), 1);
  });
});
