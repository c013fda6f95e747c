import assert from 'node:assert/strict';
import type { RtpPacket } from '../../../../embedded/freeswitch/rtp/packet.ts';
import { formatsOf } from '../../../../embedded/freeswitch/video/sdp/format.ts';
import { FrameAssembler } from '../../../../embedded/freeswitch/video/stream/assembler.ts';
import {
  parseFeedback,
  writeFir,
  writePli,
  writeTmmbn,
  writeTmmbr,
} from '../../../../embedded/freeswitch/video/stream/feedback.ts';
import type { Frame, StreamFacts } from '../../../../embedded/freeswitch/video/stream/frame.ts';
import { FrameSender } from '../../../../embedded/freeswitch/video/stream/sender.ts';
import { StreamWatch } from '../../../../embedded/freeswitch/video/stream/stream-watch.ts';

/** Packets of frames of three packets each: IDR first, then plain slices. */
function packets(frames: number, from = 65_530): RtpPacket[] {
  const all: RtpPacket[] = [];
  for (let frame = 0; frame < frames; frame++) {
    for (let part = 0; part < 3; part++) {
      all.push({
        payloadType: 96,
        marker: part === 2,
        sequence: (from + all.length) & 0xffff,
        timestamp: (4_294_960_000 + frame * 6_000) >>> 0,
        ssrc: 7,
        payload: Uint8Array.of(frame === 0 ? 0x65 : 0x41, 0xe0, frame, part),
      });
    }
  }
  return all;
}

function assembled(list: (RtpPacket | undefined)[], lastAt = 1_000): { frames: Frame[]; assembler: FrameAssembler } {
  const frames: Frame[] = [];
  const assembler = new FrameAssembler((frame) => frames.push(frame));
  for (const packet of list) if (packet !== undefined) assembler.push(packet, packet.payload, 'H264', 0);
  assembler.tick(lastAt);
  return { frames, assembler };
}

const told = (frames: Frame[]): string =>
  frames.map((frame) => `${frame.key ? 'K' : 'p'}${frame.units.length}${frame.damaged ? '!' : ''}`).join(' ');

describe('media engine: frames of pictures', () => {
  const plain = packets(4);

  it('come whole and in order over the turn of sequence numbers and time stamps', () => {
    assert.equal(told(assembled(plain).frames), 'K3 p3 p3 p3');
  });

  it('come whole though packets are swapped and doubled', () => {
    const mixed = [plain[1], plain[0], plain[2], plain[2], plain[5], plain[4], plain[3], ...plain.slice(6)];
    // The first packet of a stream decides where it starts: what came before it is late.
    const { frames, assembler } = assembled(mixed);
    assert.equal(told(frames), 'K2 p3 p3 p3');
    assert.equal(assembler.late, 2);
    assert.equal(assembler.lost, 0);
  });

  it('tell loss in the middle, at the end, and of a whole frame', () => {
    const without = (...gone: number[]) => plain.map((packet, place) => (gone.includes(place) ? undefined : packet));
    assert.equal(told(assembled(without(4)).frames), 'K3 p2! p3 p3');
    assert.equal(told(assembled(without(5)).frames), 'K3 p2! p3! p3');
    assert.equal(told(assembled(without(3, 4, 5)).frames), 'K3 p3! p3');
    assert.equal(assembled(without(3, 4, 5)).assembler.lost, 3);
  });

  it('wait for a late packet only for a while', () => {
    const frames: Frame[] = [];
    const assembler = new FrameAssembler((frame) => frames.push(frame));
    for (const [place, packet] of plain.entries())
      if (place !== 4) assembler.push(packet, packet.payload, 'H264', place);
    assembler.tick(40);
    assert.equal(told(frames), 'K3');
    assembler.tick(100);
    assert.equal(told(frames), 'K3 p2! p3 p3');
  });

  it('go on when a terminal starts a new stream', () => {
    const again = packets(2, 100).map((packet) => ({ ...packet, ssrc: 9 }));
    assert.equal(told(assembled([...plain, ...again]).frames), 'K3 p3 p3 p3 K3! p3');
  });

  it('go out with numbers and time stamps that never break, though sources change and packets are lost', () => {
    const sent: { sequence: number; timestamp: number; marker: boolean }[] = [];
    const sender = new FrameSender({ ssrc: 5, sequence: 65_534, timestamp: 4_294_967_000 }, (packet) => {
      sent.push({
        sequence: packet.readUInt16BE(2),
        timestamp: packet.readUInt32BE(4),
        marker: (packet[1]! & 0x80) !== 0,
      });
      return true;
    });
    const [format] = formatsOf({
      type: 'video',
      port: 1,
      protocol: 'RTP/AVP',
      payloads: '96',
      rtp: [{ payload: 96, codec: 'H264', rate: 90_000 }],
      fmtp: [{ payload: 96, config: 'profile-level-id=42e01f;packetization-mode=1' }],
    });
    const { facts }: { facts: StreamFacts } = new StreamWatch();
    const { frames } = assembled(plain);
    for (const [place, frame] of frames.entries()) {
      frame.atMs = 1_000 + place * 66;
      sender.send('one', frame, facts, format!, false);
    }
    for (const [place, frame] of assembled(packets(3)).frames.entries()) {
      frame.atMs = 1_300 + place * 66;
      frame.timestamp = (frame.timestamp + 123_456_789) >>> 0;
      sender.send('other', frame, facts, format!, false);
    }
    for (let place = 1; place < sent.length; place++) {
      const [before, now] = [sent[place - 1]!, sent[place]!];
      assert.equal((now.sequence - before.sequence) & 0xffff, 1);
      const step = (now.timestamp - before.timestamp) | 0;
      assert.ok(before.marker ? step > 0 && step < 15_000 : step === 0, `step of ${step}`);
    }
  });

  it('feedback is read as it is written', () => {
    const all = Buffer.concat([writePli(1, 2), writeFir(1, 3, 9), writeTmmbn(1, 4, 512_000)]);
    assert.deepEqual(parseFeedback(all), [
      { kind: 'pli', media: 2 },
      { kind: 'fir', media: 3, sequence: 9 },
    ]);
    assert.deepEqual(parseFeedback(writeTmmbr(1, 4, 512_000)), [
      { kind: 'tmmbr', media: 4, from: 1, bitrate: 512_000 },
    ]);
    const tmmbr = writeTmmbn(1, 4, 512_000);
    tmmbr[0] = 0x83;
    assert.deepEqual(parseFeedback(tmmbr), [{ kind: 'tmmbr', media: 4, from: 1, bitrate: 512_000 }]);
    for (let length = 0; length < all.length; length++) parseFeedback(all.subarray(0, length));
  });
});
