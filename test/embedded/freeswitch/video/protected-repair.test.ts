import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { writeRtpHeader } from '../../../../embedded/freeswitch/rtp/packet.ts';
import { PortRange } from '../../../../embedded/freeswitch/rtp/ports.ts';
import { writeReport } from '../../../../embedded/freeswitch/rtp/rtcp.ts';
import { SrtpReceiver, SrtpSender } from '../../../../embedded/freeswitch/rtp/srtp.ts';
import { OwnKeys } from '../../../../embedded/freeswitch/sdp/security.ts';
import { formatsOf } from '../../../../embedded/freeswitch/video/sdp/format.ts';
import type { AgreedVideo } from '../../../../embedded/freeswitch/video/sdp/section.ts';
import { parseFeedback, writeNack } from '../../../../embedded/freeswitch/video/stream/feedback.ts';
import type { Frame } from '../../../../embedded/freeswitch/video/stream/frame.ts';
import { VideoSession } from '../../../../embedded/freeswitch/video/stream/session.ts';
import { StreamWatch } from '../../../../embedded/freeswitch/video/stream/stream-watch.ts';

/* Asking again and sending again under SRTP, over real sockets: one session of the engine's and a far end with its own. */

const suite = 'AES_CM_128_HMAC_SHA1_80' as const;

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

describe('media engine: generic NACK under SRTP', () => {
  const ours = new OwnKeys().of(suite);
  const theirs = new OwnKeys().of(suite);
  let session: VideoSession;
  let rtp: Socket;
  let rtcp: Socket;
  let sealing: SrtpSender;
  let opening: SrtpReceiver;
  const to = (port: number, socket: Socket, data: Buffer): void => socket.send(data, port, '127.0.0.1');
  const agreed = (nack: boolean): AgreedVideo => {
    const [format] = formatsOf({
      type: 'video',
      port: 1,
      protocol: 'RTP/SAVP',
      payloads: '96',
      rtp: [{ payload: 96, codec: 'H264', rate: 90_000 }],
      fmtp: [{ payload: 96, config: 'profile-level-id=42e01f;packetization-mode=1' }],
    });
    return {
      host: '127.0.0.1',
      port: rtp.address().port,
      rtcpPort: rtcp.address().port,
      format: format!,
      accepted: new Map([[96, 'H264']]),
      feedback: { pli: true, fir: false, nack, tmmbr: false },
      bandwidth: undefined,
      security: { suite, tag: 1, ours, theirs },
      send: true,
      receive: true,
    };
  };

  beforeEach(async () => {
    [session, rtp, rtcp] = await Promise.all([
      VideoSession.open(new PortRange('127.0.0.1', 30_000, 39_999)),
      bound(),
      bound(),
    ]);
    sealing = new SrtpSender(suite, theirs);
    opening = new SrtpReceiver(suite, ours);
    session.setRemote(agreed(true));
  });
  afterEach(() => {
    session.close();
    rtp.close();
    rtcp.close();
  });

  const frame = (at: number): Frame => ({
    codec: 'H264',
    timestamp: at * 3_600,
    atMs: performance.now(),
    units: [Uint8Array.of(0x41, 0xe0, at)],
    damaged: false,
    key: false,
    size: undefined,
    bytes: 3,
    cuts: new Map(),
  });

  it('sends what is asked for again as it was, which a far end takes once', async () => {
    const came: Buffer[] = [];
    const four = new Promise<void>((resolve) => {
      rtp.on('message', (data: Buffer) => came.push(data) >= 4 && resolve());
    });
    const { facts } = new StreamWatch();
    for (let at = 0; at < 4; at++) session.sendFrame('one', frame(at), facts, false);
    await four;
    // The second is lost on the way: the far end never opens it.
    for (const place of [0, 2, 3]) assert.ok(opening.unprotect(came[place]!) !== undefined);
    const lost = came[1]!.readUInt16BE(2);
    const report = writeReport(9, Date.now(), { timestamp: 0, packets: 0, bytes: 0 }, undefined, 'far');
    const nack = Buffer.concat([report, writeNack(9, session.sender.ssrc, [lost, (lost + 1_000) & 0xffff])]);
    const again = once(rtp, 'message') as Promise<[Buffer]>;
    to(session.port + 1, rtcp, sealing.protectRtcp(nack));
    const [packet] = await again;
    assert.deepEqual(packet, came[1]);
    assert.equal(opening.unprotect(packet)?.[14], 1);
    assert.equal(opening.unprotect(packet), undefined);
    assert.equal(session.repair.counts.sentAgain, 1);
  });

  it('asks for what is missing, and takes it late, though more than 64 packets came since', async () => {
    const frames: Frame[] = [];
    session.on('frame', (one) => frames.push(one));
    const packets = Array.from({ length: 120 }, (_, at) => {
      const packet = Buffer.alloc(15, at);
      packet[12] = 0x41;
      writeRtpHeader(packet, 96, true, (65_500 + at) & 0xffff, at * 3_600, 77);
      return sealing.protect(packet);
    });
    const asked = once(rtcp, 'message') as Promise<[Buffer]>;
    for (const [at, packet] of packets.entries()) if (at !== 5) to(session.port, rtp, packet);
    while (session.reception.packets < 119) await new Promise((resolve) => setTimeout(resolve, 5));
    const beat = setInterval(() => session.tick(performance.now()), 20);
    try {
      const [sealed] = await asked;
      const requests = parseFeedback(opening.unprotectRtcp(sealed)!);
      assert.deepEqual(requests, [{ kind: 'nack', media: 77, lost: [65_505] }]);
      assert.equal(frames.length, 5);
      to(session.port, rtp, packets[5]!);
      while (frames.length < 120) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.ok(frames.every(({ damaged }) => !damaged));
      to(session.port, rtp, packets[5]!);
      while (session.refused.unauthentic === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.deepEqual(session.repair.counts.recovered, 1);
    } finally {
      clearInterval(beat);
    }
  });

  it('neither asks nor sends again where the far end did not say that it knows how', async () => {
    session.setRemote(agreed(false));
    const { facts } = new StreamWatch();
    const first = once(rtp, 'message') as Promise<[Buffer]>;
    session.sendFrame('one', frame(0), facts, false);
    const [packet] = await first;
    let more = 0;
    rtp.on('message', () => more++);
    const report = writeReport(9, Date.now(), { timestamp: 0, packets: 0, bytes: 0 }, undefined, 'far');
    const nack = writeNack(9, session.sender.ssrc, [packet.readUInt16BE(2)]);
    to(session.port + 1, rtcp, sealing.protectRtcp(Buffer.concat([report, nack])));
    // What is sent behind it comes when it was dealt with.
    session.sendFrame('one', frame(1), facts, false);
    while (more === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([more, session.repair.counts.sentAgain, session.repair.counts.asked], [1, 0, 0]);
  });
});
