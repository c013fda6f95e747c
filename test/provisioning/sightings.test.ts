import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { pino } from 'pino';
import { systemClock } from '../../platform/clock.ts';
import { Sightings } from '../../provisioning/sightings.ts';
import { openStore, type Store } from '../../store/store.ts';
import { startMongod, type TestMongod } from '../store/mongod.ts';

describe('devices in the store', function () {
  this.timeout(60_000);
  let folder: string;
  let mongod: TestMongod;
  let store: Store;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'diemcau-sightings-'));
    mongod = await startMongod(folder);
    store = await openStore(mongod.url, systemClock);
  });
  after(async () => {
    await store.close();
    await mongod.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('no two endpoints have one MAC address, and many have none', async () => {
    const endpoint = (id: string, mac?: string) => ({
      id,
      name: id,
      kind: 'sip' as const,
      digest: 'MD5' as const,
      srtp: 'off' as const,
      maxContacts: 5,
      enabled: true,
      ...(mac === undefined ? {} : { device: { model: 'SIP-T46S', mac, overrides: {} } }),
    });
    await store.endpoints.insert(endpoint('a'));
    await store.endpoints.insert(endpoint('b'));
    await store.endpoints.insert(endpoint('c', '001565000001'));
    await store.endpoints.insert(endpoint('d', '001565000002'));
    await assert.rejects(store.endpoints.insert(endpoint('e', '001565000001')), /E11000|duplicate/);
    assert.equal((await store.endpoints.first({ 'device.mac': '001565000002' }))?.id, 'd');
  });

  it('a device that is not known is kept once and counted', async () => {
    const sightings = new Sightings(store, systemClock, pino({ level: 'silent' }));
    const mac = '805ec0000001';
    const told: number[] = [];
    sightings.on('discovered', (count) => told.push(count));
    sightings.note({ seen: 'pnp', mac, source: '127.0.0.2', vendor: 'Yealink' });
    sightings.note({ seen: 'pnp', mac, source: '127.0.0.3', userAgent: 'x'.repeat(1000) });
    await sightings.flush();
    sightings.note({ seen: 'pnp', mac, source: '127.0.0.4' });
    sightings.note({ seen: 'register', name: '101', source: '127.0.0.4' });
    await sightings.flush();
    const kept = await store.unknownDevices.find({}, { sort: { seen: 1 } });
    assert.deepEqual(
      kept.map(({ count, seen, source, userAgent }) => [seen, source, count, userAgent?.length]),
      [
        ['pnp', '127.0.0.4', 3, 256],
        ['register', '127.0.0.4', 1, undefined],
      ],
    );
    sightings.note({ seen: 'pnp', mac, source: '127.0.0.5' });
    await sightings.flush();
    assert.deepEqual(told, [1, 1], 'what is seen again is no news');
  });

  it('a flood of them fills neither memory nor store', async () => {
    const sightings = new Sightings(store, systemClock, pino({ level: 'silent' }));
    for (let round = 0; round < 6; round++) {
      for (let n = 0; n < 5_000; n++) sightings.note({ seen: 'file', source: '127.0.0.9', name: `${round}-${n}` });
      await sightings.flush();
    }
    assert.equal(await store.unknownDevices.count(), 1_000);
  });
});
