import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { pino } from 'pino';
import { tellDueDevices } from '../../../provisioning/push/again.ts';
import { PushMemory } from '../../../provisioning/push/memory.ts';
import { DevicePush } from '../../../provisioning/push/push.ts';
import { openSessionLog, type SessionLog } from '../../../store/session-log.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { startMongod } from '../../store/mongod.ts';

describe('devices that could not be reached', function () {
  this.timeout(30_000);
  const minute = 60_000;
  let now = Date.parse('2026-05-13T08:00:00+07:00');
  const clock = { now: () => new Date(now) };
  let folder: string;
  let mongod: Awaited<ReturnType<typeof startMongod>>;
  let store: Store;
  let log: SessionLog;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'push-'));
    mongod = await startMongod(join(folder, 'store'));
    store = await openStore(mongod.url, clock);
    log = await openSessionLog(store.connection, clock, {});
  });
  after(async () => {
    await log?.close();
    await store?.close();
    await mongod?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are told again, later each time, until they take it, or are no more', async () => {
    const memory = new PushMemory(store, clock);
    const asked: string[] = [];
    let answers: { status: number }[] = [];
    const push = new DevicePush({
      log,
      logger: pino({ level: 'silent' }),
      memory,
      notify: async (endpointId) => {
        asked.push(endpointId);
        return answers.map(({ status }) => ({
          contact: 'sip:x',
          userAgent: undefined,
          event: 'check-sync',
          status,
          reason: '',
        }));
      },
    });
    const endpoint = await store.endpoints.insert({
      id: 'may-1',
      name: 'Máy 1',
      kind: 'sip',
      username: 'may1',
      digest: 'MD5',
      srtp: 'off',
      maxContacts: 5,
      enabled: true,
    });
    const again = async (afterMs: number): Promise<number> => {
      now += afterMs;
      asked.length = 0;
      await tellDueDevices(store, memory, push);
      return asked.length;
    };
    assert.equal((await push.sync(endpoint, { kind: 'system' })).result, 'not-registered');
    assert.equal(await again(minute - 1), 0);
    assert.equal(await again(1), 1, 'after a minute');
    assert.equal(await again(minute), 0);
    assert.equal(await again(4 * minute), 1, 'after five more');
    answers = [{ status: 408 }];
    assert.equal(await again(15 * minute), 1, 'silent is worth another try');
    answers = [{ status: 200 }];
    assert.equal(await again(60 * minute), 1);
    assert.equal((await store.deviceStates.get('may-1'))?.pushResult, 'accepted');
    assert.equal(await again(24 * 60 * minute), 0, 'it took it');
    answers = [];
    await push.sync(endpoint, { kind: 'system' });
    assert.equal(await again(minute), 1, 'waits begin anew');
    await store.endpoints.remove('may-1');
    assert.equal(await again(60 * minute), 0);
    assert.equal((await store.deviceStates.get('may-1'))?.pushDueAt, undefined);
  });

  it('are told soon when they are set otherwise, once for several changes, if they take their settings from us', async () => {
    const memory = new PushMemory(store, clock);
    const plain = { given: [], networks: [], refusals: 0 };
    await store.deviceStates.insert({ id: 'may-2', ...plain, provenAt: new Date(now), provenBy: 'key' });
    await store.deviceStates.insert({ id: 'may-3', ...plain });
    await memory.changed(['may-2', 'may-3', 'unheard-of']);
    assert.deepEqual(await memory.due(), []);
    now += 3_000;
    await memory.changed(['may-2']);
    now += 3_000;
    assert.deepEqual(await memory.due(), [], 'it is still being changed');
    now += 3_000;
    assert.deepEqual(await memory.due(), ['may-2']);
    await memory.told('may-2', 'accepted');
    assert.deepEqual(await memory.due(), []);
  });

  it('certificates are remembered from the first time until forgotten', async () => {
    const memory = new PushMemory(store, clock);
    assert.equal(await memory.certificateOf('codec'), undefined);
    await memory.pin('codec', 'AA:BB');
    assert.equal(await memory.certificateOf('codec'), 'AA:BB');
    await memory.forgetCertificate('codec');
    assert.equal(await memory.certificateOf('codec'), undefined);
  });
});
