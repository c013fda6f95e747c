import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { adminPassword, type House, openHouse } from './house.ts';

describe('API: log-in, tokens and cookies', function () {
  this.timeout(60_000);
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house?.close());

  const code = (answer: { body: Record<string, unknown> }) => (answer.body.error as { code: string } | undefined)?.code;
  const logIn = (username: string, password: string) =>
    house.ask('POST', '/login', { username, password }, { token: '' });
  const newUser = async (username: string, role = 'operator') => {
    const password = `${username}-password`;
    const { body } = await house.ask('POST', '/users', { username, name: username, role, password });
    return { id: String(body.id), password, token: String((await logIn(username, password)).body.token) };
  };

  it('slows down who guesses, and tells for how long', async () => {
    const { password } = await newUser('hoa');
    const answers = [];
    for (let guess = 0; guess < 8; guess += 1) answers.push(await logIn('hoa', `guess ${guess}`));
    assert.deepEqual(answers.map(code), [...Array(5).fill('login-failed'), ...Array(3).fill('login-too-many')]);
    assert.equal(answers[7]?.status, 429);
    assert.ok(Number(answers[7]?.headers.get('retry-after')) >= 1);
    assert.equal(code(await logIn('hoa', password)), 'login-too-many', 'the right password waits as well');
    house.clock.aheadMs += 2_000;
    assert.equal((await logIn('hoa', password)).status, 200);
  });

  it('answers an unknown user as a wrong password', async () => {
    const [unknown, wrong] = [await logIn('nobody', 'x'), await logIn('admin', 'x')];
    assert.deepEqual([unknown.status, unknown.text], [wrong.status, wrong.text]);
    await logIn('admin', adminPassword);
  });

  it('a user shut out, or with a new password, is out at once', async () => {
    const binh = await newUser('binh');
    assert.equal((await house.ask('GET', '/me', undefined, { token: binh.token })).status, 200);
    await house.ask('PATCH', `/users/${binh.id}`, { enabled: false });
    assert.equal((await house.ask('GET', '/me', undefined, { token: binh.token })).status, 401);
    assert.equal(code(await logIn('binh', binh.password)), 'login-failed');
    await house.ask('PATCH', `/users/${binh.id}`, { enabled: true });
    assert.equal((await house.ask('GET', '/me', undefined, { token: binh.token })).status, 401);
    const again = String((await logIn('binh', binh.password)).body.token);
    await house.ask('PATCH', `/users/${binh.id}`, { password: 'another-password' });
    assert.equal((await house.ask('GET', '/me', undefined, { token: again })).status, 401);
  });

  it('a log-in ends after twelve hours', async () => {
    const { token } = await newUser('mai');
    house.clock.aheadMs += 11 * 3600_000;
    assert.equal((await house.ask('GET', '/me', undefined, { token })).status, 200);
    house.clock.aheadMs += 3600_000;
    assert.equal((await house.ask('GET', '/me', undefined, { token })).status, 401);
    house.tokens.admin = String((await logIn('admin', adminPassword)).body.token);
  });

  it('keeps the last administrator', async () => {
    const me = await house.ask('GET', '/me');
    for (const change of [{ enabled: false }, { role: 'viewer' }]) {
      assert.equal(code(await house.ask('PATCH', `/users/${me.body.id}`, change)), 'last-admin');
    }
    assert.equal(code(await house.ask('DELETE', `/users/${me.body.id}`)), 'last-admin');
  });

  it('changes the own password only with the present one', async () => {
    const { token } = await newUser('nam', 'viewer');
    const other = await house.ask('POST', '/tokens', { name: 'p' }, { token });
    const wrong = await house.ask('POST', '/me/password', { present: 'x', next: 'long enough' }, { token });
    assert.equal(code(wrong), 'password-wrong');
    const right = await house.ask('POST', '/me/password', { present: 'nam-password', next: 'long enough' }, { token });
    assert.equal(right.status, 204);
    assert.equal((await house.ask('GET', '/me', undefined, { token: String(other.body.token) })).status, 401);
    assert.equal((await house.ask('GET', '/me', undefined, { token })).status, 200);
  });

  it('nobody ends the token of another', async () => {
    const one = await newUser('tu', 'viewer');
    const other = await newUser('thu', 'viewer');
    const token = await house.ask('POST', '/tokens', { name: 'p' }, { token: one.token });
    assert.equal(
      (await house.ask('DELETE', `/tokens/${token.body.id}`, undefined, { token: other.token })).status,
      404,
    );
    assert.equal((await house.ask('DELETE', `/tokens/${token.body.id}`)).status, 204);
  });

  describe('the cookie of a browser', () => {
    let cookie: string;
    before(async () => {
      const set = (await logIn('admin', adminPassword)).headers.get('set-cookie') ?? '';
      assert.match(set, /httponly/i);
      assert.match(set, /samesite=strict/i);
      cookie = set.split(';')[0] ?? '';
    });
    const cases: [name: string, headers: Record<string, string>, status: number][] = [
      ['reads', {}, 200],
      ['reads for any page of ours', { 'sec-fetch-site': 'same-origin' }, 200],
    ];
    for (const [name, headers, status] of cases) {
      it(name, async () => {
        assert.equal(
          (await house.ask('GET', '/me', undefined, { token: '', headers: { cookie, ...headers } })).status,
          status,
        );
      });
    }
    const changes: [name: string, headers: (host: string) => Record<string, string>, status: number][] = [
      ['changes from a page of ours', () => ({ 'sec-fetch-site': 'same-origin' }), 200],
      ['not from another site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
      ['not from a sister site', () => ({ 'sec-fetch-site': 'same-site' }), 403],
      ['changes with our origin, from an old browser', (host) => ({ origin: `http://${host}` }), 200],
      ['not with another origin', () => ({ origin: 'http://evil.example' }), 403],
      ['not without either', () => ({}), 403],
    ];
    for (const [name, headers, status] of changes) {
      it(name, async () => {
        const options = { token: '', headers: { cookie, ...headers(new URL(house.url).host) } };
        assert.equal((await house.ask('PATCH', '/me', { language: 'vi' }, options)).status, status);
      });
    }
  });
});
