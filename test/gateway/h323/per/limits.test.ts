import assert from 'node:assert/strict';
import {
  BMPString,
  BOOLEAN,
  bitString,
  choice,
  decode,
  encode,
  extensions,
  GeneralString,
  IA5String,
  integer,
  lazy,
  NULL,
  octetString,
  optional,
  PerError,
  type Schema,
  sequence,
  sequenceOf,
  size,
} from '../../../../gateway/h323/per/index.ts';

const K = 1024;
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, place) => (place * 7) & 0xff);
const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('fragmentation (X.691 11.9.3.8)', () => {
  const lengths = [16 * K - 1, 16 * K, 16 * K + 1, 48 * K, 64 * K, 64 * K + 1, 80 * K + 5, 130 * K];

  for (const length of lengths) {
    it(`${length} octets, bits, characters, items, and such in an open type`, () => {
      const bytes = pattern(length);
      assert.deepEqual(decode(octetString(), encode(octetString(), bytes)), bytes);
      const text = Buffer.from(bytes.map((byte) => byte & 0x7f)).toString('latin1');
      for (const schema of [IA5String(), GeneralString, BMPString()]) {
        assert.equal(decode(schema, encode(schema, text)), text);
      }
      const bits = { bytes: pattern(Math.ceil(length / 8)), length };
      if (length % 8 > 0) bits.bytes[bits.bytes.length - 1] = 0x80;
      assert.deepEqual(decode(bitString(), encode(bitString(), bits)), bits);
      const items = [...bytes];
      const list = sequenceOf(integer(0, 255));
      assert.deepEqual(decode(list, encode(list, items)), items);
      const open = sequence({ a: BOOLEAN }, extensions({ b: octetString(), c: BOOLEAN }));
      const value = { a: true, b: bytes, c: true };
      assert.deepEqual(decode(open, encode(open, value)), value);
      const old = sequence({ a: BOOLEAN }, extensions());
      assert.deepEqual(encode(old, decode(old, encode(open, value))), encode(open, value));
      const either = choice({ a: NULL }, extensions({ b: octetString() }));
      assert.deepEqual(decode(either, encode(either, { b: bytes })), { b: bytes });
    });
  }

  it('the lengths are those of the Recommendation', () => {
    const headers = (length: number): string[] => {
      const bytes = encode(octetString(), new Uint8Array(length));
      const found: string[] = [];
      for (let at = 0; at < bytes.length; ) {
        if (bytes[at]! < 0x80) {
          found.push(bytes[at]!.toString(16));
          at += 1 + bytes[at]!;
        } else if (bytes[at]! < 0xc0) {
          const short = ((bytes[at]! & 0x3f) << 8) | bytes[at + 1]!;
          found.push(`${bytes[at]!.toString(16)}${bytes[at + 1]!.toString(16).padStart(2, '0')}`);
          at += 2 + short;
        } else {
          found.push(bytes[at]!.toString(16));
          at += 1 + (bytes[at]! & 0x3f) * 16 * K;
        }
      }
      return found;
    };
    assert.deepEqual(headers(127), ['7f']);
    assert.deepEqual(headers(128), ['8080']);
    assert.deepEqual(headers(16 * K), ['c1', '0']);
    assert.deepEqual(headers(147 * K), ['c4', 'c4', 'c1', '8c00']);
  });

  it('fragments smaller than they could be are read', () => {
    const fragment = pattern(16 * K);
    const bytes = Buffer.concat([octets('c1'), fragment, octets('c1'), fragment, octets('00')]);
    assert.deepEqual(decode(octetString(), bytes), Uint8Array.from([...fragment, ...fragment]));
  });
});

describe('what the input cannot justify', () => {
  const schemas: [name: string, schema: Schema<unknown>, bytes: string][] = [
    ['octets', octetString(), '8fff00'],
    ['a fragment of octets', octetString(), 'c400'],
    ['bits', bitString(), '8fff00'],
    ['bits in fragments', bitString(), 'c400'],
    ['characters', IA5String(), '8fff00'],
    ['wide characters', BMPString({ size: size(1, 512) }), 'ff800000'],
    ['characters of a small alphabet', IA5String({ size: size(1, 128), from: '0123456789#*,' }), 'fe00'],
    ['items', sequenceOf(octetString()), 'bfff00'],
    ['items of one bit', sequenceOf(BOOLEAN), 'bfff00'],
    ['items of no bits', sequenceOf(NULL), 'bfff00'],
    ['items in a wide field', sequenceOf(integer(0, 255), size(1, 65535)), 'ffff00'],
    ['additions', sequence({}, extensions()), 'e0ffff'],
    ['an open type', sequence({}, extensions({ a: NULL })), '80a0ff'],
    ['a number', integer(0, 4294967295), 'c001'],
    ['nothing at all', integer(0, 255), ''],
  ];
  for (const [name, schema, bytes] of schemas) {
    it(`${name}: refused before anything is allocated for it`, () => {
      assert.throws(() => decode(schema, octets(bytes)), PerError);
    });
  }

  it('a fragment of five times 16 K does not exist', () => {
    assert.throws(() => decode(octetString(), octets('c5')), { fault: 'range' });
  });

  it('a value in an open type does not read beyond it', () => {
    const schema = sequence({}, extensions({ a: integer(0, 65535), b: octetString() }));
    // a has an open type of one octet; the next octets are b's
    assert.throws(() => decode(schema, octets('81c0' + '01ff' + '0102')), { fault: 'truncated', path: 'a' });
  });

  type Nested = { inner?: Nested };
  const Nested: Schema<Nested> = sequence({ inner: optional(lazy<Nested>(() => Nested)) });

  it('nesting is bounded both ways', () => {
    assert.throws(() => decode(Nested, new Uint8Array(10_000).fill(0xff)), { fault: 'nesting' });
    let deep: Nested = {};
    for (let depth = 0; depth < 100; depth++) deep = { inner: deep };
    assert.throws(() => encode(Nested, deep), { fault: 'nesting' });
    assert.deepEqual(decode(Nested, encode(Nested, { inner: { inner: {} } })), { inner: { inner: {} } });
  });

  it('nesting counts depth, not how many there are', () => {
    const list = sequenceOf(lazy<Nested>(() => Nested));
    const many = Array.from({ length: 200 }, () => ({}));
    assert.deepEqual(decode(list, encode(list, many)), many);
  });
});

describe('errors tell the field', () => {
  const schema = sequence(
    { list: sequenceOf(sequence({ one: choice({ number: integer(0, 255), text: IA5String() }) })) },
    extensions({ more: sequence({ deep: integer(0, 255) }) }),
  );
  const good = { list: [{ one: { number: 1 } }, { one: { text: 'abc' } }], more: { deep: 3 } };

  it('while reading', () => {
    const bytes = encode(schema, good);
    assert.deepEqual(decode(schema, bytes), good);
    assert.throws(() => decode(schema, bytes.subarray(0, 7)), {
      path: 'list[1].one.text',
      message: /^list\[1\]\.one\.text: 24 bits wanted, \d+ left$/,
    });
    assert.throws(() => decode(schema, bytes.subarray(0, bytes.length - 1)), { path: 'more' });
  });

  it('while writing', () => {
    assert.throws(() => encode(schema, { ...good, list: [{ one: { number: 999 } }] }), {
      path: 'list[0].one.number',
      message: 'list[0].one.number: 999 not within 0 to 255',
    });
    assert.throws(() => encode(schema, { ...good, more: { deep: -1 } }), { path: 'more.deep' });
    assert.throws(() => encode(schema, { more: { deep: 1 } } as never), { path: 'list', message: 'list: missing' });
  });
});
