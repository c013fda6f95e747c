import assert from 'node:assert/strict';
import { pino } from 'pino';
import { ZodError } from 'zod';
import { LegBook } from '../../../gateway/legs/leg-book.ts';
import type { LegRecord } from '../../../store/schema/session.ts';

const now = new Date('2026-11-25T08:00:00Z');

function begun(id: string): Parameters<LegBook['open']>[0] {
  return {
    id,
    sessionId: '',
    protocol: 'sip',
    direction: 'in',
    name: id,
    number: '100',
    address: '127.0.0.1',
    state: 'ringing',
    muted: false,
  };
}

/** A store that takes its time, takes none called `bad`, and does not answer while it is `down`. */
function slowStore() {
  const writes: LegRecord[][] = [];
  const store = {
    writes,
    down: false,
    kept: () => new Map(writes.flat().map((leg) => [leg.id, leg.state])),
    keep: async (legs: readonly LegRecord[]) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (store.down) throw new Error('does not answer');
      if (legs.some(({ id }) => id === 'bad')) throw new ZodError([]);
      writes.push([...legs]);
    },
  };
  return store;
}

describe('gateway: leg book', () => {
  it('writes the first change at once, and what comes meanwhile together, each leg as it is by then', async () => {
    const store = slowStore();
    const book = new LegBook(store, pino({ level: 'silent' }));
    book.open(begun('first'), now);
    for (const id of ['second', 'third']) {
      book.open(begun(id), now);
      book.change(id, { state: 'ivr' });
      book.change(id, { state: 'joined', codec: 'PCMA' });
    }
    book.change('third', { state: 'ended' });
    await book.flush();
    assert.deepEqual(
      store.writes.map((legs) => legs.map(({ id, state }) => `${id} ${state}`)),
      [['first ringing'], ['second joined', 'third ended']],
    );
  });

  it('has everything written when it was asked for, also what changes while it waits', async () => {
    const store = slowStore();
    const book = new LegBook(store, pino({ level: 'silent' }));
    book.open(begun('one'), now);
    const flushed = book.flush();
    book.change('one', { state: 'ivr' });
    await flushed;
    assert.equal(store.kept().get('one'), 'ivr');
    await book.flush();
    assert.equal(store.writes.length, 2);
  });

  it('loses none because of another that the store does not take, and says which', async () => {
    const store = slowStore();
    const said: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => said.push(JSON.parse(line).leg) });
    const book = new LegBook(store, logger);
    book.open(begun('one'), now);
    for (const id of ['two', 'bad', 'three']) book.open(begun(id), now);
    await book.flush();
    assert.deepEqual([...store.kept().keys()], ['one', 'two', 'three']);
    assert.deepEqual(said, ['bad']);
  });

  it('keeps what changes while the store does not answer, and says so once', async () => {
    const store = slowStore();
    const said: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => said.push(JSON.parse(line).msg) });
    const book = new LegBook(store, logger);
    store.down = true;
    book.open(begun('one'), now);
    await book.flush();
    book.change('one', { state: 'ivr' });
    book.open(begun('two'), now);
    await book.flush();
    assert.deepEqual(store.writes, []);
    assert.equal(said.length, 1);
    store.down = false;
    await book.flush();
    assert.deepEqual(
      [...store.kept()],
      [
        ['one', 'ivr'],
        ['two', 'ringing'],
      ],
    );
  });

  it('leaves a state that cannot follow as it is', () => {
    const book = new LegBook(slowStore(), pino({ level: 'silent' }));
    book.open(begun('one'), now);
    book.change('one', { state: 'joined' });
    assert.equal(book.change('one', { state: 'ringing', muted: true })?.state, 'joined');
    assert.equal(book.get('one')?.muted, true);
    book.change('one', { state: 'ended' });
    assert.equal(book.change('one', { muted: false }), undefined);
    assert.equal(book.size, 0);
  });
});
