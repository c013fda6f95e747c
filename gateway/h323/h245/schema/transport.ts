import {
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  integer,
  NULL,
  NumericString,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';
import { NonStandardParameter } from './generic.ts';
import { SctpParam } from './generic-capability.ts';

/* H.245: transport addresses, quality of service. */

export const QOSMode = choice(
  {
    guaranteedQOS: NULL,
    controlledLoad: NULL,
  },
  extensions(),
);
export type QOSMode = Infer<typeof QOSMode>;

export const RSVPParameters = sequence(
  {
    qosMode: optional(QOSMode),
    tokenRate: optional(integer(1, 4294967295)),
    bucketSize: optional(integer(1, 4294967295)),
    peakRate: optional(integer(1, 4294967295)),
    minPoliced: optional(integer(1, 4294967295)),
    maxPktSize: optional(integer(1, 4294967295)),
  },
  extensions(),
);
export type RSVPParameters = Infer<typeof RSVPParameters>;

export const ATMParameters = sequence(
  {
    maxNTUSize: integer(0, 65535),
    atmUBR: BOOLEAN,
    atmrtVBR: BOOLEAN,
    atmnrtVBR: BOOLEAN,
    atmABR: BOOLEAN,
    atmCBR: BOOLEAN,
  },
  extensions(),
);
export type ATMParameters = Infer<typeof ATMParameters>;

export const ServicePriorityValue = sequence(
  {
    nonStandardParameter: optional(NonStandardParameter),
  },
  extensions({
    value: integer(0, 255),
  }),
);
export type ServicePriorityValue = Infer<typeof ServicePriorityValue>;

export const ServicePriority = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    servicePrioritySignalled: BOOLEAN,
    servicePriorityValue: optional(ServicePriorityValue),
  },
  extensions({
    serviceClass: optional(integer(0, 4095)),
    serviceSubclass: optional(integer(0, 255)),
  }),
);
export type ServicePriority = Infer<typeof ServicePriority>;

export const AuthorizationParameters = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
  },
  extensions(),
);
export type AuthorizationParameters = Infer<typeof AuthorizationParameters>;

export const QOSType = choice(
  {
    desired: NULL,
    required: NULL,
  },
  extensions(),
);
export type QOSType = Infer<typeof QOSType>;

export const QOSClass = choice(
  {
    class0: NULL,
    class1: NULL,
    class2: NULL,
    class3: NULL,
    class4: NULL,
    class5: NULL,
  },
  extensions(),
);
export type QOSClass = Infer<typeof QOSClass>;

export const QOSDescriptor = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    qosType: QOSType,
    qosClass: QOSClass,
  },
  extensions(),
);
export type QOSDescriptor = Infer<typeof QOSDescriptor>;

export const GenericTransportParameters = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    averageRate: optional(integer(1, 4294967295)),
    burst: optional(integer(1, 4294967295)),
    peakRate: optional(integer(1, 4294967295)),
    maxPktSize: optional(integer(1, 4294967295)),
  },
  extensions(),
);
export type GenericTransportParameters = Infer<typeof GenericTransportParameters>;

export const QOSCapability = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    rsvpParameters: optional(RSVPParameters),
    atmParameters: optional(ATMParameters),
  },
  extensions({
    localQoS: optional(BOOLEAN),
    genericTransportParameters: optional(GenericTransportParameters),
    servicePriority: optional(ServicePriority),
    authorizationParameter: optional(AuthorizationParameters),
    qosDescriptor: optional(QOSDescriptor),
    dscpValue: optional(integer(0, 63)),
  }),
);
export type QOSCapability = Infer<typeof QOSCapability>;

export const MediaTransportType = choice(
  {
    'ip-UDP': NULL,
    'ip-TCP': NULL,
    'atm-AAL5-UNIDIR': NULL,
    'atm-AAL5-BIDIR': NULL,
  },
  extensions({
    'atm-AAL5-compressed': sequence(
      {
        'variable-delta': BOOLEAN,
      },
      extensions(),
    ),
    sctp: SctpParam,
    'udp-dtls-sctp': sequenceOf(SctpParam),
    'tcp-dtls-sctp': sequenceOf(SctpParam),
    'sctp-dtls': SctpParam,
  }),
);
export type MediaTransportType = Infer<typeof MediaTransportType>;

export const Q2931Address = sequence(
  {
    address: choice(
      {
        internationalNumber: NumericString({ size: size(1, 16) }),
        nsapAddress: octetString(size(1, 20)),
      },
      extensions(),
    ),
    subaddress: optional(octetString(size(1, 20))),
  },
  extensions(),
);
export type Q2931Address = Infer<typeof Q2931Address>;

export const RTPPayloadType = sequence(
  {
    payloadDescriptor: choice(
      {
        nonStandardIdentifier: NonStandardParameter,
        'rfc-number': integer(1, 32768, { extensible: true }),
        oid: OBJECT_IDENTIFIER,
      },
      extensions(),
    ),
    payloadType: optional(integer(0, 127)),
  },
  extensions(),
);
export type RTPPayloadType = Infer<typeof RTPPayloadType>;

export const UnicastAddress = choice(
  {
    iPAddress: sequence(
      {
        network: octetString(size(4)),
        tsapIdentifier: integer(0, 65535),
      },
      extensions(),
    ),
    iPXAddress: sequence(
      {
        node: octetString(size(6)),
        netnum: octetString(size(4)),
        tsapIdentifier: octetString(size(2)),
      },
      extensions(),
    ),
    iP6Address: sequence(
      {
        network: octetString(size(16)),
        tsapIdentifier: integer(0, 65535),
      },
      extensions(),
    ),
    netBios: octetString(size(16)),
    iPSourceRouteAddress: sequence(
      {
        routing: choice({
          strict: NULL,
          loose: NULL,
        }),
        network: octetString(size(4)),
        tsapIdentifier: integer(0, 65535),
        route: sequenceOf(octetString(size(4))),
      },
      extensions(),
    ),
  },
  extensions({
    nsap: octetString(size(1, 20)),
    nonStandardAddress: NonStandardParameter,
  }),
);
export type UnicastAddress = Infer<typeof UnicastAddress>;

export const MulticastAddress = choice(
  {
    iPAddress: sequence(
      {
        network: octetString(size(4)),
        tsapIdentifier: integer(0, 65535),
      },
      extensions(),
    ),
    iP6Address: sequence(
      {
        network: octetString(size(16)),
        tsapIdentifier: integer(0, 65535),
      },
      extensions(),
    ),
  },
  extensions({
    nsap: octetString(size(1, 20)),
    nonStandardAddress: NonStandardParameter,
  }),
);
export type MulticastAddress = Infer<typeof MulticastAddress>;

export const TransportAddress = choice(
  {
    unicastAddress: UnicastAddress,
    multicastAddress: MulticastAddress,
  },
  extensions(),
);
export type TransportAddress = Infer<typeof TransportAddress>;
