import {
  BOOLEAN,
  choice,
  extensions,
  IA5String,
  type Infer,
  integer,
  NULL,
  octetString,
  optional,
  sequence,
  sequenceOf,
  size,
} from '../../per/index.ts';
import { ClearToken } from '../h235/tokens.ts';
import {
  AliasAddress,
  DisplayName,
  ExtendedAliasAddress,
  NonStandardParameter,
  PresentationIndicator,
  ScreeningIndicator,
  TransportAddress,
} from './address.ts';
import {
  CallCapacity,
  CallType,
  QseriesOptions,
  ReleaseCompleteReason,
  ScnConnectionAggregation,
  ScnConnectionType,
  ServiceControlSession,
} from './call.ts';
import { CircuitInfo } from './circuit.ts';
import { CallLinkage, EndpointType, SupportedProtocols, TunnelledProtocol } from './endpoint.ts';
import { FeatureDescriptor, FeatureSet, GenericData } from './generic.ts';
import {
  CallIdentifier,
  CallReferenceValue,
  ConferenceIdentifier,
  EndpointIdentifier,
  ProtocolIdentifier,
} from './identifiers.ts';
import { CryptoH323Token, H245Security } from './security.ts';

/* H.225.0 call signalling: what the user-user element carries. */

export const Setup_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    h245Address: optional(TransportAddress),
    sourceAddress: optional(sequenceOf(AliasAddress)),
    sourceInfo: EndpointType,
    destinationAddress: optional(sequenceOf(AliasAddress)),
    destCallSignalAddress: optional(TransportAddress),
    destExtraCallInfo: optional(sequenceOf(AliasAddress)),
    destExtraCRV: optional(sequenceOf(CallReferenceValue)),
    activeMC: BOOLEAN,
    conferenceID: ConferenceIdentifier,
    conferenceGoal: choice(
      {
        create: NULL,
        join: NULL,
        invite: NULL,
      },
      extensions({
        'capability-negotiation': NULL,
        callIndependentSupplementaryService: NULL,
      }),
    ),
    callServices: optional(QseriesOptions),
    callType: CallType,
  },
  extensions({
    sourceCallSignalAddress: optional(TransportAddress),
    remoteExtensionAddress: optional(AliasAddress),
    callIdentifier: CallIdentifier,
    h245SecurityCapability: optional(sequenceOf(H245Security)),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    fastStart: optional(sequenceOf(octetString())),
    mediaWaitForConnect: BOOLEAN,
    canOverlapSend: BOOLEAN,
    endpointIdentifier: optional(EndpointIdentifier),
    multipleCalls: BOOLEAN,
    maintainConnection: BOOLEAN,
    connectionParameters: optional(
      sequence(
        {
          connectionType: ScnConnectionType,
          numberOfScnConnections: integer(0, 65535),
          connectionAggregation: ScnConnectionAggregation,
        },
        extensions(),
      ),
    ),
    language: optional(sequenceOf(IA5String({ size: size(1, 32) }))),
    presentationIndicator: optional(PresentationIndicator),
    screeningIndicator: optional(ScreeningIndicator),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    symmetricOperationRequired: optional(NULL),
    capacity: optional(CallCapacity),
    circuitInfo: optional(CircuitInfo),
    desiredProtocols: optional(sequenceOf(SupportedProtocols)),
    neededFeatures: optional(sequenceOf(FeatureDescriptor)),
    desiredFeatures: optional(sequenceOf(FeatureDescriptor)),
    supportedFeatures: optional(sequenceOf(FeatureDescriptor)),
    parallelH245Control: optional(sequenceOf(octetString())),
    additionalSourceAddresses: optional(sequenceOf(ExtendedAliasAddress)),
    hopCount: optional(integer(1, 31)),
    displayName: optional(sequenceOf(DisplayName)),
  }),
);
export type Setup_UUIE = Infer<typeof Setup_UUIE>;

export const CallProceeding_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    destinationInfo: EndpointType,
    h245Address: optional(TransportAddress),
  },
  extensions({
    callIdentifier: CallIdentifier,
    h245SecurityMode: optional(H245Security),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    fastStart: optional(sequenceOf(octetString())),
    multipleCalls: BOOLEAN,
    maintainConnection: BOOLEAN,
    fastConnectRefused: optional(NULL),
    featureSet: optional(FeatureSet),
  }),
);
export type CallProceeding_UUIE = Infer<typeof CallProceeding_UUIE>;

export const Connect_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    h245Address: optional(TransportAddress),
    destinationInfo: EndpointType,
    conferenceID: ConferenceIdentifier,
  },
  extensions({
    callIdentifier: CallIdentifier,
    h245SecurityMode: optional(H245Security),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    fastStart: optional(sequenceOf(octetString())),
    multipleCalls: BOOLEAN,
    maintainConnection: BOOLEAN,
    language: optional(sequenceOf(IA5String({ size: size(1, 32) }))),
    connectedAddress: optional(sequenceOf(AliasAddress)),
    presentationIndicator: optional(PresentationIndicator),
    screeningIndicator: optional(ScreeningIndicator),
    fastConnectRefused: optional(NULL),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    capacity: optional(CallCapacity),
    featureSet: optional(FeatureSet),
    displayName: optional(sequenceOf(DisplayName)),
  }),
);
export type Connect_UUIE = Infer<typeof Connect_UUIE>;

export const Alerting_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    destinationInfo: EndpointType,
    h245Address: optional(TransportAddress),
  },
  extensions({
    callIdentifier: CallIdentifier,
    h245SecurityMode: optional(H245Security),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    fastStart: optional(sequenceOf(octetString())),
    multipleCalls: BOOLEAN,
    maintainConnection: BOOLEAN,
    alertingAddress: optional(sequenceOf(AliasAddress)),
    presentationIndicator: optional(PresentationIndicator),
    screeningIndicator: optional(ScreeningIndicator),
    fastConnectRefused: optional(NULL),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    capacity: optional(CallCapacity),
    featureSet: optional(FeatureSet),
    displayName: optional(sequenceOf(DisplayName)),
  }),
);
export type Alerting_UUIE = Infer<typeof Alerting_UUIE>;

export const Information_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
  },
  extensions({
    callIdentifier: CallIdentifier,
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    fastStart: optional(sequenceOf(octetString())),
    fastConnectRefused: optional(NULL),
    circuitInfo: optional(CircuitInfo),
  }),
);
export type Information_UUIE = Infer<typeof Information_UUIE>;

export const ReleaseComplete_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    reason: optional(ReleaseCompleteReason),
  },
  extensions({
    callIdentifier: CallIdentifier,
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    busyAddress: optional(sequenceOf(AliasAddress)),
    presentationIndicator: optional(PresentationIndicator),
    screeningIndicator: optional(ScreeningIndicator),
    capacity: optional(CallCapacity),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    featureSet: optional(FeatureSet),
    destinationInfo: optional(EndpointType),
    displayName: optional(sequenceOf(DisplayName)),
  }),
);
export type ReleaseComplete_UUIE = Infer<typeof ReleaseComplete_UUIE>;

export const FacilityReason = choice(
  {
    routeCallToGatekeeper: NULL,
    callForwarded: NULL,
    routeCallToMC: NULL,
    undefinedReason: NULL,
  },
  extensions({
    conferenceListChoice: NULL,
    startH245: NULL,
    noH245: NULL,
    newTokens: NULL,
    featureSetUpdate: NULL,
    forwardedElements: NULL,
    transportedInformation: NULL,
  }),
);
export type FacilityReason = Infer<typeof FacilityReason>;

export const ConferenceList = sequence(
  {
    conferenceID: optional(ConferenceIdentifier),
    conferenceAlias: optional(AliasAddress),
    nonStandardData: optional(NonStandardParameter),
  },
  extensions(),
);
export type ConferenceList = Infer<typeof ConferenceList>;

export const Facility_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    alternativeAddress: optional(TransportAddress),
    alternativeAliasAddress: optional(sequenceOf(AliasAddress)),
    conferenceID: optional(ConferenceIdentifier),
    reason: FacilityReason,
  },
  extensions({
    callIdentifier: CallIdentifier,
    destExtraCallInfo: optional(sequenceOf(AliasAddress)),
    remoteExtensionAddress: optional(AliasAddress),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    conferences: optional(sequenceOf(ConferenceList)),
    h245Address: optional(TransportAddress),
    fastStart: optional(sequenceOf(octetString())),
    multipleCalls: BOOLEAN,
    maintainConnection: BOOLEAN,
    fastConnectRefused: optional(NULL),
    serviceControl: optional(sequenceOf(ServiceControlSession)),
    circuitInfo: optional(CircuitInfo),
    featureSet: optional(FeatureSet),
    destinationInfo: optional(EndpointType),
    h245SecurityMode: optional(H245Security),
  }),
);
export type Facility_UUIE = Infer<typeof Facility_UUIE>;

export const Progress_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    destinationInfo: EndpointType,
    h245Address: optional(TransportAddress),
    callIdentifier: CallIdentifier,
    h245SecurityMode: optional(H245Security),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    fastStart: optional(sequenceOf(octetString())),
  },
  extensions({
    multipleCalls: BOOLEAN,
    maintainConnection: BOOLEAN,
    fastConnectRefused: optional(NULL),
  }),
);
export type Progress_UUIE = Infer<typeof Progress_UUIE>;

export const Status_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    callIdentifier: CallIdentifier,
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
  },
  extensions(),
);
export type Status_UUIE = Infer<typeof Status_UUIE>;

export const StatusInquiry_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    callIdentifier: CallIdentifier,
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
  },
  extensions(),
);
export type StatusInquiry_UUIE = Infer<typeof StatusInquiry_UUIE>;

export const SetupAcknowledge_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    callIdentifier: CallIdentifier,
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
  },
  extensions(),
);
export type SetupAcknowledge_UUIE = Infer<typeof SetupAcknowledge_UUIE>;

export const Notify_UUIE = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    callIdentifier: CallIdentifier,
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
  },
  extensions({
    connectedAddress: optional(sequenceOf(AliasAddress)),
    presentationIndicator: optional(PresentationIndicator),
    screeningIndicator: optional(ScreeningIndicator),
    destinationInfo: optional(EndpointType),
    displayName: optional(sequenceOf(DisplayName)),
  }),
);
export type Notify_UUIE = Infer<typeof Notify_UUIE>;

export const StimulusControl = sequence(
  {
    nonStandard: optional(NonStandardParameter),
    isText: optional(NULL),
    h248Message: optional(octetString()),
  },
  extensions(),
);
export type StimulusControl = Infer<typeof StimulusControl>;

export const H323_UU_PDU = sequence(
  {
    'h323-message-body': choice(
      {
        setup: Setup_UUIE,
        callProceeding: CallProceeding_UUIE,
        connect: Connect_UUIE,
        alerting: Alerting_UUIE,
        information: Information_UUIE,
        releaseComplete: ReleaseComplete_UUIE,
        facility: Facility_UUIE,
      },
      extensions({
        progress: Progress_UUIE,
        empty: NULL,
        status: Status_UUIE,
        statusInquiry: StatusInquiry_UUIE,
        setupAcknowledge: SetupAcknowledge_UUIE,
        notify: Notify_UUIE,
      }),
    ),
    nonStandardData: optional(NonStandardParameter),
  },
  extensions({
    h4501SupplementaryService: optional(sequenceOf(octetString())),
    h245Tunneling: BOOLEAN,
    h245Control: optional(sequenceOf(octetString())),
    nonStandardControl: optional(sequenceOf(NonStandardParameter)),
    callLinkage: optional(CallLinkage),
    tunnelledSignallingMessage: optional(
      sequence(
        {
          tunnelledProtocolID: TunnelledProtocol,
          messageContent: sequenceOf(octetString()),
          tunnellingRequired: optional(NULL),
          nonStandardData: optional(NonStandardParameter),
        },
        extensions(),
      ),
    ),
    provisionalRespToH245Tunneling: optional(NULL),
    stimulusControl: optional(StimulusControl),
    genericData: optional(sequenceOf(GenericData)),
  }),
);
export type H323_UU_PDU = Infer<typeof H323_UU_PDU>;

export const H323_UserInformation = sequence(
  {
    'h323-uu-pdu': H323_UU_PDU,
    'user-data': optional(
      sequence(
        {
          'protocol-discriminator': integer(0, 255),
          'user-information': octetString(size(1, 131)),
        },
        extensions(),
      ),
    ),
  },
  extensions(),
);
export type H323_UserInformation = Infer<typeof H323_UserInformation>;
