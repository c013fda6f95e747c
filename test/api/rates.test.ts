import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { type House, openHouse } from './house.ts';

describe('API: how often somebody may ask', function () {
  this.timeout(60_000);
  let house: House;
  before(async () => {
    house = await openHouse({ apiRequestsPerMinute: 30 });
  });
  after(() => house?.close());

  it('an account, and an address without one, are told to wait, and others are served', async () => {
    house.clock.aheadMs += 120_000;
    const ask = (token: string) => house.ask('GET', '/health', undefined, { token });
    const many = async (token: string) => {
      const answers = [];
      for (let n = 0; n < 32; n += 1) answers.push(await ask(token));
      return answers;
    };
    const answers = await many(house.tokens.viewer);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [...Array(30).fill(200), 429, 429],
    );
    const [last] = answers.slice(-1);
    assert.ok(last);
    assert.equal((last.body.error as { code: string }).code, 'too-many-requests');
    assert.ok(Number(last.headers.get('retry-after')) >= 1);
    assert.equal((await ask(house.tokens.operator)).status, 200);
    assert.equal((await many(''))[31]?.status, 429);
    house.clock.aheadMs += 61_000;
    assert.equal((await ask(house.tokens.viewer)).status, 200);
  });
});
