import {
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  integer,
  NULL,
  optional,
  sequence,
  sequenceOf,
  setOf,
  size,
} from '../../per/index.ts';
import { DataApplicationCapability } from './data-capability.ts';
import { CapabilityTableEntryNumber, NonStandardParameter } from './generic.ts';
import { GenericCapability } from './generic-capability.ts';
import { MediaTransportType, Q2931Address, QOSCapability, RTPPayloadType } from './transport.ts';

/* H.245 capability exchange: multiplexes (H.222, H.223, V.76, H.225.0). */

export const VCCapability = sequence(
  {
    aal1: optional(
      sequence(
        {
          nullClockRecovery: BOOLEAN,
          srtsClockRecovery: BOOLEAN,
          adaptiveClockRecovery: BOOLEAN,
          nullErrorCorrection: BOOLEAN,
          longInterleaver: BOOLEAN,
          shortInterleaver: BOOLEAN,
          errorCorrectionOnly: BOOLEAN,
          structuredDataTransfer: BOOLEAN,
          partiallyFilledCells: BOOLEAN,
        },
        extensions(),
      ),
    ),
    aal5: optional(
      sequence(
        {
          forwardMaximumSDUSize: integer(0, 65535),
          backwardMaximumSDUSize: integer(0, 65535),
        },
        extensions(),
      ),
    ),
    transportStream: BOOLEAN,
    programStream: BOOLEAN,
    availableBitRates: sequence(
      {
        type: choice({
          singleBitRate: integer(1, 65535),
          rangeOfBitRates: sequence({
            lowerBitRate: integer(1, 65535),
            higherBitRate: integer(1, 65535),
          }),
        }),
      },
      extensions(),
    ),
  },
  extensions({
    aal1ViaGateway: optional(
      sequence(
        {
          gatewayAddress: setOf(Q2931Address, size(1, 256)),
          nullClockRecovery: BOOLEAN,
          srtsClockRecovery: BOOLEAN,
          adaptiveClockRecovery: BOOLEAN,
          nullErrorCorrection: BOOLEAN,
          longInterleaver: BOOLEAN,
          shortInterleaver: BOOLEAN,
          errorCorrectionOnly: BOOLEAN,
          structuredDataTransfer: BOOLEAN,
          partiallyFilledCells: BOOLEAN,
        },
        extensions(),
      ),
    ),
  }),
);
export type VCCapability = Infer<typeof VCCapability>;

export const H222Capability = sequence(
  {
    numberOfVCs: integer(1, 256),
    vcCapability: setOf(VCCapability),
  },
  extensions(),
);
export type H222Capability = Infer<typeof H222Capability>;

export const H223AnnexCCapability = sequence(
  {
    videoWithAL1M: BOOLEAN,
    videoWithAL2M: BOOLEAN,
    videoWithAL3M: BOOLEAN,
    audioWithAL1M: BOOLEAN,
    audioWithAL2M: BOOLEAN,
    audioWithAL3M: BOOLEAN,
    dataWithAL1M: BOOLEAN,
    dataWithAL2M: BOOLEAN,
    dataWithAL3M: BOOLEAN,
    alpduInterleaving: BOOLEAN,
    maximumAL1MPDUSize: integer(0, 65535),
    maximumAL2MSDUSize: integer(0, 65535),
    maximumAL3MSDUSize: integer(0, 65535),
  },
  extensions({
    rsCodeCapability: optional(BOOLEAN),
  }),
);
export type H223AnnexCCapability = Infer<typeof H223AnnexCCapability>;

export const H223Capability = sequence(
  {
    'transportWithI-frames': BOOLEAN,
    videoWithAL1: BOOLEAN,
    videoWithAL2: BOOLEAN,
    videoWithAL3: BOOLEAN,
    audioWithAL1: BOOLEAN,
    audioWithAL2: BOOLEAN,
    audioWithAL3: BOOLEAN,
    dataWithAL1: BOOLEAN,
    dataWithAL2: BOOLEAN,
    dataWithAL3: BOOLEAN,
    maximumAl2SDUSize: integer(0, 65535),
    maximumAl3SDUSize: integer(0, 65535),
    maximumDelayJitter: integer(0, 1023),
    h223MultiplexTableCapability: choice({
      basic: NULL,
      enhanced: sequence(
        {
          maximumNestingDepth: integer(1, 15),
          maximumElementListSize: integer(2, 255),
          maximumSubElementListSize: integer(2, 255),
        },
        extensions(),
      ),
    }),
  },
  extensions({
    maxMUXPDUSizeCapability: BOOLEAN,
    nsrpSupport: BOOLEAN,
    mobileOperationTransmitCapability: optional(
      sequence(
        {
          modeChangeCapability: BOOLEAN,
          h223AnnexA: BOOLEAN,
          h223AnnexADoubleFlag: BOOLEAN,
          h223AnnexB: BOOLEAN,
          h223AnnexBwithHeader: BOOLEAN,
        },
        extensions(),
      ),
    ),
    h223AnnexCCapability: optional(H223AnnexCCapability),
    bitRate: optional(integer(1, 19200)),
    mobileMultilinkFrameCapability: optional(
      sequence(
        {
          maximumSampleSize: integer(1, 255),
          maximumPayloadLength: integer(1, 65025),
        },
        extensions(),
      ),
    ),
  }),
);
export type H223Capability = Infer<typeof H223Capability>;

export const V75Capability = sequence(
  {
    audioHeader: BOOLEAN,
  },
  extensions(),
);
export type V75Capability = Infer<typeof V75Capability>;

export const V76Capability = sequence(
  {
    suspendResumeCapabilitywAddress: BOOLEAN,
    suspendResumeCapabilitywoAddress: BOOLEAN,
    rejCapability: BOOLEAN,
    sREJCapability: BOOLEAN,
    mREJCapability: BOOLEAN,
    crc8bitCapability: BOOLEAN,
    crc16bitCapability: BOOLEAN,
    crc32bitCapability: BOOLEAN,
    uihCapability: BOOLEAN,
    numOfDLCS: integer(2, 8191),
    twoOctetAddressFieldCapability: BOOLEAN,
    loopBackTestCapability: BOOLEAN,
    n401Capability: integer(1, 4095),
    maxWindowSizeCapability: integer(1, 127),
    v75Capability: V75Capability,
  },
  extensions(),
);
export type V76Capability = Infer<typeof V76Capability>;

export const MediaDistributionCapability = sequence(
  {
    centralizedControl: BOOLEAN,
    distributedControl: BOOLEAN,
    centralizedAudio: BOOLEAN,
    distributedAudio: BOOLEAN,
    centralizedVideo: BOOLEAN,
    distributedVideo: BOOLEAN,
    centralizedData: optional(sequenceOf(DataApplicationCapability)),
    distributedData: optional(sequenceOf(DataApplicationCapability)),
  },
  extensions(),
);
export type MediaDistributionCapability = Infer<typeof MediaDistributionCapability>;

export const MultipointCapability = sequence(
  {
    multicastCapability: BOOLEAN,
    multiUniCastConference: BOOLEAN,
    mediaDistributionCapability: sequenceOf(MediaDistributionCapability),
  },
  extensions(),
);
export type MultipointCapability = Infer<typeof MultipointCapability>;

export const MediaPacketizationCapability = sequence(
  {
    h261aVideoPacketization: BOOLEAN,
  },
  extensions({
    rtpPayloadType: optional(sequenceOf(RTPPayloadType, size(1, 256))),
  }),
);
export type MediaPacketizationCapability = Infer<typeof MediaPacketizationCapability>;

export const MediaChannelCapability = sequence(
  {
    mediaTransport: optional(MediaTransportType),
  },
  extensions(),
);
export type MediaChannelCapability = Infer<typeof MediaChannelCapability>;

export const TransportCapability = sequence(
  {
    nonStandard: optional(NonStandardParameter),
    qOSCapabilities: optional(sequenceOf(QOSCapability, size(1, 256))),
    mediaChannelCapabilities: optional(sequenceOf(MediaChannelCapability, size(1, 256))),
  },
  extensions(),
);
export type TransportCapability = Infer<typeof TransportCapability>;

export const RTPH263VideoRedundancyFrameMapping = sequence(
  {
    threadNumber: integer(0, 15),
    frameSequence: sequenceOf(integer(0, 255), size(1, 256)),
  },
  extensions(),
);
export type RTPH263VideoRedundancyFrameMapping = Infer<typeof RTPH263VideoRedundancyFrameMapping>;

export const RTPH263VideoRedundancyEncoding = sequence(
  {
    numberOfThreads: integer(1, 16),
    framesBetweenSyncPoints: integer(1, 256),
    frameToThreadMapping: choice(
      {
        roundrobin: NULL,
        custom: sequenceOf(RTPH263VideoRedundancyFrameMapping, size(1, 256)),
      },
      extensions(),
    ),
    containedThreads: optional(sequenceOf(integer(0, 15), size(1, 256))),
  },
  extensions(),
);
export type RTPH263VideoRedundancyEncoding = Infer<typeof RTPH263VideoRedundancyEncoding>;

export const RedundancyEncodingMethod = choice(
  {
    nonStandard: NonStandardParameter,
    rtpAudioRedundancyEncoding: NULL,
  },
  extensions({
    rtpH263VideoRedundancyEncoding: RTPH263VideoRedundancyEncoding,
  }),
);
export type RedundancyEncodingMethod = Infer<typeof RedundancyEncodingMethod>;

export const RedundancyEncodingCapability = sequence(
  {
    redundancyEncodingMethod: RedundancyEncodingMethod,
    primaryEncoding: CapabilityTableEntryNumber,
    secondaryEncoding: optional(sequenceOf(CapabilityTableEntryNumber, size(1, 256))),
  },
  extensions(),
);
export type RedundancyEncodingCapability = Infer<typeof RedundancyEncodingCapability>;

export const H2250Capability = sequence(
  {
    maximumAudioDelayJitter: integer(0, 1023),
    receiveMultipointCapability: MultipointCapability,
    transmitMultipointCapability: MultipointCapability,
    receiveAndTransmitMultipointCapability: MultipointCapability,
    mcCapability: sequence(
      {
        centralizedConferenceMC: BOOLEAN,
        decentralizedConferenceMC: BOOLEAN,
      },
      extensions(),
    ),
    rtcpVideoControlCapability: BOOLEAN,
    mediaPacketizationCapability: MediaPacketizationCapability,
  },
  extensions({
    transportCapability: optional(TransportCapability),
    redundancyEncodingCapability: optional(sequenceOf(RedundancyEncodingCapability, size(1, 256))),
    logicalChannelSwitchingCapability: BOOLEAN,
    t120DynamicPortCapability: BOOLEAN,
  }),
);
export type H2250Capability = Infer<typeof H2250Capability>;

export const MultiplexCapability = choice(
  {
    nonStandard: NonStandardParameter,
    h222Capability: H222Capability,
    h223Capability: H223Capability,
    v76Capability: V76Capability,
  },
  extensions({
    h2250Capability: H2250Capability,
    genericMultiplexCapability: GenericCapability,
  }),
);
export type MultiplexCapability = Infer<typeof MultiplexCapability>;
