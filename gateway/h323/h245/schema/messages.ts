import { choice, extensions, type Infer } from '../../per/index.ts';
import {
  TerminalCapabilitySet,
  TerminalCapabilitySetAck,
  TerminalCapabilitySetReject,
  TerminalCapabilitySetRelease,
} from './capability-set.ts';
import {
  EncryptionCommand,
  EndSessionCommand,
  FlowControlCommand,
  H223MultiplexReconfiguration,
  MiscellaneousCommand,
  MobileMultilinkReconfigurationCommand,
  NewATMVCCommand,
  SendTerminalCapabilitySet,
} from './command.ts';
import {
  CommunicationModeCommand,
  CommunicationModeRequest,
  CommunicationModeResponse,
  ConferenceCommand,
  ConferenceRequest,
  ConferenceResponse,
} from './conference.ts';
import { GenericMessage, NonStandardMessage } from './generic.ts';
import {
  ConferenceIndication,
  FlowControlIndication,
  FunctionNotSupported,
  H223SkewIndication,
  H2250MaximumSkewIndication,
  JitterIndication,
  MCLocationIndication,
  MiscellaneousIndication,
  MobileMultilinkReconfigurationIndication,
  NewATMVCIndication,
  UserInputIndication,
  VendorIdentification,
} from './indication.ts';
import {
  CloseLogicalChannel,
  CloseLogicalChannelAck,
  OpenLogicalChannel,
  OpenLogicalChannelAck,
  OpenLogicalChannelConfirm,
  OpenLogicalChannelReject,
  RequestChannelClose,
  RequestChannelCloseAck,
  RequestChannelCloseReject,
  RequestChannelCloseRelease,
} from './logical-channel.ts';
import {
  MaintenanceLoopAck,
  MaintenanceLoopOffCommand,
  MaintenanceLoopReject,
  MaintenanceLoopRequest,
  MasterSlaveDetermination,
  MasterSlaveDeterminationAck,
  MasterSlaveDeterminationReject,
  MasterSlaveDeterminationRelease,
  RoundTripDelayRequest,
  RoundTripDelayResponse,
} from './master-slave.ts';
import {
  LogicalChannelRateAcknowledge,
  LogicalChannelRateReject,
  LogicalChannelRateRelease,
  LogicalChannelRateRequest,
  MultilinkIndication,
  MultilinkRequest,
  MultilinkResponse,
} from './multilink.ts';
import {
  MultiplexEntrySend,
  MultiplexEntrySendAck,
  MultiplexEntrySendReject,
  MultiplexEntrySendRelease,
  RequestMultiplexEntry,
  RequestMultiplexEntryAck,
  RequestMultiplexEntryReject,
  RequestMultiplexEntryRelease,
} from './multiplex-table.ts';
import { RequestMode, RequestModeAck, RequestModeReject, RequestModeRelease } from './request-mode.ts';

/* H.245: the message itself. */

export const RequestMessage = choice(
  {
    nonStandard: NonStandardMessage,
    masterSlaveDetermination: MasterSlaveDetermination,
    terminalCapabilitySet: TerminalCapabilitySet,
    openLogicalChannel: OpenLogicalChannel,
    closeLogicalChannel: CloseLogicalChannel,
    requestChannelClose: RequestChannelClose,
    multiplexEntrySend: MultiplexEntrySend,
    requestMultiplexEntry: RequestMultiplexEntry,
    requestMode: RequestMode,
    roundTripDelayRequest: RoundTripDelayRequest,
    maintenanceLoopRequest: MaintenanceLoopRequest,
  },
  extensions({
    communicationModeRequest: CommunicationModeRequest,
    conferenceRequest: ConferenceRequest,
    multilinkRequest: MultilinkRequest,
    logicalChannelRateRequest: LogicalChannelRateRequest,
    genericRequest: GenericMessage,
  }),
);
export type RequestMessage = Infer<typeof RequestMessage>;

export const ResponseMessage = choice(
  {
    nonStandard: NonStandardMessage,
    masterSlaveDeterminationAck: MasterSlaveDeterminationAck,
    masterSlaveDeterminationReject: MasterSlaveDeterminationReject,
    terminalCapabilitySetAck: TerminalCapabilitySetAck,
    terminalCapabilitySetReject: TerminalCapabilitySetReject,
    openLogicalChannelAck: OpenLogicalChannelAck,
    openLogicalChannelReject: OpenLogicalChannelReject,
    closeLogicalChannelAck: CloseLogicalChannelAck,
    requestChannelCloseAck: RequestChannelCloseAck,
    requestChannelCloseReject: RequestChannelCloseReject,
    multiplexEntrySendAck: MultiplexEntrySendAck,
    multiplexEntrySendReject: MultiplexEntrySendReject,
    requestMultiplexEntryAck: RequestMultiplexEntryAck,
    requestMultiplexEntryReject: RequestMultiplexEntryReject,
    requestModeAck: RequestModeAck,
    requestModeReject: RequestModeReject,
    roundTripDelayResponse: RoundTripDelayResponse,
    maintenanceLoopAck: MaintenanceLoopAck,
    maintenanceLoopReject: MaintenanceLoopReject,
  },
  extensions({
    communicationModeResponse: CommunicationModeResponse,
    conferenceResponse: ConferenceResponse,
    multilinkResponse: MultilinkResponse,
    logicalChannelRateAcknowledge: LogicalChannelRateAcknowledge,
    logicalChannelRateReject: LogicalChannelRateReject,
    genericResponse: GenericMessage,
  }),
);
export type ResponseMessage = Infer<typeof ResponseMessage>;

export const CommandMessage = choice(
  {
    nonStandard: NonStandardMessage,
    maintenanceLoopOffCommand: MaintenanceLoopOffCommand,
    sendTerminalCapabilitySet: SendTerminalCapabilitySet,
    encryptionCommand: EncryptionCommand,
    flowControlCommand: FlowControlCommand,
    endSessionCommand: EndSessionCommand,
    miscellaneousCommand: MiscellaneousCommand,
  },
  extensions({
    communicationModeCommand: CommunicationModeCommand,
    conferenceCommand: ConferenceCommand,
    h223MultiplexReconfiguration: H223MultiplexReconfiguration,
    newATMVCCommand: NewATMVCCommand,
    mobileMultilinkReconfigurationCommand: MobileMultilinkReconfigurationCommand,
    genericCommand: GenericMessage,
  }),
);
export type CommandMessage = Infer<typeof CommandMessage>;

export const FunctionNotUnderstood = choice({
  request: RequestMessage,
  response: ResponseMessage,
  command: CommandMessage,
});
export type FunctionNotUnderstood = Infer<typeof FunctionNotUnderstood>;

export const IndicationMessage = choice(
  {
    nonStandard: NonStandardMessage,
    functionNotUnderstood: FunctionNotUnderstood,
    masterSlaveDeterminationRelease: MasterSlaveDeterminationRelease,
    terminalCapabilitySetRelease: TerminalCapabilitySetRelease,
    openLogicalChannelConfirm: OpenLogicalChannelConfirm,
    requestChannelCloseRelease: RequestChannelCloseRelease,
    multiplexEntrySendRelease: MultiplexEntrySendRelease,
    requestMultiplexEntryRelease: RequestMultiplexEntryRelease,
    requestModeRelease: RequestModeRelease,
    miscellaneousIndication: MiscellaneousIndication,
    jitterIndication: JitterIndication,
    h223SkewIndication: H223SkewIndication,
    newATMVCIndication: NewATMVCIndication,
    userInput: UserInputIndication,
  },
  extensions({
    h2250MaximumSkewIndication: H2250MaximumSkewIndication,
    mcLocationIndication: MCLocationIndication,
    conferenceIndication: ConferenceIndication,
    vendorIdentification: VendorIdentification,
    functionNotSupported: FunctionNotSupported,
    multilinkIndication: MultilinkIndication,
    logicalChannelRateRelease: LogicalChannelRateRelease,
    flowControlIndication: FlowControlIndication,
    mobileMultilinkReconfigurationIndication: MobileMultilinkReconfigurationIndication,
    genericIndication: GenericMessage,
  }),
);
export type IndicationMessage = Infer<typeof IndicationMessage>;

export const MultimediaSystemControlMessage = choice(
  {
    request: RequestMessage,
    response: ResponseMessage,
    command: CommandMessage,
    indication: IndicationMessage,
  },
  extensions(),
);
export type MultimediaSystemControlMessage = Infer<typeof MultimediaSystemControlMessage>;
