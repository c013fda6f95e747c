import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../../store/store.ts';
import { fileForm } from './casework.ts';
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
  await api.good('PUT', `/endpoints/${device.body.id}/device/admin-password`, { password: 'mat-khau-cua-may' });
  await api.good('DELETE', `/endpoints/${device.body.id}/device/certificate`);
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

interface ImportReport {
  applied: boolean;
  token?: string;
  create: number;
  change: number;
  same: number;
  rows: { row: number; action: string; changes?: { field: string; before: string; after: string }[] }[];
  problems: { row: number; column?: string; code: string; text: string }[];
}

const sheetForm = (content: Buffer | string): FormData => fileForm('may.csv', content);

/** Devices by the sheet: looked at, done, changed, exported; all or nothing. */
export async function tryBulk(api: Contract, store: Store): Promise<void> {
  const look = async (text: Buffer | string, token?: string) => {
    const query = token === undefined ? '' : `?token=${token}`;
    return (await api.good('POST', `/endpoints/import${query}`, sheetForm(text))).body as unknown as ImportReport;
  };
  const site = await api.good('POST', '/sites', { name: 'Xã Tả Phìn' });
  const before = await store.endpoints.count();

  const wrong = await look(
    [
      'Tên,Số máy,Điểm cầu,Mẫu máy,MAC,Loại',
      'Máy A,9101,Xã Tả Phìn,GXP1760,00:0b:82:10:00:01,',
      'Máy B,9101,Xã Nào Đó,GXP1760,00:0b:82:10:00:02,',
      'Máy C,9103,,,,Địa chỉ SIP',
      `${'x'.repeat(250)},9104,,,,`,
    ].join('\n'),
  );
  assert.equal(wrong.token, undefined);
  assert.deepEqual(
    wrong.problems.map(({ code, column, row }) => [row, column, code]),
    [
      [3, 'Số máy', 'import.twice'],
      [3, 'Điểm cầu', 'import.site-unknown'],
      [4, undefined, 'address-needed'],
      [5, 'Tên', 'invalid'],
    ],
  );
  assert.match(wrong.problems[3]?.text ?? '', /^Quá dài: nhiều nhất 200/);
  assert.equal(await store.endpoints.count(), before, 'looking changes nothing');

  const right = [
    'Name;Number;Site;Model;MAC;Password',
    'Máy A;9101;xa ta phin;GXP1760;00-0b-82-10-00-01;',
    'Máy B;9102;Xã Tả Phìn;GXP1782;000b82100002;mat-khau-b',
  ].join('\r\n');
  const looked = await look(right);
  assert.deepEqual([looked.create, looked.change, looked.problems.length], [2, 0, 0]);
  const token = looked.token ?? '';
  const other = await api.ask('POST', `/endpoints/import?token=${token}`, sheetForm(right.replace('9102', '9109')));
  assert.equal((other.body.error as { code: string }).code, 'import.not-what-was-looked-at');
  assert.equal((await look(right, token)).applied, true);
  const [a] = await store.endpoints.find({ number: '9101' });
  assert.deepEqual(
    [a?.name, a?.siteId, a?.username, a?.kind, a?.device?.mac, a?.secret !== undefined],
    ['Máy A', site.body.id, '9101', 'sip', '000b82100001', true],
  );
  const double = await look('Tên,Mẫu máy,MAC\nMáy khác,GXP1760,000b82100001');
  assert.deepEqual(
    double.problems.map(({ code, column }) => [code, column]),
    [['mac-taken', 'MAC']],
  );
  const again = await api.ask('POST', `/endpoints/import?token=${token}`, sheetForm(right));
  assert.equal(again.status, 409, 'the same sheet once more is no longer what was looked at');

  const sheet = await api.good('GET', `/endpoints/export?format=csv&siteId=${site.body.id}`);
  assert.match(sheet.text, /^\ufeffMã,Tên,Số máy/);
  assert.ok(!sheet.text.includes('mat-khau-b') && !sheet.text.includes('s1.'));
  const unchanged = await look(sheet.text);
  assert.deepEqual([unchanged.create, unchanged.change, unchanged.same], [0, 0, 2]);
  const edited = sheet.text.replace('Máy A', 'Máy A mới').replace(/,Có\r\n/, ',Không\r\n');
  const change = await look(edited);
  assert.deepEqual(
    change.rows.map(({ action, changes }) => [action, changes?.map(({ field }) => field)]),
    [
      ['change', ['name', 'enabled']],
      ['same', undefined],
    ],
  );
  // Somebody changes the device between looking and doing.
  await api.good('PATCH', `/endpoints/${a?.id}`, { number: '9105' });
  const stale = await api.ask('POST', `/endpoints/import?token=${change.token}`, sheetForm(edited));
  assert.equal(stale.status, 409);
  const fresh = await look(edited);
  assert.equal((await look(edited, fresh.token)).applied, true);
  const changed = await store.endpoints.get(a?.id ?? '');
  assert.deepEqual([changed?.name, changed?.enabled, changed?.number], ['Máy A mới', false, '9101']);

  const excel = await api.good('GET', '/endpoints/export?empty=true');
  assert.match(excel.headers.get('content-type') ?? '', /spreadsheetml/);
  const huge = await api.ask('POST', '/endpoints/import', sheetForm(Buffer.alloc(3 * 1024 * 1024, 'x')));
  assert.equal(huge.status, 413);
  const noSheet = await api.ask('POST', '/endpoints/import', sheetForm('Tên\n'));
  assert.equal((noSheet.body.error as { code: string }).code, 'import.empty');

  const labels = await api.good('POST', '/endpoints/labels', { siteId: site.body.id });
  assert.match(labels.text, /^%PDF-/);
  assert.equal((await api.ask('POST', '/endpoints/labels', { ids: ['none'] })).status, 400);
  for (const { id } of await store.endpoints.find({ siteId: site.body.id }))
    await api.good('DELETE', `/endpoints/${id}`);
  await api.good('DELETE', `/sites/${site.body.id}`);
}

/** The hardware behind an endpoint: what is made for it, windows, keys, settings of models and sites. */
export async function tryHardware(api: Contract, store: Store): Promise<void> {
  const site = await api.good('POST', '/sites', { name: 'Điểm cầu có thiết bị' });
  const mac = '001565fedc01';
  const hardware = { model: 'SIP-T46S', mac, overrides: { autoAnswer: 'on' } };
  const sent = { name: 'Máy bàn', kind: 'sip', siteId: site.body.id, device: hardware };
  const made = await api.good('POST', '/endpoints', sent);
  assert.deepEqual([made.body.username, made.body.hasSecret], [mac, true]);
  const id = String(made.body.id);
  assert.equal(codeOf(await api.ask('POST', '/endpoints', { ...sent, name: 'Khác', username: 'x' })), 'mac-taken');
  const h323 = { ...sent, kind: 'h323', device: { ...hardware, mac: '001565fedc02' } };
  assert.equal(codeOf(await api.ask('POST', '/endpoints', h323)), 'device-not-for-model');
  const secret = { device: { ...hardware, overrides: { adminPassword: 'x' } } };
  assert.equal(codeOf(await api.ask('PATCH', `/endpoints/${id}`, secret)), 'override-secret');
  const odd = { device: { ...hardware, overrides: { codecs: ['MP3'] } } };
  assert.equal((await api.ask('PATCH', `/endpoints/${id}`, odd)).status, 400);

  const device = await api.good('GET', `/endpoints/${id}/device`);
  assert.deepEqual([device.body.vendor, device.body.upToDate, device.body.refusals], ['Yealink', false, 0]);
  assert.deepEqual(
    (device.body.files as { file: string }[]).map(({ file }) => file),
    [`${mac}.boot`, `${mac}.cfg`],
  );
  const shown = await api.good('POST', `/endpoints/${id}/device/reveal`);
  assert.equal(shown.body.url, `http://192.0.2.10:8081/p/${shown.body.password}/`);
  const sealed = await store.deviceSecrets.get(id);
  assert.ok(sealed !== undefined && !JSON.stringify(sealed).includes(String(shown.body.password)));
  await api.good('POST', `/endpoints/${id}/device/key`, { graceHours: 0 });
  const renewed = await api.good('POST', `/endpoints/${id}/device/reveal`);
  assert.notEqual(renewed.body.password, shown.body.password);
  assert.equal(renewed.body.adminPassword, shown.body.adminPassword);
  const trusted = await api.good('POST', `/endpoints/${id}/device/networks`, { network: '10.9.8.0/24' });
  assert.deepEqual(trusted.body.networks, ['10.9.8.0/24']);

  const before = (device.body.files as { version: string }[])[1]?.version;
  const path = '/provisioning/overrides';
  await api.good('PUT', `${path}/site/${site.body.id}`, { overrides: { ntpServer: '10.0.0.1' } });
  await api.good('PUT', `${path}/model/sip-t46s`, { overrides: { ntpServer: '10.0.0.2', autoAnswer: 'off' } });
  assert.equal((await api.good('GET', path)).body.total, 2);
  const after = await api.good('GET', `/endpoints/${id}/device`);
  assert.notEqual((after.body.files as { version: string }[])[1]?.version, before);
  assert.equal(codeOf(await api.ask('PUT', `${path}/model/X`, { overrides: {} })), 'model-unknown');
  assert.equal((await api.ask('PUT', `${path}/model/SIP-T46S`, { overrides: { nothing: 1 } })).status, 400);
  const settings = async (query: string) => {
    const { items } = (await api.good('GET', `/provisioning/settings${query}`)).body;
    const named = new Map((items as { name: string }[]).map((one) => [one.name, one]));
    return (name: string) => named.get(name);
  };
  assert.deepEqual((await settings(''))('dtmf'), {
    name: 'dtmf',
    kind: 'choice',
    choices: ['rfc4733', 'info', 'inband'],
  });
  const own = await settings(`?endpointId=${id}`);
  const said = (name: string) => {
    const { value, origin } = own(name) as { value?: unknown; origin?: string };
    return [value, origin];
  };
  assert.deepEqual(said('ntpServer'), ['10.0.0.1', 'site'], 'the site counts more than the model');
  assert.deepEqual(said('autoAnswer'), ['on', 'device'], 'one device counts most');
  assert.deepEqual(said('dtmf'), ['rfc4733', 'template']);
  assert.deepEqual(said('h323.gatekeeper'), [undefined, undefined]);
  await api.good('DELETE', `${path}/site/${site.body.id}`);
  await api.good('DELETE', `${path}/model/SIP-T46S`);

  const window = await api.good('POST', '/provisioning/windows', { siteId: site.body.id, minutes: 5, most: 3 });
  assert.equal((await api.ask('POST', '/provisioning/windows', { minutes: 5 })).status, 400);
  assert.equal((await api.good('GET', '/provisioning/windows')).body.total, 1);
  await api.good('DELETE', `/provisioning/windows/${window.body.id}`);
  assert.equal((await api.good('GET', '/provisioning/blocks')).body.total, 0);
  assert.equal((await api.ask('POST', '/provisioning/blocks/lift', { source: '10.0.0.1' })).status, 404);
  api.met.add('POST /provisioning/blocks/lift');
  await tryFirmware(api);
  const call = await api.good('POST', `/endpoints/${id}/test-call`);
  assert.equal(call.status, 202);
  assert.equal((await api.good('GET', `/endpoints/${id}/test-calls`)).body.total, 1);
  await api.good('DELETE', `/endpoints/${id}`);
  assert.equal(await store.deviceSecrets.get(id), undefined);
  await api.good('DELETE', `/sites/${site.body.id}`);
}

const codeOf = (answer: Answer) => (answer.body.error as { code: string; field?: string }).code;

/** A file is kept when it is what the vendor published, listed, not exchanged, and removed with its line. */
async function tryFirmware(api: Contract): Promise<void> {
  const path = '/provisioning/firmware';
  assert.equal((await api.good('GET', path)).body.total, 0);
  const content = 'firmware of a phone';
  const sum = createHash('sha256').update(content).digest('hex');
  const send = (name: string, query = '') => api.ask('POST', path + query, fileForm(name, content));
  assert.equal(codeOf(await send('T46S.rom', `?sha256=${'0'.repeat(64)}`)), 'firmware.hash');
  assert.equal(codeOf(await send('SHA256SUMS')), 'firmware.name');
  assert.equal(codeOf(await send('tệp.rom')), 'firmware.name');
  const kept = await api.good('POST', `${path}?sha256=${sum.toUpperCase()}`, fileForm('../T46S 86.rom', content));
  assert.equal(kept.status, 201);
  assert.deepEqual(kept.body, {
    name: 'T46S 86.rom',
    size: content.length,
    sha256: sum,
    expected: sum,
    state: 'good',
    path: 'firmware/T46S%2086.rom',
  });
  assert.equal(codeOf(await send('T46S 86.rom')), 'firmware.exists');
  assert.equal(codeOf(await api.ask('POST', path, fileForm('big.rom', 'x'.repeat(1_100_000)))), 'body-too-large');
  await api.good('POST', path, fileForm('second.rom', content));
  const listed = (await api.good('GET', path)).body.items as { name: string; state: string }[];
  assert.deepEqual(
    listed.map(({ name, state }) => [name, state]),
    [
      ['T46S 86.rom', 'good'],
      ['second.rom', 'good'],
    ],
  );
  await api.good('DELETE', `${path}/T46S%2086.rom`);
  assert.equal((await api.ask('DELETE', `${path}/T46S%2086.rom`)).status, 404);
  assert.equal((await api.ask('DELETE', `${path}/..%2fkeys`)).status, 404);
  await api.good('DELETE', `${path}/second.rom`);
  assert.equal((await api.good('GET', path)).body.total, 0);
}
