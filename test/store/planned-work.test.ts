import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { pino } from 'pino';
import { systemClock } from '../../platform/clock.ts';
import { isDue, startPlannedWork } from '../../store/planned-work.ts';
import { type Session, session as sessionSchema } from '../../store/schema/session.ts';
import { openSessionLog, type SessionLog } from '../../store/session-log.ts';
import { openStore, type Store } from '../../store/store.ts';
import { startMongod, type TestMongod } from './mongod.ts';

const session = (change: Partial<Session>): Session =>
  sessionSchema.parse({
    id: 's',
    title: 'Phiên',
    room: '1000',
    state: 'planned',
    openByTime: true,
    openOnArrival: false,
    participants: [],
    record: true,
    locked: false,
    language: 'vi',
    createdAt: new Date(0),
    updatedAt: new Date(0),
    ...change,
  });

describe('planned work', function () {
  this.timeout(60_000);
  const at = (time: string) => new Date(`2026-05-13T${time}:00+07:00`);
  const cases: [name: string, change: Partial<Session>, now: string, due: boolean][] = [
    ['before its time', { plannedStart: at('08:00') }, '07:59', false],
    ['at its time', { plannedStart: at('08:00') }, '08:00', true],
    ['missed by an hour', { plannedStart: at('08:00') }, '09:00', true],
    ['missed by three hours', { plannedStart: at('08:00') }, '11:00', false],
    ['missed by three hours, planned for five', { plannedStart: at('08:00'), plannedEnd: at('13:00') }, '11:00', true],
    ['after its planned end', { plannedStart: at('08:00'), plannedEnd: at('08:30') }, '08:30', false],
    ['opened by hand only', { plannedStart: at('08:00'), openByTime: false }, '08:00', false],
    ['without a time', {}, '08:00', false],
    ['cancelled', { plannedStart: at('08:00'), state: 'cancelled' }, '08:00', false],
  ];
  for (const [name, change, now, due] of cases) {
    it(`a session ${name} is ${due ? '' : 'not '}due`, () => assert.equal(isDue(session(change), at(now)), due));
  }

  describe('over the store', () => {
    let folder: string;
    let mongod: TestMongod;
    let store: Store;
    let log: SessionLog;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'diemcau-planned-'));
      mongod = await startMongod(folder);
      store = await openStore(mongod.url, systemClock);
      log = await openSessionLog(store.connection, systemClock);
    });
    after(async () => {
      await log?.close();
      await store?.close();
      await mongod?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('opens what is due once, also after a restart, tells what it cannot open, and reminds of time over', async () => {
      const plan = (id: string, start: number, change: Partial<Session> = {}) =>
        store.sessions.insert(session({ id, room: id, plannedStart: new Date(Date.now() + start), ...change }));
      await plan('due', -1_000);
      await plan('later', 3_600_000);
      await plan('soon', 600_000, { rehearsalMinutes: 30 });
      await plan('not-yet', 3_600_000, { rehearsalMinutes: 30 });
      await plan('broken', -2_000);
      await plan('over', -9_000_000, { state: 'open', plannedEnd: new Date(Date.now() - 1_000) });
      const opened: string[] = [];
      const rehearsed: string[] = [];
      const begun = {
        trigger: 'planned' as const,
        state: 'running' as const,
        startedAt: new Date(),
        results: [] as never[],
        failures: 0,
      };
      const signal = new EventEmitter();
      const start = () =>
        startPlannedWork({
          store,
          log,
          clock: systemClock,
          logger: pino({ level: 'silent' }),
          everyMs: 200,
          actions: {
            openSession: async (id) => {
              if (id === 'broken') throw new Error('no media engine');
              opened.push(id);
              await store.sessions.update(id, { state: 'open' });
              signal.emit('opened');
            },
            rehearse: async (id, plannedId) => {
              rehearsed.push(id);
              await store.rehearsals.insert({ id: plannedId, sessionId: id, ...begun });
              signal.emit('rehearsed');
            },
          },
        });
      const told = (event: string) =>
        new Promise<void>((resolve) => log.on('entry', (entry) => entry.event === event && resolve()));
      const [refused, overtime] = [told('session.not-opened'), told('session.overtime')];
      const [first, rehearsal] = [once(signal, 'opened'), once(signal, 'rehearsed')];
      const work = await start();
      await Promise.all([refused, overtime, first, rehearsal]);
      await work.close();
      await plan('second', -500);
      const second = once(signal, 'opened');
      const again = await start();
      await second;
      await again.close();
      assert.deepEqual(opened, ['due', 'second']);
      assert.deepEqual(rehearsed, ['soon'], 'once, also after a restart');
      assert.equal((await log.find({ event: 'session.overtime' })).length, 1);
    });
  });
});
