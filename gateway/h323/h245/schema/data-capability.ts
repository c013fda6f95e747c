import {
  BOOLEAN,
  choice,
  extensions,
  IA5String,
  type Infer,
  integer,
  lazy,
  NULL,
  octetString,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  size,
  type UnknownExtension,
} from '../../per/index.ts';
import { GenericInformation, NonStandardParameter } from './generic.ts';
import { DataProtocolCapability, GenericCapability } from './generic-capability.ts';

/* H.245 capability exchange: data. */

export const T84Profile = choice({
  t84Unrestricted: NULL,
  t84Restricted: sequence(
    {
      qcif: BOOLEAN,
      cif: BOOLEAN,
      ccir601Seq: BOOLEAN,
      ccir601Prog: BOOLEAN,
      hdtvSeq: BOOLEAN,
      hdtvProg: BOOLEAN,
      g3FacsMH200x100: BOOLEAN,
      g3FacsMH200x200: BOOLEAN,
      g4FacsMMR200x100: BOOLEAN,
      g4FacsMMR200x200: BOOLEAN,
      jbig200x200Seq: BOOLEAN,
      jbig200x200Prog: BOOLEAN,
      jbig300x300Seq: BOOLEAN,
      jbig300x300Prog: BOOLEAN,
      digPhotoLow: BOOLEAN,
      digPhotoMedSeq: BOOLEAN,
      digPhotoMedProg: BOOLEAN,
      digPhotoHighSeq: BOOLEAN,
      digPhotoHighProg: BOOLEAN,
    },
    extensions(),
  ),
});
export type T84Profile = Infer<typeof T84Profile>;

export const T38FaxRateManagement = choice(
  {
    localTCF: NULL,
    transferredTCF: NULL,
  },
  extensions(),
);
export type T38FaxRateManagement = Infer<typeof T38FaxRateManagement>;

export const T38FaxUdpOptions = sequence({
  t38FaxMaxBuffer: optional(integer()),
  t38FaxMaxDatagram: optional(integer()),
  t38FaxUdpEC: choice(
    {
      t38UDPFEC: NULL,
      t38UDPRedundancy: NULL,
    },
    extensions(),
  ),
});
export type T38FaxUdpOptions = Infer<typeof T38FaxUdpOptions>;

export const T38FaxTcpOptions = sequence(
  {
    t38TCPBidirectionalMode: BOOLEAN,
  },
  extensions(),
);
export type T38FaxTcpOptions = Infer<typeof T38FaxTcpOptions>;

export const T38FaxProfile = sequence(
  {
    fillBitRemoval: BOOLEAN,
    transcodingJBIG: BOOLEAN,
    transcodingMMR: BOOLEAN,
  },
  extensions({
    version: integer(0, 255),
    t38FaxRateManagement: T38FaxRateManagement,
    t38FaxUdpOptions: optional(T38FaxUdpOptions),
    t38FaxTcpOptions: optional(T38FaxTcpOptions),
  }),
);
export type T38FaxProfile = Infer<typeof T38FaxProfile>;

export const DataChannelProfile = sequence(
  {
    ordered: optional(BOOLEAN),
    priority: optional(integer(0, 65535)),
    reliabilityParm: optional(
      choice(
        {
          maxRetr: integer(0, 4294967295),
          maxTime: integer(0, 4294967295),
        },
        extensions(),
      ),
    ),
    label: optional(IA5String({ size: size(1, 65535) })),
    protocol: optional(IA5String({ size: size(1, 65535) })),
    genericInformation: optional(sequenceOf(GenericInformation)),
    establishmentType: choice(
      {
        sctpStreamID: integer(0, 65535),
        dcep: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type DataChannelProfile = Infer<typeof DataChannelProfile>;

export const DataChannel = sequence(
  {
    dataChannelProfile: optional(sequenceOf(DataChannelProfile)),
  },
  extensions(),
);
export type DataChannel = Infer<typeof DataChannel>;

export interface ExtendedDataApplicationCapability {
  dataCapability: DataApplicationCapability[];
  dataCapabilityExtension?: GenericCapability[];
  unknownExtensions?: UnknownExtension[];
}
export const ExtendedDataApplicationCapability: Schema<ExtendedDataApplicationCapability> = sequence(
  {
    dataCapability: sequenceOf(lazy<DataApplicationCapability>(() => DataApplicationCapability)),
    dataCapabilityExtension: optional(sequenceOf(GenericCapability)),
  },
  extensions(),
);

export const DataApplicationCapability = sequence(
  {
    application: choice(
      {
        nonStandard: NonStandardParameter,
        t120: DataProtocolCapability,
        'dsm-cc': DataProtocolCapability,
        userData: DataProtocolCapability,
        t84: sequence({
          t84Protocol: DataProtocolCapability,
          t84Profile: T84Profile,
        }),
        t434: DataProtocolCapability,
        h224: DataProtocolCapability,
        nlpid: sequence({
          nlpidProtocol: DataProtocolCapability,
          nlpidData: octetString(),
        }),
        dsvdControl: NULL,
        h222DataPartitioning: DataProtocolCapability,
      },
      extensions({
        t30fax: DataProtocolCapability,
        t140: DataProtocolCapability,
        t38fax: sequence({
          t38FaxProtocol: DataProtocolCapability,
          t38FaxProfile: T38FaxProfile,
        }),
        genericDataCapability: GenericCapability,
        dataChannel: sequenceOf(DataChannel),
        extendedDataApplicationCapability: ExtendedDataApplicationCapability,
      }),
    ),
    maxBitRate: integer(0, 4294967295),
  },
  extensions(),
);
export type DataApplicationCapability = Infer<typeof DataApplicationCapability>;
