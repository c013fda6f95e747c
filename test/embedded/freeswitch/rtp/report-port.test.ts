import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { PortRange } from '../../../../embedded/freeswitch/rtp/ports.ts';
import { RtpSession } from '../../../../embedded/freeswitch/rtp/session.ts';
import { answer } from '../../../../embedded/freeswitch/sdp/negotiate.ts';
import { OwnKeys } from '../../../../embedded/freeswitch/sdp/security.ts';
import { VideoSession } from '../../../../embedded/freeswitch/video/stream/session.ts';

const host = '127.0.0.1';

/** What is agreed on with a far side at these ports. */
function settle(ports: { audio: number; video: number; audioRtcp?: number; videoRtcp?: number }) {
  const rtcp = (port: number | undefined): string[] => (port === undefined ? [] : [`a=rtcp:${port} IN IP4 ${host}`]);
  const offer = [
    'v=0',
    `o=- 1 1 IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${ports.audio} RTP/AVP 8`,
    ...rtcp(ports.audioRtcp),
    `m=video ${ports.video} RTP/AVP 96`,
    'a=rtpmap:96 H264/90000',
    ...rtcp(ports.videoRtcp),
    '',
  ].join('\r\n');
  const own = { host, port: 9, sessionId: 1, version: 1, videoPort: 11, keys: new OwnKeys(), secrecy: 'off' as const };
  return answer(offer, own);
}

async function socketOn(port = 0): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, host);
  await once(socket, 'listening');
  return socket;
}

const came = (socket: Socket): Promise<unknown> => once(socket, 'message', { signal: AbortSignal.timeout(1_500) });

describe('reports go to the port that the far side names', () => {
  const sockets: Socket[] = [];
  const far = async (): Promise<Socket> => {
    const socket = await socketOn();
    sockets.push(socket);
    return socket;
  };
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });

  it('of sound: when it is not beside the RTP, and when nothing else changes', async () => {
    const session = await RtpSession.open(new PortRange(host, 34_000, 35_998));
    const [media, first, second] = [await far(), await far(), await far()];
    const audio = media.address().port;
    const report = (): void => {
      const silence = new Int16Array(160);
      for (let beat = 0; beat < 250; beat++) session.send(silence, performance.now());
    };
    for (const reports of [first, second]) {
      session.setRemote(settle({ audio, video: 9, audioRtcp: reports.address().port }).agreed);
      const arrived = came(reports);
      report();
      const [packet] = (await arrived) as [Buffer];
      assert.equal(packet[1], 200);
    }
    session.close();
  });

  it('of sound: where its own come from, when it told no such place', async () => {
    const session = await RtpSession.open(new PortRange(host, 34_000, 35_998));
    const [media, reports] = [await far(), await far()];
    session.setRemote(settle({ audio: 9, video: 9 }).agreed);
    const rtp = Buffer.alloc(172);
    rtp[0] = 0x80;
    rtp[1] = 8;
    media.send(rtp, session.port, host);
    const receiverReport = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 9]);
    reports.send(receiverReport, session.port + 1, host);
    while (session.reception.packets === 0 || session.refused.malformed > 0)
      await new Promise((resolve) => setImmediate(resolve));
    const silence = new Int16Array(160);
    const arrived = came(reports);
    for (let beat = 0; beat < 250; beat++) session.send(silence, performance.now());
    const [packet] = (await arrived) as [Buffer];
    assert.equal(packet[1], 200);
    session.close();
  });

  it('of pictures: when nothing else changes', async () => {
    const session = await VideoSession.open(new PortRange(host, 34_000, 35_998));
    const [media, first, second] = [await far(), await far(), await far()];
    const video = media.address().port;
    for (const reports of [first, second]) {
      session.setRemote(settle({ audio: 9, video, videoRtcp: reports.address().port }).video);
      session.sender.packets++;
      const arrived = came(reports);
      session.tick(performance.now() + 3_600_000 * (reports === first ? 1 : 2));
      const [packet] = (await arrived) as [Buffer];
      assert.equal(packet[1], 200);
    }
    session.close();
  });
});
