import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Contract } from './contract.ts';
import { type House, openHouse } from './house.ts';

const ranks: Record<string, number> = { public: 0, viewer: 1, operator: 2, admin: 3 };

describe('API: who may do what', function () {
  this.timeout(60_000);
  let house: House;
  let api: Contract;
  before(async () => {
    house = await openHouse();
    api = await Contract.of(house);
  });
  after(() => house?.close());

  const statusFor = async (method: string, path: string, token: string): Promise<number> => {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{"no such field":1}' };
    const response = await fetch(`${house.url}${path.replace(/\{\w+\}/g, 'none')}`, {
      method,
      headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
      ...body,
    });
    await response.body?.cancel();
    return response.status;
  };

  it('each operation serves its role and those above, and nobody else', async () => {
    const wrong: string[] = [];
    for (const { name, method, path, role } of api.operations) {
      const anonymous = await statusFor(method, path, '');
      if ((anonymous === 401) !== (role !== 'public')) wrong.push(`${name} without log-in: ${anonymous}`);
      for (const who of ['viewer', 'operator', 'admin'] as const) {
        // Logging out ends the token used: it gets one of its own.
        const spare = await house.ask('POST', '/tokens', { name: 'spare' }, { token: house.tokens[who] });
        const token = path === '/logout' ? String(spare.body.token) : house.tokens[who];
        const status = await statusFor(method, path, token);
        const allowed = ranks[who]! >= ranks[role]!;
        if ((status === 403) === allowed || status === 401 || status >= 500) wrong.push(`${name} as ${who}: ${status}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('a viewer changes nothing but the own account', () => {
    const changing = api.operations.filter(({ method, role }) => method !== 'GET' && ranks[role]! <= ranks.viewer!);
    assert.deepEqual(changing.map(({ name }) => name).sort(), [
      'DELETE /tokens/{id}',
      'PATCH /me',
      'POST /dial-plan/test',
      'POST /login',
      'POST /logout',
      'POST /me/calendar',
      'POST /me/password',
      'POST /sessions/clashes',
      'POST /tokens',
    ]);
  });
});
