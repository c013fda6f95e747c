import type {
  AudioCapability,
  Capability,
  GenericCapability,
  RTPPayloadType,
  TerminalCapabilitySet,
  VideoCapability,
} from '../../../../gateway/h323/h245/index.ts';

/*
 * Capability sets such as the room codecs of the offices tell. Put together by hand from the codec lists of the makers'
 * data sheets and administrators' guides and the rules of H.241, not taken from traces of these devices: no public trace
 * with whole sets was found. What real stacks were recorded to tell is in fixtures/h323 and tested beside these.
 */

const generic = (oid: string, maxBitRate: number | undefined, values: Record<number, number>): GenericCapability => ({
  capabilityIdentifier: { standard: oid },
  ...(maxBitRate === undefined ? {} : { maxBitRate }),
  collapsing: Object.entries(values).map(([number, value]) => ({
    parameterIdentifier: { standard: Number(number) },
    parameterValue: number === '41' ? { booleanArray: value } : { unsignedMin: value },
  })),
});

const h264 = (
  profile: number,
  level: number,
  maxBitRate?: number,
  custom: Record<number, number> = {},
): VideoCapability => ({
  genericVideoCapability: generic('0.0.8.241.0.0.1', maxBitRate, { 41: profile, 42: level, ...custom }),
});
const g7221 = (maxBitRate: number): AudioCapability => ({
  genericAudioCapability: generic('0.0.7.7221.1.0', maxBitRate, { 1: 1 }),
});
const g7221c = (maxBitRate: number): AudioCapability => ({
  genericAudioCapability: generic('0.0.7.7221.1.1.0', maxBitRate, { 1: 1 }),
});
const h261: VideoCapability = {
  h261VideoCapability: {
    qcifMPI: 1,
    cifMPI: 1,
    temporalSpatialTradeOffCapability: false,
    maxBitRate: 19_200,
    stillImageTransmission: false,
  },
};
const h263 = (sizes: object, maxBitRate = 20_000): VideoCapability => ({
  h263VideoCapability: {
    ...sizes,
    maxBitRate,
    unrestrictedVector: false,
    arithmeticCoding: false,
    advancedPrediction: false,
    pbFrames: false,
    temporalSpatialTradeOffCapability: false,
    errorCompensation: false,
  },
});
const audio = (receiveAudioCapability: AudioCapability): Capability => ({ receiveAudioCapability });
const video = (receiveVideoCapability: VideoCapability): Capability => ({ receiveVideoCapability });

const second = (of: VideoCapability): Capability => ({
  receiveVideoCapability: {
    extendedVideoCapability: {
      videoCapability: [of],
      videoCapabilityExtension: [generic('0.0.8.239.1.2', undefined, { 1: 1 })],
    },
  },
});
const h239: Capability = { genericControlCapability: { capabilityIdentifier: { standard: '0.0.8.239.1.1' } } };
const camera: Capability = {
  receiveAndTransmitDataApplicationCapability: {
    application: {
      genericDataCapability: { capabilityIdentifier: { standard: '0.0.8.224.1.0' }, maxBitRate: 48 },
    },
    maxBitRate: 48,
  },
};
const basicString: Capability = { receiveAndTransmitUserInputCapability: { basicString: null } };
const dtmf: Capability = { receiveAndTransmitUserInputCapability: { dtmf: null } };
const events = (payloadType: number): Capability => ({
  receiveRTPAudioTelephonyEventCapability: { dynamicRTPPayloadType: payloadType, audioTelephoneEvent: '0-15' },
});
const aacLd: AudioCapability = { genericAudioCapability: generic('0.0.8.245.1.1.0', 480, { 0: 2 }) };

const multipoint = { multicastCapability: false, multiUniCastConference: false, mediaDistributionCapability: [] };

/** A set in which each group's members exclude each other. @param modes H.264 packetization modes told. */
export function setOf(groups: Capability[][], modes: number[] = [0]): TerminalCapabilitySet {
  const all = groups.flat();
  const number = (capability: Capability) => all.indexOf(capability) + 1;
  const rtpPayloadType: RTPPayloadType[] = modes.map((mode) => ({
    payloadDescriptor: { oid: `0.0.8.241.0.0.0.${mode}` },
  }));
  return {
    sequenceNumber: 1,
    protocolIdentifier: '0.0.8.245.0.13',
    multiplexCapability: {
      h2250Capability: {
        maximumAudioDelayJitter: 250,
        receiveMultipointCapability: multipoint,
        transmitMultipointCapability: multipoint,
        receiveAndTransmitMultipointCapability: multipoint,
        mcCapability: { centralizedConferenceMC: false, decentralizedConferenceMC: false },
        rtcpVideoControlCapability: false,
        mediaPacketizationCapability: {
          h261aVideoPacketization: false,
          ...(modes.length === 0 ? {} : { rtpPayloadType }),
        },
      },
    },
    capabilityTable: all.map((capability) => ({ capabilityTableEntryNumber: number(capability), capability })),
    capabilityDescriptors: [
      { capabilityDescriptorNumber: 0, simultaneousCapabilities: groups.map((group) => group.map(number)) },
    ],
  };
}

const g711 = (frames: number) => [audio({ g711Ulaw64k: frames }), audio({ g711Alaw64k: frames })];

export const devices: Record<string, TerminalCapabilitySet> = {
  'Polycom HDX': setOf(
    [
      [
        audio(g7221c(48_000)),
        audio(g7221c(32_000)),
        audio(g7221(32_000)),
        audio(g7221(24_000)),
        audio({ 'g722-64k': 60 }),
        audio({ 'g722-56k': 60 }),
        ...g711(60),
        audio({ g728: 60 }),
        audio({ g729AnnexA: 6 }),
      ],
      [
        video(h264(8, 71, 19_200, { 3: 216, 4: 15 })),
        video(h264(64, 71, 19_200, { 3: 216, 4: 15 })),
        video(h263({ qcifMPI: 1, cifMPI: 1, cif4MPI: 2 })),
        video(h261),
      ],
      [second(h264(64, 71))],
      [camera],
      [basicString],
      [dtmf],
      [h239],
    ],
    [0],
  ),
  'Polycom Group 500': setOf(
    [
      [audio(g7221c(48_000)), audio(g7221(32_000)), audio({ 'g722-64k': 60 }), ...g711(60)],
      [
        video(h264(8, 85, 40_960, { 3: 979, 4: 32 })),
        video(h264(64, 85, 40_960)),
        video(h263({ cifMPI: 1 })),
        video(h261),
      ],
      [second(h264(64, 85))],
      [camera],
      [basicString],
      [dtmf],
      [events(101)],
      [h239],
    ],
    [0, 1],
  ),
  'Huawei TE40': setOf(
    [
      [
        audio(aacLd),
        audio(g7221c(48_000)),
        audio({ 'g722-64k': 20 }),
        ...g711(20),
        audio({ g728: 20 }),
        audio({ g729: 2 }),
      ],
      [
        video(h264(8, 99, 40_000)),
        video(h264(64, 99, 40_000)),
        video(h263({ sqcifMPI: 1, qcifMPI: 1, cifMPI: 1, cif4MPI: 1 })),
        video(h261),
      ],
      [second(h264(64, 99))],
      [camera],
      [basicString],
      [h239],
    ],
    [0, 1],
  ),
  'LifeSize Team 220': setOf(
    [
      [
        audio(aacLd),
        audio(g7221c(32_000)),
        audio(g7221(32_000)),
        audio({ 'g722-64k': 30 }),
        ...g711(30),
        audio({ g729AnnexA: 3 }),
      ],
      [video(h264(64, 64, 20_000, { 3: 216, 4: 15 })), video(h263({ qcifMPI: 1, cifMPI: 1 })), video(h261)],
      [second(h264(64, 64))],
      [basicString],
      [dtmf],
      [h239],
    ],
    [0],
  ),
  'Sony PCS-XG80': setOf(
    [
      [
        audio(aacLd),
        audio(g7221(24_000)),
        audio({ 'g722-64k': 20 }),
        audio({ 'g722-56k': 20 }),
        ...g711(20),
        audio({ g728: 20 }),
      ],
      [video(h264(64, 71, 40_000)), video(h263({ qcifMPI: 1, cifMPI: 1 })), video(h261)],
      [camera],
      [basicString],
    ],
    [],
  ),
  'Tandberg C40': setOf(
    [
      [audio(aacLd), audio(g7221(32_000)), audio(g7221(24_000)), audio({ 'g722-64k': 60 }), ...g711(60)],
      [
        video(h264(64, 43, 60_000, { 3: 432, 4: 32, 6: 240 })),
        video(h263({ qcifMPI: 1, cifMPI: 1 }, 60_000)),
        video(h261),
      ],
      [second(h264(64, 43, 60_000, { 3: 216, 4: 15 }))],
      [camera],
      [basicString],
      [dtmf],
      [h239],
    ],
    [0, 1],
  ),
  'Radvision XT1000': setOf(
    [
      [audio(g7221c(48_000)), audio(g7221(32_000)), audio({ 'g722-64k': 40 }), ...g711(40), audio({ g729: 4 })],
      [video(h264(64, 85, 40_000)), video(h264(8, 85, 40_000)), video(h263({ cifMPI: 1, qcifMPI: 1 })), video(h261)],
      [second(h264(64, 71))],
      [basicString],
      [h239],
    ],
    [0, 1],
  ),
  'Polycom ViewStation': setOf(
    [
      [
        audio({ 'g722-64k': 20 }),
        audio({ 'g722-56k': 20 }),
        ...g711(20),
        audio({ g711Ulaw56k: 20 }),
        audio({ g728: 20 }),
      ],
      [video(h263({ qcifMPI: 1, cifMPI: 1 }, 7_680)), video(h261)],
      [basicString],
    ],
    [],
  ),
  // Of its codecs only G.729 goes with pictures: the processor is too slow for more.
  'old codec with few simultaneous abilities': (() => {
    const set = setOf([[audio({ g711Alaw64k: 20 }), audio({ g729: 2 })], [video(h261)]]);
    return {
      ...set,
      capabilityDescriptors: [
        { capabilityDescriptorNumber: 0, simultaneousCapabilities: [[1]] },
        { capabilityDescriptorNumber: 1, simultaneousCapabilities: [[2], [3]] },
      ],
    };
  })(),
};

const algorithm = { encryptionCapability: [{ algorithm: '2.16.840.1.101.3.4.1.2' }] };

/** A terminal that wants H.235.6: `required` lists only the secured entries. */
export function secured(required: boolean): TerminalCapabilitySet {
  const set = setOf([[audio({ g711Alaw64k: 20 })]]);
  const wrapped: Capability = {
    h235SecurityCapability: { encryptionAuthenticationAndIntegrity: algorithm, mediaCapability: 1 },
  };
  return {
    ...set,
    capabilityTable: [...(set.capabilityTable ?? []), { capabilityTableEntryNumber: 2, capability: wrapped }],
    capabilityDescriptors: [{ capabilityDescriptorNumber: 0, simultaneousCapabilities: [required ? [2] : [2, 1]] }],
  };
}
