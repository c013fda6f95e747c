import {
  BOOLEAN,
  bitString,
  choice,
  extensions,
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
import { AudioCapability } from './audio-capability.ts';
import { MultiplexFormat } from './conference-capability.ts';
import { DataApplicationCapability } from './data-capability.ts';
import { GenericParameter, LogicalChannelNumber, NonStandardParameter } from './generic.ts';
import { RedundancyEncodingMethod } from './multiplex-capability.ts';
import { EncryptionMode } from './request-mode-media.ts';
import { EncryptionAuthenticationAndIntegrity } from './security-capability.ts';
import { VideoCapability } from './video-capability.ts';

/* H.245 logical channel signalling: what a channel carries. */

export interface RedundancyEncoding {
  redundancyEncodingMethod: RedundancyEncodingMethod;
  secondaryEncoding?: DataType;
  rtpRedundancyEncoding?: {
    primary?: RedundancyEncodingElement;
    secondary?: RedundancyEncodingElement[];
    unknownExtensions?: UnknownExtension[];
  };
  unknownExtensions?: UnknownExtension[];
}
export const RedundancyEncoding: Schema<RedundancyEncoding> = sequence(
  {
    redundancyEncodingMethod: RedundancyEncodingMethod,
    secondaryEncoding: optional(lazy<DataType>(() => DataType)),
  },
  extensions({
    rtpRedundancyEncoding: optional(
      sequence(
        {
          primary: optional(lazy<RedundancyEncodingElement>(() => RedundancyEncodingElement)),
          secondary: optional(sequenceOf(lazy<RedundancyEncodingElement>(() => RedundancyEncodingElement))),
        },
        extensions(),
      ),
    ),
  }),
);

export interface MultiplePayloadStreamElement {
  dataType: DataType;
  payloadType?: number;
  unknownExtensions?: UnknownExtension[];
}
export const MultiplePayloadStreamElement: Schema<MultiplePayloadStreamElement> = sequence(
  {
    dataType: lazy<DataType>(() => DataType),
    payloadType: optional(integer(0, 127)),
  },
  extensions(),
);

export const MultiplePayloadStream = sequence(
  {
    elements: sequenceOf(MultiplePayloadStreamElement),
  },
  extensions(),
);
export type MultiplePayloadStream = Infer<typeof MultiplePayloadStream>;

export const DepFECData = choice({
  rfc2733: sequence(
    {
      mode: choice(
        {
          redundancyEncoding: NULL,
          separateStream: choice(
            {
              differentPort: sequence(
                {
                  protectedSessionID: integer(1, 255),
                  protectedPayloadType: optional(integer(0, 127)),
                },
                extensions(),
              ),
              samePort: sequence(
                {
                  protectedPayloadType: integer(0, 127),
                },
                extensions(),
              ),
            },
            extensions(),
          ),
        },
        extensions(),
      ),
    },
    extensions(),
  ),
});
export type DepFECData = Infer<typeof DepFECData>;

export const FECData = choice(
  {
    rfc2733: sequence(
      {
        protectedPayloadType: integer(0, 127),
        fecScheme: optional(OBJECT_IDENTIFIER),
        pktMode: choice(
          {
            rfc2198coding: NULL,
            rfc2733sameport: sequence({}, extensions()),
            rfc2733diffport: sequence(
              {
                protectedChannel: LogicalChannelNumber,
              },
              extensions(),
            ),
          },
          extensions(),
        ),
      },
      extensions(),
    ),
  },
  extensions(),
);
export type FECData = Infer<typeof FECData>;

export const H235Media = sequence(
  {
    encryptionAuthenticationAndIntegrity: EncryptionAuthenticationAndIntegrity,
    mediaType: choice(
      {
        nonStandard: NonStandardParameter,
        videoData: VideoCapability,
        audioData: AudioCapability,
        data: DataApplicationCapability,
      },
      extensions({
        redundancyEncoding: RedundancyEncoding,
        multiplePayloadStream: MultiplePayloadStream,
        depFec: DepFECData,
        fec: FECData,
      }),
    ),
  },
  extensions(),
);
export type H235Media = Infer<typeof H235Media>;

export const MultiplexedStreamParameter = sequence(
  {
    multiplexFormat: MultiplexFormat,
    controlOnMuxStream: BOOLEAN,
  },
  extensions(),
);
export type MultiplexedStreamParameter = Infer<typeof MultiplexedStreamParameter>;

export const DataType = choice(
  {
    nonStandard: NonStandardParameter,
    nullData: NULL,
    videoData: VideoCapability,
    audioData: AudioCapability,
    data: DataApplicationCapability,
    encryptionData: EncryptionMode,
  },
  extensions({
    h235Control: NonStandardParameter,
    h235Media: H235Media,
    multiplexedStream: MultiplexedStreamParameter,
    redundancyEncoding: RedundancyEncoding,
    multiplePayloadStream: MultiplePayloadStream,
    depFec: DepFECData,
    fec: FECData,
  }),
);
export type DataType = Infer<typeof DataType>;

export interface RedundancyEncodingElement {
  dataType: DataType;
  payloadType?: number;
  unknownExtensions?: UnknownExtension[];
}
export const RedundancyEncodingElement: Schema<RedundancyEncodingElement> = sequence(
  {
    dataType: lazy<DataType>(() => DataType),
    payloadType: optional(integer(0, 127)),
  },
  extensions(),
);

export const EscrowData = sequence(
  {
    escrowID: OBJECT_IDENTIFIER,
    escrowValue: bitString(size(1, 65535)),
  },
  extensions(),
);
export type EscrowData = Infer<typeof EscrowData>;

export const EncryptionSync = sequence(
  {
    nonStandard: optional(NonStandardParameter),
    synchFlag: integer(0, 255),
    h235Key: octetString(size(1, 65535)),
    escrowentry: optional(sequenceOf(EscrowData, size(1, 256))),
  },
  extensions({
    genericParameter: optional(GenericParameter),
  }),
);
export type EncryptionSync = Infer<typeof EncryptionSync>;
