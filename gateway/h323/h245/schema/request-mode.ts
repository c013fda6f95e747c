import {
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  integer,
  lazy,
  NULL,
  OBJECT_IDENTIFIER,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  setOf,
  size,
  type UnknownChoice,
  type UnknownExtension,
} from '../../per/index.ts';
import { MultiplexedStreamParameter } from './data-type.ts';
import { LogicalChannelNumber, MaxRedundancy, NonStandardParameter, SequenceNumber } from './generic.ts';
import { GenericCapability } from './generic-capability.ts';
import { RedundancyEncodingMethod } from './multiplex-capability.ts';
import { H223AL1MParameters, H223AL2MParameters, H223AL3MParameters } from './multiplex-parameters.ts';
import { AudioMode, DataMode, EncryptionMode, RedundancyEncodingMode, VideoMode } from './request-mode-media.ts';
import { EncryptionAuthenticationAndIntegrity } from './security-capability.ts';

/* H.245 request mode. */

export const H235Mode = sequence(
  {
    encryptionAuthenticationAndIntegrity: EncryptionAuthenticationAndIntegrity,
    mediaMode: choice(
      {
        nonStandard: NonStandardParameter,
        videoMode: VideoMode,
        audioMode: AudioMode,
        dataMode: DataMode,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type H235Mode = Infer<typeof H235Mode>;

export interface FECMode {
  protectedElement: ModeElementType;
  fecScheme?: string;
  rfc2733Format?:
    | { rfc2733rfc2198: MaxRedundancy; rfc2733sameport?: undefined; rfc2733diffport?: undefined }
    | { rfc2733sameport: MaxRedundancy; rfc2733rfc2198?: undefined; rfc2733diffport?: undefined }
    | { rfc2733diffport: MaxRedundancy; rfc2733rfc2198?: undefined; rfc2733sameport?: undefined };
  unknownExtensions?: UnknownExtension[];
}
export const FECMode: Schema<FECMode> = sequence(
  {
    protectedElement: lazy<ModeElementType>(() => ModeElementType),
    fecScheme: optional(OBJECT_IDENTIFIER),
    rfc2733Format: optional(
      choice({
        rfc2733rfc2198: MaxRedundancy,
        rfc2733sameport: MaxRedundancy,
        rfc2733diffport: MaxRedundancy,
      }),
    ),
  },
  extensions(),
);

export const RedundancyEncodingDTModeElement = sequence(
  {
    type: choice(
      {
        nonStandard: NonStandardParameter,
        videoMode: VideoMode,
        audioMode: AudioMode,
        dataMode: DataMode,
        encryptionMode: EncryptionMode,
        h235Mode: H235Mode,
      },
      extensions({
        fecMode: FECMode,
      }),
    ),
  },
  extensions(),
);
export type RedundancyEncodingDTModeElement = Infer<typeof RedundancyEncodingDTModeElement>;

export const RedundancyEncodingDTMode = sequence(
  {
    redundancyEncodingMethod: RedundancyEncodingMethod,
    primary: RedundancyEncodingDTModeElement,
    secondary: sequenceOf(RedundancyEncodingDTModeElement),
  },
  extensions(),
);
export type RedundancyEncodingDTMode = Infer<typeof RedundancyEncodingDTMode>;

export interface MultiplePayloadStreamElementMode {
  type: ModeElementType;
  unknownExtensions?: UnknownExtension[];
}
export const MultiplePayloadStreamElementMode: Schema<MultiplePayloadStreamElementMode> = sequence(
  {
    type: lazy<ModeElementType>(() => ModeElementType),
  },
  extensions(),
);

export const MultiplePayloadStreamMode = sequence(
  {
    elements: sequenceOf(MultiplePayloadStreamElementMode),
  },
  extensions(),
);
export type MultiplePayloadStreamMode = Infer<typeof MultiplePayloadStreamMode>;

export type DepFECMode =
  | {
      rfc2733Mode: {
        mode:
          | { redundancyEncoding: null; separateStream?: undefined; unknownChoice?: undefined }
          | {
              separateStream:
                | {
                    differentPort: {
                      protectedSessionID: number;
                      protectedPayloadType?: number;
                      unknownExtensions?: UnknownExtension[];
                    };
                    samePort?: undefined;
                    unknownChoice?: undefined;
                  }
                | {
                    samePort: {
                      protectedType: ModeElementType;
                      unknownExtensions?: UnknownExtension[];
                    };
                    differentPort?: undefined;
                    unknownChoice?: undefined;
                  }
                | { unknownChoice: UnknownChoice; differentPort?: undefined; samePort?: undefined };
              redundancyEncoding?: undefined;
              unknownChoice?: undefined;
            }
          | { unknownChoice: UnknownChoice; redundancyEncoding?: undefined; separateStream?: undefined };
        unknownExtensions?: UnknownExtension[];
      };
      unknownChoice?: undefined;
    }
  | { unknownChoice: UnknownChoice; rfc2733Mode?: undefined };
export const DepFECMode: Schema<DepFECMode> = choice(
  {
    rfc2733Mode: sequence(
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
                    protectedType: lazy<ModeElementType>(() => ModeElementType),
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
  },
  extensions(),
);

export const ModeElementType = choice(
  {
    nonStandard: NonStandardParameter,
    videoMode: VideoMode,
    audioMode: AudioMode,
    dataMode: DataMode,
    encryptionMode: EncryptionMode,
  },
  extensions({
    h235Mode: H235Mode,
    multiplexedStreamMode: MultiplexedStreamParameter,
    redundancyEncodingDTMode: RedundancyEncodingDTMode,
    multiplePayloadStreamMode: MultiplePayloadStreamMode,
    depFecMode: DepFECMode,
    fecMode: FECMode,
  }),
);
export type ModeElementType = Infer<typeof ModeElementType>;

export const H223ModeParameters = sequence(
  {
    adaptationLayerType: choice(
      {
        nonStandard: NonStandardParameter,
        al1Framed: NULL,
        al1NotFramed: NULL,
        al2WithoutSequenceNumbers: NULL,
        al2WithSequenceNumbers: NULL,
        al3: sequence({
          controlFieldOctets: integer(0, 2),
          sendBufferSize: integer(0, 16777215),
        }),
      },
      extensions({
        al1M: H223AL1MParameters,
        al2M: H223AL2MParameters,
        al3M: H223AL3MParameters,
      }),
    ),
    segmentableFlag: BOOLEAN,
  },
  extensions(),
);
export type H223ModeParameters = Infer<typeof H223ModeParameters>;

export const V76ModeParameters = choice(
  {
    suspendResumewAddress: NULL,
    suspendResumewoAddress: NULL,
  },
  extensions(),
);
export type V76ModeParameters = Infer<typeof V76ModeParameters>;

export const H2250ModeParameters = sequence(
  {
    redundancyEncodingMode: optional(RedundancyEncodingMode),
  },
  extensions(),
);
export type H2250ModeParameters = Infer<typeof H2250ModeParameters>;

export const MultiplexedStreamModeParameters = sequence(
  {
    logicalChannelNumber: LogicalChannelNumber,
  },
  extensions(),
);
export type MultiplexedStreamModeParameters = Infer<typeof MultiplexedStreamModeParameters>;

export const ModeElement = sequence(
  {
    type: ModeElementType,
    h223ModeParameters: optional(H223ModeParameters),
  },
  extensions({
    v76ModeParameters: optional(V76ModeParameters),
    h2250ModeParameters: optional(H2250ModeParameters),
    genericModeParameters: optional(GenericCapability),
    multiplexedStreamModeParameters: optional(MultiplexedStreamModeParameters),
    logicalChannelNumber: optional(LogicalChannelNumber),
  }),
);
export type ModeElement = Infer<typeof ModeElement>;

export const ModeDescription = setOf(ModeElement, size(1, 256));
export type ModeDescription = Infer<typeof ModeDescription>;

export const RequestMode = sequence(
  {
    sequenceNumber: SequenceNumber,
    requestedModes: sequenceOf(ModeDescription, size(1, 256)),
  },
  extensions(),
);
export type RequestMode = Infer<typeof RequestMode>;

export const RequestModeAck = sequence(
  {
    sequenceNumber: SequenceNumber,
    response: choice(
      {
        willTransmitMostPreferredMode: NULL,
        willTransmitLessPreferredMode: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type RequestModeAck = Infer<typeof RequestModeAck>;

export const RequestModeReject = sequence(
  {
    sequenceNumber: SequenceNumber,
    cause: choice(
      {
        modeUnavailable: NULL,
        multipointConstraint: NULL,
        requestDenied: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type RequestModeReject = Infer<typeof RequestModeReject>;

export const RequestModeRelease = sequence({}, extensions());
export type RequestModeRelease = Infer<typeof RequestModeRelease>;
