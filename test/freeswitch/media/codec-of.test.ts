import assert from 'node:assert/strict';
import { codecOf } from '../../../freeswitch/media/codec-of.ts';

const sdp = (...media: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 1.2.3.4', 's=-', 't=0 0', ...media, ''].join('\r\n');

describe('codec of a description', () => {
  const cases: [string, string, string | undefined][] = [
    [
      'by its rtpmap',
      sdp('m=audio 4000 RTP/AVP 8 101', 'a=rtpmap:101 telephone-event/8000', 'a=rtpmap:8 PCMA/8000'),
      'PCMA',
    ],
    ['by its number', sdp('m=audio 4000 RTP/AVP 9 8'), 'G722'],
    ['a dynamic one', sdp('m=audio 4000 RTP/AVP 102 0', 'a=rtpmap:102 opus/48000/2'), 'opus'],
    ['a dynamic one that nobody explains', sdp('m=audio 4000 RTP/AVP 102'), undefined],
    ['none when sound is refused', sdp('m=audio 0 RTP/AVP 8'), undefined],
    ['none of a picture', sdp('m=video 4000 RTP/AVP 96', 'a=rtpmap:96 H264/90000'), undefined],
  ];
  for (const [name, text, wanted] of cases) it(name, () => assert.equal(codecOf(text), wanted));
});
