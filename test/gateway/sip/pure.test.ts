import assert from 'node:assert/strict';
import { parseContacts, sameContact } from '../../../gateway/sip/contact.ts';
import { isHeld } from '../../../gateway/sip/hold.ts';
import { calledNumber, identityOf } from '../../../gateway/sip/identity.ts';
import { asksForKeyFrame, infoDigit } from '../../../gateway/sip/info.ts';
import { parseSessionExpires, SessionTimer } from '../../../gateway/sip/session-timer.ts';
import { addressFits, hostOf } from '../../../platform/address-list.ts';
import { challenge, digestResponse, NonceBook, parseAnswer } from '../../../platform/digest.ts';

describe('digest', () => {
  const rfc7616 = {
    username: 'Mufasa',
    realm: 'http-auth@example.org',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    uri: '/dir/index.html',
    qop: 'auth',
    nc: '00000001',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  };
  const vectors: [what: string, answer: Parameters<typeof digestResponse>[0], secret: string, response: string][] = [
    [
      'RFC 2617, clause 3.5',
      {
        algorithm: 'MD5',
        username: 'Mufasa',
        realm: 'testrealm@host.com',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        uri: '/dir/index.html',
        qop: 'auth',
        nc: '00000001',
        cnonce: '0a4f113b',
      },
      'Circle Of Life',
      '6629fae49393a05397450978507c4ef1',
    ],
    [
      'RFC 7616, clause 3.9.1, MD5',
      { algorithm: 'MD5', ...rfc7616 },
      'Circle of Life',
      '8ca523f5e9506fed4657c9700eebdbec',
    ],
    [
      'RFC 7616, clause 3.9.1, SHA-256',
      { algorithm: 'SHA-256', ...rfc7616 },
      'Circle of Life',
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
  ];
  for (const [what, answer, secret, response] of vectors)
    it(`gives the response of ${what}`, () => assert.equal(digestResponse(answer, 'GET', secret), response));

  it('gives the response of old terminals without qop (RFC 2069)', () => {
    const { cnonce: _c, nc: _n, qop: _q, ...old } = rfc7616;
    const with_ = digestResponse({ algorithm: 'MD5', ...rfc7616 }, 'GET', 'Circle of Life');
    const without = digestResponse(
      { algorithm: 'MD5', ...old, qop: undefined, nc: undefined, cnonce: undefined },
      'GET',
      'Circle of Life',
    );
    assert.match(without, /^[0-9a-f]{32}$/);
    assert.notEqual(without, with_);
  });

  it('reads answers as terminals write them', () => {
    const answer = parseAnswer(
      'Digest username="a\\"b", realm = "r", nonce="n",uri="sip:x",response="ABC",qop=auth,nc=00000001,cnonce="c"',
    );
    assert.deepEqual(
      [answer?.username, answer?.realm, answer?.response, answer?.algorithm],
      ['a"b', 'r', 'abc', 'MD5'],
    );
    for (const bad of [
      undefined,
      '',
      'Basic abc',
      'Digest realm="r"',
      'Digest username="a",nonce="n",response="r",algorithm=SHA-512',
    ])
      assert.equal(parseAnswer(bad), undefined);
  });

  it('asks for one algorithm alone', () => {
    const value = challenge('diemcau', 'n', 'SHA-256', true);
    assert.match(value, /algorithm=SHA-256/);
    assert.match(value, /stale=true/);
    assert.equal(value.match(/Digest/g)?.length, 1);
  });

  it('knows its own nonces, their age, and which counts were used', () => {
    const book = new NonceBook();
    const nonce = book.make(1_000);
    assert.equal(book.judge(nonce, '00000001', 1_500), 'good');
    assert.equal(book.judge(nonce, '00000001', 1_500), 'replayed');
    assert.equal(book.judge(nonce, '00000003', 1_500), 'good');
    assert.equal(book.judge(nonce, '00000002', 1_500), 'replayed');
    assert.equal(book.judge(nonce, undefined, 1_500), 'good');
    assert.equal(book.judge(nonce, '00000009', 1_000 + 6 * 60_000), 'stale');
    assert.equal(book.judge('a.b.c', '00000001', 1_500), 'foreign');
    assert.equal(new NonceBook().judge(nonce, '00000001', 1_500), 'foreign');
  });
});

describe('contacts', () => {
  const lists: [header: string | undefined, expires: string | undefined, bindings: unknown][] = [
    [undefined, undefined, []],
    ['*', '0', '*'],
    ['*', '60', undefined],
    ['<sip:a@1.2.3.4>', undefined, [{ uri: 'sip:a@1.2.3.4', expiresS: 3600 }]],
    ['<sip:a@1.2.3.4>;expires=60', '90', [{ uri: 'sip:a@1.2.3.4', expiresS: 60 }]],
    [
      '"A, B" <sip:a@1.2.3.4;transport=tcp>, sip:b@5.6.7.8;expires=0',
      '90',
      [
        { uri: 'sip:a@1.2.3.4;transport=tcp', expiresS: 90 },
        { uri: 'sip:b@5.6.7.8', expiresS: 0 },
      ],
    ],
    ['<sip:a@1.2.3.4>', '99999999', [{ uri: 'sip:a@1.2.3.4', expiresS: 7200 }]],
    ['<http://a>', undefined, undefined],
    ['<sip:a b>', undefined, undefined],
  ];
  for (const [header, expires, bindings] of lists)
    it(`reads Contact: ${header ?? 'none'}, Expires: ${expires ?? 'none'}`, () =>
      assert.deepEqual(parseContacts(header, expires), bindings));

  const same: [one: string, other: string, alike: boolean][] = [
    ['sip:a@h:5060', 'sip:a@H:5060', true],
    ['sip:a@h:5060;transport=udp', 'sip:a@h:5060', true],
    ['sip:a@h;transport=tcp', 'sip:a@h', false],
    ['sip:a@h', 'sip:b@h', false],
    ['sips:a@h', 'sip:a@h', false],
    ['sip:a@h;ob;x=1', 'sip:a@h', true],
  ];
  for (const [one, other, alike] of same)
    it(`${one} and ${other} are ${alike ? 'one' : 'two'}`, () => assert.equal(sameContact(one, other), alike));
});

describe('session timers', () => {
  const values: [value: string | undefined, read: unknown][] = [
    [undefined, undefined],
    ['soon', undefined],
    ['1800', { seconds: 1800, refresher: undefined }],
    ['1800;refresher=uas', { seconds: 1800, refresher: 'uas' }],
    ['30; refresher=UAC', { seconds: 90, refresher: 'uac' }],
  ];
  for (const [value, read] of values)
    it(`reads Session-Expires: ${value ?? 'none'}`, () => assert.deepEqual(parseSessionExpires(value), read));

  it('answers a refresh with its interval, and nothing where there is none', () => {
    const idle = { refresh: async () => {}, expired: () => {} };
    const timer = new SessionTimer('120;refresher=uac', false, idle);
    assert.deepEqual(timer.answerHeaders(), { 'Session-Expires': '120;refresher=uac', Require: 'timer' });
    timer.heard('300;refresher=uac');
    assert.equal(timer.answerHeaders()['Session-Expires'], '300;refresher=uac');
    timer.stop();
    assert.deepEqual(timer.answerHeaders(), {});
  });
});

describe('what SIP messages say', () => {
  const sdp = (session: string[], media: string[]) =>
    ['v=0', 'o=- 1 1 IN IP4 1.2.3.4', 's=-', 't=0 0', ...session, 'm=audio 5000 RTP/AVP 8', ...media, ''].join('\r\n');
  const holds: [what: string, text: string, held: boolean][] = [
    ['sendrecv', sdp(['c=IN IP4 1.2.3.4'], ['a=sendrecv']), false],
    ['no direction', sdp(['c=IN IP4 1.2.3.4'], []), false],
    ['sendonly', sdp(['c=IN IP4 1.2.3.4'], ['a=sendonly']), true],
    ['inactive for the whole session', sdp(['c=IN IP4 1.2.3.4', 'a=inactive'], []), true],
    ['0.0.0.0 of old', sdp(['c=IN IP4 0.0.0.0'], []), true],
    ['no description', 'nonsense', false],
  ];
  for (const [what, text, held] of holds) it(`hold: ${what}`, () => assert.equal(isHeld(text), held));

  const infos: [type: string, body: string, digit: string | undefined][] = [
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160', '5'],
    ['application/dtmf-relay; x=1', 'Signal= *\nDuration= 100', '*'],
    ['application/dtmf-relay', 'Signal=11\r\n', '#'],
    ['application/dtmf', '#', '#'],
    ['application/dtmf', '55', undefined],
    ['application/sdp', 'Signal=5', undefined],
  ];
  for (const [type, body, digit] of infos)
    it(`INFO ${type} ${JSON.stringify(body)}`, () => assert.equal(infoDigit(type, body)?.digit, digit));
  it('knows a wish for a key frame', () => {
    assert.ok(asksForKeyFrame('application/media_control+xml', '<x><picture_fast_update/></x>'));
    assert.ok(!asksForKeyFrame('text/plain', '<picture_fast_update/>'));
  });

  const uris: [uri: string, number: string][] = [
    ['sip:0912@host', '0912'],
    ['sips:*43@host:5061;transport=tls', '*43'],
    ['sip:%2B84912;phone-context=x@host', '+84912'],
    ['tel:+84-912-345.678', '+84912345678'],
    ['sip:host', ''],
    ['sip:%zz@host', '%zz'],
  ];
  for (const [uri, number] of uris)
    it(`${uri} calls ${number || 'nobody'}`, () => assert.equal(calledNumber(uri), number));
  const names: [value: string | undefined, number: string, name: string][] = [
    ['"Bà \\"Sáu\\"" <sip:0912@h>;tag=1', '0912', 'Bà "Sáu"'],
    ['Sáu <sip:0912@h>', '0912', 'Sáu'],
    ['sip:0912@h;tag=1', '0912', ''],
    [undefined, '', ''],
  ];
  for (const [value, number, name] of names)
    it(`${value ?? 'no From'} is ${number}`, () => assert.deepEqual(identityOf(value), { number, name }));

  const lists: [address: string, entries: string[], fits: boolean][] = [
    ['10.1.2.3', ['10.1.2.3'], true],
    ['10.1.2.3', ['10.1.0.0/16'], true],
    ['10.2.2.3', ['10.1.0.0/16', '192.168.0.0/16'], false],
    ['::ffff:10.1.2.3', ['10.1.2.0/24'], true],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['10.1.2.3', ['operator.example', '10.1.2.3/99', ''], false],
    ['not an address', ['0.0.0.0/0'], false],
    ['10.1.2.3', [], false],
  ];
  for (const [address, entries, fits] of lists)
    it(`${address} in [${entries}]: ${fits}`, () => assert.equal(addressFits(address, entries), fits));
  it('takes the host out of an address', () =>
    assert.deepEqual(['h:1', '[::1]:5060', 'h', '1.2.3.4'].map(hostOf), ['h', '::1', 'h', '1.2.3.4']));
});
