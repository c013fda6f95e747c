import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { MultimediaSystemControlMessage, TerminalCapabilitySet } from '../../../../gateway/h323/h245/index.ts';
import { decodeH245, encodeH245 } from '../../../../gateway/h323/h245/index.ts';
import { capabilitiesOf, choose, farCapabilities, proposalsOf } from '../../../../gateway/h323/interwork/index.ts';
import { readCapture } from '../../../../tools/capture/file.ts';
import { H323Finder } from '../../../../tools/capture/h323.ts';

/** Capability sets of a capture, in the order in which they were told. */
function setsIn(file: string): TerminalCapabilitySet[] {
  const finder = new H323Finder();
  const found = [...readCapture(readFileSync(`fixtures/h323/${file}`))].flatMap((packet) => finder.push(packet));
  return [...found, ...finder.end()].flatMap(({ message }) => {
    const set = (message as MultimediaSystemControlMessage | undefined)?.request?.terminalCapabilitySet;
    return set === undefined ? [] : [set];
  });
}

const codecs = (set: TerminalCapabilitySet) =>
  farCapabilities(set).capabilities.flatMap(({ formats }) => formats.map(({ codec }) => codec));

describe('capability sets of real stacks', () => {
  const expected: [file: string, codecs: string[]][] = [
    ['ooh323-b-slow-tunnel.pcap', ['PCMA', 'PCMU']],
    ['ooh323-h4-all-audio-codecs-slow-h245tcp.pcap', ['PCMU', 'PCMA', 'GSM', 'G729', 'G729', 'G729', 'G723']],
    ['h323plus-audio-g7221.pcap', ['G7221', 'PCMA', 'PCMU', 'G722', 'G7221', 'GSM']],
  ];
  for (const [file, names] of expected) {
    it(`${file}: ${names.join(', ')}`, () => {
      const [set] = setsIn(file);
      assert.ok(set !== undefined);
      for (const name of names) assert.ok(codecs(set).includes(name as never), `${name} in ${codecs(set)}`);
    });
  }

  it('H323Plus: H.264 by H.241, its packetization, and a second picture under H.239', () => {
    const [set] = setsIn('h323plus-h264-slow-tunnel.pcap');
    const h264 = farCapabilities(set!).capabilities.flatMap(({ formats }) =>
      formats.filter(({ codec }) => codec === 'H264'),
    );
    assert.ok(h264.length > 0);
    for (const format of h264) assert.deepEqual(format.codec === 'H264' && format.modes, [0]);
    const [presenting] = setsIn('h323plus-h264-h239-tunnel.pcap');
    assert.equal(farCapabilities(presenting!).features.presentation, true);
  });

  it('H323Plus with H.235.6: the secured entries are recognised', () => {
    const [set] = setsIn('h323plus-h2356-aes128-tunnel.pcap');
    assert.notEqual(farCapabilities(set!).features.encryption, 'none');
  });

  it('a codec in common is found with each stack that has one', () => {
    const local =
      'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 8 0\r\n';
    for (const file of [
      'ooh323-a-fast-tunnel.pcap',
      'ooh323-c-slow-h245tcp.pcap',
      'h323plus-slow-tunnel-earlyh245.pcap',
    ]) {
      for (const set of setsIn(file)) {
        if (set.capabilityTable === undefined) continue;
        const chosen = choose(local, set, 'audio', { order: 'ours', not: [] });
        assert.equal(chosen?.dataType.audioData?.g711Alaw64k, 20, file);
      }
    }
  });
});

describe('our own description in H.245’s terms', () => {
  const sdp = [
    'v=0',
    'o=- 1 1 IN IP4 10.0.0.1',
    's=-',
    'c=IN IP4 10.0.0.1',
    't=0 0',
    'm=audio 20000 RTP/AVP 9 8 0 18 4 3 99 101',
    'a=rtpmap:99 G7221/16000',
    'a=fmtp:99 bitrate=24000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-16',
    'a=fmtp:18 annexb=no',
    'a=ptime:30',
    'm=video 20002 RTP/AVP 96 97 98 34 31',
    'b=TIAS:1500000',
    'a=rtpmap:96 H264/90000',
    'a=fmtp:96 profile-level-id=64001f;packetization-mode=1;max-mbps=216000;max-fs=5120',
    'a=rtpmap:97 H264/90000',
    'a=fmtp:97 profile-level-id=42f00b;packetization-mode=0',
    'a=rtpmap:98 H263-1998/90000',
    'a=fmtp:98 CIF=1;QCIF=1;4CIF=2',
    'a=fmtp:34 CIF=2;QCIF=1',
    'a=fmtp:31 CIF=2;QCIF=1',
    'm=application 0 UDP/BFCP *',
    '',
  ].join('\r\n');
  const set = { sequenceNumber: 1, ...capabilitiesOf(sdp) };
  const capabilities = (set.capabilityTable ?? []).map(({ capability }) => capability);

  it('is a set that H.245 can carry', () => {
    const message = { request: { terminalCapabilitySet: set } };
    assert.deepEqual(decodeH245(encodeH245(message)), message);
  });

  it('tells sound with the most frames of a packet', () => {
    assert.deepEqual(
      capabilities.flatMap((one) => (one?.receiveAudioCapability === undefined ? [] : [one.receiveAudioCapability])),
      [
        { 'g722-64k': 30 },
        { g711Alaw64k: 30 },
        { g711Ulaw64k: 30 },
        { g729AnnexA: 3 },
        { g729: 3 },
        { g7231: { 'maxAl-sduAudioFrames': 1, silenceSuppression: true } },
        { gsmFullRate: { audioUnitSize: 33, comfortNoise: false, scrambled: false } },
        {
          genericAudioCapability: {
            capabilityIdentifier: { standard: '0.0.7.7221.1.0' },
            maxBitRate: 24_000,
            collapsing: [{ parameterIdentifier: { standard: 1 }, parameterValue: { unsignedMin: 1 } }],
          },
        },
      ],
    );
  });

  it('tells H.264 with profile, level, what is beyond it, and both packetizations', () => {
    const h264 = capabilities.flatMap((one) => one?.receiveVideoCapability?.genericVideoCapability ?? []);
    const parameters = h264.map(({ collapsing, maxBitRate }) => [
      maxBitRate,
      ...(collapsing ?? []).map(({ parameterIdentifier, parameterValue }) => [
        parameterIdentifier.standard,
        parameterValue.booleanArray ?? parameterValue.unsignedMin,
      ]),
    ]);
    assert.deepEqual(parameters, [
      [15_000, [41, 8], [42, 71], [3, 432], [4, 20]],
      // 42f00b is level 1b.
      [15_000, [41, 64], [42, 19]],
    ]);
    assert.deepEqual(set.multiplexCapability?.h2250Capability?.mediaPacketizationCapability.rtpPayloadType, [
      { payloadDescriptor: { oid: '0.0.8.241.0.0.0.1' }, payloadType: 96 },
      { payloadDescriptor: { oid: '0.0.8.241.0.0.0.0' }, payloadType: 97 },
    ]);
  });

  it('tells the older video codecs with their picture intervals', () => {
    const older = capabilities.map((one) => one?.receiveVideoCapability);
    const [h263, ...more] = older.flatMap((one) => one?.h263VideoCapability ?? []);
    assert.deepEqual(more, [], 'H.263 of 1998 stands for that of 1996');
    assert.deepEqual([h263?.qcifMPI, h263?.cifMPI, h263?.cif4MPI, h263?.maxBitRate], [1, 1, 2, 15_000]);
    const [h261] = older.flatMap((one) => one?.h261VideoCapability ?? []);
    assert.deepEqual([h261?.qcifMPI, h261?.cifMPI, h261?.maxBitRate], [1, 2, 15_000]);
  });

  it('lists sound, picture and each way of digits as things that go together', () => {
    const [descriptor] = set.capabilityDescriptors ?? [];
    assert.deepEqual(
      descriptor?.simultaneousCapabilities?.map((alternatives) => alternatives.length),
      [8, 4, 1, 1, 1],
    );
    assert.equal(farCapabilities(set).features.digits.events?.range, '0-16');
  });

  it('proposes sound for fast start in both directions, the best first', () => {
    const proposals = proposalsOf(sdp);
    assert.equal(proposals.length, 14);
    const [receive, transmit] = proposals;
    assert.deepEqual(receive?.forwardLogicalChannelParameters.dataType, { nullData: null });
    assert.deepEqual(receive?.reverseLogicalChannelParameters?.dataType, { audioData: { 'g722-64k': 30 } });
    assert.deepEqual(transmit?.forwardLogicalChannelParameters.dataType, { audioData: { 'g722-64k': 30 } });
    const numbers = proposals.map(({ forwardLogicalChannelNumber }) => forwardLogicalChannelNumber);
    assert.equal(new Set(numbers).size, numbers.length);
  });

  it('of an unreadable description says nothing', () => {
    for (const broken of ['', 'nonsense', 'm=audio x y z\r\n', 'v=0\r\nm=audio 0 RTP/AVP 8\r\n']) {
      assert.deepEqual(proposalsOf(broken), []);
      assert.equal((capabilitiesOf(broken).capabilityTable ?? []).length, 2);
    }
  });
});
