import {
  BOOLEAN,
  choice,
  extensions,
  IA5String,
  type Infer,
  integer,
  NULL,
  optional,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';
import { ClearToken } from '../h235/tokens.ts';
import { AliasAddress, NonStandardParameter, PartyNumber, TransportAddress } from './address.ts';
import {
  BandwidthDetails,
  CallCapacity,
  CallModel,
  CallTerminationCause,
  CallType,
  QseriesOptions,
  RasUsageInformation,
  RasUsageSpecification,
  ServiceControlSession,
  TransportQOS,
} from './call.ts';
import { CircuitInfo } from './circuit.ts';
import {
  AlternateGK,
  AlternateTransportAddresses,
  AltGKInfo,
  CallLinkage,
  DataRate,
  Endpoint,
  EndpointType,
  SupportedProtocols,
  TunnelledProtocol,
  UseSpecifiedTransport,
} from './endpoint.ts';
import { FeatureSet, GenericData } from './generic.ts';
import {
  BandWidth,
  CallIdentifier,
  CallReferenceValue,
  ConferenceIdentifier,
  EndpointIdentifier,
  GatekeeperIdentifier,
  RequestSeqNum,
} from './identifiers.ts';
import { CryptoH323Token, ICV, SecurityErrors2 } from './security.ts';

/* H.225.0 RAS: admission, bandwidth, location, disengage. */

export const AdmissionRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    callType: CallType,
    callModel: optional(CallModel),
    endpointIdentifier: EndpointIdentifier,
    destinationInfo: optional(sequenceOf(AliasAddress)),
    destCallSignalAddress: optional(TransportAddress),
    destExtraCallInfo: optional(sequenceOf(AliasAddress)),
    srcInfo: sequenceOf(AliasAddress),
    srcCallSignalAddress: optional(TransportAddress),
    bandWidth: BandWidth,
    callReferenceValue: CallReferenceValue,
    nonStandardData: optional(NonStandardParameter),
    callServices: optional(QseriesOptions),
    conferenceID: ConferenceIdentifier,
    activeMC: BOOLEAN,
    answerCall: BOOLEAN,
  },
  extensions({
    canMapAlias: BOOLEAN,
    callIdentifier: CallIdentifier,
    srcAlternatives: optional(sequenceOf(Endpoint)),
    destAlternatives: optional(sequenceOf(Endpoint)),
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    transportQOS: optional(TransportQOS),
    willSupplyUUIEs: BOOLEAN,
    callLinkage: optional(CallLinkage),
    gatewayDataRate: optional(DataRate),
    capacity: optional(CallCapacity),
    circuitInfo: optional(CircuitInfo),
    desiredProtocols: optional(sequenceOf(SupportedProtocols)),
    desiredTunnelledProtocol: optional(TunnelledProtocol),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
    canMapSrcAlias: BOOLEAN,
  }),
);
export type AdmissionRequest = Infer<typeof AdmissionRequest>;

export const UUIEsRequested = sequence(
  {
    setup: BOOLEAN,
    callProceeding: BOOLEAN,
    connect: BOOLEAN,
    alerting: BOOLEAN,
    information: BOOLEAN,
    releaseComplete: BOOLEAN,
    facility: BOOLEAN,
    progress: BOOLEAN,
    empty: BOOLEAN,
  },
  extensions({
    status: BOOLEAN,
    statusInquiry: BOOLEAN,
    setupAcknowledge: BOOLEAN,
    notify: BOOLEAN,
  }),
);
export type UUIEsRequested = Infer<typeof UUIEsRequested>;

export const AdmissionConfirm = sequence(
  {
    requestSeqNum: RequestSeqNum,
    bandWidth: BandWidth,
    callModel: CallModel,
    destCallSignalAddress: TransportAddress,
    irrFrequency: optional(integer(1, 65535)),
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    destinationInfo: optional(sequenceOf(AliasAddress)),
    destExtraCallInfo: optional(sequenceOf(AliasAddress)),
    destinationType: optional(EndpointType),
    remoteExtensionAddress: optional(sequenceOf(AliasAddress)),
    alternateEndpoints: optional(sequenceOf(Endpoint)),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    transportQOS: optional(TransportQOS),
    willRespondToIRR: BOOLEAN,
    uuiesRequested: UUIEsRequested,
    language: optional(sequenceOf(IA5String({ size: size(1, 32) }))),
    alternateTransportAddresses: optional(AlternateTransportAddresses),
    useSpecifiedTransport: optional(UseSpecifiedTransport),
    circuitInfo: optional(CircuitInfo),
    usageSpec: optional(sequenceOf(RasUsageSpecification)),
    supportedProtocols: optional(sequenceOf(SupportedProtocols)),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    multipleCalls: optional(BOOLEAN),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
    modifiedSrcInfo: optional(sequenceOf(AliasAddress)),
    assignedGatekeeper: optional(AlternateGK),
  }),
);
export type AdmissionConfirm = Infer<typeof AdmissionConfirm>;

export const AdmissionRejectReason = choice(
  {
    calledPartyNotRegistered: NULL,
    invalidPermission: NULL,
    requestDenied: NULL,
    undefinedReason: NULL,
    callerNotRegistered: NULL,
    routeCallToGatekeeper: NULL,
    invalidEndpointIdentifier: NULL,
    resourceUnavailable: NULL,
  },
  extensions({
    securityDenial: NULL,
    qosControlNotSupported: NULL,
    incompleteAddress: NULL,
    aliasesInconsistent: NULL,
    routeCallToSCN: sequenceOf(PartyNumber),
    exceedsCallCapacity: NULL,
    collectDestination: NULL,
    collectPIN: NULL,
    genericDataReason: NULL,
    neededFeatureNotSupported: NULL,
    securityError: SecurityErrors2,
    securityDHmismatch: NULL,
    noRouteToDestination: NULL,
    unallocatedNumber: NULL,
    registerWithAssignedGK: NULL,
  }),
);
export type AdmissionRejectReason = Infer<typeof AdmissionRejectReason>;

export const AdmissionReject = sequence(
  {
    requestSeqNum: RequestSeqNum,
    rejectReason: AdmissionRejectReason,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    altGKInfo: optional(AltGKInfo),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    callSignalAddress: optional(sequenceOf(TransportAddress)),
    integrityCheckValue: optional(ICV),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
    assignedGatekeeper: optional(AlternateGK),
  }),
);
export type AdmissionReject = Infer<typeof AdmissionReject>;

export const BandwidthRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    endpointIdentifier: EndpointIdentifier,
    conferenceID: ConferenceIdentifier,
    callReferenceValue: CallReferenceValue,
    callType: optional(CallType),
    bandWidth: BandWidth,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    callIdentifier: CallIdentifier,
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    answeredCall: BOOLEAN,
    callLinkage: optional(CallLinkage),
    capacity: optional(CallCapacity),
    usageInformation: optional(RasUsageInformation),
    bandwidthDetails: optional(sequenceOf(BandwidthDetails)),
    genericData: optional(sequenceOf(GenericData)),
    transportQOS: optional(TransportQOS),
  }),
);
export type BandwidthRequest = Infer<typeof BandwidthRequest>;

export const BandwidthConfirm = sequence(
  {
    requestSeqNum: RequestSeqNum,
    bandWidth: BandWidth,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    capacity: optional(CallCapacity),
    genericData: optional(sequenceOf(GenericData)),
    transportQOS: optional(TransportQOS),
  }),
);
export type BandwidthConfirm = Infer<typeof BandwidthConfirm>;

export const BandRejectReason = choice(
  {
    notBound: NULL,
    invalidConferenceID: NULL,
    invalidPermission: NULL,
    insufficientResources: NULL,
    invalidRevision: NULL,
    undefinedReason: NULL,
  },
  extensions({
    securityDenial: NULL,
    securityError: SecurityErrors2,
  }),
);
export type BandRejectReason = Infer<typeof BandRejectReason>;

export const BandwidthReject = sequence(
  {
    requestSeqNum: RequestSeqNum,
    rejectReason: BandRejectReason,
    allowedBandWidth: BandWidth,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    altGKInfo: optional(AltGKInfo),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    genericData: optional(sequenceOf(GenericData)),
  }),
);
export type BandwidthReject = Infer<typeof BandwidthReject>;

export const LocationRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    endpointIdentifier: optional(EndpointIdentifier),
    destinationInfo: sequenceOf(AliasAddress),
    nonStandardData: optional(NonStandardParameter),
    replyAddress: TransportAddress,
  },
  extensions({
    sourceInfo: optional(sequenceOf(AliasAddress)),
    canMapAlias: BOOLEAN,
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    desiredProtocols: optional(sequenceOf(SupportedProtocols)),
    desiredTunnelledProtocol: optional(TunnelledProtocol),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
    hopCount: optional(integer(1, 255)),
    circuitInfo: optional(CircuitInfo),
    callIdentifier: optional(CallIdentifier),
    bandWidth: optional(BandWidth),
    sourceEndpointInfo: optional(sequenceOf(AliasAddress)),
    canMapSrcAlias: BOOLEAN,
    language: optional(sequenceOf(IA5String({ size: size(1, 32) }))),
  }),
);
export type LocationRequest = Infer<typeof LocationRequest>;

export const LocationConfirm = sequence(
  {
    requestSeqNum: RequestSeqNum,
    callSignalAddress: TransportAddress,
    rasAddress: TransportAddress,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    destinationInfo: optional(sequenceOf(AliasAddress)),
    destExtraCallInfo: optional(sequenceOf(AliasAddress)),
    destinationType: optional(EndpointType),
    remoteExtensionAddress: optional(sequenceOf(AliasAddress)),
    alternateEndpoints: optional(sequenceOf(Endpoint)),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    alternateTransportAddresses: optional(AlternateTransportAddresses),
    supportedProtocols: optional(sequenceOf(SupportedProtocols)),
    multipleCalls: optional(BOOLEAN),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
    circuitInfo: optional(CircuitInfo),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    modifiedSrcInfo: optional(sequenceOf(AliasAddress)),
    bandWidth: optional(BandWidth),
    language: optional(sequenceOf(IA5String({ size: size(1, 32) }))),
  }),
);
export type LocationConfirm = Infer<typeof LocationConfirm>;

export const LocationRejectReason = choice(
  {
    notRegistered: NULL,
    invalidPermission: NULL,
    requestDenied: NULL,
    undefinedReason: NULL,
  },
  extensions({
    securityDenial: NULL,
    aliasesInconsistent: NULL,
    routeCalltoSCN: sequenceOf(PartyNumber),
    resourceUnavailable: NULL,
    genericDataReason: NULL,
    neededFeatureNotSupported: NULL,
    hopCountExceeded: NULL,
    incompleteAddress: NULL,
    securityError: SecurityErrors2,
    securityDHmismatch: NULL,
    noRouteToDestination: NULL,
    unallocatedNumber: NULL,
  }),
);
export type LocationRejectReason = Infer<typeof LocationRejectReason>;

export const LocationReject = sequence(
  {
    requestSeqNum: RequestSeqNum,
    rejectReason: LocationRejectReason,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    altGKInfo: optional(AltGKInfo),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
  }),
);
export type LocationReject = Infer<typeof LocationReject>;

export const DisengageReason = choice(
  {
    forcedDrop: NULL,
    normalDrop: NULL,
    undefinedReason: NULL,
  },
  extensions(),
);
export type DisengageReason = Infer<typeof DisengageReason>;

export const DisengageRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    endpointIdentifier: EndpointIdentifier,
    conferenceID: ConferenceIdentifier,
    callReferenceValue: CallReferenceValue,
    disengageReason: DisengageReason,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    callIdentifier: CallIdentifier,
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    answeredCall: BOOLEAN,
    callLinkage: optional(CallLinkage),
    capacity: optional(CallCapacity),
    circuitInfo: optional(CircuitInfo),
    usageInformation: optional(RasUsageInformation),
    terminationCause: optional(CallTerminationCause),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    genericData: optional(sequenceOf(GenericData)),
  }),
);
export type DisengageRequest = Infer<typeof DisengageRequest>;

export const DisengageConfirm = sequence(
  {
    requestSeqNum: RequestSeqNum,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    capacity: optional(CallCapacity),
    circuitInfo: optional(CircuitInfo),
    usageInformation: optional(RasUsageInformation),
    genericData: optional(sequenceOf(GenericData)),
    assignedGatekeeper: optional(AlternateGK),
  }),
);
export type DisengageConfirm = Infer<typeof DisengageConfirm>;

export const DisengageRejectReason = choice(
  {
    notRegistered: NULL,
    requestToDropOther: NULL,
  },
  extensions({
    securityDenial: NULL,
    securityError: SecurityErrors2,
  }),
);
export type DisengageRejectReason = Infer<typeof DisengageRejectReason>;

export const DisengageReject = sequence(
  {
    requestSeqNum: RequestSeqNum,
    rejectReason: DisengageRejectReason,
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    altGKInfo: optional(AltGKInfo),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    genericData: optional(sequenceOf(GenericData)),
  }),
);
export type DisengageReject = Infer<typeof DisengageReject>;
