import assert from 'node:assert/strict';
import {
  decodeSignalling,
  type Elements,
  encodeSignalling,
  SignallingError,
  type SignallingMessage,
} from '../../../../gateway/h323/h225/index.ts';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const empty = (elements: Elements): SignallingMessage => ({
  type: 'information',
  callReference: 0x1234,
  fromDestination: true,
  elements,
  userInformation: undefined,
});
const head = '08 02 92 34 7b';

const elements: [name: string, elements: Elements, hex: string][] = [
  [
    'bearer: speech',
    { bearerCapability: { capability: 'speech', mode: 'circuit', rate: 64, layer1: 3 } },
    '04 03 80 90 a3',
  ],
  [
    'bearer: video call of 6 × 64 kbit/s',
    { bearerCapability: { capability: 'unrestrictedDigital', mode: 'circuit', rate: 384, layer1: 5 } },
    '04 03 88 93 a5',
  ],
  [
    'bearer: a rate by multiplier',
    { bearerCapability: { capability: 'unrestrictedDigital', mode: 'circuit', rate: 512, layer1: 5 } },
    '04 04 88 98 88 a5',
  ],
  [
    'bearer: packet mode',
    { bearerCapability: { capability: 'unrestrictedDigital', mode: 'packet', rate: 0 } },
    '04 02 88 c0',
  ],
  ['cause 16', { cause: { value: 16, location: 'user' } }, '08 02 80 90'],
  [
    'cause 100 with diagnostics',
    { cause: { value: 100, location: 'publicNetworkRemote', diagnostics: octets('28') } },
    '08 03 84 e4 28',
  ],
  ['call state', { callState: 10 }, '14 01 0a'],
  ['progress: in-band', { progressIndicator: { description: 8, location: 'privateNetworkLocal' } }, '1e 02 81 88'],
  ['display in Vietnamese', { display: 'Xã Ba Vì' }, '28 0a 58 c3 a3 20 42 61 20 56 c3 ac'],
  ['keypad', { keypad: '5#' }, '2c 02 35 23'],
  ['signal', { signal: 63 }, '34 01 3f'],
  [
    'calling number with presentation',
    {
      callingPartyNumber: {
        digits: '0241',
        type: 'national',
        plan: 'isdn',
        presentation: 'restricted',
        screening: 'network',
      },
    },
    '6c 06 21 a3 30 32 34 31',
  ],
  [
    'calling number without',
    { callingPartyNumber: { digits: '84', type: 'international', plan: 'isdn' } },
    '6c 03 91 38 34',
  ],
  ['called number', { calledPartyNumber: { digits: '600', type: 'unknown', plan: 'private' } }, '70 04 89 36 30 30'],
  [
    'several, in ascending order',
    {
      calledPartyNumber: { digits: '1', type: 'unknown', plan: 'unknown' },
      display: 'a',
      cause: { value: 17, location: 'user' },
    },
    '08 02 80 91 28 01 61 70 02 80 31',
  ],
];

describe('Q.931 elements', () => {
  for (const [name, value, bytes] of elements) {
    it(name, () => {
      const packet = octets(head + bytes);
      assert.equal(hex(encodeSignalling(empty(value))), hex(packet));
      assert.deepEqual(decodeSignalling(packet), empty(value));
    });
  }

  it('display ends at a NUL, in Latin-1 when it is no UTF-8, and is written back as it came', () => {
    const packet = octets(`${head} 28 05 58 e3 20 42 00`);
    const message = decodeSignalling(packet);
    assert.equal(message.elements.display, 'Xã B');
    assert.equal(hex(encodeSignalling(message)), hex(packet));
    message.elements.display = 'B';
    assert.equal(hex(encodeSignalling(message)), hex(octets(`${head} 28 01 42`)));
  });

  it('a long display is cut between characters', () => {
    const { display } = decodeSignalling(encodeSignalling(empty({ display: 'ễ'.repeat(40) }))).elements;
    assert.equal(display, 'ễ'.repeat(27));
  });

  const kept: [name: string, bytes: string, read: Elements][] = [
    [
      'an order of the peer’s own',
      '70 02 80 31 28 01 61',
      { calledPartyNumber: { digits: '1', type: 'unknown', plan: 'unknown' }, display: 'a' },
    ],
    [
      'elements that are not understood, among others',
      '04 03 80 90 a3 18 03 a9 83 81 28 01 61 7c 01 00',
      {
        bearerCapability: { capability: 'speech', mode: 'circuit', rate: 64, layer1: 3 },
        display: 'a',
        others: [
          { codeset: 0, identifier: 0x18, content: octets('a98381') },
          { codeset: 0, identifier: 0x7c, content: octets('00') },
        ],
      },
    ],
    [
      'an element that is there twice',
      '1e 02 81 88 1e 02 81 83',
      {
        progressIndicator: { description: 8, location: 'privateNetworkLocal' },
        others: [{ codeset: 0, identifier: 0x1e, content: octets('8183') }],
      },
    ],
    [
      'elements of one octet',
      'a1 d1 28 01 61',
      {
        display: 'a',
        others: [
          { codeset: 0, identifier: 0xa1 },
          { codeset: 0, identifier: 0xd1 },
        ],
      },
    ],
    [
      'a shift for one element',
      '9e 28 01 61 28 01 62',
      { display: 'b', others: [{ codeset: 6, identifier: 0x28, content: octets('61') }] },
    ],
    [
      'a shift for all that follow',
      '28 01 61 95 7e 01 62 08 02 80 90',
      {
        display: 'a',
        others: [
          { codeset: 5, identifier: 0x7e, content: octets('62') },
          { codeset: 5, identifier: 0x08, content: octets('8090') },
        ],
      },
    ],
    ['a cause with its recommendation octet', '08 03 00 80 90', { cause: { value: 16, location: 'user' } }],
    [
      'a number type that nobody defined',
      '70 02 d1 31',
      { others: [{ codeset: 0, identifier: 0x70, content: octets('d131') }] },
    ],
    [
      'user-user of another protocol',
      '7e 00 03 04 41 42',
      { others: [{ codeset: 0, identifier: 0x7e, content: octets('044142') }] },
    ],
    ['an empty element', '28 00', { display: '' }],
    ['a cause of no octets', '08 00', { others: [{ codeset: 0, identifier: 0x08, content: octets('') }] }],
  ];
  for (const [name, bytes, read] of kept) {
    it(`${name}: kept`, () => {
      const packet = octets(head + bytes);
      const message = decodeSignalling(packet);
      assert.deepEqual(message.elements, read);
      assert.equal(hex(encodeSignalling(message)), hex(packet));
    });
  }

  it('an element put in goes to its place, one taken out leaves the rest', () => {
    const message = decodeSignalling(octets(`${head} 04 03 80 90 a3 18 03 a9 83 81 28 01 61`));
    message.elements.cause = { value: 31, location: 'user' };
    delete message.elements.display;
    assert.equal(hex(encodeSignalling(message)), hex(octets(`${head} 04 03 80 90 a3 08 02 80 9f 18 03 a9 83 81`)));
  });

  it('elements of other codesets that we add get their shift', () => {
    const written = encodeSignalling(
      empty({ display: 'a', others: [{ codeset: 6, identifier: 1, content: octets('07') }] }),
    );
    assert.equal(hex(written), hex(octets(`${head} 28 01 61 9e 01 01 07`)));
  });
});

describe('Q.931 packets', () => {
  it('call references of no, one and two octets are written back as they came', () => {
    for (const packet of ['08 00 7d', '08 01 85 7d 14 01 00', '08 02 00 01 7d']) {
      const bytes = octets(packet.length < 9 ? `${packet} 14 01 00` : packet);
      assert.equal(hex(encodeSignalling(decodeSignalling(bytes))), hex(bytes));
    }
    assert.equal(decodeSignalling(octets('08 01 85 7d')).callReference, 5);
  });

  it('a message type that nobody defined keeps its number', () => {
    const message = decodeSignalling(octets('08 02 00 01 33'));
    assert.equal(message.type, 'unknown:51');
    assert.equal(hex(encodeSignalling(message)), '0802000133');
  });

  const bad: [name: string, bytes: string, fault: string][] = [
    ['nothing', '', 'truncated'],
    ['another protocol', '07 02 00 01 05', 'discriminator'],
    ['a call reference of 15 octets', '08 0f 00 01 05', 'truncated'],
    ['an element longer than the packet', '08 02 00 01 05 28 09 61', 'element'],
    ['an element without its length', '08 02 00 01 05 28', 'element'],
    ['user-user with half its length', '08 02 00 01 05 7e 00', 'element'],
    ['user-user that ends early', '08 02 00 01 05 7e 00 03 05 20 80', 'userInformation'],
  ];
  for (const [name, bytes, fault] of bad) {
    it(`${name} is refused`, () =>
      assert.throws(() => decodeSignalling(octets(bytes)), { name: 'SignallingError', fault }));
  }

  it('a message longer than a user-user element is refused', () => {
    const message: SignallingMessage = {
      ...empty({}),
      userInformation: {
        'h323-uu-pdu': {
          'h323-message-body': { empty: null },
          h245Tunneling: true,
          h245Control: [new Uint8Array(300_000)],
        },
      },
    };
    assert.throws(() => encodeSignalling(message), { name: 'SignallingError', fault: 'element' });
  });

  it('an error tells the call that it concerns', () => {
    try {
      decodeSignalling(octets('08 02 92 34 05 7e 00 03 05 20 80'));
      assert.fail('was read');
    } catch (error) {
      assert.ok(error instanceof SignallingError);
      const { callReference, fromDestination, messageType, cause } = error;
      assert.deepEqual(
        { callReference, fromDestination, messageType },
        { callReference: 0x1234, fromDestination: true, messageType: 5 },
      );
      assert.equal((cause as Error).name, 'PerError');
    }
  });
});
