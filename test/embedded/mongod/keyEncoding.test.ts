import assert from 'node:assert/strict';
import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { encodeValue, inverted } from '../../../embedded/mongod/order/keyEncoding.ts';
import { sortKey } from '../../../embedded/mongod/order/sorting.ts';
import { randomFrom } from './random.ts';

const order = (a: unknown, b: unknown): number => Math.sign(Buffer.compare(encodeValue(a), encodeValue(b)));

describe('key encoding', () => {
  it('sorts the types as MongoDB does', () => {
    const ascending = [
      new MinKey(),
      null,
      Number.NaN,
      -Infinity,
      Decimal128.fromString('-1E+400'),
      -1e308,
      Long.MIN_VALUE,
      -1.5,
      new Int32(-1),
      0,
      Decimal128.fromString('1E-400'),
      5e-324,
      0.1,
      new Int32(1),
      Decimal128.fromString('1.0000000000000000000001'),
      new Double(2),
      9007199254740992,
      Long.fromString('9007199254740993'),
      Long.MAX_VALUE,
      2 ** 63,
      Decimal128.fromString('1E+400'),
      Infinity,
      '',
      '\0',
      '\0\0',
      '\u0001',
      'a',
      'a\0',
      'a\0b',
      'ab',
      'b',
      'é',
      'ế',
      '😀',
      {},
      { a: 1 },
      { a: 1, b: 1 },
      { a: 2 },
      { b: 1 },
      { a: 'x' },
      [],
      [1],
      [1, 2],
      [2],
      new Binary(Buffer.from([9])),
      new Binary(Buffer.from([1, 1])),
      new Binary(Buffer.from([1, 1]), 5),
      new ObjectId('000000000000000000000000'),
      new ObjectId('ffffffffffffffffffffffff'),
      false,
      true,
      new Date(-1),
      new Date(0),
      new Date(1),
      new Timestamp({ t: 1, i: 1 }),
      new Timestamp({ t: 1, i: 2 }),
      new Timestamp({ t: 4294967295, i: 1 }),
      new BSONRegExp('a', ''),
      new BSONRegExp('a', 'i'),
      new MaxKey(),
    ];
    for (let i = 0; i < ascending.length; i++) {
      for (let j = 0; j < ascending.length; j++) {
        assert.equal(order(ascending[i], ascending[j]), Math.sign(i - j), `${i} against ${j}`);
      }
    }
  });

  it('encodes equal numbers of all classes alike', () => {
    for (const text of ['0', '1', '-7', '123456', '9007199254740992', '-2147483648']) {
      const same = [
        Number(text),
        new Double(Number(text)),
        Long.fromString(text),
        Decimal128.fromString(text),
        Decimal128.fromString(`${text}.00`),
      ];
      for (const value of same) assert.equal(order(same[0], value), 0, text);
    }
    assert.equal(order(0, -0), 0);
    assert.equal(order(0.5, Decimal128.fromString('0.5')), 0);
    assert.equal(order(0.1, Decimal128.fromString('0.1')), 1, 'the double is the larger one');
    assert.equal(order(undefined, null), 0);
  });

  const random = randomFrom(20_240_817);
  const pick = (): number => {
    const kind = random.below(4);
    if (kind === 0) return random.below(2_000) - 1_000;
    if (kind === 1) return (random.next() - 0.5) * 10 ** (random.below(600) - 300);
    if (kind === 2) return random.next() - 0.5;
    return (random.below(2) === 0 ? 1 : -1) * 2 ** random.below(1_000);
  };

  it('sorts 20,000 pairs of doubles as they compare', () => {
    for (let n = 0; n < 20_000; n++) {
      const [a, b] = [pick(), pick()];
      assert.equal(order(a, b), a < b ? -1 : a > b ? 1 : 0, `${a} ${b}`);
    }
  });

  it('sorts 5,000 pairs of int64 and decimals as exact arithmetic does', () => {
    const bits = (): bigint =>
      BigInt.asIntN(
        64,
        (BigInt(random.below(2 ** 31)) << 33n) ^ BigInt(random.below(2 ** 31)) ^ (BigInt(random.below(4)) << 62n),
      );
    for (let n = 0; n < 5_000; n++) {
      const a = bits();
      const b = n % 2 === 0 ? bits() : BigInt.asIntN(64, a + BigInt(random.below(5) - 2));
      const wanted = a < b ? -1 : a > b ? 1 : 0;
      assert.equal(order(Long.fromBigInt(a), Long.fromBigInt(b)), wanted, `${a} ${b}`);
      assert.equal(order(Decimal128.fromString(String(a)), Long.fromBigInt(b)), wanted, `${a} ${b}`);
    }
  });

  it('ends itself: joined encodings sort field by field, up and down', () => {
    const texts = (): string =>
      Array.from({ length: random.below(4) }, () => ['\0', 'a', '\xff', 'b'][random.below(4)]!).join('');
    const compare = (a: string, b: string): number => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (let n = 0; n < 20_000; n++) {
      const [a, b, c, d] = [texts(), texts(), pick(), pick()];
      const wanted = compare(a, b) !== 0 ? compare(a, b) : Math.sign(c < d ? 1 : c > d ? -1 : 0);
      const pattern = [
        ['t', 1],
        ['n', -1],
      ] as const;
      assert.equal(
        Math.sign(Buffer.compare(sortKey({ t: a, n: c }, pattern), sortKey({ t: b, n: d }, pattern))),
        wanted,
      );
      assert.equal(
        Math.sign(Buffer.compare(inverted(encodeValue(a)), inverted(encodeValue(b)))),
        0 - compare(a, b) || 0,
      );
    }
  });
});
