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
} from '../../per/index.ts';
import { RedundancyEncoding } from './data-type.ts';
import { NonStandardParameter, TerminalLabel } from './generic.ts';
import { TransportCapability } from './multiplex-capability.ts';
import { RTPPayloadType, TransportAddress } from './transport.ts';

/* H.245 logical channel signalling: parameters of each multiplex. */

export const V75Parameters = sequence(
  {
    audioHeaderPresent: BOOLEAN,
  },
  extensions(),
);
export type V75Parameters = Infer<typeof V75Parameters>;

export const H222LogicalChannelParameters = sequence(
  {
    resourceID: integer(0, 65535),
    subChannelID: integer(0, 8191),
    'pcr-pid': optional(integer(0, 8191)),
    programDescriptors: optional(octetString()),
    streamDescriptors: optional(octetString()),
  },
  extensions(),
);
export type H222LogicalChannelParameters = Infer<typeof H222LogicalChannelParameters>;

export const H223AnnexCArqParameters = sequence(
  {
    numberOfRetransmissions: choice(
      {
        finite: integer(0, 16),
        infinite: NULL,
      },
      extensions(),
    ),
    sendBufferSize: integer(0, 16777215),
  },
  extensions(),
);
export type H223AnnexCArqParameters = Infer<typeof H223AnnexCArqParameters>;

export const H223AL1MParameters = sequence(
  {
    transferMode: choice(
      {
        framed: NULL,
        unframed: NULL,
      },
      extensions(),
    ),
    headerFEC: choice(
      {
        'sebch16-7': NULL,
        'golay24-12': NULL,
      },
      extensions(),
    ),
    crcLength: choice(
      {
        crc4bit: NULL,
        crc12bit: NULL,
        crc20bit: NULL,
        crc28bit: NULL,
      },
      extensions({
        crc8bit: NULL,
        crc16bit: NULL,
        crc32bit: NULL,
        crcNotUsed: NULL,
      }),
    ),
    rcpcCodeRate: integer(8, 32),
    arqType: choice(
      {
        noArq: NULL,
        typeIArq: H223AnnexCArqParameters,
        typeIIArq: H223AnnexCArqParameters,
      },
      extensions(),
    ),
    alpduInterleaving: BOOLEAN,
    alsduSplitting: BOOLEAN,
  },
  extensions({
    rsCodeCorrection: optional(integer(0, 127)),
  }),
);
export type H223AL1MParameters = Infer<typeof H223AL1MParameters>;

export const H223AL2MParameters = sequence(
  {
    headerFEC: choice(
      {
        'sebch16-5': NULL,
        'golay24-12': NULL,
      },
      extensions(),
    ),
    alpduInterleaving: BOOLEAN,
  },
  extensions(),
);
export type H223AL2MParameters = Infer<typeof H223AL2MParameters>;

export const H223AL3MParameters = sequence(
  {
    headerFormat: choice(
      {
        'sebch16-7': NULL,
        'golay24-12': NULL,
      },
      extensions(),
    ),
    crcLength: choice(
      {
        crc4bit: NULL,
        crc12bit: NULL,
        crc20bit: NULL,
        crc28bit: NULL,
      },
      extensions({
        crc8bit: NULL,
        crc16bit: NULL,
        crc32bit: NULL,
        crcNotUsed: NULL,
      }),
    ),
    rcpcCodeRate: integer(8, 32),
    arqType: choice(
      {
        noArq: NULL,
        typeIArq: H223AnnexCArqParameters,
        typeIIArq: H223AnnexCArqParameters,
      },
      extensions(),
    ),
    alpduInterleaving: BOOLEAN,
  },
  extensions({
    rsCodeCorrection: optional(integer(0, 127)),
  }),
);
export type H223AL3MParameters = Infer<typeof H223AL3MParameters>;

export const H223LogicalChannelParameters = sequence(
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
export type H223LogicalChannelParameters = Infer<typeof H223LogicalChannelParameters>;

export const CRCLength = choice(
  {
    crc8bit: NULL,
    crc16bit: NULL,
    crc32bit: NULL,
  },
  extensions(),
);
export type CRCLength = Infer<typeof CRCLength>;

export const V76HDLCParameters = sequence(
  {
    crcLength: CRCLength,
    n401: integer(1, 4095),
    loopbackTestProcedure: BOOLEAN,
  },
  extensions(),
);
export type V76HDLCParameters = Infer<typeof V76HDLCParameters>;

export const V76LogicalChannelParameters = sequence(
  {
    hdlcParameters: V76HDLCParameters,
    suspendResume: choice(
      {
        noSuspendResume: NULL,
        suspendResumewAddress: NULL,
        suspendResumewoAddress: NULL,
      },
      extensions(),
    ),
    uIH: BOOLEAN,
    mode: choice(
      {
        eRM: sequence(
          {
            windowSize: integer(1, 127),
            recovery: choice(
              {
                rej: NULL,
                sREJ: NULL,
                mSREJ: NULL,
              },
              extensions(),
            ),
          },
          extensions(),
        ),
        uNERM: NULL,
      },
      extensions(),
    ),
    v75Parameters: V75Parameters,
  },
  extensions(),
);
export type V76LogicalChannelParameters = Infer<typeof V76LogicalChannelParameters>;

export const H2250LogicalChannelParameters = sequence(
  {
    nonStandard: optional(sequenceOf(NonStandardParameter)),
    sessionID: integer(0, 255),
    associatedSessionID: optional(integer(1, 255)),
    mediaChannel: optional(TransportAddress),
    mediaGuaranteedDelivery: optional(BOOLEAN),
    mediaControlChannel: optional(TransportAddress),
    mediaControlGuaranteedDelivery: optional(BOOLEAN),
    silenceSuppression: optional(BOOLEAN),
    destination: optional(TerminalLabel),
    dynamicRTPPayloadType: optional(integer(96, 127)),
    mediaPacketization: optional(
      choice(
        {
          h261aVideoPacketization: NULL,
        },
        extensions({
          rtpPayloadType: RTPPayloadType,
        }),
      ),
    ),
  },
  extensions({
    transportCapability: optional(TransportCapability),
    redundancyEncoding: optional(RedundancyEncoding),
    source: optional(TerminalLabel),
    nominalAudioLevel: optional(integer(0, 63)),
  }),
);
export type H2250LogicalChannelParameters = Infer<typeof H2250LogicalChannelParameters>;
