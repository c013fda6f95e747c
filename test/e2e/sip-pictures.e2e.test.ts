import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { seenBy, sees } from '../peers/pictures.ts';
import { type Codec, PictureHouse } from './pictures-house.ts';
import { SipFarEnd } from './sip-far-end.ts';

const h264 = (type: number, mode: number): string[] => [
  `a=rtpmap:${type} H264/90000`,
  `a=fmtp:${type} profile-level-id=42e01f;packetization-mode=${mode}`,
];
const pictures = (...more: string[]) => ({ types: '121', lines: [...h264(121, 1), ...more] });

describe('pictures of a SIP codec that changes its mind', function () {
  this.timeout(120_000);
  let house: PictureHouse;
  let red: Codec;
  let far: SipFarEnd;
  let legId: string;

  before(async () => {
    house = await PictureHouse.open();
    red = await house.codec('Xã A', 'red');
    far = await SipFarEnd.open(house.folder, 'yellow');
    const { id } = await house.product.post<{ id: string }>('/endpoints', {
      name: 'Máy cũ',
      kind: 'sip',
      number: '401',
      username: 'old',
      secret: 'codec-password-1',
    });
    await house.dials(red);
    const joined = house.product.events.logged('leg.joined', ({ endpointId }) => endpointId === id);
    await far.call('5000', house.product.sip, { username: 'old', password: 'codec-password-1' }, far.sdp());
    legId = (await joined).legId ?? '';
  });
  after(async () => {
    await far.close();
    await house.close();
  });

  it('a leg with sound alone is heard among those with pictures, and is sent none', async () => {
    for (const until = performance.now() + 5_000; far.line.soundPackets < 50 && performance.now() < until; )
      await pause(20);
    assert.ok(far.line.soundPackets >= 50);
    assert.equal(far.line.videoPackets, 0);
    await assert.rejects(house.product.patch(`${house.path}/legs/${legId}`, { floor: true }), /409/);
  });

  it('come by a re-INVITE that offers several formats; it is asked by INFO, and asks by INFO', async () => {
    const lines = ['a=rtpmap:98 VP8/90000', ...h264(121, 1), ...h264(122, 0), 'a=rtpmap:34 H263/90000'];
    await far.change(far.sdp({ types: '98 34 122 121', lines }));
    assert.match(far.answered, /^m=video [1-9]\d* RTP\/AVP 121\r$/m, 'the format that most others share');
    await Promise.all([sees(red.terminal, 'yellow', undefined, 20_000), far.line.sees('red')]);
    assert.deepEqual([...far.line.payloadTypes], [121]);
    assert.ok(far.keyFramesAsked >= 1, 'it was asked for a key frame');
    const before = far.line.keyFramesSeen;
    await far.askForKeyFrame();
    assert.ok(await far.line.refreshed(before), 'its request brought a key frame');
  });

  it('are one way when it says so', async () => {
    await far.change(far.sdp(pictures('a=sendonly')));
    const packets = far.line.videoPackets;
    await pause(700);
    assert.ok(far.line.videoPackets - packets < 10, 'it is sent no picture');
    assert.equal(await seenBy(red.terminal), 'yellow');
    await far.change(far.sdp(pictures('a=recvonly')));
    assert.ok(await far.line.moves(far.line.videoPackets), 'it is sent pictures');
    assert.match(far.answered, /^m=video [\s\S]*^a=sendonly/m);
  });

  it('keep to the rate of b=TIAS', async () => {
    await far.change(far.sdp({ types: '121', lines: ['b=TIAS:128000', ...h264(121, 1)] }));
    await pause(2_000);
    const from = { bytes: far.line.videoBytes, at: performance.now() };
    await pause(4_000);
    const bitsPerSecond = ((far.line.videoBytes - from.bytes) * 8_000) / (performance.now() - from.at);
    assert.ok(bitsPerSecond > 5_000 && bitsPerSecond < 1.25 * 128_000, `${Math.round(bitsPerSecond)} bit/s`);
  });

  it('that come with more than was agreed on are asked to be less by TMMBR', async () => {
    const reports = createSocket('udp4').bind(far.line.picturePort + 1, '127.0.0.1');
    await once(reports, 'listening');
    try {
      const lines = ['b=TIAS:2000', 'a=rtcp-fb:121 ccm tmmbr'];
      const asked = new Promise<number>((resolve) =>
        reports.on('message', (data) => {
          for (let at = 0; at + 20 <= data.length; at += 4 + 4 * data.readUInt16BE(at + 2)) {
            // Transport feedback of format 3 (RFC 5104, clause 4.2.1): exponent, mantissa, overhead.
            const word = data.readUInt32BE(at + 16);
            if (data[at] === 0x83 && data[at + 1] === 205) resolve(((word >>> 9) & 0x1ffff) * 2 ** (word >>> 26));
          }
        }),
      );
      await far.change(far.sdp({ types: '121', lines: [...h264(121, 1), ...lines] }));
      assert.match(far.answered, /^a=rtcp-fb:121 ccm tmmbr\r$/m);
      assert.equal(await asked, 2_000);
    } finally {
      reports.close();
    }
  });

  it('go by a re-INVITE, the call goes on, and they may come again', async () => {
    const withoutPort = far.sdp(pictures()).replace(/^m=video \d+/m, 'm=video 0');
    await far.change(withoutPort);
    const packets = far.line.videoPackets;
    await pause(700);
    assert.ok(far.line.videoPackets - packets < 10);
    const leg = await house.leg(legId);
    assert.equal(leg.state, 'joined');
    assert.equal(leg.quality?.width, undefined, 'no picture is measured any more');
    const sound = far.line.soundPackets;
    await pause(300);
    assert.ok(far.line.soundPackets > sound);
    await far.change(far.sdp(pictures()));
    await Promise.all([sees(red.terminal, 'yellow', undefined, 20_000), far.line.sees('red')]);
  });
});
