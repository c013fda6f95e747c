import assert from 'node:assert/strict';
import { completeCause, parseReason, q850Of, reasonOf, sipOf } from '../../gateway/cause.ts';

describe('causes of clearing', () => {
  // RFC 3398, clause 8.2.6.1.
  const pairs: [sip: number, q850: number][] = [
    [404, 1],
    [486, 17],
    [480, 18],
    [403, 21],
    [603, 21],
    [410, 22],
    [484, 28],
    [408, 102],
    [488, 65],
    [503, 41],
    [600, 17],
    [604, 1],
  ];
  for (const [sip, q850] of pairs) it(`says ${q850} for ${sip}`, () => assert.equal(q850Of(sip), q850));
  it('says something for statuses that no table names', () => {
    assert.deepEqual([200, 499, 599, 699].map(q850Of), [16, 127, 41, 21]);
  });
  // RFC 3398, clause 7.2.4.1.
  const back: [q850: number, sip: number][] = [
    [1, 404],
    [17, 486],
    [18, 408],
    [19, 480],
    [21, 403],
    [28, 484],
    [34, 503],
    [102, 504],
    [126, 500],
  ];
  for (const [q850, sip] of back) it(`refuses with ${sip} for ${q850}`, () => assert.equal(sipOf(q850), sip));

  it('completes what is half known', () => {
    assert.deepEqual(completeCause({ text: 'x' }), { sip: 480, q850: 16, text: 'x' });
    assert.deepEqual(completeCause({ sip: 486, text: 'x' }), { sip: 486, q850: 17, text: 'x' });
    assert.deepEqual(completeCause({ q850: 1, text: 'x' }), { sip: 404, q850: 1, text: 'x' });
  });

  const reasons: [value: string | undefined, told: object][] = [
    [undefined, {}],
    ['Q.850;cause=16', { q850: 16 }],
    ['Q.850 ; cause = 17 ; text="User busy"', { q850: 17, text: 'User busy' }],
    ['SIP;cause=486;text="Busy, really", Q.850;cause=17', { sip: 486, q850: 17, text: 'Busy, really' }],
    ['Q.850;cause=999', {}],
    ['SIP;cause=20', {}],
    ['nonsense', {}],
  ];
  for (const [value, told] of reasons)
    it(`reads Reason: ${value ?? 'none'}`, () => assert.deepEqual(parseReason(value), told));

  it('writes a Reason that it reads again, whatever the words', () => {
    const cause = { q850: 17, text: 'a "quoted"\r\nline' };
    const told = parseReason(reasonOf(cause));
    assert.equal(told.q850, 17);
    assert.ok(!/[\r\n]/.test(reasonOf(cause)));
  });
});
