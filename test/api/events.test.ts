import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { type House, openHouse } from './house.ts';

interface Received {
  id: string;
  name: string;
  data: Record<string, unknown>;
}

describe('API: live events', function () {
  this.timeout(60_000);
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house?.close());

  /** Follows the events; `until` waits for one that fits and gives all received so far. */
  async function follow(query = '', lastEventId?: string, token = house.tokens.admin) {
    const stop = new AbortController();
    const response = await fetch(`${house.url}/events${query}`, {
      headers: {
        authorization: `Bearer ${token}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: stop.signal,
    });
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    const received: Received[] = [];
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (fits: (event: Received) => boolean): Promise<Received[]> => {
      while (!received.some(fits)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended after ${JSON.stringify(received)}`);
        text += value;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const field = (name: string) => block.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1] ?? '';
          if (field('event') !== '')
            received.push({ id: field('id'), name: field('event'), data: JSON.parse(field('data')) });
        }
      }
      return received;
    };
    return { until, stop: () => stop.abort() };
  }
  const talk = (sessionId: string, talking: boolean) =>
    house.gateway.emit('talking', { sessionId, legId: 'l', talking });
  const talking = (sessionId: string) => (event: Received) =>
    event.name === 'talking' && event.data.sessionId === sessionId;

  it('come as they happen, to all who follow', async () => {
    const [one, two] = [await follow(), await follow()];
    await Promise.all([one.until(({ name }) => name === 'hello'), two.until(({ name }) => name === 'hello')]);
    talk('a', true);
    for (const follower of [one, two]) {
      const event = (await follower.until(talking('a'))).at(-1);
      assert.deepEqual(event?.data, { sessionId: 'a', legId: 'l', talking: true });
      follower.stop();
    }
  });

  it('resume after a break with what was missed, in order', async () => {
    const first = await follow();
    await first.until(({ name }) => name === 'hello');
    talk('b1', true);
    const last = (await first.until(talking('b1'))).at(-1);
    first.stop();
    talk('b2', true);
    talk('b3', true);
    const again = await follow('', last?.id);
    const missed = (await again.until(talking('b3'))).filter(({ name }) => name === 'talking');
    assert.deepEqual(
      missed.map(({ data }) => data.sessionId),
      ['b2', 'b3'],
    );
    again.stop();
  });

  it('say so when too much was missed, or the product was started anew', async () => {
    const early = await follow();
    const [hello] = await early.until(({ name }) => name === 'hello');
    early.stop();
    for (let count = 0; count < 2_100; count += 1) talk('c', count % 2 === 0);
    for (const id of [String(hello?.id), '0123456789ab-5', 'nonsense']) {
      const late = await follow('', id);
      assert.deepEqual(
        (await late.until(({ name }) => name === 'reset')).map(({ name }) => name),
        ['hello', 'reset'],
      );
      late.stop();
    }
  });

  it('of one session tell levels, which are measured for as long as they are followed', async () => {
    const levels = [{ legId: 'l', inDb: -23, outDb: -40 }];
    const told = ({ name }: Received) => name === 'leg.levels';
    const all = await follow();
    const one = await follow('?sessionId=e1');
    const meters = await follow('?sessionId=e1&only=leg.levels');
    const talks = await follow('?sessionId=e1&only=talking');
    for (const follower of [all, one, meters, talks]) await follower.until(({ name }) => name === 'hello');
    assert.deepEqual(house.gateway.watched, ['e1', 'e1']);
    house.gateway.emit('levels', { sessionId: 'e2', levels });
    house.gateway.emit('levels', { sessionId: 'e1', levels });
    talk('e1', true);
    assert.deepEqual((await one.until(talking('e1'))).filter(told), [
      { id: '', name: 'leg.levels', data: { sessionId: 'e1', levels } },
    ]);
    assert.deepEqual(
      (await meters.until(told)).map(({ name }) => name),
      ['hello', 'leg.levels'],
    );
    assert.deepEqual(
      (await talks.until(talking('e1'))).map(({ name }) => name),
      ['hello', 'talking'],
    );
    assert.equal((await all.until(talking('e1'))).some(told), false);
    for (const follower of [all, one, meters, talks]) follower.stop();
    while (house.gateway.watched.length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('of one session alone, and without the PIN for who only looks', async () => {
    const { body } = await house.ask('POST', '/sessions', { title: 'Phiên', pin: '1357' });
    const sessionId = String(body.id);
    const viewer = await follow(`?sessionId=${sessionId}`, undefined, house.tokens.viewer);
    await viewer.until(({ name }) => name === 'hello');
    talk('elsewhere', true);
    await house.ask('POST', `/sessions/${sessionId}/start`);
    const events = await viewer.until(({ name }) => name === 'session');
    const session = events.find(({ name }) => name === 'session');
    assert.deepEqual([session?.data.state, session?.data.pin], ['open', undefined]);
    await viewer.until(({ name, data }) => name === 'log' && (data.detail as { action?: string }).action === 'start');
    assert.ok(events.every((event) => !talking('elsewhere')(event)));
    viewer.stop();
  });
});
