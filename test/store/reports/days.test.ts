import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { gapsOf, keepDays, readSums, wholeDays } from '../../../store/reports/days.ts';
import { readFigures } from '../../../store/reports/figures.ts';
import { addUp, together } from '../../../store/reports/sums.ts';
import type { Sums } from '../../../store/schema/day-sums.ts';
import { type LegRecord, legRecord } from '../../../store/schema/session.ts';
import { openSessionLog, type SessionLog } from '../../../store/session-log.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { startMongod, type TestMongod } from '../mongod.ts';

const at = (day: number, time = '00:00') => new Date(`2026-05-${String(day).padStart(2, '0')}T${time}:00+07:00`);

describe('days of a span', () => {
  const spans: [name: string, from: Date, to: Date, days: number][] = [
    ['a month', at(1), at(31), 30],
    ['begun in the night', at(1, '00:01'), at(4), 2],
    ['ended in the night', at(1), at(4, '23:59'), 3],
    ['a day', at(1), at(2), 1],
    ['within a day', at(1, '08:00'), at(1, '09:00'), 0],
    ['over a midnight', at(1, '20:00'), at(2, '06:00'), 0],
  ];
  for (const [name, from, to, days] of spans) {
    it(`${name}: ${days}`, () => {
      const { end, first } = wholeDays({ from, to });
      assert.equal(end - first, days);
      const kept = Array.from({ length: days }, (_one, n) => first + n);
      const missing = gapsOf({ from, to }, kept).reduce((sum, gap) => sum + gap.to.getTime() - gap.from.getTime(), 0);
      assert.equal(missing, to.getTime() - from.getTime() - days * 86_400_000);
    });
  }
  it('gaps lie between the days that are kept', () => {
    const { first } = wholeDays({ from: at(1), to: at(10) });
    assert.deepEqual(gapsOf({ from: at(1), to: at(6) }, [first + 3, first + 1]), [
      { from: at(1), to: at(2) },
      { from: at(3), to: at(4) },
      { from: at(5), to: at(6) },
    ]);
  });
});

describe('sums of days that are over', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'days-'));
  const clock = { time: at(1), now: () => clock.time };
  let mongod: TestMongod;
  let store: Store;
  let log: SessionLog;
  const job = { signal: new AbortController().signal, touch: async () => {} };

  before(async () => {
    mongod = await startMongod(join(folder, 'store'));
    store = await openStore(mongod.url, clock);
    log = await openSessionLog(store.connection, clock);
    for (let n = 0; n < 60; n += 1) {
      // Six a day from the 1st to the 10th, at midnight and at a minute before it too.
      clock.time = at(1 + Math.floor(n / 6), ['00:00', '08:00', '09:30', '14:00', '18:00', '23:59'][n % 6]);
      const quality = { readings: 9, score: 3 + (n % 15) / 10, worst: 3, lossPercent: (n % 5) / 10, jitterMs: 1 };
      const fields = { id: `leg${n}`, sessionId: n % 7 === 0 ? '' : 's', protocol: n % 3 === 0 ? 'h323' : 'sip' };
      const joined = n % 4 === 0 ? {} : { joinedAt: clock.time, ...(n % 6 === 1 ? {} : { quality }) };
      const site = n % 2 === 0 ? {} : { siteId: `site${n % 3}` };
      await store.legs.insert(legOf({ ...fields, ...joined, ...site } as Partial<LegRecord>));
      await log.append({ event: n % 2 === 0 ? 'leg.failed' : 'uplink.redial', actor: { kind: 'system' } });
    }
  });
  after(async () => {
    await log?.close();
    await store?.close();
    await mongod?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const legOf = (more: Partial<LegRecord>) =>
    legRecord.parse({
      direction: 'out',
      name: 'x',
      number: '1',
      state: 'ended',
      createdAt: clock.time,
      updatedAt: clock.time,
      ...more,
    });
  const plain = ({ failed, incidents, legs }: Sums) => ({
    failed,
    incidents: incidents.filter(({ count }) => count > 0).sort((a, b) => (a.event < b.event ? -1 : 1)),
    legs: legs
      .map((sum) => ({ ...sum, score: sum.score.toFixed(6), loss: sum.loss.toFixed(6) }))
      .sort((a, b) => (`${a.site} ${a.protocol}` < `${b.site} ${b.protocol}` ? -1 : 1)),
  });
  const spans = [
    { from: at(1), to: at(11) },
    { from: at(2, '08:00'), to: at(7, '14:00') },
    { from: at(3), to: at(4) },
    { from: at(3, '09:00'), to: at(3, '20:00') },
    { from: at(20), to: at(25) },
  ];
  const compare = async (): Promise<void> => {
    for (const span of spans) {
      const wanted = await addUp(store, log, span);
      assert.deepEqual(plain(await readSums(store, log, span)), plain(together([wanted])), JSON.stringify(span));
    }
  };

  it('a span without kept days is added up from the things themselves', compare);

  it('days are kept up to the last that cannot change any more, and give the same', async () => {
    clock.time = at(8, '12:00');
    await keepDays({ store, log, clock }, job);
    assert.deepEqual(
      (await store.daySums.find()).map(({ id }) => id),
      ['01', '02', '03', '04', '05', '06'].map((day) => `2026-05-${day}`),
    );
    await compare();
  });

  it('a call that goes on holds its day back', async () => {
    clock.time = at(7, '10:00');
    const going = legOf({ id: 'going', sessionId: 's', protocol: 'sip', state: 'joined', joinedAt: at(7, '10:00') });
    await store.legs.insert(going);
    clock.time = at(12);
    await keepDays({ store, log, clock }, job);
    assert.equal(await store.daySums.count(), 6);
    await store.legs.update('going', { state: 'ended' });
    await keepDays({ store, log, clock }, job);
    assert.equal(await store.daySums.count(), 10);
    await compare();
  });

  it('a report reads the days in place of the legs', async () => {
    const span = { from: at(1), to: at(11) };
    const before = await readFigures(store, log, span);
    assert.ok(before.legs.joined > 30 && before.legs.failed > 10 && before.incidents['leg.failed'] === 30);
    await store.legs.removeAll({});
    assert.deepEqual((await readFigures(store, log, span)).legs, before.legs);
  });

  it('days that were added up otherwise are added up anew', async () => {
    await store.connection.db!.collection('daySums').updateMany({}, { $set: { version: 0 } });
    assert.equal((await readSums(store, log, { from: at(1), to: at(11) })).legs.length, 0);
    await keepDays({ store, log, clock }, job);
    assert.ok((await store.daySums.find()).every(({ legs, version }) => version === 1 && legs.length === 0));
  });
});
