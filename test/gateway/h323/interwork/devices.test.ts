import assert from 'node:assert/strict';
import {
  choose,
  describe as describeFar,
  farCapabilities,
  farTakes,
  takes,
} from '../../../../gateway/h323/interwork/index.ts';
import { devices, secured } from './devices.ts';

/** What the gateway's media engine offers. */
const local = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 20000 RTP/AVP 9 8 0 101',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  'm=video 20002 RTP/AVP 96 97 98 34 31',
  'b=AS:4000',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 profile-level-id=42e01f;packetization-mode=1',
  'a=rtpmap:97 H264/90000',
  'a=fmtp:97 profile-level-id=42e01f;packetization-mode=0',
  'a=rtpmap:98 H263-1998/90000',
  'a=fmtp:98 CIF=1;QCIF=1',
  'a=fmtp:34 CIF=1;QCIF=1',
  'a=fmtp:31 CIF=1;QCIF=1',
  '',
].join('\r\n');

/** Sound and picture sent to each, and what the media engine is told of it: payload type, H.264 parameters, kbit/s. */
const table: Record<string, [audio: string, videoType: number, fmtp: string, kbits: number]> = {
  // Custom limits make 720p30 of level 3.1; single NAL units only.
  'Polycom HDX': ['9', 97, 'profile-level-id=42e01f;packetization-mode=0;max-mbps=108000;max-fs=3840', 1_920],
  'Polycom Group 500': ['9 101', 96, 'profile-level-id=42e028;packetization-mode=1', 4_096],
  'Huawei TE40': ['9', 96, 'profile-level-id=42e02a;packetization-mode=1', 4_000],
  'LifeSize Team 220': ['9', 97, 'profile-level-id=42e01e;packetization-mode=0;max-mbps=108000;max-fs=3840', 2_000],
  'Sony PCS-XG80': ['9', 97, 'profile-level-id=42e01f;packetization-mode=0', 4_000],
  'Tandberg C40': [
    '9',
    96,
    'profile-level-id=42e014;packetization-mode=1;max-mbps=216000;max-fs=8192;max-br=6000',
    6_000,
  ],
  'Radvision XT1000': ['9', 96, 'profile-level-id=42e028;packetization-mode=1', 4_000],
  'Polycom ViewStation': ['9', 34, 'CIF=1;QCIF=1', 768],
  'old codec with few simultaneous abilities': ['8', 31, '', 0],
};

const address = { rtp: { host: '127.0.0.9', port: 5000 }, rtcp: { host: '127.0.0.9', port: 5001 } };

describe('room codecs in SDP’s terms', () => {
  for (const [name, [audio, videoType, fmtp, kbits]] of Object.entries(table)) {
    const far = devices[name];
    assert.ok(far !== undefined);
    const [sound, picture] = (['audio', 'video'] as const).map((kind) =>
      choose(local, far, kind, { order: 'ours', not: [] }),
    );

    it(`${name}: what is sent is within what it takes`, () => {
      for (const one of [sound, picture]) {
        if (one === undefined) continue;
        assert.equal(farTakes(far, one.dataType), true, JSON.stringify(one));
        assert.notEqual(takes(local, one.dataType), undefined);
      }
      assert.notEqual(sound, undefined);
    });

    it(`${name}: the media engine learns what it takes`, () => {
      const channel = (one: typeof sound) => one && { ...one, ...address };
      const sdp = describeFar(
        local,
        {
          audio: { transmit: channel(sound), receive: channel(sound) },
          video: { transmit: channel(picture), receive: channel(picture) },
        },
        far,
      );
      assert.match(sdp, new RegExp(`^m=audio 5000 RTP/AVP ${audio}\\r$`, 'm'));
      if (kbits === 0) {
        assert.equal(picture, undefined, 'sound and picture do not go together');
        assert.match(sdp, /^m=video 0 /m);
        return;
      }
      assert.match(sdp, new RegExp(`^m=video 5000 RTP/AVP ${videoType}\\r$`, 'm'));
      assert.match(sdp, new RegExp(`^a=fmtp:${videoType} ${fmtp}\\r$`, 'm'));
      assert.match(sdp, new RegExp(`^b=AS:${kbits}\\r$`, 'm'));
    });
  }

  it('a codec that shows pictures beside G.729 only is sent G.729 by who has it', () => {
    const far = devices['old codec with few simultaneous abilities']!;
    const withG729 = local.replace('AVP 9 8 0 101', 'AVP 8 18 101');
    const [sound, picture] = (['audio', 'video'] as const).map((kind) =>
      choose(withG729, far, kind, { order: 'ours', not: [] }),
    );
    assert.deepEqual(sound?.dataType, { audioData: { g729: 2 } });
    assert.notEqual(picture?.dataType.videoData?.h261VideoCapability, undefined);
  });

  it('the master’s order counts when the far side is it', () => {
    const far = devices['Polycom HDX']!;
    const withG7221 = local
      .replace('AVP 9 8 0 101', 'AVP 8 9 99 101')
      .replace('a=ptime', 'a=rtpmap:99 G7221/16000\r\na=fmtp:99 bitrate=32000\r\na=ptime');
    const of = (order: 'ours' | 'theirs') => choose(withG7221, far, 'audio', { order, not: [] });
    assert.deepEqual(of('ours'), { dataType: { audioData: { g711Alaw64k: 20 } } });
    assert.equal(of('theirs')?.payloadType, 99);
    assert.equal(of('theirs')?.dataType.audioData?.genericAudioCapability?.maxBitRate, 32_000);
  });

  it('a refused codec is not tried again', () => {
    const far = devices['Polycom Group 500']!;
    const refused = choose(local, far, 'video', { order: 'ours', not: [] });
    const next = choose(local, far, 'video', { order: 'ours', not: [refused!.dataType] });
    assert.equal(next?.dataType.videoData?.genericVideoCapability, undefined);
    assert.notEqual(next?.dataType.videoData?.h263VideoCapability, undefined);
  });

  it('secured entries are recognised; where nothing is offered in clear, no channel is chosen', () => {
    assert.equal(farCapabilities(secured(false)).features.encryption, 'offered');
    assert.equal(farCapabilities(secured(true)).features.encryption, 'required');
    assert.notEqual(choose(local, secured(false), 'audio', { order: 'ours', not: [] }), undefined);
    assert.equal(choose(local, secured(true), 'audio', { order: 'ours', not: [] }), undefined);
  });

  it('second pictures, camera control and digits are recognised and open nothing', () => {
    const { features } = farCapabilities(devices['Polycom Group 500']!);
    assert.deepEqual(features, {
      presentation: true,
      farEndCamera: true,
      encryption: 'none',
      digits: { signal: true, alphanumeric: true, events: { payloadType: 101, range: '0-15' } },
    });
    assert.equal(farCapabilities(devices['Polycom ViewStation']!).features.presentation, false);
  });
});
