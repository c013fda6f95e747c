import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  accepted,
  answerPlace,
  longestQuestion,
  notifyPlace,
  type Question,
  readQuestion,
  readReply,
  told,
} from '../../../provisioning/plug-and-play/message.ts';

const lines = [
  'SUBSCRIBE sip:MAC%3a000413AABB01@intern.snom.de SIP/2.0',
  'Via: SIP/2.0/UDP 10.9.2.9:5061;branch=z9hG4bK-1;rport',
  'From: <sip:MAC%3a000413AABB01@intern.snom.de>;tag=77',
  'To: <sip:MAC%3a000413AABB01@intern.snom.de>',
  'Call-ID: one@10.9.2.9',
  'CSeq: 1 SUBSCRIBE',
  'Contact: <sip:10.9.2.9:5061>',
  'Event: ua-profile;profile-type="device";vendor="snom";model="snomD785";version="10.1.33.33"',
  'Expires: 0',
  'Content-Length: 0',
];
const datagram = (all: readonly string[]): Buffer => Buffer.from(`${all.join('\r\n')}\r\n\r\n`);
const changed = (from: string, to: string): Buffer => datagram(lines.map((line) => line.replace(from, to)));
const from = { address: '10.9.2.9', port: 40_000 };
const own = { address: '10.9.2.1', port: 50_000 };

const question = (data: Buffer = datagram(lines)): Question => {
  const read = readQuestion(data);
  assert.ok(read !== undefined);
  return read;
};

describe('messages of plug-and-play', () => {
  it('a question is read, with short names and folded lines too', () => {
    const read = question();
    assert.equal(read.contact, 'sip:10.9.2.9:5061');
    assert.equal(read.callId, 'one@10.9.2.9');
    const short = lines.map((line) =>
      line
        .replace('Via:', 'v:')
        .replace('From:', 'f:')
        .replace('To:', 't:')
        .replace('Call-ID:', 'i:')
        .replace('Event: ua-profile;', 'o: ua-profile\r\n ;'),
    );
    assert.deepEqual(question(datagram(short)), { ...read, event: read.event.replace(';', ' ;') });
  });

  const refused: [what: string, data: Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['another method', changed('SUBSCRIBE sip', 'REGISTER sip')],
    ['another event', changed('ua-profile', 'presence')],
    ['an event that only begins alike', changed('ua-profile;', 'ua-profiles;')],
    ['no CSeq of it', changed('1 SUBSCRIBE', '1 NOTIFY')],
    ['no Via', datagram(lines.filter((line) => !line.startsWith('Via')))],
    ['Via of another transport', changed('SIP/2.0/UDP', 'SIP/2.0/TCP')],
    ['no Call-ID', datagram(lines.filter((line) => !line.startsWith('Call-ID')))],
    ['two To', datagram([...lines, 'To: <sip:other@x>'])],
    ['a NUL', changed('one@', 'o\0e@')],
    ['a bare carriage return', changed('one@', 'o\rX: y')],
    ['too many headers', datagram([...lines, ...Array<string>(64).fill('X: y')])],
    ['too long', datagram([...lines, `X: ${'y'.repeat(longestQuestion)}`])],
  ];
  for (const [what, data] of refused) it(`${what} is no question`, () => assert.equal(readQuestion(data), undefined));

  it('the answer goes to whoever asked, and no elsewhere', () => {
    assert.deepEqual(answerPlace(question(), from), from);
    assert.deepEqual(answerPlace(question(changed(';rport', '')), from), { ...from, port: 5061 });
    assert.deepEqual(answerPlace(question(changed('10.9.2.9:5061;branch', '10.9.9.9;branch')), from), from);
    const forged = question(
      changed('10.9.2.9:5061;branch=z9hG4bK-1;rport', '10.7.7.7;branch=z9hG4bK-1;maddr=10.7.7.7'),
    );
    assert.deepEqual(answerPlace(forged, from), { ...from, port: 5060 });
    assert.deepEqual(notifyPlace(question(), from), { ...from, port: 5061 });
    assert.deepEqual(notifyPlace(question(changed('<sip:10.9.2.9:5061>', '<sip:10.9.2.9>')), from), {
      ...from,
      port: 5060,
    });
    for (const contact of ['<sip:10.7.7.7:5061>', '<sip:x@10.7.7.7>', '<sip:[::1]:5060>', '*', '<sip:10.9.2.9:99999>'])
      assert.deepEqual(notifyPlace(question(changed('<sip:10.9.2.9:5061>', contact)), from), from, contact);
  });

  it('200 and NOTIFY are as a device expects them', () => {
    const response = accepted(question(), from, own, 'ours').toString();
    assert.match(
      response,
      /^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/UDP 10\.9\.2\.9:5061;branch=z9hG4bK-1;rport=40000;received=10\.9\.2\.9\r\n/,
    );
    assert.match(response, /\r\nTo: <sip:MAC%3a000413AABB01@intern\.snom\.de>;tag=ours\r\n/);
    assert.match(response, /\r\nExpires: 0\r\n/);
    const notify = told(question(), from, own, {
      branch: 'z9hG4bKx',
      tag: 'ours',
      url: 'http://10.9.2.1:8081/',
    }).toString();
    assert.match(notify, /^NOTIFY sip:10\.9\.2\.9:5061 SIP\/2\.0\r\n/);
    assert.match(notify, /\r\nContent-Length: 21\r\n\r\nhttp:\/\/10\.9\.2\.1:8081\/$/);
    assert.deepEqual(
      readReply(Buffer.from('SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.9.2.1:5;branch=z9hG4bKx;rport\r\n\r\n')),
      {
        status: 200,
        branch: 'z9hG4bKx',
      },
    );
  });

  it('no datagram, however mangled, ends a line of ours early or throws', () => {
    let seed = 20_261_125;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const valid = datagram(lines);
    let read = 0;
    for (let turn = 0; turn < 20_000; turn++) {
      const data = Buffer.from(valid.subarray(0, random(8) === 0 ? random(valid.length) : valid.length));
      for (let flips = random(4); flips >= 0 && data.length > 0; flips--) data[random(data.length)] = random(256);
      const asked = readQuestion(data);
      readReply(data);
      if (asked === undefined) continue;
      read++;
      const sent = [
        accepted(asked, from, own, 'ours'),
        told(asked, from, own, { branch: 'b', tag: 'ours', url: 'http://x/' }),
      ];
      for (const message of sent) {
        const [head = ''] = message.toString().split('\r\n\r\n');
        assert.ok(!/[\r\n]/.test(head.replace(/\r\n(?=[A-Z])/g, '')), head);
        assert.ok(head.split('\r\n').length <= 12);
      }
      assert.equal(answerPlace(asked, from).address, from.address);
      assert.equal(notifyPlace(asked, from).address, from.address);
    }
    assert.ok(read > 1_000, `${read} were read`);
  });
});
