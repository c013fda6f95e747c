import assert from 'node:assert/strict';
import { encodeValue } from '../../../embedded/mongod/order/keyEncoding.ts';
import type { SortPattern } from '../../../embedded/mongod/order/sorting.ts';
import { type PlannableIndex, plan } from '../../../embedded/mongod/plan/planner.ts';

function index(name: string, pattern: SortPattern, more: Partial<PlannableIndex> = {}): PlannableIndex {
  return { name, pattern, sparse: false, multikey: false, truncated: false, ...more };
}

const id = index('_id_', [['_id', 1]]);
const ab = index('ab', [
  ['a', 1],
  ['b', -1],
]);
const tags = index('tags', [['tags', 1]], { multikey: true });
const sparse = index('sparse', [['s', 1]], { sparse: true });
const partial = index('partial', [['p', 1]], { partialFilter: { open: true } });
const typed = index('typed', [['u', 1]], { partialFilter: { u: { $type: 'string' } } });
const present = index('present', [['e', 1]], { partialFilter: { e: { $exists: true } } });
const all = [id, ab, tags, sparse, partial, typed, present];

type Row = [
  what: string,
  filter: Record<string, unknown>,
  sort: SortPattern,
  index: string | undefined,
  sorted: boolean,
  reverse: boolean,
  exact: boolean,
];

const rows: Row[] = [
  ['_id', { _id: 1 }, [], '_id_', true, false, true],
  ['nothing asked', {}, [], undefined, true, false, true],
  ['no index', { x: 1 }, [], undefined, true, false, false],
  ['first field', { a: 1 }, [], 'ab', true, false, true],
  ['second field alone', { b: 1 }, [], undefined, true, false, false],
  ['both fields', { a: 1, b: { $gt: 3 } }, [], 'ab', true, false, true],
  ['a further condition', { a: 1, x: 2 }, [], 'ab', true, false, false],
  ['sorted by the next field', { a: 1 }, [['b', -1]], 'ab', true, false, true],
  ['sorted the other way', { a: 1 }, [['b', 1]], 'ab', true, true, true],
  [
    'sorted by both',
    {},
    [
      ['a', 1],
      ['b', -1],
    ],
    'ab',
    true,
    false,
    true,
  ],
  [
    'both reversed',
    {},
    [
      ['a', -1],
      ['b', 1],
    ],
    'ab',
    true,
    true,
    true,
  ],
  [
    'directions that do not fit',
    {},
    [
      ['a', 1],
      ['b', 1],
    ],
    undefined,
    false,
    false,
    true,
  ],
  [
    'a fixed field in the sort',
    { a: 1 },
    [
      ['a', -1],
      ['b', -1],
    ],
    'ab',
    true,
    false,
    true,
  ],
  ['several points do not keep the order', { a: { $in: [1, 2] } }, [['b', -1]], 'ab', false, false, true],
  ['several points', { a: { $in: [2, 1] } }, [], 'ab', true, false, true],
  ['a pattern in $in', { a: { $in: [/x/] } }, [], undefined, true, false, false],
  ['$and', { $and: [{ a: 1 }, { b: 2 }] }, [], 'ab', true, false, true],
  ['$or is tested', { a: 1, $or: [{ b: 1 }, { b: 2 }] }, [], 'ab', true, false, false],
  ['$ne', { a: { $ne: 1 } }, [], undefined, true, false, false],
  ['array index', { tags: 'x' }, [], 'tags', true, false, false],
  ['array index does not sort', { tags: 'x' }, [['tags', 1]], 'tags', false, false, false],
  ['sparse with a value', { s: 1 }, [], 'sparse', true, false, true],
  ['sparse cannot tell who lacks it', { s: null }, [], undefined, true, false, false],
  ['sparse cannot sort all', {}, [['s', 1]], undefined, false, false, true],
  ['partial, filter implies it', { p: 1, open: true }, [], 'partial', true, false, false],
  ['partial, filter does not', { p: 1 }, [], undefined, true, false, false],
  ['partial by type, a string', { u: 'x' }, [], 'typed', true, false, true],
  ['partial by type, a number', { u: 1 }, [], undefined, true, false, false],
  ['partial by presence, a value', { e: 1 }, [], 'present', true, false, true],
  ['partial by presence, null', { e: null }, [], undefined, true, false, false],
  ['an array is not looked up', { a: [1] }, [], undefined, true, false, false],
];

describe('query planner', () => {
  for (const [what, filter, sort, name, sorted, reverse, exact] of rows) {
    it(what, () => {
      const chosen = plan(all, filter, sort);
      assert.deepEqual(
        [chosen.index?.name, chosen.sorted, chosen.reverse, chosen.exact],
        [name, sorted, reverse, exact],
      );
    });
  }

  const values = [null, Number.NaN, -1, 0, 1, 1.5, 2, 3, '', 'a', 'b', true, new Date(0), new Date(5)];
  const inRanges = (pattern: SortPattern, filter: Record<string, unknown>, value: unknown): boolean => {
    const { ranges } = plan([index('x', pattern)], filter, []);
    const key = encodeValue(value);
    const encoded = pattern[0]![1] === 1 ? key : Buffer.from(key.map((byte) => ~byte & 0xff));
    return ranges.some(
      ({ start, end }) =>
        Buffer.compare(encoded, start) >= 0 && (end === undefined || Buffer.compare(encoded, end) < 0),
    );
  };
  const comparable = (a: unknown, b: unknown): boolean =>
    a !== null && typeof a === typeof b && a instanceof Date === b instanceof Date;
  const tests: [string, (a: never, b: never) => boolean][] = [
    ['$gt', (a, b) => a > b],
    ['$gte', (a, b) => a >= b],
    ['$lt', (a, b) => a < b],
    ['$lte', (a, b) => a <= b],
  ];
  for (const direction of [1, -1] as const) {
    it(`bounds hold what matches, and only the type compared, direction ${direction}`, () => {
      for (const bound of values.filter((value) => value !== null && !Number.isNaN(value))) {
        for (const [operator, matches] of tests) {
          for (const value of values) {
            if (Number.isNaN(value)) continue;
            const wanted = comparable(value, bound) && matches(value as never, bound as never);
            assert.equal(
              inRanges([['x', direction]], { x: { [operator]: bound } }, value),
              wanted,
              `${String(value)} ${operator} ${String(bound)}`,
            );
          }
        }
      }
    });
  }
});
