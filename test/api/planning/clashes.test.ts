import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Booking, clashesOf, spanOfSession } from '../../../api/planning/clashes.ts';

const at = (time: string) => new Date(`2026-05-13T${time}:00+07:00`);
const booking = (id: string, from: string, to: string, more: Partial<Booking> & { chair?: string } = {}): Booking => {
  const { chair, ...rest } = more;
  return {
    session: { id, title: id, chair: chair === undefined ? undefined : { name: chair } },
    from: at(from),
    to: at(to),
    sites: new Map(),
    endpoints: new Map(),
    calls: new Map(),
    ...rest,
  };
};
const room = { sites: new Map([['s', 'Phòng họp']]) };
const lines = new Map([['t', { name: 'Viettel', capacity: 3 }]]);
const kinds = (wanted: Booking, ...others: Booking[]) =>
  clashesOf(wanted, others, lines).map(({ kind, sessionId }) => `${kind} ${sessionId}`);

describe('clashes of plans', () => {
  const cases: [name: string, wanted: Booking, others: Booking[], found: string[]][] = [
    ['one room, one time', booking('a', '08:00', '10:00', room), [booking('b', '09:00', '11:00', room)], ['site b']],
    ['one after the other', booking('a', '08:00', '10:00', room), [booking('b', '10:00', '11:00', room)], []],
    ['the session itself', booking('a', '08:00', '10:00', room), [booking('a', '08:00', '10:00', room)], []],
    [
      'a chair, written in another way',
      booking('a', '08:00', '10:00', { chair: 'Trần  Văn An' }),
      [booking('b', '08:00', '10:00', { chair: 'tran van an' })],
      ['chair b'],
    ],
    [
      'a device',
      booking('a', '08:00', '10:00', { endpoints: new Map([['e', 'Codec']]) }),
      [booking('b', '09:59', '10:30', { endpoints: new Map([['e', 'Codec']]) })],
      ['endpoint b'],
    ],
    [
      'a line that bears it',
      booking('a', '08:00', '10:00', { calls: new Map([['t', 2]]) }),
      [booking('b', '08:00', '10:00', { calls: new Map([['t', 1]]) })],
      [],
    ],
    [
      'a line whose other users do not meet each other',
      booking('a', '08:00', '12:00', { calls: new Map([['t', 1]]) }),
      [
        booking('b', '08:00', '09:00', { calls: new Map([['t', 2]]) }),
        booking('c', '09:00', '10:00', { calls: new Map([['t', 2]]) }),
      ],
      [],
    ],
    [
      'a line that is full',
      booking('a', '08:00', '12:00', { calls: new Map([['t', 1]]) }),
      [
        booking('b', '08:00', '09:30', { calls: new Map([['t', 2]]) }),
        booking('c', '09:00', '10:00', { calls: new Map([['t', 1]]) }),
      ],
      ['line b'],
    ],
    ['more than a line bears, alone', booking('a', '08:00', '12:00', { calls: new Map([['t', 4]]) }), [], ['line a']],
  ];
  for (const [name, wanted, others, found] of cases) {
    it(name, () => assert.deepEqual(kinds(wanted, ...others), found));
  }

  it('a session without an end counts as two hours; an open one until now at least', () => {
    const plannedStart = at('08:00');
    assert.deepEqual(spanOfSession({ plannedStart, state: 'planned' }, at('07:00'))?.to, at('10:00'));
    const open = { plannedStart, plannedEnd: at('09:00'), startedAt: at('08:10'), state: 'open' as const };
    assert.deepEqual(spanOfSession(open, at('11:00')), { from: at('08:10'), to: at('11:01') });
    assert.equal(spanOfSession({ state: 'planned' }, at('07:00')), undefined);
  });
});
