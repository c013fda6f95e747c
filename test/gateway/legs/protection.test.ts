import assert from 'node:assert/strict';
import { closedProfile, openedProfile } from '../../../freeswitch/media/secure-offer.ts';
import { admitted, isProtected } from '../../../gateway/legs/protection.ts';

const head = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n';
const key = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n';
const plain = 'm=audio 4000 RTP/AVP 8\r\n';
const closed = `m=audio 4002 RTP/SAVP 8\r\n${key}`;
const either = `${plain}${key}`;
const video = 'm=video 4004 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n';

describe('protection of media as a device is set', () => {
  const table = [
    // offer, setting, what the engine is given
    ['a plain offer', head + plain, 'off', head + plain],
    ['a plain offer', head + plain, 'preferred', head + plain],
    ['a plain offer', head + plain, 'required', undefined],
    ['a protected offer', head + closed, 'off', undefined],
    ['a protected offer', head + closed, 'preferred', head + closed],
    [
      'a protected offer, pictures in clear',
      head + closed + video,
      'required',
      head + closed + video.replace('4004', '0'),
    ],
    ['a protected offer, pictures too', head + closed + video + key, 'required', head + closed + video + key],
    ['keys for pictures too', head + either + video + key, 'off', head + plain + video],
    ['keys in a plain section', head + either + video, 'off', head + plain + video],
    ['keys in a plain section', head + either, 'preferred', head + either],
    ['keys in a plain section', head + either, 'required', head + either],
    ['both kinds of section', head + plain + closed, 'off', head + plain + closed.replace(key, '')],
    ['a protected section that is off', `${head}m=audio 0 RTP/SAVP 8\r\n${key}${plain}`, 'required', undefined],
  ] as const;
  for (const [name, offer, setting, wanted] of table)
    it(`${name}, ${setting}`, () => assert.equal(admitted(offer, setting), wanted));

  it('sees keys of sound alone', () => {
    assert.equal(isProtected(head + closed), true);
    assert.equal(isProtected(head + plain + video + key), false);
  });

  it('brings an obligatory offer past a library that takes it for DTLS, and the answer back', () => {
    const offer = head + closed + video;
    const opened = openedProfile(offer);
    assert.equal(opened, offer.replace('RTP/SAVP', 'RTP/AVP'));
    const answer = `${head}m=audio 5000 RTP/AVP 8\r\n${key}m=video 0 RTP/AVP 19\r\n`;
    assert.equal(closedProfile(answer, offer), answer.replace('5000 RTP/AVP', '5000 RTP/SAVP'));
    assert.equal(closedProfile(answer, opened), answer);
    assert.equal(openedProfile('m=audio 4 RTP/SAVPF 0\r\n'), 'm=audio 4 RTP/AVPF 0\r\n');
    assert.equal(openedProfile('m=video 4 RTP/SAVP 97\r\n'), 'm=video 4 RTP/AVP 97\r\n');
  });
});
