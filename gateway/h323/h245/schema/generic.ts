import {
  choice,
  extensions,
  IA5String,
  type Infer,
  integer,
  lazy,
  NULL,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  size,
  type UnknownExtension,
} from '../../per/index.ts';

/* H.245: numbers and generic, non-standard parts that all messages share. */

export const SequenceNumber = integer(0, 255);
export type SequenceNumber = Infer<typeof SequenceNumber>;

export const NonStandardIdentifier = choice({
  object: OBJECT_IDENTIFIER,
  h221NonStandard: sequence({
    t35CountryCode: integer(0, 255),
    t35Extension: integer(0, 255),
    manufacturerCode: integer(0, 65535),
  }),
});
export type NonStandardIdentifier = Infer<typeof NonStandardIdentifier>;

export const NonStandardParameter = sequence({
  nonStandardIdentifier: NonStandardIdentifier,
  data: octetString(),
});
export type NonStandardParameter = Infer<typeof NonStandardParameter>;

export const CapabilityIdentifier = choice(
  {
    standard: OBJECT_IDENTIFIER,
    h221NonStandard: NonStandardParameter,
    uuid: octetString(size(16)),
    domainBased: IA5String({ size: size(1, 64) }),
  },
  extensions(),
);
export type CapabilityIdentifier = Infer<typeof CapabilityIdentifier>;

export const ParameterIdentifier = choice(
  {
    standard: integer(0, 127),
    h221NonStandard: NonStandardParameter,
    uuid: octetString(size(16)),
    domainBased: IA5String({ size: size(1, 64) }),
  },
  extensions(),
);
export type ParameterIdentifier = Infer<typeof ParameterIdentifier>;

export interface GenericParameter {
  parameterIdentifier: ParameterIdentifier;
  parameterValue: ParameterValue;
  supersedes?: ParameterIdentifier[];
  unknownExtensions?: UnknownExtension[];
}
export const GenericParameter: Schema<GenericParameter> = sequence(
  {
    parameterIdentifier: ParameterIdentifier,
    parameterValue: lazy<ParameterValue>(() => ParameterValue),
    supersedes: optional(sequenceOf(ParameterIdentifier)),
  },
  extensions(),
);

export const GenericMessage = sequence(
  {
    messageIdentifier: CapabilityIdentifier,
    subMessageIdentifier: optional(integer(0, 127)),
    messageContent: optional(sequenceOf(GenericParameter)),
  },
  extensions(),
);
export type GenericMessage = Infer<typeof GenericMessage>;

export const GenericInformation = GenericMessage;
export type GenericInformation = Infer<typeof GenericInformation>;

export const NonStandardMessage = sequence(
  {
    nonStandardData: NonStandardParameter,
  },
  extensions(),
);
export type NonStandardMessage = Infer<typeof NonStandardMessage>;

export const CapabilityTableEntryNumber = integer(1, 65535);
export type CapabilityTableEntryNumber = Infer<typeof CapabilityTableEntryNumber>;

export const AlternativeCapabilitySet = sequenceOf(CapabilityTableEntryNumber, size(1, 256));
export type AlternativeCapabilitySet = Infer<typeof AlternativeCapabilitySet>;

export const CapabilityDescriptorNumber = integer(0, 255);
export type CapabilityDescriptorNumber = Infer<typeof CapabilityDescriptorNumber>;

export const ParameterValue = choice(
  {
    logical: NULL,
    booleanArray: integer(0, 255),
    unsignedMin: integer(0, 65535),
    unsignedMax: integer(0, 65535),
    unsigned32Min: integer(0, 4294967295),
    unsigned32Max: integer(0, 4294967295),
    octetString: octetString(),
    genericParameter: sequenceOf(GenericParameter),
  },
  extensions(),
);
export type ParameterValue = Infer<typeof ParameterValue>;

export const MaxRedundancy = integer(1);
export type MaxRedundancy = Infer<typeof MaxRedundancy>;

export const LogicalChannelNumber = integer(1, 65535);
export type LogicalChannelNumber = Infer<typeof LogicalChannelNumber>;

export const MultiplexTableEntryNumber = integer(1, 15);
export type MultiplexTableEntryNumber = Infer<typeof MultiplexTableEntryNumber>;

export const McuNumber = integer(0, 192);
export type McuNumber = Infer<typeof McuNumber>;

export const TerminalNumber = integer(0, 192);
export type TerminalNumber = Infer<typeof TerminalNumber>;

export const TerminalLabel = sequence(
  {
    mcuNumber: McuNumber,
    terminalNumber: TerminalNumber,
  },
  extensions(),
);
export type TerminalLabel = Infer<typeof TerminalLabel>;

export const MaximumBitRate = integer(0, 4294967295);
export type MaximumBitRate = Infer<typeof MaximumBitRate>;
