import assert from 'node:assert/strict';
import { takeEntry } from '../../../gateway/ivr/keyed-digits.ts';
import { plainNumber, sameNumber, sessionOfCaller } from '../../../gateway/ivr/known-caller.ts';
import { judgeLine } from '../../../gateway/ivr/test-line.ts';
import { type Session, session as sessionSchema } from '../../../store/schema/session.ts';

describe('known callers', () => {
  const numbers: [number: string, plain: string][] = [
    ['0912345678', '912345678'],
    ['+84912345678', '912345678'],
    ['84912345678', '912345678'],
    ['0084 912 345 678', '912345678'],
    ['(0214) 3800-800', '2143800800'],
    ['8400', '8400'],
    ['anonymous', ''],
  ];
  for (const [number, plain] of numbers) it(`${number} is ${plain}`, () => assert.equal(plainNumber(number), plain));
  it('compares withheld and short numbers with none', () => {
    assert.ok(sameNumber('0912345678', '+84912345678'));
    assert.ok(!sameNumber('', ''));
    assert.ok(!sameNumber('anonymous', 'anonymous'));
    assert.ok(!sameNumber('12', '12'));
  });

  const session = (id: string, state: Session['state'], number: string, plannedStart?: string): Session =>
    sessionSchema.parse({
      id,
      title: id,
      room: id,
      state,
      openByTime: true,
      openOnArrival: false,
      participants: [{ kind: 'phone', number, dialOut: false }],
      record: true,
      locked: false,
      language: 'vi',
      createdAt: new Date(0),
      updatedAt: new Date(0),
      ...(plannedStart === undefined ? {} : { plannedStart: new Date(plannedStart) }),
    });
  it('goes to the open session first, else to the next planned one', () => {
    const later = session('later', 'planned', '0912345678', '2026-05-14');
    const next = session('next', 'planned', '0912345678', '2026-05-13');
    const open = session('open', 'open', '+84912345678');
    const other = session('other', 'open', '0999999999');
    assert.equal(sessionOfCaller('0912345678', [later, other, next, open])?.id, 'open');
    assert.equal(sessionOfCaller('84912345678', [later, other, next])?.id, 'next');
    assert.equal(sessionOfCaller('0900000000', [later, other, next, open]), undefined);
  });
});

describe('keyed entries', () => {
  const options = { max: 4, terminator: '#' };
  const entries: [keyed: string, taken: { entry: string; rest: string } | undefined][] = [
    ['', undefined],
    ['123', undefined],
    ['12#', { entry: '12', rest: '' }],
    ['#', { entry: '', rest: '' }],
    ['1234', { entry: '1234', rest: '' }],
    ['1234#', { entry: '1234', rest: '' }],
    ['12#34#', { entry: '12', rest: '34#' }],
    ['123456', { entry: '1234', rest: '56' }],
    ['1234#56', { entry: '1234', rest: '56' }],
  ];
  for (const [keyed, taken] of entries)
    it(`${keyed || 'nothing'} is ${taken === undefined ? 'not complete' : taken.entry || 'empty'}`, () =>
      assert.deepEqual(takeEntry(keyed, options), taken));
});

describe('the test line', () => {
  const lines: [packets: number, lost: number, verdict: string, loss: number][] = [
    [0, 0, 'no sound', 0],
    [49, 0, 'no sound', 0],
    [400, 0, 'good', 0],
    [400, 3, 'good', 0.7],
    [396, 4, 'loss', 1],
    [200, 200, 'loss', 50],
  ];
  for (const [packets, lost, verdict, loss] of lines)
    it(`${packets} packets and ${lost} lost: ${verdict}`, () => {
      const judged = judgeLine(packets, lost, 3);
      assert.deepEqual([judged.verdict, judged.lossPercent], [verdict, loss]);
    });
});
