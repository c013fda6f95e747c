import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type BoundedLine, bearsOneMore } from '../../../gateway/rooms/line-capacity.ts';

const province: BoundedLine = { target: { kind: 'uplink', siteId: 'province' }, maxCalls: 2 };
const operator: BoundedLine = { target: { kind: 'trunk', trunkId: 'viettel', number: '0912' }, maxCalls: 1 };
const up = (id: string) => ({ id, siteId: 'province' });

describe('calls that a line bears at once', () => {
  const cases: [
    name: string,
    line: BoundedLine,
    legs: Parameters<typeof bearsOneMore>[0],
    own: string | undefined,
    bears: boolean,
  ][] = [
    ['an empty line', province, [], undefined, true],
    ['one is left', province, [up('a')], undefined, true],
    ['all in use', province, [up('a'), up('b')], undefined, false],
    [
      'a device of the site does not go through it',
      province,
      [up('a'), { ...up('b'), endpointId: 'codec' }],
      undefined,
      true,
    ],
    ['another site', province, [up('a'), { id: 'b', siteId: 'central' }], undefined, true],
    ['of two that begin at once the first', province, [up('a'), up('b'), up('c')], 'b', true],
    ['of two that begin at once not the second', province, [up('a'), up('b'), up('c')], 'c', false],
    ['no limit', { target: province.target }, [up('a'), up('b')], undefined, true],
    ['a trunk that is full', operator, [{ id: 'a', trunkId: 'viettel' }], undefined, false],
    ['another trunk', operator, [{ id: 'a', trunkId: 'vnpt' }], undefined, true],
    [
      'a device',
      { target: { kind: 'endpoint', endpointId: 'codec' }, maxCalls: 1 },
      [{ id: 'a', endpointId: 'codec' }],
      undefined,
      true,
    ],
  ];
  for (const [name, line, legs, own, bears] of cases)
    it(name, () => assert.equal(bearsOneMore(legs, line, own), bears));
});
