import assert from 'node:assert/strict';
import { requestFault } from '../../../embedded/drachtio/core/request-check.ts';
import { parseNameAddress, parseUri, parseVia, tagOf } from '../../../embedded/drachtio/sip/address.ts';
import { header, headerValues, responseTo, serialize, splitList } from '../../../embedded/drachtio/sip/message.ts';
import { parseDatagram, SipParseError, StreamFramer } from '../../../embedded/drachtio/sip/parse.ts';

const message = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
const basics = [
  'Via: SIP/2.0/UDP h;branch=z9hG4bK1',
  'From: <sip:a@h>;tag=1',
  'To: <sip:b@h>',
  'Call-ID: c',
  'CSeq: 1 OPTIONS',
];

describe('reading SIP messages', () => {
  it('knows compact names, folded lines, any case, and space around', () => {
    const read = parseDatagram(
      message(
        'OPTIONS sip:b@h SIP/2.0',
        'v: SIP / 2.0 / UDP h:5070 ; branch = z9hG4bK2',
        'f  :  "Nguyễn, \\"A\\" <x>"  <sip:a@h> ;tag=7',
        't:',
        ' <sip:b@h>',
        'i: 1@h',
        'CSEQ:   0009   OPTIONS',
        'm: <sip:a@h;transport=tcp>, <sip:b@h>;q=0.5',
        'x-own: kept',
        'l: 3',
        '',
        'abcdef',
      ),
    );
    assert.equal(header(read, 'To'), '<sip:b@h>');
    assert.equal(parseNameAddress(header(read, 'From') ?? '')?.display, 'Nguyễn, "A" <x>');
    assert.equal(tagOf(header(read, 'From')), '7');
    assert.equal(splitList(header(read, 'Contact') ?? '').length, 2);
    assert.equal(read.body.toString(), 'abc');
    assert.equal(requestFault(read as never), undefined);
  });
  const refused: [string, Buffer, number][] = [
    ['another version', message('OPTIONS sip:b@h SIP/7.0', ...basics, '', ''), 505],
    ['a body shorter than told', message('OPTIONS sip:b@h SIP/2.0', ...basics, 'Content-Length: 99', '', 'x'), 400],
    ['a negative length', message('OPTIONS sip:b@h SIP/2.0', ...basics, 'Content-Length: -9', '', ''), 400],
    ['two lengths that differ', message('OPTIONS sip:b@h SIP/2.0', ...basics, 'l: 0', 'l: 1', '', 'x'), 400],
    ['a bracketed Request-URI', message('OPTIONS <sip:b@h> SIP/2.0', ...basics, '', ''), 400],
    ['a Request-URI with a space', message('OPTIONS sip:b@h; lr SIP/2.0', ...basics, '', ''), 400],
    ['a line without a colon', message('OPTIONS sip:b@h SIP/2.0', ...basics, 'nonsense', '', ''), 400],
    ['a head beyond the limit', message('OPTIONS sip:b@h SIP/2.0', `X: ${'y'.repeat(20_000)}`, '', ''), 513],
    ['a body beyond the limit', message('OPTIONS sip:b@h SIP/2.0', ...basics, '', 'y'.repeat(70_000)), 413],
    ['nothing like SIP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 400],
    ['bytes', Buffer.from([0, 1, 2, 255, 254]), 400],
  ];
  for (const [name, data, status] of refused) {
    it(`refuses ${name} with ${status}`, () => {
      assert.throws(
        () => parseDatagram(data),
        (error) => error instanceof SipParseError && error.status === status,
      );
    });
  }
  const faults: [string, string[]][] = [
    ['CSeq of another method', ['CSeq: 1 INVITE']],
    ['CSeq out of range', ['CSeq: 4294967296 OPTIONS']],
    ['an unclosed quote in To', ['To: "b <sip:b@h>']],
    ['no Call-ID', ['Call-ID:']],
    ['Max-Forwards of words', ['Max-Forwards: many']],
    ['a Via of words', ['Via: somewhere']],
  ];
  for (const [name, lines] of faults) {
    it(`finds fault with ${name}`, () => {
      const names = lines.map((line) => line.split(':')[0]);
      const rest = basics.filter((line) => !names.includes(line.split(':')[0]));
      assert.notEqual(
        requestFault(parseDatagram(message('OPTIONS sip:b@h SIP/2.0', ...rest, ...lines, '', '')) as never),
        undefined,
      );
    });
  }
  it('keeps several Via in order, and copies them into the response', () => {
    const request = parseDatagram(
      message(
        'OPTIONS tel:+84-24;phone-context=x SIP/2.0',
        'Via: SIP/2.0/TCP a;branch=z9hG4bK1, SIP/2.0/UDP [2001:db8::1]:5070;branch=z9hG4bK2',
        ...basics,
        'Contact: *',
        '',
        '',
      ),
    );
    assert.equal(request.kind, 'request');
    if (request.kind !== 'request') return;
    assert.equal(requestFault(request), undefined);
    const response = responseTo(request, 200, [], 't');
    assert.deepEqual(headerValues(response, 'Via'), headerValues(request, 'Via'));
    assert.equal(tagOf(header(response, 'To')), 't');
    assert.equal(parseVia(splitList(header(request, 'Via') ?? '')[1] ?? '')?.host, '2001:db8::1');
  });
  it('adds a tag to a To whose address or name only looks tagged', () => {
    for (const to of ['<sip:b;tag=x@h;tag=y>', '"a;tag=1" <sip:b@h>']) {
      const request = parseDatagram(
        message('OPTIONS sip:b@h SIP/2.0', ...basics.filter((line) => !line.startsWith('To')), `To: ${to}`, '', ''),
      );
      if (request.kind === 'request') assert.equal(header(responseTo(request, 200, [], 't'), 'To'), `${to};tag=t`);
    }
  });
  it('writes what it reads', () => {
    const data = message(
      'OPTIONS sip:b@h SIP/2.0',
      ...basics,
      `X-Long: ${'n'.repeat(5_000)}`,
      'Content-Type: multipart/mixed;boundary="b"',
      'Content-Length: 12',
      '',
      '--b\r\n\r\n--b--',
    );
    assert.deepEqual(serialize(parseDatagram(data)), data);
  });
  it('reads URIs of every shape', () => {
    const table: [string, string | undefined, number | undefined][] = [
      ['sip:h', 'h', undefined],
      ['sips:a:pw@h:5061;transport=tls?subject=x', 'h', 5061],
      ['sip:+84%2024;phone-context=vn@h;user=phone', 'h', undefined],
      ['sip:a@[::1]:5062;lr', '::1', 5062],
      ['sip:a@h:99999', undefined, undefined],
      ['http://h', undefined, undefined],
    ];
    for (const [text, host, port] of table) {
      assert.equal(parseUri(text)?.host, host, text);
      assert.equal(parseUri(text)?.port, port, text);
    }
  });
  it('takes hostile values in a straight line of time', () => {
    const long = ' '.repeat(16_000);
    for (const value of [`a${long}b`, `"${long}`, `a${';"'.repeat(8_000)}`, '<'.repeat(16_000)])
      parseNameAddress(value);
    assert.throws(() => parseDatagram(Buffer.from(`A b${' b'.repeat(8_000)}\r\n\r\n`)));
  });
});

describe('cutting a stream into messages', () => {
  const whole = Buffer.concat([
    message('OPTIONS sip:b@h SIP/2.0', ...basics, 'Content-Length: 2', '', 'xy'),
    Buffer.from('\r\n\r\n'),
    message('SIP/2.0 200 OK', ...basics, 'l: 0', '', ''),
  ]);
  for (const step of [1, 7, 64, 10_000]) {
    it(`finds the same in pieces of ${step} bytes`, () => {
      const kinds: string[] = [];
      const framer = new StreamFramer(
        (read) => kinds.push(`${read.kind}${read.body}`),
        () => {},
      );
      for (let at = 0; at < whole.length; at += step) framer.push(whole.subarray(at, at + step));
      assert.deepEqual(kinds, ['requestxy', 'response']);
    });
  }
  it('refuses a request without a length, and a head without an end', () => {
    const framer = new StreamFramer(
      () => {},
      () => {},
    );
    assert.throws(() => framer.push(message('OPTIONS sip:b@h SIP/2.0', ...basics, '', '')), SipParseError);
    assert.throws(
      () =>
        new StreamFramer(
          () => {},
          () => {},
        ).push(Buffer.alloc(20_000, 97)),
      SipParseError,
    );
  });
});
