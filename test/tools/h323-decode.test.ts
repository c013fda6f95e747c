import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRas, encodeSignalling, frameTpkt, type SignallingMessage } from '../../gateway/h323/h225/index.ts';
import { encodeH245 } from '../../gateway/h323/h245/index.ts';
import { type CapturedPacket, readCapture } from '../../tools/capture/file.ts';
import { type Found, H323Finder } from '../../tools/capture/h323.ts';
import { address6, segmentOf } from '../../tools/capture/packet.ts';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const u16 = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
const concat = (...parts: (Uint8Array | number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

interface Ends {
  from?: number;
  to?: number;
}
const tcp = (
  sequence: number,
  payload: Uint8Array,
  flags = 0x18,
  { from = 40_000, to = 1720 }: Ends = {},
): Uint8Array => concat(u16(from), u16(to), u32(sequence), u32(0), [0x50, flags], u16(1000), u16(0), u16(0), payload);
const udp = (payload: Uint8Array, { from = 1719, to = 1719 }: Ends = {}): Uint8Array =>
  concat(u16(from), u16(to), u16(payload.length + 8), u16(0), payload);
const ip4 = (protocol: number, inner: Uint8Array): Uint8Array =>
  concat([0x45, 0], u16(20 + inner.length), [0, 0, 0, 0, 64, protocol, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2], inner);
const ip6 = (protocol: number, inner: Uint8Array): Uint8Array =>
  concat(
    [0x60, 0, 0, 0],
    u16(inner.length),
    [protocol, 64],
    octets('fd000000000000000000000000000001'),
    octets('fd000000000000000000000000000002'),
    inner,
  );

/** Raw IP packets, numbered from 1. */
const raw = (...packets: Uint8Array[]): CapturedPacket[] =>
  packets.map((data, place) => ({ frame: place + 1, link: 101, data }));
const find = (packets: readonly CapturedPacket[], rasPorts: number[] = []): Found[] => {
  const finder = new H323Finder(rasPorts);
  return [...packets.flatMap((packet) => finder.push(packet)), ...finder.end()];
};
const told = (found: readonly Found[]): string[] =>
  found.map(({ frame, protocol, error, roundTrip }) => `${frame} ${protocol} ${error ?? roundTrip}`);

const information = (digits: string): SignallingMessage => ({
  type: 'information',
  callReference: 1,
  fromDestination: false,
  elements: { keypad: digits },
  userInformation: undefined,
});
const signalling = (digits: string): Uint8Array => frameTpkt(encodeSignalling(information(digits)));
const roundTrip = frameTpkt(encodeH245({ request: { roundTripDelayRequest: { sequenceNumber: 9 } } }));
const unregistered = encodeRas({ unregistrationConfirm: { requestSeqNum: 5 } });

const pcap = (packets: Uint8Array[], link: number): Uint8Array =>
  concat(
    octets('d4c3b2a1 0200 0400 00000000 00000000 ffff0000'),
    [link, 0, 0, 0],
    ...packets.flatMap((packet) => [
      octets('0000000000000000'),
      [...u32(packet.length)].reverse(),
      [...u32(packet.length)].reverse(),
      packet,
    ]),
  );

describe('capture files', () => {
  const packet = octets('0102030405');

  it('pcap in either byte order', () => {
    assert.deepEqual(
      [...readCapture(pcap([packet, packet], 101))].map(({ frame, link }) => [frame, link]),
      [
        [1, 101],
        [2, 101],
      ],
    );
    const big = concat(
      octets('a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000001'),
      octets('0000000000000000 00000005 00000005'),
      packet,
    );
    assert.deepEqual([...readCapture(big)], [{ frame: 1, link: 1, data: packet }]);
  });

  it('pcapng with its blocks of three kinds, in either byte order', () => {
    const block = (type: number, body: Uint8Array): Uint8Array => {
      const length = u32(12 + Math.ceil(body.length / 4) * 4);
      return concat(u32(type), length, body, new Uint8Array(-body.length & 3), length);
    };
    const section = block(0x0a0d0d0a, octets('1a2b3c4d 0001 0000 ffffffffffffffff'));
    const face = block(1, octets('0065 0000 00000000'));
    const enhanced = block(6, concat(u32(0), u32(0), u32(0), u32(5), u32(5), packet));
    const simple = block(3, concat(u32(5), packet));
    const old = block(2, concat(u16(0), u16(0), u32(0), u32(0), u32(5), u32(5), packet));
    const unknown = block(99, octets('00000000'));
    const found = [...readCapture(concat(section, face, enhanced, unknown, simple, old))];
    assert.deepEqual(
      found,
      [1, 2, 3].map((frame) => ({ frame, link: 101, data: packet })),
    );
    const turned = (bytes: Uint8Array): Uint8Array =>
      concat(
        ...Array.from({ length: bytes.length / 4 }, (_, word) => [...bytes.subarray(word * 4, word * 4 + 4)].reverse()),
      );
    const little = concat(
      turned(block(0x0a0d0d0a, octets('1a2b3c4d 0000 0001 ffffffffffffffff'))),
      turned(block(1, octets('0000 0065 00000000'))),
    );
    assert.deepEqual([...readCapture(little)], []);
  });

  const bad: [string, Uint8Array][] = [
    ['nothing', octets('')],
    ['something else', octets('7f454c46 00000000')],
    ['a header cut short', octets('d4c3b2a1 0200')],
  ];
  for (const [name, bytes] of bad) {
    it(`${name} is no capture`, () => assert.throws(() => [...readCapture(bytes)], { name: 'CaptureError' }));
  }

  it('gives what is whole of a file that is cut', () => {
    const cut = pcap([packet, packet], 1).slice(0, -1);
    const packets = readCapture(cut);
    assert.equal(packets.next().value?.frame, 1);
    assert.throws(() => packets.next(), { message: 'cut after packet 1' });
  });
});

describe('packets', () => {
  const ip = ip4(17, udp(octets('0102')));
  const six = ip6(17, udp(octets('0102')));
  const mac = octets('020000000001 020000000002');
  const links: [name: string, link: number, data: Uint8Array][] = [
    ['raw IP', 101, ip],
    ['raw IPv4', 228, ip],
    ['raw IPv6', 229, six],
    ['Ethernet', 1, concat(mac, [0x08, 0x00], ip)],
    ['Ethernet with padding', 1, concat(mac, [0x08, 0x00], ip, new Uint8Array(20))],
    ['Ethernet with a VLAN', 1, concat(mac, octets('8100 0005 0800'), ip)],
    ['Ethernet with two VLANs', 1, concat(mac, octets('88a8 0005 8100 0006 86dd'), six)],
    ['Linux cooked', 113, concat(octets('0000 0304 0006 000000000000 0000 0800'), ip)],
    ['Linux cooked, version 2', 276, concat(octets('0800 0000 00000001 0304 00 06 0000000000000000'), ip)],
    ['BSD loopback', 0, concat(octets('02000000'), ip)],
    ['OpenBSD loopback', 108, concat(octets('00000018'), six)],
    ['IPv6 with a hop-by-hop header', 101, ip6(0, concat([17, 0, 1, 4, 0, 0, 0, 0], udp(octets('0102'))))],
  ];
  for (const [name, link, data] of links) {
    it(name, () => assert.deepEqual(segmentOf({ frame: 1, link, data })?.payload, octets('0102')));
  }

  it('what is no IP, or only a later fragment, is passed over', () => {
    const arp = concat(mac, octets('0806'), new Uint8Array(28));
    const fragment = ip.slice();
    fragment[7] = 1;
    for (const packet of [
      { link: 1, data: arp },
      { link: 101, data: fragment },
      { link: 999, data: ip },
      { link: 101, data: octets('45') },
    ]) {
      assert.equal(segmentOf({ frame: 1, ...packet }), undefined);
    }
  });

  it('IPv6 addresses are short', () => {
    assert.equal(address6(octets('fd000000000000000000000000000001')), 'fd00::1');
    assert.equal(address6(octets('00000000000000000000000000000001')), '::1');
    assert.equal(address6(octets('20010db8000000010000000000000000')), '2001:db8:0:1::');
    assert.equal(address6(octets('00010002000300040005000600070008')), '1:2:3:4:5:6:7:8');
  });
});

describe('H.323 in a capture', () => {
  const a = signalling('1');
  const b = signalling('2');

  it('messages cut into segments, and several in one', () => {
    const stream = concat(a, b, a);
    const packets = raw(
      ip4(6, tcp(1, stream.slice(0, 3))),
      ip4(6, tcp(4, stream.slice(3, 7))),
      ip4(6, tcp(8, stream.slice(7))),
    );
    assert.deepEqual(told(find(packets)), ['3 h225 true', '3 h225 true', '3 h225 true']);
  });

  it('retransmitted, overlapping and overtaking segments, over the turn of the sequence space', () => {
    const stream = concat(a, b);
    const start = 2 ** 32 - 5;
    const cut = (from: number, to?: number): Uint8Array => ip4(6, tcp((start + from) >>> 0, stream.slice(from, to)));
    const syn = ip4(6, tcp(start - 1, octets(''), 0x02));
    const packets = raw(syn, cut(0, 4), cut(0, 4), cut(8, 12), cut(2, 6), cut(6, 8), cut(0), cut(12));
    const found = find(packets);
    assert.deepEqual(
      found.map(({ message }) => (message as SignallingMessage).elements.keypad),
      ['1', '2'],
    );
    assert.equal(
      found.every((one) => one.roundTrip),
      true,
    );
  });

  it('octets that the capture lacks are told, and what follows is read', () => {
    const packets = raw(ip4(6, tcp(1, a)), ip4(6, tcp(1 + a.length + 100, b)));
    assert.deepEqual(told(find(packets)), [
      '1 h225 true',
      '2 h225 100 octets of the connection are not in the capture',
      '2 h225 true',
    ]);
  });

  it('a connection that ends within a packet', () => {
    const packets = raw(ip4(6, tcp(1, concat(a, b.slice(0, 6)))));
    assert.deepEqual(told(find(packets)), ['1 h225 true', '0 h225 ends within a packet, 6 octets of it are there']);
  });

  it('H.225.0 on any port, over IPv6', () => {
    const [found] = find(raw(ip6(6, tcp(1, a, 0x18, { from: 5, to: 61_000 }))));
    assert.deepEqual([found?.protocol, found?.from, found?.to], ['h225', '[fd00::1]:5', '[fd00::2]:61000']);
  });

  it('an H.245 connection that was announced, and one that was not', () => {
    const facility: SignallingMessage = {
      ...information('1'),
      type: 'facility',
      userInformation: {
        'h323-uu-pdu': {
          'h323-message-body': {
            facility: {
              protocolIdentifier: '0.0.8.2250.0.4',
              reason: { startH245: null },
              h245Address: { ipAddress: { ip: octets('7f000002'), port: 7000 } },
            },
          },
        },
      },
    };
    const broken = frameTpkt(octets('ff'));
    const found = find(
      raw(
        ip4(6, tcp(1, frameTpkt(encodeSignalling(facility)))),
        ip4(6, tcp(1, broken, 0x18, { to: 7000 })),
        ip4(6, tcp(1 + broken.length, roundTrip, 0x18, { to: 7000 })),
        ip4(6, tcp(1, roundTrip, 0x18, { to: 8000 })),
      ),
    );
    assert.deepEqual(
      found.map(({ frame, protocol, error }) => [frame, protocol, error === undefined]),
      [
        [1, 'h225', true],
        [2, 'h245', false],
        [3, 'h245', true],
        [4, 'h245', true],
      ],
    );
  });

  it('RAS on its ports, on those told, and on those announced', () => {
    const other = ip4(17, udp(unregistered, { from: 5000, to: 5001 }));
    const standard = ip4(17, udp(unregistered));
    const confirm = encodeRas({
      gatekeeperConfirm: {
        requestSeqNum: 1,
        protocolIdentifier: '0.0.8.2250.0.4',
        rasAddress: { ipAddress: { ip: octets('7f000002'), port: 5001 } },
      },
    });
    assert.deepEqual(told(find(raw(standard, other))), ['1 ras true']);
    assert.deepEqual(told(find(raw(standard, other), [5001])), ['1 ras true', '2 ras true']);
    assert.deepEqual(told(find(raw(ip4(17, udp(confirm)), other))), ['1 ras true', '2 ras true']);
  });

  it('a datagram on a RAS port that is no RAS message', () => {
    const [found] = find(raw(ip4(17, udp(octets('ffffff')))));
    assert.equal(found?.protocol, 'ras');
    assert.match(found?.error ?? '', /fragment of 63/);
  });

  it('leaves other connections alone, TPKT or not', () => {
    const web = new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n');
    const desktop = octets('0300 0013 0ee0 0000 0000 00 0100 0800 03000000');
    assert.deepEqual(find(raw(ip4(6, tcp(1, web)), ip4(6, tcp(1, desktop, 0x18, { to: 3389 })))), []);
  });
});

describe('npm run h323:decode', function () {
  this.timeout(20_000);
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'tools/h323-decode.ts', ...args], { encoding: 'utf8' });

  it('prints each message as one line of JSON', () => {
    const { status, stdout, stderr } = run('fixtures/h323/ooh323-c-slow-h245tcp.pcap');
    assert.equal(stderr, '');
    assert.equal(status, 0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(
      lines.every(
        ({ frame, protocol, message, roundTrip }) =>
          frame > 0 && ['h225', 'h245'].includes(protocol) && message !== undefined && roundTrip === true,
      ),
    );
    const setup = lines.find(({ message }) => message.type === 'setup');
    assert.match(
      setup.message.userInformation['h323-uu-pdu']['h323-message-body'].setup.conferenceID,
      /^[0-9a-f]{32}$/,
    );
    assert.ok(
      lines.some(({ protocol, message }) => protocol === 'h245' && message.command?.endSessionCommand !== undefined),
    );
  });

  it('marks what came in fast start, and what was tunnelled', () => {
    const lines = run('fixtures/h323/ooh323-a-fast-tunnel.pcap')
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const carried = lines.filter(({ protocol }) => protocol === 'h245').map((line) => line.carried);
    assert.ok(carried.includes('fastStart') && carried.includes('tunnelled') && !carried.includes(undefined));
    assert.ok(lines.some(({ message }) => message.openLogicalChannel?.forwardLogicalChannelNumber > 0));
  });

  const refused: [string, string[], number, RegExp][] = [
    ['no file', [], 2, /^npm run h323:decode/],
    ['a file that does not exist', ['/nonexistent.pcap'], 1, /no such file/],
    ['a folder', ['/'], 1, /directory/],
    ['a port that is none', ['x.pcap', '--ras-port', '99999'], 2, /--ras-port/],
    ['an option that does not exist', ['x.pcap', '--what'], 2, /--what/],
    ['a file that is no capture', ['package.json'], 1, /neither pcap nor pcapng/],
  ];
  for (const [name, args, code, text] of refused) {
    it(`${name}: says so`, () => {
      const { status, stderr, stdout } = run(...args);
      assert.deepEqual([status, stdout], [code, '']);
      assert.match(stderr, text);
    });
  }

  it('prints what is whole of a file that is cut, and says that it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'diemcau-decode-'));
    try {
      const file = join(folder, 'cut.pcap');
      writeFileSync(file, readFileSync('fixtures/h323/gnugk-rrj.pcap').subarray(0, 1000));
      const { status, stdout, stderr } = run(file);
      assert.equal(status, 1);
      assert.match(stderr, /cut after packet \d/);
      assert.ok(stdout.trim().split('\n').length >= 2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
