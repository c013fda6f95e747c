import { QOSCapability } from '../../h245/index.ts';
import {
  BMPString,
  BOOLEAN,
  choice,
  extensions,
  IA5String,
  type Infer,
  integer,
  NULL,
  octetString,
  optional,
  PrintableString,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';
import { TimeStamp } from '../h235/keys.ts';
import { NonStandardParameter, TransportAddress } from './address.ts';
import { CarrierInfo } from './circuit.ts';
import { BandWidth, ConferenceIdentifier, H248SignalsDescriptor } from './identifiers.ts';
import { SecurityErrors } from './security.ts';

/* H.225.0: what describes a call: capacity, supplementary data, usage. */

export const ReleaseCompleteReason = choice(
  {
    noBandwidth: NULL,
    gatekeeperResources: NULL,
    unreachableDestination: NULL,
    destinationRejection: NULL,
    invalidRevision: NULL,
    noPermission: NULL,
    unreachableGatekeeper: NULL,
    gatewayResources: NULL,
    badFormatAddress: NULL,
    adaptiveBusy: NULL,
    inConf: NULL,
    undefinedReason: NULL,
  },
  extensions({
    facilityCallDeflection: NULL,
    securityDenied: NULL,
    calledPartyNotRegistered: NULL,
    callerNotRegistered: NULL,
    newConnectionNeeded: NULL,
    nonStandardReason: NonStandardParameter,
    replaceWithConferenceInvite: ConferenceIdentifier,
    genericDataReason: NULL,
    neededFeatureNotSupported: NULL,
    tunnelledSignallingRejected: NULL,
    invalidCID: NULL,
    securityError: SecurityErrors,
    hopCountExceeded: NULL,
  }),
);
export type ReleaseCompleteReason = Infer<typeof ReleaseCompleteReason>;

export const ScnConnectionType = choice(
  {
    unknown: NULL,
    bChannel: NULL,
    hybrid2x64: NULL,
    hybrid384: NULL,
    hybrid1536: NULL,
    hybrid1920: NULL,
    multirate: NULL,
  },
  extensions(),
);
export type ScnConnectionType = Infer<typeof ScnConnectionType>;

export const ScnConnectionAggregation = choice(
  {
    auto: NULL,
    none: NULL,
    h221: NULL,
    'bonded-mode1': NULL,
    'bonded-mode2': NULL,
    'bonded-mode3': NULL,
  },
  extensions(),
);
export type ScnConnectionAggregation = Infer<typeof ScnConnectionAggregation>;

export const Q954Details = sequence(
  {
    conferenceCalling: BOOLEAN,
    threePartyService: BOOLEAN,
  },
  extensions(),
);
export type Q954Details = Infer<typeof Q954Details>;

export const QseriesOptions = sequence(
  {
    q932Full: BOOLEAN,
    q951Full: BOOLEAN,
    q952Full: BOOLEAN,
    q953Full: BOOLEAN,
    q955Full: BOOLEAN,
    q956Full: BOOLEAN,
    q957Full: BOOLEAN,
    q954Info: Q954Details,
  },
  extensions(),
);
export type QseriesOptions = Infer<typeof QseriesOptions>;

export const CapacityReportingCapability = sequence(
  {
    canReportCallCapacity: BOOLEAN,
  },
  extensions(),
);
export type CapacityReportingCapability = Infer<typeof CapacityReportingCapability>;

export const CapacityReportingSpecification = sequence(
  {
    when: sequence(
      {
        callStart: optional(NULL),
        callEnd: optional(NULL),
      },
      extensions(),
    ),
  },
  extensions(),
);
export type CapacityReportingSpecification = Infer<typeof CapacityReportingSpecification>;

export const CallsAvailable = sequence(
  {
    calls: integer(0, 4294967295),
    group: optional(IA5String({ size: size(1, 128) })),
  },
  extensions({
    carrier: optional(CarrierInfo),
  }),
);
export type CallsAvailable = Infer<typeof CallsAvailable>;

export const CallCapacityInfo = sequence(
  {
    voiceGwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    h310GwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    h320GwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    h321GwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    h322GwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    h323GwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    h324GwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    t120OnlyGwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    t38FaxAnnexbOnlyGwCallsAvailable: optional(sequenceOf(CallsAvailable)),
    terminalCallsAvailable: optional(sequenceOf(CallsAvailable)),
    mcuCallsAvailable: optional(sequenceOf(CallsAvailable)),
  },
  extensions({
    sipGwCallsAvailable: optional(sequenceOf(CallsAvailable)),
  }),
);
export type CallCapacityInfo = Infer<typeof CallCapacityInfo>;

export const CallCapacity = sequence(
  {
    maximumCallCapacity: optional(CallCapacityInfo),
    currentCallCapacity: optional(CallCapacityInfo),
  },
  extensions(),
);
export type CallCapacity = Infer<typeof CallCapacity>;

export const CallCreditServiceControl = sequence(
  {
    amountString: optional(BMPString({ size: size(1, 512) })),
    billingMode: optional(
      choice(
        {
          credit: NULL,
          debit: NULL,
        },
        extensions(),
      ),
    ),
    callDurationLimit: optional(integer(1, 4294967295)),
    enforceCallDurationLimit: optional(BOOLEAN),
    callStartingPoint: optional(
      choice(
        {
          alerting: NULL,
          connect: NULL,
        },
        extensions(),
      ),
    ),
  },
  extensions(),
);
export type CallCreditServiceControl = Infer<typeof CallCreditServiceControl>;

export const ServiceControlDescriptor = choice(
  {
    url: IA5String({ size: size(0, 512) }),
    signal: H248SignalsDescriptor,
    nonStandard: NonStandardParameter,
    callCreditServiceControl: CallCreditServiceControl,
  },
  extensions(),
);
export type ServiceControlDescriptor = Infer<typeof ServiceControlDescriptor>;

export const ServiceControlSession = sequence(
  {
    sessionId: integer(0, 255),
    contents: optional(ServiceControlDescriptor),
    reason: choice(
      {
        open: NULL,
        refresh: NULL,
        close: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type ServiceControlSession = Infer<typeof ServiceControlSession>;

export const RasUsageInfoTypes = sequence(
  {
    nonStandardUsageTypes: sequenceOf(NonStandardParameter),
    startTime: optional(NULL),
    endTime: optional(NULL),
    terminationCause: optional(NULL),
  },
  extensions(),
);
export type RasUsageInfoTypes = Infer<typeof RasUsageInfoTypes>;

export const RasUsageSpecification = sequence(
  {
    when: sequence(
      {
        start: optional(NULL),
        end: optional(NULL),
        inIrr: optional(NULL),
      },
      extensions(),
    ),
    callStartingPoint: optional(
      sequence(
        {
          alerting: optional(NULL),
          connect: optional(NULL),
        },
        extensions(),
      ),
    ),
    required: RasUsageInfoTypes,
  },
  extensions(),
);
export type RasUsageSpecification = Infer<typeof RasUsageSpecification>;

export const RasUsageInformation = sequence(
  {
    nonStandardUsageFields: sequenceOf(NonStandardParameter),
    alertingTime: optional(TimeStamp),
    connectTime: optional(TimeStamp),
    endTime: optional(TimeStamp),
  },
  extensions(),
);
export type RasUsageInformation = Infer<typeof RasUsageInformation>;

export const CallTerminationCause = choice(
  {
    releaseCompleteReason: ReleaseCompleteReason,
    releaseCompleteCauseIE: octetString(size(2, 32)),
  },
  extensions(),
);
export type CallTerminationCause = Infer<typeof CallTerminationCause>;

export const TransportChannelInfo = sequence(
  {
    sendAddress: optional(TransportAddress),
    recvAddress: optional(TransportAddress),
  },
  extensions(),
);
export type TransportChannelInfo = Infer<typeof TransportChannelInfo>;

export const BandwidthDetails = sequence(
  {
    sender: BOOLEAN,
    multicast: BOOLEAN,
    bandwidth: BandWidth,
    rtcpAddresses: TransportChannelInfo,
  },
  extensions(),
);
export type BandwidthDetails = Infer<typeof BandwidthDetails>;

export const CallCreditCapability = sequence(
  {
    canDisplayAmountString: optional(BOOLEAN),
    canEnforceDurationLimit: optional(BOOLEAN),
  },
  extensions(),
);
export type CallCreditCapability = Infer<typeof CallCreditCapability>;

export const RTPSession = sequence(
  {
    rtpAddress: TransportChannelInfo,
    rtcpAddress: TransportChannelInfo,
    cname: PrintableString(),
    ssrc: integer(1, 4294967295),
    sessionId: integer(1, 255),
    associatedSessionIds: sequenceOf(integer(1, 255)),
  },
  extensions({
    multicast: optional(NULL),
    bandwidth: optional(BandWidth),
  }),
);
export type RTPSession = Infer<typeof RTPSession>;

export const RehomingModel = choice({
  gatekeeperBased: NULL,
  endpointBased: NULL,
});
export type RehomingModel = Infer<typeof RehomingModel>;

export const CallType = choice(
  {
    pointToPoint: NULL,
    oneToN: NULL,
    nToOne: NULL,
    nToN: NULL,
  },
  extensions(),
);
export type CallType = Infer<typeof CallType>;

export const CallModel = choice(
  {
    direct: NULL,
    gatekeeperRouted: NULL,
  },
  extensions(),
);
export type CallModel = Infer<typeof CallModel>;

export const TransportQOS = choice(
  {
    endpointControlled: NULL,
    gatekeeperControlled: NULL,
    noControl: NULL,
  },
  extensions({
    qOSCapabilities: sequenceOf(QOSCapability, size(1, 256)),
  }),
);
export type TransportQOS = Infer<typeof TransportQOS>;
