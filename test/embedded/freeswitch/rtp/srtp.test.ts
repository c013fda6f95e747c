import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { SrtpReceiver, SrtpSender, type SrtpSuite, srtpKeyBytes } from '../../../../embedded/freeswitch/rtp/srtp.ts';
import { usableCrypto } from '../../../../embedded/freeswitch/sdp/security.ts';

const suites = Object.keys(srtpKeyBytes) as SrtpSuite[];
const keyFor = (suite: SrtpSuite): Buffer => randomBytes(srtpKeyBytes[suite].key + srtpKeyBytes[suite].salt);

function packet(sequence: number, payload: Buffer | string, ssrc = 0x1234_5678): Buffer {
  const head = Buffer.alloc(12);
  head[0] = 0x80;
  head[1] = 8;
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(sequence * 160, 4);
  head.writeUInt32BE(ssrc, 8);
  return Buffer.concat([head, Buffer.from(payload)]);
}

describe('media engine: SRTP', () => {
  it('AES-CM and HMAC-SHA1: the packet of RFC 3711, appendix B.3, keys derived as told there', () => {
    // Key derivation's test vector: the session keys show in what they make of a packet of zeros.
    const master = Buffer.from('e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6', 'hex');
    const sealed = new SrtpSender('AES_CM_128_HMAC_SHA1_80', master).protect(packet(0, Buffer.alloc(16), 0));
    assert.equal(sealed.length, 12 + 16 + 10);
    // AES-CM keystream of session key c61e7a93… with session salt 30cbbc08… as IV, made by another program.
    assert.equal(sealed.subarray(12, 28).toString('hex'), keystream);
  });
  const keystream = 'fa63bc4668685b65f8fa1ce3909cead5';

  for (const suite of suites) {
    it(`${suite}: opens what was sealed, in any order, over the turn of sequence numbers, each once`, () => {
      const key = keyFor(suite);
      const [sender, receiver] = [new SrtpSender(suite, key), new SrtpReceiver(suite, key)];
      const sealed = Array.from({ length: 400 }, (_, at) => sender.protect(packet(65_300 + at, `sound ${at}`)));
      for (let at = 0; at < sealed.length; at += 2) {
        for (const which of [at + 1, at]) {
          const plain = receiver.unprotect(sealed[which]!);
          assert.equal(plain?.toString('latin1', 12), `sound ${which}`);
        }
      }
      assert.equal(receiver.unprotect(sealed[399]!), undefined, 'a replay');
    });

    it(`${suite}: refuses another key, a changed bit, and what is too short`, () => {
      const sealed = new SrtpSender(suite, keyFor(suite)).protect(packet(1, 'sound'));
      assert.equal(new SrtpReceiver(suite, keyFor(suite)).unprotect(sealed), undefined);
      const key = keyFor(suite);
      const right = new SrtpSender(suite, key).protect(packet(1, 'sound'));
      for (let at = 0; at < right.length; at++) {
        const changed = Buffer.from(right);
        changed[at] = changed[at]! ^ 1;
        assert.equal(new SrtpReceiver(suite, key).unprotect(changed), undefined, `byte ${at}`);
        assert.equal(new SrtpReceiver(suite, key).unprotect(right.subarray(0, at)), undefined);
      }
      assert.ok(new SrtpReceiver(suite, key).unprotect(right));
    });

    it(`${suite}: protects RTCP`, () => {
      const key = keyFor(suite);
      const [sender, receiver] = [new SrtpSender(suite, key), new SrtpReceiver(suite, key)];
      const report = Buffer.concat([Buffer.from('80c90001', 'hex'), randomBytes(24)]);
      const sealed = sender.protectRtcp(report);
      assert.deepEqual(receiver.unprotectRtcp(sealed), report);
      assert.equal(receiver.unprotectRtcp(sealed), undefined, 'a replay');
      const next = sender.protectRtcp(report);
      next[9] = next[9]! ^ 1;
      assert.equal(receiver.unprotectRtcp(next), undefined);
    });
  }

  it('takes of several crypto lines the first that it can keep', () => {
    const good = randomBytes(30).toString('base64');
    const line = (id: number, suite: string, config: string, sessionConfig?: string) => ({
      id,
      suite,
      config,
      sessionConfig,
    });
    const table: [string, ReturnType<typeof line>[], number | undefined][] = [
      ['plain', [line(1, 'AES_CM_128_HMAC_SHA1_80', `inline:${good}`)], 1],
      ['life time', [line(2, 'AES_CM_128_HMAC_SHA1_32', `inline:${good}|2^31`)], 2],
      [
        'unknown suite first',
        [line(1, 'F8_128_HMAC_SHA1_80', `inline:${good}`), line(7, 'AES_CM_128_HMAC_SHA1_80', `inline:${good}`)],
        7,
      ],
      ['master key identifier', [line(1, 'AES_CM_128_HMAC_SHA1_80', `inline:${good}|2^20|1:4`)], undefined],
      ['unencrypted', [line(1, 'AES_CM_128_HMAC_SHA1_80', `inline:${good}`, 'UNENCRYPTED_SRTP')], undefined],
      ['short key', [line(1, 'AES_CM_128_HMAC_SHA1_80', 'inline:AAAA')], undefined],
      ['none', [], undefined],
    ];
    for (const [name, lines, tag] of table) assert.equal(usableCrypto(lines)?.tag, tag, name);
  });
});
