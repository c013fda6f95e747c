import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type RtpPacket, writeRtpHeader } from '../../../../embedded/freeswitch/rtp/packet.ts';
import { SrtpReceiver, SrtpSender } from '../../../../embedded/freeswitch/rtp/srtp.ts';
import { FrameAssembler } from '../../../../embedded/freeswitch/video/stream/assembler.ts';
import { parseFeedback, writeNack } from '../../../../embedded/freeswitch/video/stream/feedback.ts';
import type { Frame } from '../../../../embedded/freeswitch/video/stream/frame.ts';
import { MissingPackets } from '../../../../embedded/freeswitch/video/stream/missing.ts';
import { SentPackets } from '../../../../embedded/freeswitch/video/stream/sent-packets.ts';

/* Packets that are asked for again and sent again (RFC 4585, clause 6.2.1). */

function packet(sequence: number, fill = 0): Buffer {
  const bytes = Buffer.alloc(100, fill);
  writeRtpHeader(bytes, 96, false, sequence, 9_000, 5);
  return bytes;
}

describe('media engine: generic NACK', () => {
  it('is read as it is written: runs in one entry, over the turn of numbers', () => {
    const table: [lost: number[], entries: number][] = [
      [[7], 1],
      [[7, 8, 9, 23], 1],
      [[7, 24], 2],
      [[65_534, 65_535, 0, 14], 1],
      [[65_534, 15], 2],
      [[10, 100, 101, 1_000], 3],
    ];
    for (const [lost, entries] of table) {
      const written = writeNack(1, 2, lost);
      assert.equal(written.length, 12 + 4 * entries, lost.join());
      assert.deepEqual(parseFeedback(written), [{ kind: 'nack', media: 2, lost }]);
      for (let length = 0; length < written.length; length++) parseFeedback(written.subarray(0, length));
    }
  });

  describe('what is missing', () => {
    it('is asked for a little later, again after a round trip, and not for ever', () => {
      const missing = new MissingPackets();
      missing.reportedRoundTripMs = 100;
      missing.noticed(65_535, 2, 1_000);
      assert.deepEqual(missing.due(1_005), []);
      assert.deepEqual(missing.due(1_020), [65_535, 0, 1]);
      missing.came(0, 1_060);
      assert.deepEqual(missing.due(1_100), []);
      assert.deepEqual(missing.due(1_160), [65_535, 1]);
      let asked = 0;
      for (let now = 1_180; now < 10_000; now += 20) asked += missing.due(now).length;
      assert.equal(asked, 2 * 3);
      assert.equal(missing.counts.asked, 5 + 6);
      assert.equal(missing.counts.recovered, 1);
    });
    it('is not asked for when it is only out of order, once the line is known to do that', () => {
      const missing = new MissingPackets();
      for (let round = 0; round < 10; round++) {
        const now = round * 1_000;
        missing.noticed(round, round + 1, now);
        for (const later of [10, 20, 30]) missing.due(now + later);
        missing.came(round, now + 35);
        // Asked for too early, it comes a second time.
        missing.came(round, now + 60);
      }
      const { asked } = missing.counts;
      missing.noticed(100, 101, 20_000);
      missing.due(20_030);
      assert.equal(missing.counts.asked, asked);
      assert.ok(asked < 10, `${asked} asked for`);
    });
    it('is not asked for one by one when it is too much', () => {
      const missing = new MissingPackets();
      missing.noticed(0, 300, 0);
      assert.deepEqual(missing.due(50), []);
      assert.equal(missing.patienceMs, 0);
    });
    it('is forgotten when pictures went on without it', () => {
      const missing = new MissingPackets();
      missing.noticed(10, 14, 0);
      missing.passed(12);
      assert.deepEqual(missing.due(20), [12, 13]);
    });
    it('is waited for as long as tries take, within bounds', () => {
      const missing = new MissingPackets();
      missing.noticed(1, 2, 0);
      for (const [trip, least, most] of [
        [1, 100, 150],
        [50, 200, 300],
        [2_000, 500, 500],
      ] as const) {
        missing.reportedRoundTripMs = trip;
        assert.ok(missing.patienceMs >= least && missing.patienceMs <= most, `${trip} ms: ${missing.patienceMs}`);
      }
    });
  });

  it('frames wait for what was asked for, and are whole', () => {
    const frames: Frame[] = [];
    const assembler = new FrameAssembler((frame) => frames.push(frame));
    assembler.missing = new MissingPackets();
    const all: RtpPacket[] = Array.from({ length: 12 }, (_, at) => ({
      payloadType: 96,
      marker: at % 3 === 2,
      sequence: at,
      timestamp: Math.floor(at / 3) * 3_600,
      ssrc: 7,
      payload: Uint8Array.of(at < 3 ? 0x65 : 0x41, 0xe0, at),
    }));
    const come = (at: number, nowMs: number): void => assembler.push(all[at]!, all[at]!.payload, 'H264', nowMs);
    for (const at of [0, 1, 2, 3, 5, 6, 7, 8, 9, 11]) come(at, at * 10);
    assembler.tick(115);
    assert.deepEqual(assembler.missing.due(130), [4, 10]);
    assert.equal(frames.length, 1);
    come(4, 150);
    assert.equal(frames.length, 3);
    assembler.tick(170);
    assert.equal(frames.length, 3);
    assembler.tick(700);
    assert.deepEqual(
      frames.map(({ damaged }) => damaged),
      [false, false, false, true],
    );
    assert.equal(assembler.lost, 1);
    assert.deepEqual(assembler.missing.due(720), []);
  });

  describe('what was sent', () => {
    it('is sent again as it was, whatever became of the packet that viewers share', () => {
      const sent = new SentPackets();
      for (let sequence = 65_000; sequence < 65_000 + 700; sequence++) {
        const shared = packet(sequence & 0xffff, sequence & 0xff);
        sent.keep(shared, shared, sequence);
        writeRtpHeader(shared, 97, true, 1, 1, 1);
      }
      assert.deepEqual(sent.again(50, 65_700, 10), packet(50, (65_536 + 50) & 0xff));
      assert.equal(sent.again(50, 65_705, 10), undefined, 'again at once');
      assert.ok(sent.again(50, 65_710, 10) !== undefined);
      assert.equal(sent.again(65_100, 65_700, 10), undefined, 'overwritten');
      assert.equal(sent.again(400, 65_700, 10), undefined, 'never sent');
    });
    it('is let go of after a second', () => {
      const sent = new SentPackets();
      for (let at = 0; at < 10; at++) sent.keep(packet(at), packet(at), at * 100);
      sent.sweep(1_550);
      assert.equal(sent.again(5, 1_100, 0), undefined);
      assert.ok(sent.again(6, 1_550, 0) !== undefined);
      sent.sweep(10_000);
      sent.keep(packet(20), packet(20), 10_000);
      assert.ok(sent.again(20, 10_010, 0) !== undefined);
    });
    it('goes out under the same index when it is protected: taken once, and never twice', () => {
      for (const suite of ['AES_CM_128_HMAC_SHA1_80', 'AEAD_AES_128_GCM'] as const) {
        const key = randomBytes(30).subarray(0, suite === 'AEAD_AES_128_GCM' ? 28 : 30);
        const [near, far] = [new SrtpSender(suite, key), new SrtpReceiver(suite, key)];
        const sent = new SentPackets();
        const lost = 65_530;
        for (let at = 0; at < 400; at++) {
          const plain = packet((lost + at) & 0xffff);
          const sealed = near.protect(plain);
          sent.keep(plain, sealed, at);
          // Each seventh is lost, and the counter rolls over meanwhile.
          if (at % 7 !== 3) assert.deepEqual(far.unprotect(sealed), plain, `${suite} ${at}`);
        }
        for (let at = 0; at < 400; at++) {
          const sequence = (lost + at) & 0xffff;
          const again = sent.again(sequence, 400, 0)!;
          assert.deepEqual(far.unprotect(again), at % 7 === 3 ? packet(sequence) : undefined, `${suite} ${at}`);
          assert.equal(far.unprotect(again), undefined, 'a replay');
        }
      }
    });
  });
});
