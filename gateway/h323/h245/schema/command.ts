import {
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  integer,
  NULL,
  octetString,
  optional,
  sequence,
  sequenceOf,
  setOf,
  size,
} from '../../per/index.ts';
import { EncryptionSync, MultiplePayloadStream } from './data-type.ts';
import {
  CapabilityDescriptorNumber,
  CapabilityTableEntryNumber,
  GenericInformation,
  LogicalChannelNumber,
  NonStandardParameter,
  SequenceNumber,
} from './generic.ts';

/* H.245 commands. */

export const SendTerminalCapabilitySet = choice(
  {
    specificRequest: sequence(
      {
        multiplexCapability: BOOLEAN,
        capabilityTableEntryNumbers: optional(setOf(CapabilityTableEntryNumber, size(1, 65535))),
        capabilityDescriptorNumbers: optional(setOf(CapabilityDescriptorNumber, size(1, 256))),
      },
      extensions(),
    ),
    genericRequest: NULL,
  },
  extensions(),
);
export type SendTerminalCapabilitySet = Infer<typeof SendTerminalCapabilitySet>;

export const EncryptionCommand = choice(
  {
    encryptionSE: octetString(),
    encryptionIVRequest: NULL,
    encryptionAlgorithmID: sequence({
      h233AlgorithmIdentifier: SequenceNumber,
      associatedAlgorithm: NonStandardParameter,
    }),
  },
  extensions(),
);
export type EncryptionCommand = Infer<typeof EncryptionCommand>;

export const FlowControlCommand = sequence(
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
export type FlowControlCommand = Infer<typeof FlowControlCommand>;

export const EndSessionCommand = choice(
  {
    nonStandard: NonStandardParameter,
    disconnect: NULL,
    gstnOptions: choice(
      {
        telephonyMode: NULL,
        v8bis: NULL,
        v34DSVD: NULL,
        v34DuplexFAX: NULL,
        v34H324: NULL,
      },
      extensions(),
    ),
  },
  extensions({
    isdnOptions: choice(
      {
        telephonyMode: NULL,
        v140: NULL,
        terminalOnHold: NULL,
      },
      extensions(),
    ),
    genericInformation: sequenceOf(GenericInformation),
  }),
);
export type EndSessionCommand = Infer<typeof EndSessionCommand>;

export const EncryptionUpdateDirection = choice(
  {
    masterToSlave: NULL,
    slaveToMaster: NULL,
  },
  extensions(),
);
export type EncryptionUpdateDirection = Infer<typeof EncryptionUpdateDirection>;

export const KeyProtectionMethod = sequence(
  {
    secureChannel: BOOLEAN,
    sharedSecret: BOOLEAN,
    certProtectedKey: BOOLEAN,
  },
  extensions(),
);
export type KeyProtectionMethod = Infer<typeof KeyProtectionMethod>;

export const EncryptionUpdateRequest = sequence(
  {
    keyProtectionMethod: optional(KeyProtectionMethod),
  },
  extensions({
    synchFlag: optional(integer(0, 255)),
  }),
);
export type EncryptionUpdateRequest = Infer<typeof EncryptionUpdateRequest>;

export const PictureReference = choice(
  {
    pictureNumber: integer(0, 1023),
    longTermPictureIndex: integer(0, 255),
  },
  extensions(),
);
export type PictureReference = Infer<typeof PictureReference>;

export const MiscellaneousCommand = sequence(
  {
    logicalChannelNumber: LogicalChannelNumber,
    type: choice(
      {
        equaliseDelay: NULL,
        zeroDelay: NULL,
        multipointModeCommand: NULL,
        cancelMultipointModeCommand: NULL,
        videoFreezePicture: NULL,
        videoFastUpdatePicture: NULL,
        videoFastUpdateGOB: sequence({
          firstGOB: integer(0, 17),
          numberOfGOBs: integer(1, 18),
        }),
        videoTemporalSpatialTradeOff: integer(0, 31),
        videoSendSyncEveryGOB: NULL,
        videoSendSyncEveryGOBCancel: NULL,
      },
      extensions({
        videoFastUpdateMB: sequence(
          {
            firstGOB: optional(integer(0, 255)),
            firstMB: optional(integer(1, 8192)),
            numberOfMBs: integer(1, 8192),
          },
          extensions(),
        ),
        maxH223MUXPDUsize: integer(1, 65535),
        encryptionUpdate: EncryptionSync,
        encryptionUpdateRequest: EncryptionUpdateRequest,
        switchReceiveMediaOff: NULL,
        switchReceiveMediaOn: NULL,
        progressiveRefinementStart: sequence(
          {
            repeatCount: choice(
              {
                doOneProgression: NULL,
                doContinuousProgressions: NULL,
                doOneIndependentProgression: NULL,
                doContinuousIndependentProgressions: NULL,
              },
              extensions(),
            ),
          },
          extensions(),
        ),
        progressiveRefinementAbortOne: NULL,
        progressiveRefinementAbortContinuous: NULL,
        videoBadMBs: sequence(
          {
            firstMB: integer(1, 9216),
            numberOfMBs: integer(1, 9216),
            temporalReference: integer(0, 1023),
          },
          extensions(),
        ),
        lostPicture: sequenceOf(PictureReference),
        lostPartialPicture: sequence(
          {
            pictureReference: PictureReference,
            firstMB: integer(1, 9216),
            numberOfMBs: integer(1, 9216),
          },
          extensions(),
        ),
        recoveryReferencePicture: sequenceOf(PictureReference),
        encryptionUpdateCommand: sequence(
          {
            encryptionSync: EncryptionSync,
            multiplePayloadStream: optional(MultiplePayloadStream),
          },
          extensions(),
        ),
        encryptionUpdateAck: sequence(
          {
            synchFlag: integer(0, 255),
          },
          extensions(),
        ),
      }),
    ),
  },
  extensions({
    direction: optional(EncryptionUpdateDirection),
  }),
);
export type MiscellaneousCommand = Infer<typeof MiscellaneousCommand>;

export const H223MultiplexReconfiguration = choice(
  {
    h223ModeChange: choice(
      {
        toLevel0: NULL,
        toLevel1: NULL,
        toLevel2: NULL,
        toLevel2withOptionalHeader: NULL,
      },
      extensions(),
    ),
    h223AnnexADoubleFlag: choice(
      {
        start: NULL,
        stop: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type H223MultiplexReconfiguration = Infer<typeof H223MultiplexReconfiguration>;

export const NewATMVCCommand = sequence(
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
  },
  extensions(),
);
export type NewATMVCCommand = Infer<typeof NewATMVCCommand>;

export const MobileMultilinkReconfigurationCommand = sequence(
  {
    sampleSize: integer(1, 255),
    samplesPerFrame: integer(1, 255),
    status: choice(
      {
        synchronized: NULL,
        reconfiguration: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type MobileMultilinkReconfigurationCommand = Infer<typeof MobileMultilinkReconfigurationCommand>;
