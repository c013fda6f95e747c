import {
  choice,
  extensions,
  type Infer,
  integer,
  NULL,
  octetString,
  optional,
  sequence,
  sequenceOf,
} from '../../per/index.ts';
import { CapabilityIdentifier, GenericInformation, GenericParameter, NonStandardParameter } from './generic.ts';

/* H.245: generic capabilities (H.241, H.239, G.722.1 and others), and the data protocols that they may name. */

export const V42bis = sequence(
  {
    numberOfCodewords: integer(1, 65536),
    maximumStringLength: integer(1, 256),
  },
  extensions(),
);
export type V42bis = Infer<typeof V42bis>;

export const CompressionType = choice(
  {
    v42bis: V42bis,
  },
  extensions(),
);
export type CompressionType = Infer<typeof CompressionType>;

export const SCTPChunkType = integer(0, 255);
export type SCTPChunkType = Infer<typeof SCTPChunkType>;

export const SctpParam = sequence(
  {
    appPPID: optional(sequenceOf(integer(1, 4294967295))),
    maxMessageSize: optional(integer()),
    sctpExtensions: optional(sequenceOf(SCTPChunkType)),
    genericInformation: optional(sequenceOf(GenericInformation)),
    sctpPort: optional(integer(0, 65535)),
  },
  extensions(),
);
export type SctpParam = Infer<typeof SctpParam>;

export const DataProtocolCapability = choice(
  {
    nonStandard: NonStandardParameter,
    v14buffered: NULL,
    v42lapm: NULL,
    hdlcFrameTunnelling: NULL,
    h310SeparateVCStack: NULL,
    h310SingleVCStack: NULL,
    transparent: NULL,
  },
  extensions({
    segmentationAndReassembly: NULL,
    hdlcFrameTunnelingwSAR: NULL,
    v120: NULL,
    separateLANStack: NULL,
    v76wCompression: choice(
      {
        transmitCompression: CompressionType,
        receiveCompression: CompressionType,
        transmitAndReceiveCompression: CompressionType,
      },
      extensions(),
    ),
    tcp: NULL,
    udp: NULL,
    sctp: SctpParam,
    'udp-dtls-sctp': sequenceOf(SctpParam),
    'tcp-dtls-sctp': sequenceOf(SctpParam),
    'sctp-dtls': SctpParam,
  }),
);
export type DataProtocolCapability = Infer<typeof DataProtocolCapability>;

export const GenericCapability = sequence(
  {
    capabilityIdentifier: CapabilityIdentifier,
    maxBitRate: optional(integer(0, 4294967295)),
    collapsing: optional(sequenceOf(GenericParameter)),
    nonCollapsing: optional(sequenceOf(GenericParameter)),
    nonCollapsingRaw: optional(octetString()),
    transport: optional(DataProtocolCapability),
  },
  extensions(),
);
export type GenericCapability = Infer<typeof GenericCapability>;
