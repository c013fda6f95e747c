import {
  BMPString,
  BOOLEAN,
  choice,
  extensions,
  type Infer,
  integer,
  NULL,
  OBJECT_IDENTIFIER,
  octetString,
  optional,
  sequence,
  sequenceOf,
  setOf,
  size,
} from '../../per/index.ts';
import { AudioCapability } from './audio-capability.ts';
import { DataApplicationCapability } from './data-capability.ts';
import { RedundancyEncoding } from './data-type.ts';
import { LogicalChannelNumber, NonStandardParameter, TerminalLabel } from './generic.ts';
import { TransportAddress } from './transport.ts';
import { VideoCapability } from './video-capability.ts';

/* H.245 conference requests, responses, commands; communication modes; remote MC. */

export const CommunicationModeTableEntry = sequence(
  {
    nonStandard: optional(sequenceOf(NonStandardParameter)),
    sessionID: integer(1, 255),
    associatedSessionID: optional(integer(1, 255)),
    terminalLabel: optional(TerminalLabel),
    sessionDescription: BMPString({ size: size(1, 128) }),
    dataType: choice(
      {
        videoData: VideoCapability,
        audioData: AudioCapability,
        data: DataApplicationCapability,
      },
      extensions(),
    ),
    mediaChannel: optional(TransportAddress),
    mediaGuaranteedDelivery: optional(BOOLEAN),
    mediaControlChannel: optional(TransportAddress),
    mediaControlGuaranteedDelivery: optional(BOOLEAN),
  },
  extensions({
    redundancyEncoding: optional(RedundancyEncoding),
    sessionDependency: optional(integer(1, 255)),
    destination: optional(TerminalLabel),
  }),
);
export type CommunicationModeTableEntry = Infer<typeof CommunicationModeTableEntry>;

export const CommunicationModeCommand = sequence(
  {
    communicationModeTable: setOf(CommunicationModeTableEntry, size(1, 256)),
  },
  extensions(),
);
export type CommunicationModeCommand = Infer<typeof CommunicationModeCommand>;

export const CommunicationModeRequest = sequence({}, extensions());
export type CommunicationModeRequest = Infer<typeof CommunicationModeRequest>;

export const CommunicationModeResponse = choice(
  {
    communicationModeTable: setOf(CommunicationModeTableEntry, size(1, 256)),
  },
  extensions(),
);
export type CommunicationModeResponse = Infer<typeof CommunicationModeResponse>;

export const Criteria = sequence(
  {
    field: OBJECT_IDENTIFIER,
    value: octetString(size(1, 65535)),
  },
  extensions(),
);
export type Criteria = Infer<typeof Criteria>;

export const CertSelectionCriteria = sequenceOf(Criteria, size(1, 16));
export type CertSelectionCriteria = Infer<typeof CertSelectionCriteria>;

export const RemoteMCRequest = choice(
  {
    masterActivate: NULL,
    slaveActivate: NULL,
    deActivate: NULL,
  },
  extensions(),
);
export type RemoteMCRequest = Infer<typeof RemoteMCRequest>;

export const ConferenceRequest = choice(
  {
    terminalListRequest: NULL,
    makeMeChair: NULL,
    cancelMakeMeChair: NULL,
    dropTerminal: TerminalLabel,
    requestTerminalID: TerminalLabel,
    enterH243Password: NULL,
    enterH243TerminalID: NULL,
    enterH243ConferenceID: NULL,
  },
  extensions({
    enterExtensionAddress: NULL,
    requestChairTokenOwner: NULL,
    requestTerminalCertificate: sequence(
      {
        terminalLabel: optional(TerminalLabel),
        certSelectionCriteria: optional(CertSelectionCriteria),
        sRandom: optional(integer(1, 4294967295)),
      },
      extensions(),
    ),
    broadcastMyLogicalChannel: LogicalChannelNumber,
    makeTerminalBroadcaster: TerminalLabel,
    sendThisSource: TerminalLabel,
    requestAllTerminalIDs: NULL,
    remoteMCRequest: RemoteMCRequest,
  }),
);
export type ConferenceRequest = Infer<typeof ConferenceRequest>;

export const TerminalID = octetString(size(1, 128));
export type TerminalID = Infer<typeof TerminalID>;

export const ConferenceID = octetString(size(1, 32));
export type ConferenceID = Infer<typeof ConferenceID>;

export const Password = octetString(size(1, 32));
export type Password = Infer<typeof Password>;

export const TerminalInformation = sequence(
  {
    terminalLabel: TerminalLabel,
    terminalID: TerminalID,
  },
  extensions(),
);
export type TerminalInformation = Infer<typeof TerminalInformation>;

export const RequestAllTerminalIDsResponse = sequence(
  {
    terminalInformation: sequenceOf(TerminalInformation),
  },
  extensions(),
);
export type RequestAllTerminalIDsResponse = Infer<typeof RequestAllTerminalIDsResponse>;

export const RemoteMCResponse = choice(
  {
    accept: NULL,
    reject: choice(
      {
        unspecified: NULL,
        functionNotSupported: NULL,
      },
      extensions(),
    ),
  },
  extensions(),
);
export type RemoteMCResponse = Infer<typeof RemoteMCResponse>;

export const ConferenceResponse = choice(
  {
    mCTerminalIDResponse: sequence(
      {
        terminalLabel: TerminalLabel,
        terminalID: TerminalID,
      },
      extensions(),
    ),
    terminalIDResponse: sequence(
      {
        terminalLabel: TerminalLabel,
        terminalID: TerminalID,
      },
      extensions(),
    ),
    conferenceIDResponse: sequence(
      {
        terminalLabel: TerminalLabel,
        conferenceID: ConferenceID,
      },
      extensions(),
    ),
    passwordResponse: sequence(
      {
        terminalLabel: TerminalLabel,
        password: Password,
      },
      extensions(),
    ),
    terminalListResponse: setOf(TerminalLabel, size(1, 256)),
    videoCommandReject: NULL,
    terminalDropReject: NULL,
    makeMeChairResponse: choice(
      {
        grantedChairToken: NULL,
        deniedChairToken: NULL,
      },
      extensions(),
    ),
  },
  extensions({
    extensionAddressResponse: sequence(
      {
        extensionAddress: TerminalID,
      },
      extensions(),
    ),
    chairTokenOwnerResponse: sequence(
      {
        terminalLabel: TerminalLabel,
        terminalID: TerminalID,
      },
      extensions(),
    ),
    terminalCertificateResponse: sequence(
      {
        terminalLabel: optional(TerminalLabel),
        certificateResponse: optional(octetString(size(1, 65535))),
      },
      extensions(),
    ),
    broadcastMyLogicalChannelResponse: choice(
      {
        grantedBroadcastMyLogicalChannel: NULL,
        deniedBroadcastMyLogicalChannel: NULL,
      },
      extensions(),
    ),
    makeTerminalBroadcasterResponse: choice(
      {
        grantedMakeTerminalBroadcaster: NULL,
        deniedMakeTerminalBroadcaster: NULL,
      },
      extensions(),
    ),
    sendThisSourceResponse: choice(
      {
        grantedSendThisSource: NULL,
        deniedSendThisSource: NULL,
      },
      extensions(),
    ),
    requestAllTerminalIDsResponse: RequestAllTerminalIDsResponse,
    remoteMCResponse: RemoteMCResponse,
  }),
);
export type ConferenceResponse = Infer<typeof ConferenceResponse>;

export const SubstituteConferenceIDCommand = sequence(
  {
    conferenceIdentifier: octetString(size(16)),
  },
  extensions(),
);
export type SubstituteConferenceIDCommand = Infer<typeof SubstituteConferenceIDCommand>;

export const ConferenceCommand = choice(
  {
    broadcastMyLogicalChannel: LogicalChannelNumber,
    cancelBroadcastMyLogicalChannel: LogicalChannelNumber,
    makeTerminalBroadcaster: TerminalLabel,
    cancelMakeTerminalBroadcaster: NULL,
    sendThisSource: TerminalLabel,
    cancelSendThisSource: NULL,
    dropConference: NULL,
  },
  extensions({
    substituteConferenceIDCommand: SubstituteConferenceIDCommand,
  }),
);
export type ConferenceCommand = Infer<typeof ConferenceCommand>;
