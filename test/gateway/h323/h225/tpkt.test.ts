import assert from 'node:assert/strict';
import { frameTpkt, TpktError, TpktReader } from '../../../../gateway/h323/h225/index.ts';

const octets = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('TPKT (RFC 1006)', () => {
  it('frames a packet', () => {
    assert.deepEqual(frameTpkt(octets(1, 2, 3)), octets(3, 0, 0, 7, 1, 2, 3));
  });

  it('frames the longest packet, and refuses a longer one', () => {
    assert.deepEqual(frameTpkt(new Uint8Array(65_531)).subarray(0, 4), octets(3, 0, 255, 255));
    assert.throws(() => frameTpkt(new Uint8Array(65_532)), TpktError);
  });

  it('finds packets however the stream is cut', () => {
    const packets = [octets(1), octets(2, 3), new Uint8Array(300).fill(4), octets(5)];
    const stream = Buffer.concat(packets.map(frameTpkt));
    for (const size of [1, 2, 3, 5, 7, 100, 10_000]) {
      const reader = new TpktReader();
      const found: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += size) found.push(...reader.push(stream.subarray(at, at + size)));
      assert.deepEqual(found, packets, `pieces of ${size}`);
      assert.equal(reader.pending, 0);
    }
  });

  it('gives packets that outlive the buffer they came in', () => {
    const chunk = frameTpkt(octets(1, 2));
    const [packet] = new TpktReader().push(chunk);
    chunk.fill(0);
    assert.deepEqual(packet, octets(1, 2));
  });

  it('passes over packets without content, and a reserved octet of any value', () => {
    assert.deepEqual(new TpktReader().push(octets(3, 0, 0, 4, 3, 99, 0, 5, 8)), [octets(8)]);
  });

  it('tells how much of a packet is there', () => {
    const reader = new TpktReader();
    assert.deepEqual(reader.push(octets(3, 0, 0, 9, 1)), []);
    assert.equal(reader.pending, 5);
  });

  const bad: [string, Uint8Array][] = [
    ['another version', octets(2, 0, 0, 5, 1)],
    ['another version, seen in its first octet', octets(71)],
    ['a length below that of the header', octets(3, 0, 0, 3)],
  ];
  for (const [name, bytes] of bad) {
    it(`refuses ${name}`, () => assert.throws(() => new TpktReader().push(bytes), TpktError));
  }

  it('gives the packets before the fault first', () => {
    const reader = new TpktReader();
    assert.deepEqual(reader.push(octets(3, 0, 0, 5, 1, 2, 2)), [octets(1)]);
    assert.throws(() => reader.push(octets(3)), TpktError);
  });

  it('refuses a packet over its limit as soon as it is announced', () => {
    assert.throws(() => new TpktReader(100).push(octets(3, 0, 0, 105)), TpktError);
    assert.deepEqual(new TpktReader(100).push(frameTpkt(new Uint8Array(100))), [new Uint8Array(100)]);
  });
});
