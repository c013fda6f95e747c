import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../../store/store.ts';
import type { Contract } from './contract.ts';
import type { Answer } from './house.ts';

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

/** Devices that were seen: shown, entered, dismissed. */
export async function tryDiscovered(api: Contract, store: Store): Promise<void> {
  const lastAt = new Date();
  const seen = { source: '127.0.0.9', count: 3, lastAt, dismissed: false };
  const mac = '000b82aabb99';
  await store.unknownDevices.insert({
    id: `pnp-${mac}`,
    seen: 'pnp',
    mac,
    model: 'GXP1760',
    vendor: 'Grandstream',
    ...seen,
  });
  await store.unknownDevices.insert({ id: `file-${mac}`, seen: 'file', mac, name: `cfg${mac}.xml`, ...seen });
  await store.unknownDevices.insert({ id: 'rrq-a', seen: 'rrq', name: 'codec, 0214', ...seen });
  await store.unknownDevices.insert({ id: 'register-b', seen: 'register', name: '1001', ...seen });
  const ids = (answer: Answer): string[] => (answer.body.items as { id: string }[]).map(({ id }) => id).sort();
  assert.equal((await api.good('GET', '/discovered')).body.total, 4);
  assert.deepEqual(ids(await api.good('GET', '/discovered?seen=rrq')), ['rrq-a']);
  await api.good('DELETE', '/discovered/register-b');
  assert.deepEqual(ids(await api.good('GET', '/discovered?dismissed=true')), ['register-b']);

  const phone = await api.good('POST', `/discovered/pnp-${mac}/adopt`, { name: 'Điện thoại lễ tân', number: '8801' });
  assert.deepEqual(
    [phone.body.kind, phone.body.username, phone.body.hasSecret, phone.body.number],
    ['sip', mac, true, '8801'],
  );
  assert.deepEqual(phone.body.device, { model: 'GXP1760', mac, overrides: {} });
  assert.deepEqual(ids(await api.good('GET', '/discovered')), ['rrq-a'], 'all that was seen of it is gone');
  const codec = await api.good('POST', '/discovered/rrq-a/adopt', { name: 'Máy phòng họp' });
  assert.deepEqual([codec.body.kind, codec.body.username, codec.body.address], ['h323', 'codec', '127.0.0.9']);
  assert.equal((await api.ask('POST', '/discovered/rrq-a/adopt', { name: 'x' })).status, 404);
  await api.ask('DELETE', '/discovered/none');
  for (const made of [phone, codec]) await api.good('DELETE', `/endpoints/${made.body.id}`);
}
