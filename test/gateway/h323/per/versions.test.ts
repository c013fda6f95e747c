import assert from 'node:assert/strict';
import {
  BOOLEAN,
  choice,
  decode,
  encode,
  extensions,
  integer,
  NULL,
  octetString,
  optional,
  type Schema,
  sequence,
} from '../../../../gateway/h323/per/index.ts';

const number = integer(0, 255);
const older = sequence({ a: number }, extensions({ b: number }));
const newer = sequence({ a: number }, extensions({ b: number, c: octetString(), d: NULL }));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const passed = <T>(schema: Schema<T>, bytes: Uint8Array): string => hex(encode(schema, decode(schema, bytes)));

describe('versions that differ', () => {
  it('additions of a later version are kept and written back', () => {
    const sent = encode(newer, { a: 1, b: 2, c: octets('0a0b'), d: null });
    const read = decode(older, sent);
    assert.deepEqual(read, {
      a: 1,
      b: 2,
      unknownExtensions: [
        { index: 1, bytes: octets('020a0b') },
        { index: 2, bytes: octets('00') },
      ],
    });
    assert.equal(hex(encode(older, read)), hex(sent));
  });

  it('what an older version left out is not announced when written back', () => {
    const sent = encode(older, { a: 1, b: 2 });
    assert.notEqual(hex(encode(newer, { a: 1, b: 2 })), hex(sent));
    assert.equal(passed(newer, sent), hex(sent));
  });

  it('an addition put into a message of an older version widens what is announced', () => {
    const read = decode(newer, encode(older, { a: 1, b: 2 }));
    assert.deepEqual(decode(newer, encode(newer, { ...read, d: null })), { a: 1, b: 2, d: null });
    read.c = octets('01');
    assert.deepEqual(decode(newer, encode(newer, read)), { a: 1, b: 2, c: octets('01') });
  });

  it('the last addition taken out clears the extension bit', () => {
    const read = decode(newer, encode(older, { a: 1, b: 2 }));
    delete read.b;
    assert.equal(hex(encode(newer, read)), '0001');
  });

  it('an extension bit with nothing behind it is written back', () => {
    // marker, then seven bits of a count of one, and no addition present
    assert.equal(passed(older, octets('800100')), '800100');
    assert.deepEqual(decode(older, octets('800100')), { a: 1 });
  });

  it('more than 64 additions', () => {
    const names = Array.from({ length: 100 }, (_, place) => `e${place}`);
    const wide = sequence({ a: number }, extensions(Object.fromEntries(names.map((name) => [name, number])))) as Schema<
      Record<string, unknown>
    >;
    const value = { a: 1, e0: 5, e63: 6, e64: 7, e99: 8 };
    const sent = encode(wide, value);
    assert.deepEqual(decode(wide, sent), value);
    const read = decode(older, sent);
    assert.deepEqual(
      read.unknownExtensions?.map(({ index }) => index),
      [63, 64, 99],
    );
    assert.equal(hex(encode(older, read)), hex(sent));
  });

  it('octets behind a value in its open type are kept', () => {
    const longer = sequence({ a: number }, extensions({ b: sequence({ x: number, y: number }) }));
    const shorter = sequence({ a: number }, extensions({ b: sequence({ x: number }) }));
    const sent = encode(longer, { a: 1, b: { x: 2, y: 3 } });
    assert.deepEqual(decode(shorter, sent), { a: 1, b: { x: 2 } });
    assert.equal(passed(shorter, sent), hex(sent));
  });

  it('a NULL in an open type of no octets is read, and written back so', () => {
    const schema = sequence({ a: number }, extensions({ b: NULL }));
    const sent = octets('80010100');
    assert.deepEqual(decode(schema, sent), { a: 1, b: null });
    assert.equal(passed(schema, sent), hex(sent));
  });

  it('octets behind the message are kept', () => {
    assert.equal(passed(older, octets('0001abcd')), '0001abcd');
  });

  it('an unknown alternative is kept and written back, its place beyond 63 too', () => {
    const old = choice({ a: NULL }, extensions());
    const sent = encode(choice({ a: NULL }, extensions({ b: NULL, c: octetString() })), { c: octets('09') });
    assert.deepEqual(decode(old, sent), { unknownChoice: { index: 1, bytes: octets('0109') } });
    assert.equal(passed(old, sent), hex(sent));
    const far = encode(old, { unknownChoice: { index: 300, bytes: octets('01') } });
    assert.deepEqual(decode(old, far), { unknownChoice: { index: 300, bytes: octets('01') } });
  });

  it('a copy of a decoded value is written in our own form', () => {
    const read = decode(newer, encode(older, { a: 1, b: 2 }));
    assert.equal(hex(encode(newer, { ...read })), hex(encode(newer, { a: 1, b: 2 })));
  });

  it('the form in which a value came is neither compared nor printed', () => {
    const read = decode(newer, encode(older, { a: 1, b: 2 }));
    assert.deepStrictEqual(read, { a: 1, b: 2 });
    assert.equal(JSON.stringify(read), '{"a":1,"b":2}');
  });

  it('optional parts before and behind the marker', () => {
    const schema = sequence({ a: optional(BOOLEAN) }, extensions({ b: optional(BOOLEAN) }));
    for (const value of [{}, { a: true }, { b: false }, { a: false, b: true }]) {
      assert.deepEqual(decode(schema, encode(schema, value)), value);
    }
  });
});
