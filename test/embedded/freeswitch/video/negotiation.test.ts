import assert from 'node:assert/strict';
import { answer, type OwnMedia, offer } from '../../../../embedded/freeswitch/sdp/negotiate.ts';
import { OwnKeys } from '../../../../embedded/freeswitch/sdp/security.ts';

const own: OwnMedia = {
  host: '127.0.0.1',
  port: 20_000,
  videoPort: 20_002,
  keys: new OwnKeys(),
  secrecy: 'off',
  sessionId: 1,
  version: 1,
};

const described = (...video: string[]): string =>
  [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.9',
    's=-',
    'c=IN IP4 127.0.0.9',
    't=0 0',
    'm=audio 4000 RTP/AVP 8',
    ...video,
    '',
  ].join('\r\n');

describe('media engine: pictures in SDP', () => {
  const polycom = [
    'b=TIAS:1024000',
    'a=rtpmap:109 H264/90000',
    'a=fmtp:109 profile-level-id=42800d;max-mbps=35000;max-fs=3600;packetization-mode=1',
    'a=rtpmap:110 H264/90000',
    'a=fmtp:110 profile-level-id=42800d;max-mbps=35000;max-fs=3600',
    'a=rtpmap:96 H263-1998/90000',
    'a=fmtp:96 CIF4=2;CIF=1;QCIF=1',
    'a=rtpmap:34 H263/90000',
    'a=fmtp:34 CIF4=2;CIF=1',
    'a=rtpmap:31 H261/90000',
  ];

  const table: [name: string, lines: string[], wanted: RegExp[], unwanted?: RegExp][] = [
    [
      'of several payload types the fragmented H.264, its custom limits kept',
      ['m=video 5000 RTP/AVP 109 110 96 34 31', ...polycom],
      [
        /^m=video 20002 RTP\/AVP 109\r$/m,
        /^a=fmtp:109 profile-level-id=42800d;packetization-mode=1;max-mbps=35000;max-fs=3600\r$/m,
        /^b=AS:1024\r$/m,
      ],
      /rtcp-fb/,
    ],
    [
      'packetization mode 0 alone',
      ['m=video 5000 RTP/AVP 110', ...polycom],
      [/^a=fmtp:110 profile-level-id=42800d;packetization-mode=0;/m],
    ],
    [
      'H.264 though the older codecs stand first',
      ['m=video 5000 RTP/AVP 31 34 110', ...polycom],
      [/^m=video 20002 RTP\/AVP 110\r$/m],
    ],
    [
      'H.263 with its sizes',
      ['m=video 5000 RTP/AVP 34 31', ...polycom],
      [/^m=video 20002 RTP\/AVP 34\r$/m, /^a=fmtp:34 CIF4=2;CIF=1\r$/m],
    ],
    ['H.261 by its static payload type', ['m=video 5000 RTP/AVP 31'], [/^a=rtpmap:31 H261\/90000\r$/m]],
    [
      'a level above ours lowered',
      ['m=video 5000 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 profile-level-id=42e034;packetization-mode=1'],
      [/^a=fmtp:96 profile-level-id=42e028;packetization-mode=1\r$/m],
    ],
    [
      'feedback as far as it was offered',
      [
        'm=video 5000 RTP/AVPF 96',
        'a=rtpmap:96 H264/90000',
        'a=fmtp:96 profile-level-id=42e01f;packetization-mode=1',
        'a=rtcp-fb:* nack pli',
        'a=rtcp-fb:96 ccm fir',
        'a=rtcp-fb:96 goog-remb',
      ],
      [/^m=video 20002 RTP\/AVPF 96\r$/m, /^a=rtcp-fb:96 ccm fir\r$/m, /^a=rtcp-fb:96 nack pli\r$/m],
      /goog|nack\r/,
    ],
    [
      'retransmission where it is offered, though it asks for no key frames',
      [
        'm=video 5000 RTP/AVPF 96',
        'a=rtpmap:96 H264/90000',
        'a=fmtp:96 profile-level-id=42e01f;packetization-mode=1',
        'a=rtcp-fb:* nack',
      ],
      [/^a=rtcp-fb:96 nack\r$/m],
      /nack pli/,
    ],
    ['one way', ['m=video 5000 RTP/AVP 31', 'a=sendonly'], [/^m=video 20002[\s\S]*^a=recvonly\r$/m]],
    ['a section that is off', ['m=video 0 RTP/AVP 31'], [/^m=video 0 RTP\/AVP 19\r$/m]],
    ['an unknown codec', ['m=video 5000 RTP/AVP 96', 'a=rtpmap:96 VP8/90000'], [/^m=video 0 /m]],
    [
      '4:4:4 pictures',
      ['m=video 5000 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 profile-level-id=f4001f'],
      [/^m=video 0 /m],
    ],
    ['encrypted pictures', ['m=video 5000 RTP/SAVP 31'], [/^m=video 0 RTP\/SAVP /m]],
    [
      'slides beside the camera',
      ['m=video 5000 RTP/AVP 31', 'm=video 5002 RTP/AVP 31', 'a=content:slides'],
      [/^m=video 20002 [\s\S]*^m=video 0 RTP\/AVP 19\r$/m],
    ],
  ];
  for (const [name, lines, wanted, unwanted] of table) {
    it(`answers ${name}`, () => {
      const { sdp } = answer(described(...lines), own);
      for (const pattern of wanted) assert.match(sdp, pattern);
      if (unwanted !== undefined) assert.doesNotMatch(sdp, unwanted);
    });
  }

  it('refuses pictures when it has no port for them', () => {
    const { sdp, video } = answer(described('m=video 5000 RTP/AVP 31'), { ...own, videoPort: undefined });
    assert.match(sdp, /^m=video 0 /m);
    assert.equal(video, undefined);
  });

  it('reads what a far side takes: limits, bandwidth, RTCP port', () => {
    const { video } = answer(described('m=video 5000 RTP/AVP 109', 'a=rtcp:5009', ...polycom), own);
    assert.equal(video?.rtcpPort, 5009);
    assert.equal(video?.bandwidth, 1_024_000);
    assert.deepEqual(
      { ...video?.format.h264, profile: undefined },
      {
        profile: undefined,
        levelIdc: 13,
        maxMbps: 35_000,
        maxFs: 3_600,
        maxBitrate: 922_000,
        maxDpbMacroblocks: 18_000,
        mode: 1,
      },
    );
  });

  it('offers H.264 in both packetization modes and the older codecs', () => {
    const text = offer(own);
    assert.match(text, /^m=video 20002 RTP\/AVP 96 97 98 34 31\r$/m);
    assert.match(text, /^a=fmtp:97 profile-level-id=42e01f;packetization-mode=0\r$/m);
    assert.doesNotMatch(offer({ ...own, videoPort: undefined }), /m=video/);
  });
});
