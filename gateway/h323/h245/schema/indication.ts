import {
  BOOLEAN,
  choice,
  extensions,
  GeneralString,
  IA5String,
  type Infer,
  integer,
  NULL,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';
import {
  GenericInformation,
  LogicalChannelNumber,
  McuNumber,
  NonStandardIdentifier,
  NonStandardParameter,
  TerminalLabel,
  TerminalNumber,
} from './generic.ts';
import { TransportCapability } from './multiplex-capability.ts';
import { Params } from './security-capability.ts';
import { TransportAddress } from './transport.ts';

/* H.245 indications. */

export const FunctionNotSupported = sequence(
  {
    cause: choice(
      {
        syntaxError: NULL,
        semanticError: NULL,
        unknownFunction: NULL,
      },
      extensions(),
    ),
    returnedFunction: optional(octetString()),
  },
  extensions(),
);
export type FunctionNotSupported = Infer<typeof FunctionNotSupported>;

export const TerminalYouAreSeeingInSubPictureNumber = sequence(
  {
    terminalNumber: TerminalNumber,
    subPictureNumber: integer(0, 255),
  },
  extensions({
    mcuNumber: McuNumber,
  }),
);
export type TerminalYouAreSeeingInSubPictureNumber = Infer<typeof TerminalYouAreSeeingInSubPictureNumber>;

export const VideoIndicateCompose = sequence(
  {
    compositionNumber: integer(0, 255),
  },
  extensions(),
);
export type VideoIndicateCompose = Infer<typeof VideoIndicateCompose>;

export const ConferenceIndication = choice(
  {
    sbeNumber: integer(0, 9),
    terminalNumberAssign: TerminalLabel,
    terminalJoinedConference: TerminalLabel,
    terminalLeftConference: TerminalLabel,
    seenByAtLeastOneOther: NULL,
    cancelSeenByAtLeastOneOther: NULL,
    seenByAll: NULL,
    cancelSeenByAll: NULL,
    terminalYouAreSeeing: TerminalLabel,
    requestForFloor: NULL,
  },
  extensions({
    withdrawChairToken: NULL,
    floorRequested: TerminalLabel,
    terminalYouAreSeeingInSubPictureNumber: TerminalYouAreSeeingInSubPictureNumber,
    videoIndicateCompose: VideoIndicateCompose,
    masterMCU: NULL,
    cancelMasterMCU: NULL,
  }),
);
export type ConferenceIndication = Infer<typeof ConferenceIndication>;

export const MiscellaneousIndication = sequence(
  {
    logicalChannelNumber: LogicalChannelNumber,
    type: choice(
      {
        logicalChannelActive: NULL,
        logicalChannelInactive: NULL,
        multipointConference: NULL,
        cancelMultipointConference: NULL,
        multipointZeroComm: NULL,
        cancelMultipointZeroComm: NULL,
        multipointSecondaryStatus: NULL,
        cancelMultipointSecondaryStatus: NULL,
        videoIndicateReadyToActivate: NULL,
        videoTemporalSpatialTradeOff: integer(0, 31),
      },
      extensions({
        videoNotDecodedMBs: sequence(
          {
            firstMB: integer(1, 8192),
            numberOfMBs: integer(1, 8192),
            temporalReference: integer(0, 255),
          },
          extensions(),
        ),
        transportCapability: TransportCapability,
      }),
    ),
  },
  extensions(),
);
export type MiscellaneousIndication = Infer<typeof MiscellaneousIndication>;

export const JitterIndication = sequence(
  {
    scope: choice({
      logicalChannelNumber: LogicalChannelNumber,
      resourceID: integer(0, 65535),
      wholeMultiplex: NULL,
    }),
    estimatedReceivedJitterMantissa: integer(0, 3),
    estimatedReceivedJitterExponent: integer(0, 7),
    skippedFrameCount: optional(integer(0, 15)),
    additionalDecoderBuffer: optional(integer(0, 262143)),
  },
  extensions(),
);
export type JitterIndication = Infer<typeof JitterIndication>;

export const H223SkewIndication = sequence(
  {
    logicalChannelNumber1: LogicalChannelNumber,
    logicalChannelNumber2: LogicalChannelNumber,
    skew: integer(0, 4095),
  },
  extensions(),
);
export type H223SkewIndication = Infer<typeof H223SkewIndication>;

export const H2250MaximumSkewIndication = sequence(
  {
    logicalChannelNumber1: LogicalChannelNumber,
    logicalChannelNumber2: LogicalChannelNumber,
    maximumSkew: integer(0, 4095),
  },
  extensions(),
);
export type H2250MaximumSkewIndication = Infer<typeof H2250MaximumSkewIndication>;

export const MCLocationIndication = sequence(
  {
    signalAddress: TransportAddress,
  },
  extensions(),
);
export type MCLocationIndication = Infer<typeof MCLocationIndication>;

export const VendorIdentification = sequence(
  {
    vendor: NonStandardIdentifier,
    productNumber: optional(octetString(size(1, 256))),
    versionNumber: optional(octetString(size(1, 256))),
  },
  extensions(),
);
export type VendorIdentification = Infer<typeof VendorIdentification>;

export const NewATMVCIndication = sequence(
  {
    resourceID: integer(0, 65535),
    bitRate: integer(1, 65535),
    bitRateLockedToPCRClock: BOOLEAN,
    bitRateLockedToNetworkClock: BOOLEAN,
    aal: choice(
      {
        aal1: sequence(
          {
            clockRecovery: choice(
              {
                nullClockRecovery: NULL,
                srtsClockRecovery: NULL,
                adaptiveClockRecovery: NULL,
              },
              extensions(),
            ),
            errorCorrection: choice(
              {
                nullErrorCorrection: NULL,
                longInterleaver: NULL,
                shortInterleaver: NULL,
                errorCorrectionOnly: NULL,
              },
              extensions(),
            ),
            structuredDataTransfer: BOOLEAN,
            partiallyFilledCells: BOOLEAN,
          },
          extensions(),
        ),
        aal5: sequence(
          {
            forwardMaximumSDUSize: integer(0, 65535),
            backwardMaximumSDUSize: integer(0, 65535),
          },
          extensions(),
        ),
      },
      extensions(),
    ),
    multiplex: choice(
      {
        noMultiplex: NULL,
        transportStream: NULL,
        programStream: NULL,
      },
      extensions(),
    ),
  },
  extensions({
    reverseParameters: sequence(
      {
        bitRate: integer(1, 65535),
        bitRateLockedToPCRClock: BOOLEAN,
        bitRateLockedToNetworkClock: BOOLEAN,
        multiplex: choice(
          {
            noMultiplex: NULL,
            transportStream: NULL,
            programStream: NULL,
          },
          extensions(),
        ),
      },
      extensions(),
    ),
  }),
);
export type NewATMVCIndication = Infer<typeof NewATMVCIndication>;

export const UserInputIndication = choice(
  {
    nonStandard: NonStandardParameter,
    alphanumeric: GeneralString,
  },
  extensions({
    userInputSupportIndication: choice(
      {
        nonStandard: NonStandardParameter,
        basicString: NULL,
        iA5String: NULL,
        generalString: NULL,
      },
      extensions({
        encryptedBasicString: NULL,
        encryptedIA5String: NULL,
        encryptedGeneralString: NULL,
      }),
    ),
    signal: sequence(
      {
        signalType: IA5String({ size: size(1), from: '0123456789#*ABCD!' }),
        duration: optional(integer(1, 65535)),
        rtp: optional(
          sequence(
            {
              timestamp: optional(integer(0, 4294967295)),
              expirationTime: optional(integer(0, 4294967295)),
              logicalChannelNumber: LogicalChannelNumber,
            },
            extensions(),
          ),
        ),
      },
      extensions({
        rtpPayloadIndication: optional(NULL),
        paramS: optional(Params),
        encryptedSignalType: optional(octetString(size(1))),
        algorithmOID: optional(OBJECT_IDENTIFIER),
      }),
    ),
    signalUpdate: sequence(
      {
        duration: integer(1, 65535),
        rtp: optional(
          sequence(
            {
              logicalChannelNumber: LogicalChannelNumber,
            },
            extensions(),
          ),
        ),
      },
      extensions(),
    ),
    extendedAlphanumeric: sequence(
      {
        alphanumeric: GeneralString,
        rtpPayloadIndication: optional(NULL),
      },
      extensions({
        encryptedAlphanumeric: optional(
          sequence(
            {
              algorithmOID: OBJECT_IDENTIFIER,
              paramS: optional(Params),
              encrypted: octetString(),
            },
            extensions(),
          ),
        ),
      }),
    ),
    encryptedAlphanumeric: sequence(
      {
        algorithmOID: OBJECT_IDENTIFIER,
        paramS: optional(Params),
        encrypted: octetString(),
      },
      extensions(),
    ),
    genericInformation: sequenceOf(GenericInformation),
  }),
);
export type UserInputIndication = Infer<typeof UserInputIndication>;

export const FlowControlIndication = sequence(
  {
    scope: choice({
      logicalChannelNumber: LogicalChannelNumber,
      resourceID: integer(0, 65535),
      wholeMultiplex: NULL,
    }),
    restriction: choice({
      maximumBitRate: integer(0, 16777215),
      noRestriction: NULL,
    }),
  },
  extensions(),
);
export type FlowControlIndication = Infer<typeof FlowControlIndication>;

export const MobileMultilinkReconfigurationIndication = sequence(
  {
    sampleSize: integer(1, 255),
    samplesPerFrame: integer(1, 255),
  },
  extensions(),
);
export type MobileMultilinkReconfigurationIndication = Infer<typeof MobileMultilinkReconfigurationIndication>;
