import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { type House, openHouse } from './house.ts';

describe('API: what cannot be is refused with a sentence', function () {
  this.timeout(60_000);
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house?.close());

  interface Refusal {
    code: string;
    message: string;
    field?: string;
  }
  const refused = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await house.ask(method, path, body, { headers });
    return { status: answer.status, ...(answer.body.error as Refusal) };
  };
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await house.ask('POST', path, body);
    assert.equal(answer.status, 201, answer.text);
    return String(answer.body.id);
  };

  const misfits: [name: string, path: string, body: unknown, field: string, message: RegExp][] = [
    ['nothing sent', '/sites', {}, 'name', /^Còn thiếu; hãy điền/],
    ['another kind', '/sites', { name: 7 }, 'name', /^Phải là chữ/],
    ['no choice of ours', '/sites', { name: 'a', kind: 'x' }, 'kind', /commune, province, central, other/],
    ['an unknown field', '/sites', { name: 'a', nam: 'b' }, 'nam', /Không có mục “nam”/],
    ['too long', '/sites', { name: 'a'.repeat(201) }, 'name', /nhiều nhất 200/],
    [
      'deep inside',
      '/sites',
      { name: 'a', uplink: { protocol: 'sip', address: '' } },
      'uplink.address',
      /để trống; hãy điền/,
    ],
    ['no time', '/sessions', { title: 'a', plannedStart: 'mai' }, 'plannedStart', /2026-05-13/],
    [
      'end before start',
      '/sessions',
      { title: 'a', plannedStart: '2026-05-13T08:00:00Z', plannedEnd: '2026-05-13T07:00:00Z' },
      'plannedEnd',
      /sau giờ bắt đầu/,
    ],
    [
      'nobody there',
      '/sessions',
      { title: 'a', participants: [{ kind: 'endpoint', endpointId: 'x' }] },
      'participants.0.endpointId',
      /không có/,
    ],
    ['no log-in name', '/endpoints', { name: 'a', kind: 'sip' }, 'username', /tên đăng nhập/],
    ['no address', '/endpoints', { name: 'a', kind: 'h323-address' }, 'address', /địa chỉ/],
    [
      'nothing that proves it',
      '/endpoints',
      { name: 'a', kind: 'h323', username: 'q' },
      'secret',
      /mật khẩu, hoặc địa chỉ/,
    ],
    [
      'no address range',
      '/endpoints',
      { name: 'a', kind: 'h323', username: 'q', address: 'codec.local' },
      'address',
      /codec\.local/,
    ],
    [
      'a gatekeeper for SIP',
      '/sites',
      { name: 'a', uplink: { protocol: 'sip', address: 'sip:1@b', gatekeeper: { host: '192.0.2.1' } } },
      'uplink.gatekeeper',
      /H\.323/,
    ],
    [
      'no name at the gatekeeper',
      '/sites',
      { name: 'a', uplink: { protocol: 'h323', address: '7000', gatekeeper: { host: '192.0.2.1' } } },
      'uplink.username',
      /cần có tên/,
    ],
    ['no such site', '/endpoints', { name: 'a', kind: 'sip', username: 'q', siteId: 'x' }, 'siteId', /không có/],
    [
      'no IP address',
      '/trunks',
      { name: 'a', host: 'h', addresses: ['10.0.0.0/33'] },
      'addresses.0',
      /10\.0\.0\.0\/33/,
    ],
    [
      'no regular expression',
      '/dial-plan/rules',
      { name: 'a', pattern: { type: 'regex', value: '(' }, destination: { kind: 'test' } },
      'pattern.value',
      /biểu thức/,
    ],
    [
      'no such capture',
      '/dial-plan/rules',
      { name: 'a', pattern: { type: 'exact', value: '1' }, transform: '$1', destination: { kind: 'test' } },
      'transform',
      /1/,
    ],
    [
      'no such time zone',
      '/dial-plan/rules',
      {
        name: 'a',
        pattern: { type: 'exact', value: '1' },
        window: { from: '07:00', to: '08:00', timeZone: 'Mars/X' },
        destination: { kind: 'test' },
      },
      'window.timeZone',
      /Mars\/X/,
    ],
    [
      'a short password',
      '/users',
      { username: 'a', name: 'a', role: 'viewer', password: '1234567' },
      'password',
      /ít nhất 8/,
    ],
  ];
  for (const [name, path, body, field, message] of misfits) {
    it(`${name}: ${path}`, async () => {
      const refusal = await refused('POST', path, body);
      assert.equal(refusal.status, 400);
      assert.equal(refusal.field, field);
      assert.match(refusal.message, message);
    });
  }

  it('speaks English to who asks for it without being known, and the language of who is', async () => {
    const options = (language: string) => ({ token: '', headers: { 'accept-language': language } });
    const english = await house.ask('GET', '/me', undefined, options('fr, en-GB;q=0.8, vi;q=0.5'));
    assert.equal((english.body.error as Refusal).message, 'Please log in.');
    const vietnamese = await house.ask('GET', '/me', undefined, options('en;q=0.1, vi'));
    assert.equal((vietnamese.body.error as Refusal).message, 'Vui lòng đăng nhập.');
    await house.ask('PATCH', '/me', { language: 'en' });
    assert.equal((await refused('POST', '/sites', {})).message, 'Missing; please fill it in.');
    await house.ask('PATCH', '/me', { language: 'vi' });
  });

  it('numbers, names and rooms are taken once', async () => {
    const first = { name: 'Codec A', kind: 'sip', number: '201', username: 'a201' };
    const device = await made('/endpoints', first);
    assert.equal((await refused('POST', '/endpoints', { ...first, username: 'b' })).code, 'number-taken');
    assert.equal((await refused('POST', '/endpoints', { ...first, number: '202' })).code, 'username-taken');
    await made('/endpoints', { ...first, number: '203', username: 'a203' });
    assert.equal((await refused('PATCH', `/endpoints/${device}`, { number: '203' })).code, 'number-taken');
    const session = await made('/sessions', { title: 'Phiên', room: '5001' });
    const taken = await refused('POST', '/sessions', { title: 'Khác', room: '5001' });
    assert.deepEqual([taken.status, taken.code, taken.field], [409, 'room-taken', 'room']);
    assert.match(taken.message, /“Phiên”/);
    assert.equal((await refused('POST', '/sessions', { title: 'Khác', room: '201' })).code, 'number-taken');
    assert.equal(
      (await refused('POST', '/endpoints', { ...first, username: 'c', number: '5001' })).code,
      'number-taken',
    );
    await house.ask('POST', `/sessions/${session}/cancel`, {});
    await made('/sessions', { title: 'Khác', room: '5001' });
  });

  it('two who make the same at once: one gets it', async () => {
    const same = { title: 'Cùng lúc', room: '5555' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => house.ask('POST', '/sessions', same)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409]);
  });

  it('what is used stays', async () => {
    const site = await made('/sites', { name: 'Xã', uplink: { protocol: 'sip', address: 'sip:1@192.0.2.1' } });
    const device = await made('/endpoints', { name: 'Máy', kind: 'sip', username: 'may', siteId: site });
    assert.equal((await refused('DELETE', `/sites/${site}`, undefined)).code, 'in-use');
    const rule = await made('/dial-plan/rules', {
      name: 'Đến máy',
      pattern: { type: 'exact', value: '9' },
      destination: { kind: 'device', endpointId: device },
    });
    assert.match((await refused('DELETE', `/endpoints/${device}`, undefined)).message, /Đến máy/);
    await house.ask('DELETE', `/dial-plan/rules/${rule}`);
    const session = await made('/sessions', {
      title: 'Với máy',
      participants: [{ kind: 'endpoint', endpointId: device }],
    });
    assert.match((await refused('DELETE', `/endpoints/${device}`, undefined)).message, /Với máy/);
    await house.ask('DELETE', `/sessions/${session}`);
    assert.equal((await house.ask('DELETE', `/endpoints/${device}`)).status, 204);
    assert.equal((await house.ask('DELETE', `/sites/${site}`)).status, 204);
  });

  it('who changes what somebody else just changed is told', async () => {
    const site = await made('/sites', { name: 'Cũ' });
    const read = await house.ask('GET', `/sites/${site}`);
    const etag = String(read.headers.get('etag'));
    const unchanged = await house.ask('GET', `/sites/${site}`, undefined, { headers: { 'if-none-match': etag } });
    assert.equal(unchanged.status, 304);
    const first = await house.ask('PATCH', `/sites/${site}`, { name: 'Mới' }, { headers: { 'if-match': etag } });
    assert.equal(first.status, 200);
    assert.equal((await refused('PATCH', `/sites/${site}`, { name: 'Khác' }, { 'if-match': etag })).status, 412);
    assert.equal(
      (await refused('DELETE', `/sites/${site}`, undefined, { 'if-match': etag })).code,
      'changed-meanwhile',
    );
    const fresh = { 'if-match': String(first.headers.get('etag')) };
    assert.equal((await house.ask('DELETE', `/sites/${site}`, undefined, { headers: fresh })).status, 204);
  });

  it('a call repeated with its key is made once', async () => {
    const session = await made('/sessions', { title: 'Gọi' });
    assert.equal(
      (await refused('POST', `/sessions/${session}/calls`, { kind: 'phone', number: '1' })).code,
      'session.not-open',
    );
    await house.ask('POST', `/sessions/${session}/start`);
    const headers = { 'idempotency-key': 'k1' };
    const call = (number: string) =>
      house.ask('POST', `/sessions/${session}/calls`, { kind: 'phone', number }, { headers });
    const [one, two] = await Promise.all([call('0911'), call('0911')]);
    assert.deepEqual([one.status, one.body.id], [201, two.body.id]);
    assert.equal(await house.store.legs.count({ sessionId: session }), 1);
    assert.equal((await call('0912')).status, 422);
  });

  it('what is no JSON, too much, or no method of ours', async () => {
    const send = (init: RequestInit, path = '/sites') =>
      fetch(`${house.url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${house.tokens.admin}`, 'content-type': 'application/json', ...init.headers },
      });
    const codeOf = async (response: Response) => ((await response.json()) as { error: Refusal }).error.code;
    assert.equal(await codeOf(await send({ method: 'POST', body: '{' })), 'broken-json');
    assert.equal(
      await codeOf(await send({ method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } })),
      'not-json',
    );
    const large = await send({ method: 'POST', body: JSON.stringify({ name: 'x'.repeat(300_000) }) });
    assert.deepEqual([large.status, await codeOf(large)], [413, 'body-too-large']);
    const put = await send({ method: 'PUT', body: '{}' });
    assert.deepEqual([put.status, put.headers.get('allow')?.includes('POST')], [405, true]);
    assert.equal((await send({ method: 'GET' }, '/nowhere')).status, 404);
    const page = await fetch(new URL('/', house.url));
    assert.equal(page.status, 404);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  });

  it('each change stands in the log with who, what, before and after', async () => {
    const secret = 'rat-bi-mat';
    const trunk = await made('/trunks', { name: 'VNPT', host: 'sip.example', secret });
    await house.ask('PATCH', `/trunks/${trunk}`, { name: 'VNPT 2', secret: `${secret}-2` });
    await house.ask('DELETE', `/trunks/${trunk}`);
    const entries = (await house.log.find({ event: 'api.change' })).filter(({ detail }) => detail.id === trunk);
    assert.deepEqual(
      entries.map(({ detail }) => detail.action),
      ['create', 'change', 'remove'],
    );
    assert.deepEqual([entries[1]?.detail.before, entries[1]?.detail.after], [{ name: 'VNPT' }, { name: 'VNPT 2' }]);
    assert.deepEqual([entries[1]?.actor.name, entries[1]?.address], ['admin', '127.0.0.1']);
    assert.ok(!JSON.stringify(entries).includes(secret));
  });
});
