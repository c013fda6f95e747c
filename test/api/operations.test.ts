import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { randomIds } from '../../platform/ids.ts';
import { tellCases, tellPlans, tellReports } from './casework.ts';
import { Contract } from './contract.ts';
import { adminPassword, type House, openHouse } from './house.ts';
import { tryBulk, tryDiscovered, tryHardware, tryNetworkCheck, trySync } from './provisioning-operations.ts';
import { tellUpkeep } from './upkeep.ts';

/** Asked by POST because the question is long: nothing is changed. */
const onlyLook = new Set([
  'POST /dial-plan/test',
  'POST /endpoints/labels',
  'POST /log/verify',
  'POST /provisioning/preview',
  'POST /provisioning/sheet.html',
  'POST /provisioning/sheet.pdf',
  'POST /sessions/clashes',
  // The gateway writes down its test calls; here is none.
  'POST /endpoints/{id}/test-call',
]);
/** Nothing that is read tells their state. */
const unread = new Set([
  'PUT /endpoints/{id}/device/admin-password',
  'DELETE /endpoints/{id}/device/certificate',
  'DELETE /backups/{name}',
]);
/** What calls, records, or is heard. */
const calling = [
  'POST /endpoints/{id}/test-call',
  'POST /sessions/{id}/start',
  'POST /sessions/{id}/end',
  'POST /sessions/{id}/calls',
  'POST /sessions/{id}/rehearsals',
  'POST /sessions/{id}/announcements',
  'POST /sessions/{id}/legs/{leg}/digits',
  'PUT /sessions/{id}/recording',
  'POST /recordings/{id}/finish',
  'POST /provisioning/sync',
];

describe('API: every operation does what its description says', function () {
  this.timeout(60_000);
  let house: House;
  let api: Contract;
  before(async () => {
    house = await openHouse();
    api = await Contract.of(house);
  });
  after(() => house?.close());

  const made = async (path: string, body: object): Promise<string> => {
    const answer = await api.good('POST', path, body);
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get('location'), `/api/v1${path}/${answer.body.id}`);
    return String(answer.body.id);
  };

  it('sites, devices and lines', async () => {
    const uplink = { protocol: 'sip', address: 'sip:7000@198.51.100.2', menuCode: '1,2#', secret: 'bí mật' };
    const site = await made('/sites', { name: 'Ban Tiếp công dân tỉnh', kind: 'province', uplink });
    const shown = await api.good('GET', `/sites/${site}`);
    assert.deepEqual(shown.body.uplink, {
      protocol: 'sip',
      address: 'sip:7000@198.51.100.2',
      menuCode: '1,2#',
      join: 'cascade',
      hasSecret: true,
    });
    const kept = await house.store.sites.get(site);
    assert.ok(kept?.uplink?.secret !== undefined && !kept.uplink.secret.includes('bí mật'), 'the secret is sealed');
    const moved = { protocol: 'sip', address: 'sip:7001@198.51.100.2' };
    await api.good('PATCH', `/sites/${site}`, { note: 'Tầng 2', uplink: moved });
    assert.equal((await house.store.sites.get(site))?.uplink?.secret, kept.uplink.secret, 'the secret stays');
    await api.good('PATCH', `/sites/${site}`, { note: null, uplink: { ...moved, secret: null } });
    const bare = await api.good('GET', `/sites/${site}`);
    assert.equal((bare.body.uplink as { hasSecret: boolean }).hasSecret, false);
    assert.equal('note' in bare.body, false);
    assert.equal((await api.good('GET', '/sites?kind=province&sort=-name&limit=1')).body.total, 1);

    const endpoint = {
      name: 'Codec phòng họp',
      siteId: site,
      kind: 'sip',
      number: '101',
      username: 'codec',
      secret: 'x1',
    };
    const device = await made('/endpoints', endpoint);
    assert.equal((await api.good('GET', `/endpoints/${device}`)).body.hasSecret, true);
    await api.good('PATCH', `/endpoints/${device}`, { name: 'Codec', maxContacts: 2 });
    assert.equal((await api.good('GET', `/endpoints?siteId=${site}&enabled=true`)).body.total, 1);
    const trunk = await made('/trunks', { name: 'Viettel', host: '203.0.113.5', addresses: ['203.0.113.0/24'] });
    await api.good('GET', `/trunks/${trunk}`);
    await api.good('PATCH', `/trunks/${trunk}`, { callerId: '02043888888' });
    await api.good('GET', '/trunks');
    await house.store.registrations.insert({
      id: randomIds(),
      endpointId: device,
      protocol: 'sip',
      contact: 'sip:codec@192.0.2.4:5060',
      source: '192.0.2.4:5060',
      transport: 'udp',
      aliases: [],
      expiresAt: new Date(Date.now() + 60_000),
    });
    assert.equal((await api.good('GET', `/registrations?endpointId=${device}`)).body.total, 1);
    for (const path of [`/endpoints/${device}`, `/trunks/${trunk}`, `/sites/${site}`]) await api.good('DELETE', path);
    assert.equal((await api.ask('GET', `/sites/${site}`)).status, 404);
  });

  it('the dial plan and its test', async () => {
    const rule = await made('/dial-plan/rules', {
      name: 'Tỉnh',
      pattern: { type: 'regex', value: '^0(\\d+)$' },
      transform: '$1',
      window: { from: '07:30', to: '17:00' },
      destination: { kind: 'test' },
    });
    await api.good('GET', `/dial-plan/rules/${rule}`);
    await api.good('PATCH', `/dial-plan/rules/${rule}`, { enabled: false });
    assert.equal((await api.good('GET', '/dial-plan/rules?enabled=false')).body.total, 1);
    const decision = await api.good('POST', '/dial-plan/test', { called: '100', at: '2026-05-13T08:00:00+07:00' });
    assert.equal(decision.body.number, '100');
    assert.deepEqual(
      (decision.body.steps as { name: string; why: string }[]).map(({ name, why }) => `${name}: ${why}`),
      [
        'Tỉnh: Đang tắt.',
        'Có sẵn: số của phòng họp: Không nơi nào mang số 100.',
        'Có sẵn: số của thiết bị: Không nơi nào mang số 100.',
      ],
    );
    await api.good('PATCH', `/dial-plan/rules/${rule}`, { enabled: true });
    const decided = await api.good('POST', '/dial-plan/test', { called: '0123', at: '2026-05-13T08:00:00+07:00' });
    const [first] = decided.body.steps as { why: string }[];
    assert.equal(first?.why, 'Số 0123 khớp và đổi thành 123. Cuộc gọi tới máy kiểm tra.');
    await made('/endpoints', {
      name: 'Máy bàn',
      kind: 'sip',
      number: '100',
      username: 'may-ban',
      secret: 'bi-mat-100',
    });
    const builtIn = await api.good('POST', '/dial-plan/test', { called: '100' });
    assert.equal((builtIn.body.rule as { name: string }).name, 'Có sẵn: số của thiết bị');
    await api.good('DELETE', `/dial-plan/rules/${rule}`);
  });

  it('a session from plan to end', async () => {
    const session = await made('/sessions', {
      title: 'Phiên tiếp công dân 13/5',
      pin: '2468',
      plannedStart: '2026-05-13T08:00:00+07:00',
      plannedEnd: '2026-05-13T11:30:00+07:00',
    });
    const shown = await api.good('GET', `/sessions/${session}`);
    assert.match(String(shown.body.room), /^\d{4}$/);
    assert.equal(shown.body.plannedStart, '2026-05-13T01:00:00.000Z');
    assert.equal(
      'pin' in (await api.good('GET', `/sessions/${session}`, undefined, { token: house.tokens.viewer })).body,
      false,
    );
    const query = '?state=planned&from=2026-05-13T00:00:00%2B07:00&to=2026-05-14T00:00:00%2B07:00&sort=plannedStart';
    assert.equal((await api.good('GET', `/sessions${query}`)).body.total, 1);
    await api.good('PATCH', `/sessions/${session}`, { title: 'Phiên sáng' });
    assert.equal((await api.good('POST', `/sessions/${session}/start`)).body.state, 'open');
    const called = await api.good('POST', `/sessions/${session}/calls`, { kind: 'phone', number: '0912345678' });
    const leg = String(called.body.id);
    assert.equal((await api.good('GET', `/sessions/${session}/legs?state=calling`)).body.total, 1);
    assert.equal((await api.good('PATCH', `/sessions/${session}/legs/${leg}`, { muted: true })).body.muted, true);
    await api.good('POST', `/sessions/${session}/legs/${leg}/digits`, { digits: '1,2#' });
    assert.ok(house.gateway.asked.includes('digits 1,2#'));
    await api.good('POST', `/sessions/${session}/announcements`, { what: 'pausing' });
    assert.ok(house.gateway.asked.includes('announce pausing'));
    await api.good('DELETE', `/sessions/${session}/legs/${leg}`);

    const waiting = { id: randomIds(), sessionId: '', name: '', number: '0988', muted: false, createdAt: new Date() };
    const caller = { protocol: 'sip', direction: 'in', state: 'lobby', floor: false, alarms: [] } as const;
    house.gateway.waiting = [{ ...waiting, ...caller, alarms: [], updatedAt: new Date() }];
    assert.equal(((await api.good('GET', '/lobby')).body.items as unknown[]).length, 1);
    const admitted = await api.good('PATCH', `/sessions/${session}/legs/${waiting.id}`, { admitted: true });
    assert.equal(admitted.body.sessionId, session);
    assert.equal((await api.good('PUT', `/sessions/${session}/lock`, { on: true })).body.locked, true);
    assert.equal((await api.good('PUT', `/sessions/${session}/recording`, { on: false })).body.record, false);
    await api.good('PATCH', `/sessions/${session}`, { record: true, locked: false });
    assert.ok(house.gateway.asked.includes('record true'));
    await api.good('PATCH', `/sessions/${session}`, { layout: 'grid-2x2', floor: { kind: 'leg', legId: waiting.id } });
    assert.ok(house.gateway.asked.includes('layout grid-2x2') && house.gateway.asked.includes('floor leg'));
    assert.equal((await api.ask('PATCH', `/sessions/${session}`, { layout: 'mosaic' })).status, 400);
    const unknown = { floor: { kind: 'site', siteId: 'nowhere' } };
    const refused = (await api.ask('PATCH', `/sessions/${session}`, unknown)).body.error as { field: string };
    assert.equal(refused.field, 'floor.siteId');
    await api.good('PATCH', `/sessions/${session}/legs/${waiting.id}`, { floor: false });
    assert.equal(house.gateway.asked.at(-1), 'floor automatic');
    await api.good('PATCH', `/sessions/${session}/legs/${waiting.id}`, { floor: true });
    assert.equal(house.gateway.asked.at(-1), 'floor leg');
    assert.equal((await api.good('POST', `/sessions/${session}/end`, { reason: 'xong' })).body.state, 'ended');
    assert.equal((await api.ask('DELETE', `/sessions/${session}`)).status, 409);

    const log = await api.good('GET', `/sessions/${session}/log?order=oldest`);
    const actions = (log.body.items as { detail: { action: string } }[]).map((entry) => entry.detail.action);
    assert.deepEqual(actions, [
      'create',
      'change',
      'start',
      'call',
      'mute',
      'digits',
      'announce',
      'remove',
      'admit',
      'lock',
      'record'.replace('record', 'stop-recording'),
      'change',
      'change',
      'free-floor',
      'fix-floor',
      'end',
    ]);
    assert.ok(!log.text.includes('2468'), 'the PIN is not in the log');

    const other = await made('/sessions', { title: 'Phiên hoãn', room: '8123' });
    assert.equal((await api.good('POST', `/sessions/${other}/cancel`, { reason: 'mưa bão' })).body.state, 'cancelled');
    await api.good('DELETE', `/sessions/${other}`);
  });

  it('cases, their files and notices', () => tellCases(house, api));

  it('plans, clashes and the calendar', () => tellPlans(house, api));

  it('legal hold and retention of a session', async () => {
    const session = await made('/sessions', { title: 'Phiên có khiếu nại' });
    const held = await api.good('PUT', `/sessions/${session}/hold`, { on: true, reason: 'Thanh tra yêu cầu' });
    assert.equal((held.body.hold as { reason: string }).reason, 'Thanh tra yêu cầu');
    const lifted = await api.good('PUT', `/sessions/${session}/hold`, { on: false, reason: 'Đã kết luận' });
    assert.equal(lifted.body.hold, undefined);
    assert.equal((await api.good('PUT', `/sessions/${session}/retention`, { days: 365 })).body.retentionDays, 365);
    assert.equal(
      (await api.good('PUT', `/sessions/${session}/retention`, { days: null })).body.retentionDays,
      undefined,
    );
    const told = await house.log.find({ sessionId: session, event: 'api.change' });
    assert.deepEqual(
      told.map(({ detail }) => detail.action),
      ['create', 'hold', 'lift-hold', 'retention', 'retention'],
    );
  });
  it('reports, whose figures lead to what they count', () => tellReports(house, api));

  it('recordings', async () => {
    const bytes = Buffer.from('RIFF');
    mkdirSync(join(house.dataDir, 'recordings'), { recursive: true });
    writeFileSync(join(house.dataDir, 'recordings', 'a.wav'), bytes);
    const id = randomIds();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await house.store.recordings.insert({
      id,
      sessionId: 's',
      kind: 'room',
      path: 'a.wav',
      format: 'wav',
      state: 'closed',
      parts: [],
      attempts: 0,
      bytes: 4,
      sha256,
      startedAt: new Date(),
    });
    assert.equal((await api.good('GET', '/recordings?sessionId=s&kind=room&state=closed')).body.total, 1);
    const there = await made('/sessions', { title: 'Tiếp công dân về bãi rác' });
    await house.store.recordings.insert({
      ...(await house.store.recordings.get(id))!,
      id: randomIds(),
      sessionId: there,
    });
    const sought = (await api.good('GET', '/recordings?q=bai%20rac')).body.items as { sessionTitle: string }[];
    assert.deepEqual(
      sought.map(({ sessionTitle }) => sessionTitle),
      ['Tiếp công dân về bãi rác'],
    );
    const shown = await api.good('GET', `/recordings/${id}`);
    assert.equal('path' in shown.body, false);
    assert.equal((await api.good('GET', `/recordings/${id}/file`)).text, 'RIFF');
    const closed = { recordingId: id, kind: 'room', sha256, bytes: 4 };
    await house.log.append({ sessionId: 's', event: 'recording.closed', actor: { kind: 'system' }, detail: closed });
    assert.equal((await api.good('POST', `/recordings/${id}/verify`, {})).body.intact, true);
    writeFileSync(join(house.dataDir, 'recordings', 'a.wav'), 'RAFF');
    const verdict = (await api.good('POST', `/recordings/${id}/verify`, {})).body;
    assert.deepEqual([verdict.intact, (verdict.file as { state: string }).state], [false, 'altered']);
    await house.store.recordings.update(id, { state: 'failed', attempts: 12, error: 'no space' });
    assert.equal((await api.good('POST', `/recordings/${id}/finish`, {})).body.state, 'finishing');
  });

  it('people, tokens and the own account', async () => {
    const user = await made('/users', {
      username: 'Lan',
      name: 'Nguyễn Thị Lan',
      role: 'viewer',
      password: 'mat-khau-1',
    });
    const shown = await api.good('GET', `/users/${user}`);
    assert.equal(shown.body.username, 'lan');
    assert.ok(!shown.text.includes('scrypt'));
    await api.good('PATCH', `/users/${user}`, { role: 'operator' });
    assert.equal((await api.good('GET', '/users?role=operator')).body.total, 2);
    const login = await api.good('POST', '/login', { username: 'lan', password: 'mat-khau-1' }, { token: '' });
    const token = String(login.body.token);
    await api.good('GET', '/me', undefined, { token });
    await api.good('PATCH', '/me', { language: 'en' }, { token });
    await api.good('POST', '/me/password', { present: 'mat-khau-1', next: 'mat-khau-2' }, { token });
    const made1 = await api.good('POST', '/tokens', { name: 'giám sát', expiresAt: '2099-01-01T00:00:00Z' }, { token });
    assert.equal((await api.good('GET', '/tokens', undefined, { token: String(made1.body.token) })).body.total, 2);
    await api.good('DELETE', `/tokens/${made1.body.id}`, undefined, { token });
    await api.good('POST', '/logout', undefined, { token });
    assert.equal((await api.ask('GET', '/me', undefined, { token })).status, 401);
    await api.good('DELETE', `/users/${user}`);
  });

  it('models, and the file of a device', async () => {
    const models = (await api.good('GET', '/provisioning/models')).body.items as { model: string }[];
    assert.ok(models.some(({ model }) => model === 'GXP1782'));
    const device = await api.good('POST', '/endpoints', {
      name: 'Lễ tân <1>',
      kind: 'sip',
      username: 'le-tan',
      secret: 'bi-mat-cua-may',
    });
    const question = { endpointId: device.body.id, model: 'GXP1782', mac: '00:0B:82:AA:BB:CC' };
    const plain = await api.good('POST', '/provisioning/preview', question);
    const [file] = plain.body.files as { paths: string[]; text: string }[];
    assert.deepEqual(file?.paths[0], 'cfg000b82aabbcc.xml');
    assert.match(String(file?.text), /<P270>Lễ tân &lt;1&gt;<\/P270>/);
    assert.match(String(file?.text), /<P34>\*{8}<\/P34>/);
    assert.deepEqual(plain.body.differences, []);
    const overrides = {
      model: { account: { transport: 'tcp' }, autoAnswer: 'on' },
      device: { account: { transport: 'tls' } },
    };
    const changed = await api.good('POST', '/provisioning/preview', { ...question, overrides });
    assert.deepEqual(changed.body.differences, [
      { name: 'P47', before: '192.0.2.10:5060', after: '192.0.2.10:5061' },
      { name: 'P130', before: '0', after: '2' },
      { name: 'P90', before: '0', after: '1' },
    ]);
    const unknown = await api.ask('POST', '/provisioning/preview', { ...question, model: 'X' });
    assert.equal(unknown.status, 400);
    const silent = { ...question, overrides: { site: { callRateKbps: 2048 } } };
    const { error } = (await api.ask('POST', '/provisioning/preview', silent)).body as { error: { field: string } };
    assert.equal(error.field, 'overrides.site.callRateKbps');
    const twoLines = { device: { account: { displayName: 'a\naccount.2.enable = 1' } } };
    assert.equal((await api.ask('POST', '/provisioning/preview', { ...question, overrides: twoLines })).status, 400);
    const another = await api.good('POST', '/endpoints', {
      name: 'xa',
      kind: 'sip-address',
      address: 'sip:1@192.0.2.1',
    });
    const notOurs = await api.ask('POST', '/provisioning/preview', { ...question, endpointId: another.body.id });
    assert.equal((notOurs.body.error as { code: string }).code, 'device-not-for-model');
    const codec = await api.good('POST', '/endpoints', {
      name: 'Phòng họp <1>',
      kind: 'h323',
      username: 'phong-hop',
      number: '84210',
      secret: 'bi-mat-cua-may',
    });
    const listed = (await api.good('GET', '/provisioning/sheets')).body.items as { model: string }[];
    assert.ok(listed.some(({ model }) => model === 'HDX 8000'));
    const sheet = { endpointId: codec.body.id, model: 'Polycom HDX 8000' };
    const page = await api.good('POST', '/provisioning/sheet.html', sheet);
    assert.match(page.text, /Phòng họp &lt;1&gt;.*H\.323 Extension \(E\.164\).*84210.*192\.0\.2\.10:1719/s);
    assert.ok(!page.text.includes('bi-mat') && !page.text.includes('hidden'), 'no password is on paper');
    assert.match((await api.good('POST', '/provisioning/sheet.pdf', sheet)).text, /^%PDF-/);
    assert.equal((await api.ask('POST', '/provisioning/sheet.pdf', { ...sheet, model: 'X' })).status, 400);
    assert.equal(
      (await api.ask('POST', '/provisioning/sheet.html', { ...sheet, endpointId: device.body.id })).status,
      400,
    );
    for (const made of [device, another, codec]) await api.good('DELETE', `/endpoints/${made.body.id}`);
  });

  it('devices are told to take their settings', () => trySync(api));
  it('what the network offers', () => tryNetworkCheck(api));
  it('the hardware of devices', () => tryHardware(api, house.store));
  it('devices by the sheet, and their labels', () => tryBulk(api, house.store));
  it('devices that were seen and are not known', () => tryDiscovered(api, house.store));

  it('incidents, until somebody looked', async () => {
    const values = { name: 'Tỉnh', text: '486' };
    const one = { id: randomIds(), code: 'uplink.lost' as const, values, count: 2, lastAt: house.clock.now() };
    await house.store.incidents.insert(one);
    const { items } = (await api.good('GET', '/incidents?seen=false')).body;
    const told = (items as { id: string; text: { vi: string } }[]).find(({ id }) => id === one.id);
    assert.match(told?.text.vi ?? '', /Tỉnh/);
    const ofOther = (await api.good('GET', '/incidents?sessionId=another')).body;
    assert.equal(ofOther.total, 0, 'of one session alone');
    const seen = await api.good('POST', `/incidents/${one.id}/seen`);
    assert.equal(seen.body.seenBy, 'admin');
    const left = (await api.good('GET', '/incidents?seen=false')).body.items as { id: string }[];
    assert.ok(left.every(({ id }) => id !== one.id));
    assert.equal((await api.ask('POST', '/incidents/none/seen')).status, 404);
  });

  it('the log, and its check', async () => {
    const page = await api.good('GET', '/log?limit=3&event=api.change');
    assert.equal((page.body.items as unknown[]).length, 3);
    const older = await api.good('GET', `/log?limit=3&beforeSeq=${page.body.next}`);
    assert.ok((older.body.items as { seq: number }[]).every(({ seq }) => seq < Number(page.body.next)));
    await house.log.flush();
    const verdict = await api.good('POST', '/log/verify');
    assert.equal(verdict.body.sound, true);
    assert.equal(verdict.body.checked, house.log.status().seq);
  });

  it('health, figures, the description and its page', async () => {
    assert.deepEqual((await api.good('GET', '/health', undefined, { token: '' })).body, { status: 'ok' });
    assert.ok('details' in (await api.good('GET', '/health')).body);
    const machine = await api.good('GET', '/system');
    assert.ok(Number((machine.body.disk as { freeBytes: number }).freeBytes) > 0);
    assert.equal((machine.body.versions as { node: string }).node, process.version);
    assert.match((await api.good('GET', '/metrics')).text, /^diemcau_log_entries \d+$/m);
    assert.equal((await api.good('GET', '/openapi.json')).body.openapi, '3.1.0');
    const page = await api.good('GET', '/docs');
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => String(match[1]));
    assert.ok(parts.length >= 4 && parts.every((part) => part.startsWith('docs/')), 'nothing is loaded from elsewhere');
    for (const part of parts) await api.good('GET', `/${part}`);
    assert.equal((await api.ask('GET', '/docs/..%2fpackage.json')).status, 404);
  });

  it('engines, certificate, back-ups, and how recordings are kept', () => tellUpkeep(house, api));

  it('each change stands in the log, with before and after where a thing was changed', () => {
    const silent = [...api.changes].filter(([, { entries }]) => entries.length === 0).map(([name]) => name);
    const looks = api.operations.map(({ name }) => name).filter((name) => onlyLook.has(name));
    assert.deepEqual(silent.sort(), looks.sort());
    for (const [name, { entries }] of api.changes) {
      if (!/^(PUT|PATCH) /.test(name) || unread.has(name)) continue;
      const told = entries.filter(({ event }) => event === 'api.change');
      assert.ok(told.length > 0, name);
      for (const { actor, detail } of told) {
        assert.equal(actor.kind, 'user', name);
        const whole = detail.after !== undefined && (detail.before !== undefined || detail.action === 'create');
        assert.ok(whole, `${name}: ${JSON.stringify(detail)}`);
      }
    }
  });

  it('each change is made on condition of the state that was read, and says so', () => {
    const described = (name: string, header: string): boolean =>
      api.parametersOf(name).some((parameter) => parameter.in === 'header' && parameter.name === header);
    const unconditional = [...api.changes].filter(([, { conditional }]) => !conditional).map(([name]) => name);
    assert.deepEqual(unconditional, []);
    for (const { name } of api.operations.filter(({ method }) => /PUT|PATCH|DELETE/.test(method)))
      assert.equal(described(name, 'If-Match'), !unread.has(name), name);
    assert.deepEqual(
      calling.filter((name) => !described(name, 'Idempotency-Key')),
      [],
    );
  });

  it('leaves no operation untried', () => {
    // The endless answer of the live events has a test of its own.
    const untried = api.operations.map(({ name }) => name).filter((name) => !api.met.has(name));
    assert.deepEqual(untried, ['GET /events']);
    assert.ok(adminPassword.length > 0);
  });
});
