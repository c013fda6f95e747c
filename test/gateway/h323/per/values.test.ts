import assert from 'node:assert/strict';
import {
  BMPString,
  BOOLEAN,
  bitString,
  choice,
  decode,
  encode,
  enumerated,
  extensibleEnumerated,
  extensions,
  GeneralString,
  IA5String,
  integer,
  NULL,
  NumericString,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  PrintableString,
  type Schema,
  sequence,
  sequenceOf,
  size,
  VisibleString,
} from '../../../../gateway/h323/per/index.ts';

interface Row<T> {
  name: string;
  schema: Schema<T>;
  value: T;
  hex: string;
}
/** Keeps the value's type tied to its schema's, row by row. */
const row = <T>(name: string, schema: Schema<T>, value: T, hex: string): Row<unknown> =>
  ({ name, schema, value, hex }) as Row<unknown>;
const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
/** A value behind one bit, to see whether it is aligned. */
const behindBit = <T>(schema: Schema<T>) => sequence({ bit: BOOLEAN, value: schema });

const digits = IA5String({ size: size(1, 128), from: '0123456789#*,' });
const rows: Row<unknown>[] = [
  row('BOOLEAN', BOOLEAN, true, '80'),
  row('NULL fills an octet', NULL, null, '00'),
  row('INTEGER 0', integer(), 0, '0100'),
  row('INTEGER 127', integer(), 127, '017f'),
  row('INTEGER 128', integer(), 128, '020080'),
  row('INTEGER -1', integer(), -1, '01ff'),
  row('INTEGER -128', integer(), -128, '0180'),
  row('INTEGER -129', integer(), -129, '02ff7f'),
  row('INTEGER 2^31', integer(), 2 ** 31, '050080000000'),
  row('INTEGER -2^40', integer(), -(2 ** 40), '06ff0000000000'),
  row('INTEGER 2^52 + 1', integer(), 2 ** 52 + 1, '0710000000000001'),
  row('INTEGER -2^52 + 1', integer(), -(2 ** 52) + 1, '07f0000000000001'),
  row('INTEGER -2^48', integer(), -(2 ** 48), '07ff000000000000'),
  row('INTEGER (1..MAX) 1', integer(1), 1, '0100'),
  row('INTEGER (1..MAX) 257', integer(1), 257, '020100'),
  row('INTEGER (5..5) takes no bits', behindBit(integer(5, 5)), { bit: true, value: 5 }, '80'),
  row('INTEGER (3..6)', integer(3, 6), 4, '40'),
  row('INTEGER (0..254) is not aligned', behindBit(integer(0, 254)), { bit: true, value: 1 }, '8080'),
  row('INTEGER (0..255) is aligned', behindBit(integer(0, 255)), { bit: true, value: 1 }, '8001'),
  row('INTEGER (1..256)', integer(1, 256), 256, 'ff'),
  row('INTEGER (0..256) takes two octets', behindBit(integer(0, 256)), { bit: true, value: 1 }, '800001'),
  row('INTEGER (0..65535)', integer(0, 65535), 258, '0102'),
  row('INTEGER (-262144..262143)', integer(-262144, 262143), -262144, '0000'),
  row('INTEGER (0..65536) 1', integer(0, 65536), 1, '0001'),
  row('INTEGER (0..65536) 65536', integer(0, 65536), 65536, '80010000'),
  row('INTEGER (0..4294967295)', integer(0, 4294967295), 0x01020304, 'c001020304'),
  row('INTEGER (1..4294967295) 1', integer(1, 4294967295), 1, '0000'),
  row('INTEGER (1..32768, ...) within', integer(1, 32768, { extensible: true }), 1, '000000'),
  row('INTEGER (1..32768, ...) outside', integer(1, 32768, { extensible: true }), 40000, '8003009c40'),
  row('ENUMERATED', enumerated(['a', 'b', 'c']), 'c', '80'),
  row('ENUMERATED with marker', extensibleEnumerated(['a', 'b']), 'b', '40'),
  row('ENUMERATED, addition', extensibleEnumerated(['a', 'b'], ['c']), 'c', '80'),
  row('ENUMERATED, unknown addition', extensibleEnumerated(['a', 'b'], ['c']), 'unknown:70', 'c00146'),
  row('OCTET STRING', octetString(), octets('010203'), '03010203'),
  row(
    'OCTET STRING, empty, not aligned',
    sequence({ a: octetString(size(0, 3)), bit: BOOLEAN }),
    { a: octets(''), bit: true },
    '20',
  ),
  row(
    'OCTET STRING (SIZE(2)) is not aligned',
    behindBit(octetString(size(2))),
    { bit: true, value: octets('0102') },
    '808100',
  ),
  row(
    'OCTET STRING (SIZE(3)) is aligned',
    behindBit(octetString(size(3))),
    { bit: true, value: octets('010203') },
    '80010203',
  ),
  row(
    'OCTET STRING (SIZE(1..2)) is aligned',
    behindBit(octetString(size(1, 2))),
    { bit: true, value: octets('07') },
    '8007',
  ),
  row('OCTET STRING (SIZE(1..256))', octetString(size(1, 256)), octets('0102'), '010102'),
  row('OCTET STRING (SIZE(1..65535))', octetString(size(1, 65535)), octets('0102'), '00010102'),
  row('OCTET STRING of 200', octetString(), new Uint8Array(200).fill(7), `80c8${'07'.repeat(200)}`),
  row(
    'OCTET STRING (SIZE(1..2, ...)) outside',
    octetString(size(1, 2, { extensible: true })),
    octets('010203'),
    '8003010203',
  ),
  row('BIT STRING', bitString(), { bytes: octets('a0'), length: 3 }, '03a0'),
  row(
    'BIT STRING (SIZE(8)) is not aligned',
    behindBit(bitString(size(8))),
    { bit: true, value: { bytes: octets('01'), length: 8 } },
    '8080',
  ),
  row(
    'BIT STRING (SIZE(32)) is aligned',
    behindBit(bitString(size(32))),
    { bit: true, value: { bytes: octets('01020304'), length: 32 } },
    '8001020304',
  ),
  row('BIT STRING (SIZE(0..511))', bitString(size(0, 511)), { bytes: octets('ff80'), length: 9 }, '0009ff80'),
  row('IA5String', IA5String(), 'ab', '026162'),
  row('IA5String (SIZE(1..64))', IA5String({ size: size(1, 64) }), 'a', '0061'),
  row('IA5String, permitted alphabet of 13', digits, '123', '044560'),
  row(
    'IA5String (SIZE(1)), alphabet of 17',
    behindBit(IA5String({ size: size(1), from: '0123456789#*ABCD!' })),
    { bit: true, value: '5' },
    '9a80',
  ),
  row('NumericString', NumericString(), '12', '0223'),
  row('PrintableString', PrintableString(), 'x', '0178'),
  row(
    'VisibleString (SIZE(1)) is not aligned',
    behindBit(VisibleString({ size: size(1) })),
    { bit: false, value: '5' },
    '1a80',
  ),
  row('GeneralString', GeneralString, '5#', '023523'),
  row('BMPString (SIZE(1..128))', BMPString({ size: size(1, 128) }), 'Xã', '02005800e3'),
  row('OBJECT IDENTIFIER', OBJECT_IDENTIFIER, '0.0.8.2250.0.4', '060008914a0004'),
  row('OBJECT IDENTIFIER of joint arcs', OBJECT_IDENTIFIER, '2.999.4294967296', '078837' + '9080808000'),
  row('SEQUENCE OF', sequenceOf(integer(0, 255)), [1, 2], '020102'),
  row('SEQUENCE OF (SIZE(1..4))', sequenceOf(BOOLEAN, size(1, 4)), [true, false, true], 'a8' + ''),
  row('SEQUENCE OF (SIZE(2))', sequenceOf(BOOLEAN, size(2)), [true, true], 'c0'),
  row('SEQUENCE without optional parts', sequence({ a: BOOLEAN, b: BOOLEAN }), { a: false, b: true }, '40'),
  row('SEQUENCE, optional part absent', sequence({ a: optional(integer(0, 255)), b: BOOLEAN }), { b: true }, '40'),
  row(
    'SEQUENCE, optional part there',
    sequence({ a: optional(integer(0, 255)), b: BOOLEAN }),
    { a: 5, b: true },
    '800580',
  ),
  row('SEQUENCE with marker', sequence({ a: BOOLEAN }, extensions()), { a: true }, '40'),
  row(
    'SEQUENCE, second of two additions',
    sequence({ a: BOOLEAN }, extensions({ b: BOOLEAN, c: integer(0, 255) })),
    { a: true, c: 9 },
    // marker 1, a 1, two additions (0000001), present 01; then an open type of one octet
    'c0a0' + '0109',
  ),
  row('CHOICE', choice({ a: NULL, b: BOOLEAN, c: NULL }), { b: true }, '60'),
  row('CHOICE with marker', choice({ a: NULL, b: NULL }, extensions()), { b: null }, '40'),
  row('CHOICE, addition', choice({ a: NULL }, extensions({ b: NULL, c: integer(0, 255) })), { c: 7 }, '810107'),
  row('CHOICE, addition without content', choice({ a: NULL }, extensions({ b: NULL })), { b: null }, '800100'),
];

describe('aligned PER, value by value', () => {
  for (const { name, schema, value, hex } of rows) {
    it(`${name}: ${hex.length > 40 ? `${hex.slice(0, 40)}…` : hex}`, () => {
      assert.equal(Buffer.from(encode(schema, value)).toString('hex'), hex);
      assert.deepEqual(decode(schema, octets(hex)), value);
    });
  }

  it('reads two and more octets of presence bits', () => {
    const names = Array.from({ length: 40 }, (_, place) => `c${place}`);
    const schema = sequence(Object.fromEntries(names.map((name) => [name, optional(integer(0, 255))]))) as Schema<
      Record<string, number>
    >;
    const value = { c0: 1, c7: 2, c8: 3, c31: 4, c32: 5, c39: 6 };
    assert.deepEqual(decode(schema, encode(schema, value)), value);
    const all = Object.fromEntries(names.map((name, place) => [name, place]));
    assert.deepEqual(decode(schema, encode(schema, all)), all);
  });

  it('gives octet strings that outlive the buffer they came in', () => {
    const buffer = octets('03010203');
    const value = decode(octetString(), buffer);
    buffer.fill(0);
    assert.deepEqual(value, octets('010203'));
  });

  it('reads from the middle of a larger buffer', () => {
    const larger = Buffer.from('ffff0102ffff', 'hex');
    assert.equal(decode(integer(0, 65535), larger.subarray(2, 4)), 258);
  });
});

describe('values outside the bounds', () => {
  it('a number that the field carries passes both ways', () => {
    // 17 + 4 fits the four bits of (6..17)
    assert.equal(decode(integer(6, 17), octets('f0')), 21);
    assert.equal(Buffer.from(encode(integer(6, 17), 21)).toString('hex'), 'f0');
  });

  const refused: [name: string, act: () => unknown, fault: string][] = [
    ['a number that the field cannot carry', () => encode(integer(6, 17), 22), 'range'],
    ['a number below', () => encode(integer(6, 17), 5), 'range'],
    ['a fraction', () => encode(integer(0, 255), 1.5), 'value'],
    ['no number at all', () => encode(integer(0, 255), Number.NaN), 'value'],
    ['more than a double holds exactly', () => decode(integer(), octets('087fffffffffffffff')), 'range'],
    ['an integer of no octets', () => decode(integer(), octets('00')), 'range'],
    ['a string that is too long', () => encode(IA5String({ size: size(1, 4) }), 'abcde'), 'range'],
    ['a character outside the alphabet', () => encode(digits, '12a'), 'value'],
    ['a code outside the alphabet', () => decode(digits, octets('00f0')), 'range'],
    ['a character of two octets in an IA5String', () => encode(IA5String(), 'ễ'), 'value'],
    ['an enumeration value that does not exist', () => decode(enumerated(['a', 'b', 'c']), octets('c0')), 'index'],
    ['a CHOICE index that does not exist', () => decode(choice({ a: NULL, b: NULL, c: NULL }), octets('c0')), 'index'],
    ['no alternative', () => encode(choice({ a: NULL }), {} as never), 'value'],
    ['two alternatives', () => encode(choice({ a: NULL, b: NULL }), { a: null, b: null } as never), 'value'],
    ['an alternative that does not exist', () => encode(choice({ a: NULL }), { z: null } as never), 'value'],
    ['an object identifier of letters', () => encode(OBJECT_IDENTIFIER, 'abc'), 'value'],
    ['an object identifier that ends within an arc', () => decode(OBJECT_IDENTIFIER, octets('028888')), 'truncated'],
    [
      'an object identifier with an endless arc',
      () => decode(OBJECT_IDENTIFIER, octets(`0d00${'ff'.repeat(11)}7f`)),
      'range',
    ],
    ['more bits than octets', () => encode(bitString(), { bytes: octets('00'), length: 9 }), 'value'],
    ['a missing component', () => encode(sequence({ a: BOOLEAN }), {} as never), 'value'],
  ];
  for (const [name, act, fault] of refused) {
    it(`${name} is refused`, () => assert.throws(act, { name: 'PerError', fault }));
  }
});
