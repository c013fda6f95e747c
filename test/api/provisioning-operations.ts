import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Contract } from './contract.ts';

/* The operations by which devices are found, told, imported and labelled, each held against its description. */

/** Telling devices to take their settings: nobody is registered here, which is told. */
export async function trySync(api: Contract): Promise<void> {
  const site = await api.good('POST', '/sites', { name: 'Điểm cầu để báo' });
  const device = await api.good('POST', '/endpoints', {
    name: 'Máy chưa đăng ký',
    kind: 'sip',
    username: 'chua-dang-ky',
    siteId: site.body.id,
  });
  const told = await api.good('POST', `/endpoints/${device.body.id}/device/sync`);
  assert.deepEqual([told.body.way, told.body.result], ['sip', 'not-registered']);
  assert.equal((await api.ask('POST', '/endpoints/none/device/sync')).status, 404);
  assert.equal((await api.ask('POST', '/provisioning/sync', {})).status, 400);
  const run = await api.good('POST', '/provisioning/sync', { siteId: site.body.id });
  assert.equal(run.status, 202);
  let state = run;
  while (state.body.endedAt === undefined) {
    await pause(20);
    state = await api.good('GET', `/provisioning/sync/${run.body.id}`);
  }
  assert.deepEqual(state.body.results, { 'not-registered': 1 });
  await api.good('DELETE', `/endpoints/${device.body.id}`);
  await api.good('DELETE', `/sites/${site.body.id}`);
}
