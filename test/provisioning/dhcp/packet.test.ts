import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { judgeOffers } from '../../../provisioning/dhcp/judge.ts';
import { merged, type Offer, offerOf } from '../../../provisioning/dhcp/offer.ts';
import { readAnswer, subOptions, text, writeQuestion } from '../../../provisioning/dhcp/packet.ts';
import { interfacesOf } from '../../../provisioning/dhcp/probe.ts';
import { routerSettings } from '../../../provisioning/dhcp/router-settings.ts';

const url = 'http://192.0.2.10:8081/';

/** A server's answer, put together by hand. */
function answer(options: number[], { file = '', name = '' } = {}): Buffer {
  const packet = Buffer.alloc(240 + options.length);
  packet[0] = 2;
  packet.writeUInt32BE(0xa1b2c3d4, 4);
  packet.set([10, 9, 1, 77], 16);
  packet.write(name, 44, 'latin1');
  packet.write(file, 108, 'latin1');
  packet.writeUInt32BE(0x63825363, 236);
  packet.set(options, 240);
  return packet;
}
const option = (code: number, value: string | number[]): number[] => {
  const bytes = typeof value === 'string' ? [...Buffer.from(value)] : value;
  return [code, bytes.length, ...bytes];
};
const ack = option(53, [5]);
const server = option(54, [10, 9, 1, 1]);

describe('DHCP messages', () => {
  it('a question is what RFC 2131 draws', () => {
    const bytes = writeQuestion({
      type: 'inform',
      transaction: 0xdeadbeef,
      hardware: Uint8Array.of(0, 0x0b, 0x82, 1, 2, 3),
      address: '192.0.2.7',
      vendorClass: 'yealink',
    });
    assert.ok(bytes.length >= 300);
    assert.equal(bytes.subarray(0, 4).toString('hex'), '01010600');
    assert.equal(bytes.readUInt32BE(4), 0xdeadbeef);
    assert.equal(bytes.readUInt16BE(10), 0);
    assert.deepEqual([...bytes.subarray(12, 16)], [192, 0, 2, 7]);
    assert.equal(bytes.subarray(28, 34).toString('hex'), '000b82010203');
    assert.ok(bytes.includes(Buffer.from([60, 7, ...Buffer.from('yealink')])));
    const discover = writeQuestion({ type: 'discover', transaction: 1, hardware: new Uint8Array(6) });
    assert.equal(discover.readUInt16BE(10), 0x8000);
  });

  it('an answer is put into words', () => {
    const read = readAnswer(
      answer([
        ...ack,
        ...server,
        0,
        ...option(66, 'http://192.0.2.10:'),
        ...option(66, '8081/'),
        ...option(160, `${url}\0`),
        ...option(150, [10, 9, 1, 5, 10, 9, 1, 6]),
        ...option(43, [1, 5, ...Buffer.from('hello'), 2, 1, 7]),
        ...option(42, [10, 9, 1, 1]),
        ...option(2, [0, 0, 0x62, 0x70]),
        ...option(101, 'Asia/Ho_Chi_Minh'),
        255,
        1,
        2,
      ]),
    );
    assert.equal(read?.transaction, 0xa1b2c3d4);
    assert.equal(read?.offered, '10.9.1.77');
    assert.deepEqual(offerOf(read!, '10.9.1.9', 'yealink'), {
      server: '10.9.1.1',
      asked: ['yealink'],
      option66: url,
      option150: ['10.9.1.5', '10.9.1.6'],
      option160: url,
      option43: '1: hello; 2: 0x07',
      option42: ['10.9.1.1'],
      option2: 25200,
      option101: 'Asia/Ho_Chi_Minh',
    });
  });

  it('options may go on in the fields of name and file, which else mean options 66 and 67', () => {
    const more = `${String.fromCharCode(...option(66, 'tftp.example'), 255)}`;
    assert.equal(text(readAnswer(answer([...ack, 52, 1, 2, 255], { name: more }))?.options.get(66)), 'tftp.example');
    const plain = readAnswer(answer([...ack, 255], { name: '192.0.2.1', file: 'boot' }));
    assert.deepEqual([text(plain?.options.get(66)), text(plain?.options.get(67))], ['192.0.2.1', 'boot']);
  });

  it('what is no answer, or is cut anywhere, is nothing and never a fault', () => {
    const whole = answer([...ack, ...server, ...option(66, url), 255]);
    assert.equal(readAnswer(whole.subarray(0, 239)), undefined);
    assert.equal(readAnswer(Buffer.concat([Buffer.from([1]), whole.subarray(1)])), undefined);
    assert.equal(readAnswer(answer([...server, 255])), undefined, 'no type');
    assert.equal(readAnswer(answer([...ack, 66, 200, 1])), undefined, 'longer than the message');
    for (let length = 0; length < whole.length; length++) readAnswer(whole.subarray(0, length));
    const random = Buffer.from(whole);
    for (let turn = 0; turn < 2_000; turn++) {
      random[236 + (turn % (whole.length - 236))] = (turn * 31) & 255;
      const read = readAnswer(random);
      if (read !== undefined) offerOf(read, '10.9.1.1', '');
    }
    assert.equal(subOptions(Uint8Array.of(1, 9, 1)), undefined);
    assert.equal(text(Uint8Array.of(104, 105, 7)), undefined);
  });
});

describe('what a network offers', () => {
  const offer = (more: Partial<Offer>): Offer => ({ server: '10.9.1.1', asked: [''], ...more });
  const judged = (...offers: Offer[]): string[] =>
    judgeOffers(offers, { urls: [url] }).map(({ code, level }) => `${level} ${code}`);
  const clock = { option42: ['10.9.1.1'], option2: 25200 };
  const cases: [name: string, offers: Offer[], expected: string[]][] = [
    ['nobody answers', [], ['fault dhcp.no-answer']],
    ['all is well', [offer({ option66: url, option160: `${url}x/`, ...clock })], ['good dhcp.found-us']],
    ['nothing for devices', [offer(clock)], ['fault dhcp.no-address']],
    ['another server', [offer({ option66: 'http://old.example/', ...clock })], ['fault dhcp.other-address']],
    ['another port', [offer({ option66: 'http://192.0.2.10/', ...clock })], ['fault dhcp.other-address']],
    ['our address, but TFTP', [offer({ option66: '192.0.2.10', ...clock })], ['fault dhcp.no-url']],
    [
      'only 66, no clock',
      [offer({ option66: url })],
      ['good dhcp.found-us', 'hint dhcp.no-160', 'hint dhcp.no-ntp', 'hint dhcp.no-zone'],
    ],
    [
      'only in option 43, of another zone',
      [offer({ option43: `1: ${url}`, ...clock, option2: 28800 })],
      ['good dhcp.found-us', 'hint dhcp.no-66', 'hint dhcp.no-160', 'fault dhcp.other-zone'],
    ],
    [
      'two servers',
      [offer({ option66: url, option160: url, ...clock }), offer({ server: '10.9.1.2', ...clock })],
      ['fault dhcp.several-servers', 'good dhcp.found-us', 'fault dhcp.no-address'],
    ],
  ];
  for (const [name, offers, expected] of cases) it(name, () => assert.deepEqual(judged(...offers), expected));

  it('offers that say the same are one, with all who were told so', () => {
    const list = merged([offer({ asked: ['a'] }), offer({ asked: ['b'] }), offer({ asked: ['c'], option66: 'x' })]);
    assert.deepEqual(
      list.map(({ asked }) => asked),
      [['a', 'b'], ['c']],
    );
  });

  it('lines for routers hold the address as it is, and nothing that could end its quotes', () => {
    const all = routerSettings({ url, ntp: ['10.9.1.1', 'x"y'] });
    assert.ok(all.every(({ lines }) => lines.some((line) => line.includes(url))));
    assert.ok(!JSON.stringify(all).includes('x\\"y'));
    assert.throws(() => routerSettings({ url: 'http://x/"; rm', ntp: [] }));
  });

  it('interfaces with a network behind them, and its broadcast address', () => {
    const face = { family: 'IPv4' as const, mac: '00:0b:82:01:02:03', cidr: null };
    assert.deepEqual(
      interfacesOf(undefined, {
        lo: [{ ...face, address: '127.0.0.1', netmask: '255.0.0.0', internal: true }],
        eth0: [{ ...face, address: '192.168.6.7', netmask: '255.255.254.0', internal: false }],
      }).map(({ broadcast, name }) => [name, broadcast]),
      [['eth0', '192.168.7.255']],
    );
  });
});
