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

/** What the network offers: asked of the loopback alone, where no server is. */
export async function tryNetworkCheck(api: Contract): Promise<void> {
  const path = '/provisioning/network-check';
  const none = await api.ask('POST', path, { interface: 'eth99' });
  assert.equal((none.body.error as { code: string }).code, 'dhcp.no-interface');
  if (process.getuid?.() !== 0) {
    const refused = await api.ask('POST', path, { interface: 'lo' });
    assert.equal((refused.body.error as { code: string }).code, 'dhcp.no-permission');
    api.met.add(`POST ${path}`);
    return;
  }
  const both = await Promise.all([1, 2].map(() => api.ask('POST', path, { interface: 'lo' })));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 503]);
  const { networks } = both.find(({ status }) => status === 200)!.body as {
    networks: { findings: { code: string; text: string }[] }[];
  };
  assert.deepEqual(
    networks[0]?.findings.map(({ code }) => code),
    ['dhcp.no-answer'],
  );
  assert.match(networks[0]?.findings[0]?.text ?? '', /^Không có máy chủ DHCP.*192\.0\.2\.10/);
}
