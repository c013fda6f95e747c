import {
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  integer,
  NULL,
  OBJECT_IDENTIFIER,
  optional,
  sequence,
  sequenceOf,
  setOf,
  size,
} from '../../per/index.ts';
import { AudioCapability, AudioTelephonyEventCapability, AudioToneCapability } from './audio-capability.ts';
import {
  ConferenceCapability,
  DepFECCapability,
  FECCapability,
  MultiplePayloadStreamCapability,
  MultiplexedStreamCapability,
  UserInputCapability,
} from './conference-capability.ts';
import { DataApplicationCapability } from './data-capability.ts';
import {
  AlternativeCapabilitySet,
  CapabilityDescriptorNumber,
  CapabilityTableEntryNumber,
  GenericInformation,
  NonStandardParameter,
  SequenceNumber,
} from './generic.ts';
import { GenericCapability } from './generic-capability.ts';
import { MultiplexCapability, RedundancyEncodingCapability } from './multiplex-capability.ts';
import { EncryptionAuthenticationAndIntegrity } from './security-capability.ts';
import { VideoCapability } from './video-capability.ts';

/* H.245 capability exchange: the set and its descriptors. */

export const H235SecurityCapability = sequence(
  {
    encryptionAuthenticationAndIntegrity: EncryptionAuthenticationAndIntegrity,
    mediaCapability: CapabilityTableEntryNumber,
  },
  extensions(),
);
export type H235SecurityCapability = Infer<typeof H235SecurityCapability>;

export const Capability = choice(
  {
    nonStandard: NonStandardParameter,
    receiveVideoCapability: VideoCapability,
    transmitVideoCapability: VideoCapability,
    receiveAndTransmitVideoCapability: VideoCapability,
    receiveAudioCapability: AudioCapability,
    transmitAudioCapability: AudioCapability,
    receiveAndTransmitAudioCapability: AudioCapability,
    receiveDataApplicationCapability: DataApplicationCapability,
    transmitDataApplicationCapability: DataApplicationCapability,
    receiveAndTransmitDataApplicationCapability: DataApplicationCapability,
    h233EncryptionTransmitCapability: BOOLEAN,
    h233EncryptionReceiveCapability: sequence(
      {
        h233IVResponseTime: integer(0, 255),
      },
      extensions(),
    ),
  },
  extensions({
    conferenceCapability: ConferenceCapability,
    h235SecurityCapability: H235SecurityCapability,
    maxPendingReplacementFor: integer(0, 255),
    receiveUserInputCapability: UserInputCapability,
    transmitUserInputCapability: UserInputCapability,
    receiveAndTransmitUserInputCapability: UserInputCapability,
    genericControlCapability: GenericCapability,
    receiveMultiplexedStreamCapability: MultiplexedStreamCapability,
    transmitMultiplexedStreamCapability: MultiplexedStreamCapability,
    receiveAndTransmitMultiplexedStreamCapability: MultiplexedStreamCapability,
    receiveRTPAudioTelephonyEventCapability: AudioTelephonyEventCapability,
    receiveRTPAudioToneCapability: AudioToneCapability,
    depFecCapability: DepFECCapability,
    multiplePayloadStreamCapability: MultiplePayloadStreamCapability,
    fecCapability: FECCapability,
    redundancyEncodingCap: RedundancyEncodingCapability,
    oneOfCapabilities: AlternativeCapabilitySet,
  }),
);
export type Capability = Infer<typeof Capability>;

export const CapabilityTableEntry = sequence({
  capabilityTableEntryNumber: CapabilityTableEntryNumber,
  capability: optional(Capability),
});
export type CapabilityTableEntry = Infer<typeof CapabilityTableEntry>;

export const CapabilityDescriptor = sequence({
  capabilityDescriptorNumber: CapabilityDescriptorNumber,
  simultaneousCapabilities: optional(setOf(AlternativeCapabilitySet, size(1, 256))),
});
export type CapabilityDescriptor = Infer<typeof CapabilityDescriptor>;

export const TerminalCapabilitySet = sequence(
  {
    sequenceNumber: SequenceNumber,
    protocolIdentifier: OBJECT_IDENTIFIER,
    multiplexCapability: optional(MultiplexCapability),
    capabilityTable: optional(setOf(CapabilityTableEntry, size(1, 256))),
    capabilityDescriptors: optional(setOf(CapabilityDescriptor, size(1, 256))),
  },
  extensions({
    genericInformation: optional(sequenceOf(GenericInformation)),
  }),
);
export type TerminalCapabilitySet = Infer<typeof TerminalCapabilitySet>;

export const TerminalCapabilitySetAck = sequence(
  {
    sequenceNumber: SequenceNumber,
  },
  extensions({
    genericInformation: optional(sequenceOf(GenericInformation)),
  }),
);
export type TerminalCapabilitySetAck = Infer<typeof TerminalCapabilitySetAck>;

export const TerminalCapabilitySetReject = sequence(
  {
    sequenceNumber: SequenceNumber,
    cause: choice(
      {
        unspecified: NULL,
        undefinedTableEntryUsed: NULL,
        descriptorCapacityExceeded: NULL,
        tableEntryCapacityExceeded: choice({
          highestEntryNumberProcessed: CapabilityTableEntryNumber,
          noneProcessed: NULL,
        }),
      },
      extensions(),
    ),
  },
  extensions({
    genericInformation: optional(sequenceOf(GenericInformation)),
  }),
);
export type TerminalCapabilitySetReject = Infer<typeof TerminalCapabilitySetReject>;

export const TerminalCapabilitySetRelease = sequence(
  {},
  extensions({
    genericInformation: optional(sequenceOf(GenericInformation)),
  }),
);
export type TerminalCapabilitySetRelease = Infer<typeof TerminalCapabilitySetRelease>;
