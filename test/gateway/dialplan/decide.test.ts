import assert from 'node:assert/strict';
import { decide, inOrder } from '../../../gateway/dialplan/decide.ts';
import { matchPattern, patternFault, transformed } from '../../../gateway/dialplan/pattern.ts';
import { windowFault } from '../../../gateway/dialplan/window.ts';
import type { DialQuestion } from '../../../gateway/gateway.ts';
import { type DialRule, timeWindow } from '../../../store/schema/dialplan.ts';

const noon = new Date('2026-05-13T12:00:00+07:00');
let age = 0;

function rule(name: string, more: Partial<DialRule> = {}): DialRule {
  const made = new Date(1_700_000_000_000 + age++);
  return {
    id: name,
    name,
    priority: 100,
    enabled: true,
    source: {},
    pattern: { type: 'exact', value: '100' },
    destination: { kind: 'ivr' },
    createdAt: made,
    updatedAt: made,
    ...more,
  };
}

const ask = (called: string, more: Partial<DialQuestion> = {}): DialQuestion => ({ protocol: 'sip', called, ...more });

describe('the dial plan', () => {
  it('asks rules by priority, then by age', () => {
    const rules = [rule('late'), rule('early', { priority: 5 }), rule('later')];
    assert.deepEqual(
      inOrder(rules).map(({ name }) => name),
      ['early', 'late', 'later'],
    );
  });

  const sources: [
    what: string,
    source: DialRule['source'],
    question: Partial<DialQuestion>,
    why: string | undefined,
  ][] = [
    ['anybody', {}, {}, undefined],
    ['this device', { endpointId: 'e' }, { endpointId: 'e' }, undefined],
    ['another device', { endpointId: 'e' }, { endpointId: 'f' }, 'dial.other-device'],
    ['no device', { endpointId: 'e' }, {}, 'dial.other-device'],
    ['this trunk', { trunkId: 't' }, { trunkId: 't' }, undefined],
    ['another trunk', { trunkId: 't' }, { trunkId: 'u' }, 'dial.other-trunk'],
    ['another site', { siteId: 's' }, { siteId: 'x' }, 'dial.other-site'],
    ['another protocol', { protocol: 'h323' }, {}, 'dial.other-protocol'],
    [
      'all that is asked',
      { protocol: 'sip', endpointId: 'e', siteId: 's' },
      { endpointId: 'e', siteId: 's' },
      undefined,
    ],
  ];
  for (const [what, source, question, why] of sources)
    it(`judges the source: ${what}`, () => {
      const { rule: found, steps } = decide(ask('100', question), [rule('r', { source })], noon);
      assert.equal(found?.id, why === undefined ? 'r' : undefined);
      assert.equal(steps[0]?.why.code, why ?? 'dial.fits');
    });

  it('leads callers by a trunk out again only where a rule names that trunk', () => {
    const out = rule('out', { destination: { kind: 'trunk', trunkId: 't' } });
    const up = rule('up', { destination: { kind: 'uplink', siteId: 's' } });
    const meant = rule('meant', { source: { trunkId: 't' }, destination: { kind: 'trunk', trunkId: 'other' } });
    const decision = decide(ask('100', { trunkId: 't' }), [out, up, meant], noon);
    assert.deepEqual(
      decision.steps.map(({ why }) => why.code),
      ['dial.leads-out', 'dial.leads-out', 'dial.fits'],
    );
    assert.equal(decide(ask('100'), [out], noon).rule?.id, 'out');
  });

  it('tells of every rule that it looked at', () => {
    const rules = [
      rule('off', { enabled: false }),
      rule('other', { pattern: { type: 'prefix', value: '9' } }),
      rule('it'),
    ];
    const { number, steps } = decide(ask('100'), [...rules, rule('never asked')], noon);
    assert.equal(number, '100');
    assert.deepEqual(
      steps.map(({ matched, name }) => [name, matched]),
      [
        ['off', false],
        ['other', false],
        ['it', true],
      ],
    );
    assert.equal(steps[2]?.why.to, 'ivr');
  });

  it('fills in what the pattern captured', () => {
    const pattern = { type: 'regex', value: '8(\\d)(\\d+)' } as const;
    const room = decide(
      ask('8712'),
      [rule('r', { pattern, destination: { kind: 'room', room: '$2', openOnArrival: false } })],
      noon,
    );
    assert.deepEqual(room.rule?.destination, { kind: 'room', room: '12', openOnArrival: false });
    const destination = { kind: 'trunk', trunkId: 't', number: '0$1-$2' } as const;
    const trunk = decide(ask('8712'), [rule('r', { pattern, transform: '$0#', destination })], noon);
    assert.deepEqual(trunk.rule?.destination, { ...destination, number: '07-12' });
    assert.equal(trunk.number, '8712#');
    assert.equal(trunk.steps[0]?.why.code, 'dial.fits-changed');
  });

  const patterns: [type: DialRule['pattern']['type'], value: string, number: string, captures: string[] | undefined][] =
    [
      ['exact', '*43', '*43', ['*43']],
      ['exact', '*43', '*431', undefined],
      ['prefix', '9', '90912', ['90912', '0912']],
      ['prefix', '9', '9', ['9', '']],
      ['prefix', '9', '19', undefined],
      ['regex', '1..', '123', ['123']],
      ['regex', '1..', '1234', undefined],
      ['regex', '(a)|(b)', 'b', ['b', '', 'b']],
      ['regex', '(', '(', undefined],
      ['regex', '(a+)+', 'aaa', undefined],
    ];
  for (const [type, value, number, captures] of patterns)
    it(`fits ${type} ${value} on ${number}: ${captures !== undefined}`, () =>
      assert.deepEqual(matchPattern({ type, value }, number), captures));

  it('names what is wrong with a pattern', () => {
    assert.equal(patternFault({ type: 'regex', value: '(' }), 'pattern.syntax');
    assert.equal(patternFault({ type: 'regex', value: '(a+)+$' }), 'pattern.slow');
    assert.equal(patternFault({ type: 'exact', value: '(' }), undefined);
  });
  it('leaves a number as it is without a transformation', () =>
    assert.equal(transformed(undefined, '12', ['12']), '12'));

  // 13 May 2026 is a Wednesday.
  const windows: [what: string, from: string, to: string, days: number[], at: string, inside: boolean][] = [
    ['inside', '07:30', '17:00', [3], '2026-05-13T07:30:00+07:00', true],
    ['the end is outside', '07:30', '17:00', [3], '2026-05-13T17:00:00+07:00', false],
    ['another day', '07:30', '17:00', [1, 2], '2026-05-13T08:00:00+07:00', false],
    ['the same moment in UTC', '07:30', '17:00', [3], '2026-05-13T01:00:00Z', true],
    ['over midnight, before', '22:00', '06:00', [3], '2026-05-13T23:00:00+07:00', true],
    ['over midnight, after, of the day before', '22:00', '06:00', [3], '2026-05-14T05:59:00+07:00', true],
    ['over midnight, after, of no day before', '22:00', '06:00', [4], '2026-05-14T05:59:00+07:00', false],
    ['all day', '00:00', '00:00', [3], '2026-05-13T15:00:00+07:00', true],
  ];
  for (const [what, from, to, days, at, inside] of windows)
    it(`judges a time window: ${what}`, () => {
      const window = timeWindow.parse({ from, to, days });
      assert.equal(windowFault(window, new Date(at)) === undefined, inside);
    });
  it('names a time zone that is none', () => {
    const window = timeWindow.parse({ from: '00:00', to: '12:00', timeZone: 'Mars/North' });
    assert.equal(windowFault(window, noon)?.code, 'dial.no-time-zone');
  });
});
