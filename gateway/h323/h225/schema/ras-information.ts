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
import { ClearToken } from '../h235/tokens.ts';
import { AliasAddress, NonStandardParameter, TransportAddress } from './address.ts';
import {
  CallCapacity,
  CallModel,
  CallType,
  RasUsageInformation,
  RasUsageInfoTypes,
  RTPSession,
  ServiceControlSession,
  TransportChannelInfo,
} from './call.ts';
import { CircuitInfo } from './circuit.ts';
import { AlternateGK, AltGKInfo, CallLinkage, EndpointType, SupportedProtocols } from './endpoint.ts';
import { FeatureSet, GenericData } from './generic.ts';
import {
  BandWidth,
  CallIdentifier,
  CallReferenceValue,
  ConferenceIdentifier,
  EndpointIdentifier,
  ProtocolIdentifier,
  RequestSeqNum,
} from './identifiers.ts';
import { UUIEsRequested } from './ras-admission.ts';
import { CryptoH323Token, ICV, SecurityErrors2 } from './security.ts';
import { H323_UU_PDU } from './signalling.ts';

/* H.225.0 RAS: information, resources, service control. */

export const InfoRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    callReferenceValue: CallReferenceValue,
    nonStandardData: optional(NonStandardParameter),
    replyAddress: optional(TransportAddress),
  },
  extensions({
    callIdentifier: CallIdentifier,
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    uuiesRequested: optional(UUIEsRequested),
    callLinkage: optional(CallLinkage),
    usageInfoRequested: optional(RasUsageInfoTypes),
    segmentedResponseSupported: optional(NULL),
    nextSegmentRequested: optional(integer(0, 65535)),
    capacityInfoRequested: optional(NULL),
    genericData: optional(sequenceOf(GenericData)),
    assignedGatekeeper: optional(AlternateGK),
  }),
);
export type InfoRequest = Infer<typeof InfoRequest>;

export const InfoRequestResponseStatus = choice(
  {
    complete: NULL,
    incomplete: NULL,
    segment: integer(0, 65535),
    invalidCall: NULL,
  },
  extensions(),
);
export type InfoRequestResponseStatus = Infer<typeof InfoRequestResponseStatus>;

export const InfoRequestResponse = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    requestSeqNum: RequestSeqNum,
    endpointType: EndpointType,
    endpointIdentifier: EndpointIdentifier,
    rasAddress: TransportAddress,
    callSignalAddress: sequenceOf(TransportAddress),
    endpointAlias: optional(sequenceOf(AliasAddress)),
    perCallInfo: optional(
      sequenceOf(
        sequence(
          {
            nonStandardData: optional(NonStandardParameter),
            callReferenceValue: CallReferenceValue,
            conferenceID: ConferenceIdentifier,
            originator: optional(BOOLEAN),
            audio: optional(sequenceOf(RTPSession)),
            video: optional(sequenceOf(RTPSession)),
            data: optional(sequenceOf(TransportChannelInfo)),
            h245: TransportChannelInfo,
            callSignaling: TransportChannelInfo,
            callType: CallType,
            bandWidth: BandWidth,
            callModel: CallModel,
          },
          extensions({
            callIdentifier: CallIdentifier,
            tokens: optional(sequenceOf(ClearToken)),
            cryptoTokens: optional(sequenceOf(CryptoH323Token)),
            substituteConfIDs: sequenceOf(ConferenceIdentifier),
            pdu: optional(
              sequenceOf(
                sequence({
                  h323pdu: H323_UU_PDU,
                  sent: BOOLEAN,
                }),
              ),
            ),
            callLinkage: optional(CallLinkage),
            usageInformation: optional(RasUsageInformation),
            circuitInfo: optional(CircuitInfo),
          }),
        ),
      ),
    ),
  },
  extensions({
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    needResponse: BOOLEAN,
    capacity: optional(CallCapacity),
    irrStatus: optional(InfoRequestResponseStatus),
    unsolicited: BOOLEAN,
    genericData: optional(sequenceOf(GenericData)),
  }),
);
export type InfoRequestResponse = Infer<typeof InfoRequestResponse>;

export const InfoRequestAck = sequence(
  {
    requestSeqNum: RequestSeqNum,
    nonStandardData: optional(NonStandardParameter),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
  },
  extensions(),
);
export type InfoRequestAck = Infer<typeof InfoRequestAck>;

export const InfoRequestNakReason = choice(
  {
    notRegistered: NULL,
    securityDenial: NULL,
    undefinedReason: NULL,
  },
  extensions({
    securityError: SecurityErrors2,
  }),
);
export type InfoRequestNakReason = Infer<typeof InfoRequestNakReason>;

export const InfoRequestNak = sequence(
  {
    requestSeqNum: RequestSeqNum,
    nonStandardData: optional(NonStandardParameter),
    nakReason: InfoRequestNakReason,
    altGKInfo: optional(AltGKInfo),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
  },
  extensions(),
);
export type InfoRequestNak = Infer<typeof InfoRequestNak>;

export const NonStandardMessage = sequence(
  {
    requestSeqNum: RequestSeqNum,
    nonStandardData: NonStandardParameter,
  },
  extensions({
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
  }),
);
export type NonStandardMessage = Infer<typeof NonStandardMessage>;

export const UnknownMessageResponse = sequence(
  {
    requestSeqNum: RequestSeqNum,
  },
  extensions({
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    messageNotUnderstood: octetString(),
  }),
);
export type UnknownMessageResponse = Infer<typeof UnknownMessageResponse>;

export const RequestInProgress = sequence(
  {
    requestSeqNum: RequestSeqNum,
    nonStandardData: optional(NonStandardParameter),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    delay: integer(1, 65535),
  },
  extensions(),
);
export type RequestInProgress = Infer<typeof RequestInProgress>;

export const ResourcesAvailableIndicate = sequence(
  {
    requestSeqNum: RequestSeqNum,
    protocolIdentifier: ProtocolIdentifier,
    nonStandardData: optional(NonStandardParameter),
    endpointIdentifier: EndpointIdentifier,
    protocols: sequenceOf(SupportedProtocols),
    almostOutOfResources: BOOLEAN,
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
  },
  extensions({
    capacity: optional(CallCapacity),
    genericData: optional(sequenceOf(GenericData)),
  }),
);
export type ResourcesAvailableIndicate = Infer<typeof ResourcesAvailableIndicate>;

export const ResourcesAvailableConfirm = sequence(
  {
    requestSeqNum: RequestSeqNum,
    protocolIdentifier: ProtocolIdentifier,
    nonStandardData: optional(NonStandardParameter),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
  },
  extensions({
    genericData: optional(sequenceOf(GenericData)),
  }),
);
export type ResourcesAvailableConfirm = Infer<typeof ResourcesAvailableConfirm>;

export const ServiceControlIndication = sequence(
  {
    requestSeqNum: RequestSeqNum,
    nonStandardData: optional(NonStandardParameter),
    serviceControl: sequenceOf(ServiceControlSession),
    endpointIdentifier: optional(EndpointIdentifier),
    callSpecific: optional(
      sequence(
        {
          callIdentifier: CallIdentifier,
          conferenceID: ConferenceIdentifier,
          answeredCall: BOOLEAN,
        },
        extensions(),
      ),
    ),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
  },
  extensions(),
);
export type ServiceControlIndication = Infer<typeof ServiceControlIndication>;

export const ServiceControlResponse = sequence(
  {
    requestSeqNum: RequestSeqNum,
    result: optional(
      choice(
        {
          started: NULL,
          failed: NULL,
          stopped: NULL,
          notAvailable: NULL,
          neededFeatureNotSupported: NULL,
        },
        extensions(),
      ),
    ),
    nonStandardData: optional(NonStandardParameter),
    tokens: optional(sequenceOf(ClearToken)),
    cryptoTokens: optional(sequenceOf(CryptoH323Token)),
    integrityCheckValue: optional(ICV),
    featureSet: optional(FeatureSet),
    genericData: optional(sequenceOf(GenericData)),
  },
  extensions(),
);
export type ServiceControlResponse = Infer<typeof ServiceControlResponse>;
