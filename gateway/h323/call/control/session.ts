import { errorText } from '../../../../platform/error-text.ts';
import {
  type CommandMessage,
  decodeH245,
  type FlowControlCommand,
  type IndicationMessage,
  type MultimediaSystemControlMessage,
  type RequestMessage,
  type RequestMode,
  type ResponseMessage,
} from '../../h245/index.ts';
import { notSupported, refusal } from './answers.ts';
import { CapabilityExchange, type CapabilityUser } from './capability-exchange.ts';
import { IncomingChannels, type IncomingChannelUser } from './incoming-channels.ts';
import { MasterSlaveEntity, type MasterSlaveUser } from './master-slave.ts';
import { OutgoingChannels, type OutgoingChannelUser } from './outgoing-channels.ts';
import type { EntityPort } from './port.ts';
import { RoundTrip, type RoundTripUser } from './round-trip.ts';
import { type Digit, digitsOf } from './user-input.ts';

/** What the H.245 control of a call tells its user. */
export interface ControlUser
  extends CapabilityUser,
    OutgoingChannelUser,
    IncomingChannelUser,
    MasterSlaveUser,
    RoundTripUser {
  digit(digit: Digit): void;
  /** The far side cannot go on without a key frame of the channel that we transmit. */
  keyFrameRequested(channel: number): void;
  /** Limit of a channel of ours, or of all (`undefined`), in bit/s; `undefined` lifts it. */
  bitRateLimited(channel: number | undefined, bitsPerSecond: number | undefined): void;
  /** The far side stopped sending on its channel without closing it (muted), or sends again. */
  channelActive(channel: number, active: boolean): void;
  /** Whether we shall transmit as it wishes (H.245, clause 7.8): the mode that is chosen, or why none is. */
  modeRequested(request: RequestMode): 'mostPreferred' | 'lessPreferred' | 'modeUnavailable' | 'requestDenied';
  /** It wants to hear our capabilities again. */
  capabilitiesWanted(): void;
  /** It ends the session. */
  sessionEnded(): void;
  /** Something wrong in what it sent; one line for the log. */
  fault(text: string): void;
}

/** Faults after which nothing more is answered: two sides must not answer each other's error reports for ever. */
const mostFaultsAnswered = 20;

/** Miscellaneous commands that only a key frame answers. */
const pictureWishes = [
  'videoFastUpdatePicture',
  'videoFastUpdateGOB',
  'videoFastUpdateMB',
  'lostPicture',
  'lostPartialPicture',
] as const;

/** The H.245 control of one call: reads messages, hands them to the entities of Annex C, answers the rest. */
export class ControlSession {
  readonly masterSlave: MasterSlaveEntity;
  readonly capabilities: CapabilityExchange;
  readonly outgoing: OutgoingChannels;
  readonly incoming: IncomingChannels;
  readonly roundTrip: RoundTrip;
  private faults = 0;
  private ended = false;
  private readonly port: EntityPort;
  private readonly user: ControlUser;

  constructor(
    material: { terminalType: number; draw: () => number; nowMs: () => number },
    port: EntityPort,
    user: ControlUser,
  ) {
    this.port = port;
    this.user = user;
    this.masterSlave = new MasterSlaveEntity(material.terminalType, material.draw, port, user);
    this.capabilities = new CapabilityExchange(port, user);
    this.outgoing = new OutgoingChannels(port, user);
    this.incoming = new IncomingChannels(port, user);
    this.roundTrip = new RoundTrip(port, material.nowMs, user);
  }

  /** Ended by either side. */
  get isOver(): boolean {
    return this.ended;
  }

  /** Takes one message as it came. Never throws: what cannot be read is answered as the Recommendation asks. */
  receive(bytes: Uint8Array): void {
    if (this.ended) return;
    let message: MultimediaSystemControlMessage;
    try {
      message = decodeH245(bytes);
    } catch (error) {
      this.wrong(errorText(error), notSupported('syntaxError'));
      return;
    }
    if (message.request !== undefined) this.request(message.request, bytes);
    else if (message.response !== undefined) this.response(message.response);
    else if (message.command !== undefined) this.command(message.command, bytes);
    else if (message.indication !== undefined) this.indication(message.indication);
    else this.wrong('a message of an unknown kind', notSupported('unknownFunction', bytes));
  }

  timeout(name: string): void {
    if (name === 'T106') this.masterSlave.timeout();
    else if (name === 'T101') this.capabilities.timeout();
    else if (!this.roundTrip.timeout(name) && !this.outgoing.timeout(name)) this.incoming.timeout(name);
  }

  /** Ends the session (H.245, clause 7.12); nothing is answered afterwards. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.roundTrip.stop();
    this.port.send({ command: { endSessionCommand: { disconnect: null } } });
  }

  private request(request: RequestMessage, bytes: Uint8Array): void {
    if (request.masterSlaveDetermination !== undefined) this.masterSlave.request(request.masterSlaveDetermination);
    else if (request.terminalCapabilitySet !== undefined) this.capabilities.request(request.terminalCapabilitySet);
    else if (request.openLogicalChannel !== undefined) this.incoming.request(request.openLogicalChannel);
    else if (request.closeLogicalChannel !== undefined) this.incoming.close(request.closeLogicalChannel);
    else if (request.requestChannelClose !== undefined) {
      const { forwardLogicalChannelNumber, reason } = request.requestChannelClose;
      this.outgoing.closeRequested(forwardLogicalChannelNumber, reason?.reopen !== undefined);
    } else if (request.roundTripDelayRequest !== undefined) {
      this.roundTrip.request(request.roundTripDelayRequest.sequenceNumber);
    } else if (request.requestMode !== undefined) this.mode(request.requestMode);
    else {
      const answer = refusal(request, bytes);
      if (answer?.indication === undefined) {
        if (answer !== undefined) this.port.send(answer);
      } else this.wrong(`request not supported: ${Object.keys(request)[0]}`, answer);
    }
  }

  private mode(request: RequestMode): void {
    const { sequenceNumber } = request;
    const outcome = this.user.modeRequested(request);
    if (outcome === 'mostPreferred' || outcome === 'lessPreferred') {
      const response =
        outcome === 'mostPreferred' ? { willTransmitMostPreferredMode: null } : { willTransmitLessPreferredMode: null };
      this.port.send({ response: { requestModeAck: { sequenceNumber, response } } });
    } else {
      const cause = outcome === 'modeUnavailable' ? { modeUnavailable: null } : { requestDenied: null };
      this.port.send({ response: { requestModeReject: { sequenceNumber, cause } } });
    }
  }

  private response(response: ResponseMessage): void {
    if (response.masterSlaveDeterminationAck !== undefined) {
      this.masterSlave.acknowledged(response.masterSlaveDeterminationAck);
    } else if (response.masterSlaveDeterminationReject !== undefined) this.masterSlave.rejected();
    else if (response.terminalCapabilitySetAck !== undefined) {
      this.capabilities.acknowledged(response.terminalCapabilitySetAck.sequenceNumber);
    } else if (response.terminalCapabilitySetReject !== undefined) {
      this.capabilities.rejected(response.terminalCapabilitySetReject);
    } else if (response.openLogicalChannelAck !== undefined) {
      this.outgoing.acknowledged(response.openLogicalChannelAck);
    } else if (response.openLogicalChannelReject !== undefined) {
      this.outgoing.rejected(response.openLogicalChannelReject);
    } else if (response.closeLogicalChannelAck !== undefined) {
      this.outgoing.closeAcknowledged(response.closeLogicalChannelAck.forwardLogicalChannelNumber);
    } else if (response.requestChannelCloseReject !== undefined) {
      this.incoming.requestCloseRejected(response.requestChannelCloseReject.forwardLogicalChannelNumber);
    } else if (response.roundTripDelayResponse !== undefined) {
      this.roundTrip.response(response.roundTripDelayResponse.sequenceNumber);
    }
    // A response to nothing that we asked is passed over (H.245, clause C.1).
  }

  private command(command: CommandMessage, bytes: Uint8Array): void {
    if (command.endSessionCommand !== undefined) {
      this.user.sessionEnded();
    } else if (command.miscellaneousCommand !== undefined) {
      const { logicalChannelNumber, type } = command.miscellaneousCommand;
      if (pictureWishes.some((wish) => type[wish] !== undefined)) this.user.keyFrameRequested(logicalChannelNumber);
    } else if (command.flowControlCommand !== undefined) this.flowControl(command.flowControlCommand);
    else if (command.sendTerminalCapabilitySet !== undefined) this.user.capabilitiesWanted();
    else if (command.unknownChoice !== undefined) {
      this.wrong('an unknown command', notSupported('unknownFunction', bytes));
    }
    // Other commands are for MCUs and for networks that we are not.
  }

  private flowControl({ scope, restriction }: FlowControlCommand): void {
    if (scope.resourceID !== undefined) return;
    const limit = restriction.maximumBitRate === undefined ? undefined : restriction.maximumBitRate * 100;
    this.user.bitRateLimited(scope.logicalChannelNumber, limit);
  }

  private indication(indication: IndicationMessage): void {
    if (indication.userInput !== undefined) {
      for (const digit of digitsOf(indication.userInput)) this.user.digit(digit);
    } else if (indication.miscellaneousIndication !== undefined) {
      const { logicalChannelNumber, type } = indication.miscellaneousIndication;
      if (type.logicalChannelActive !== undefined) this.user.channelActive(logicalChannelNumber, true);
      if (type.logicalChannelInactive !== undefined) this.user.channelActive(logicalChannelNumber, false);
    } else if (indication.masterSlaveDeterminationRelease !== undefined) this.masterSlave.released();
    else if (indication.functionNotSupported !== undefined) {
      this.wrong(`the far side: function not supported (${Object.keys(indication.functionNotSupported.cause)[0]})`);
    } else if (indication.functionNotUnderstood !== undefined) this.wrong('the far side: function not understood');
    // Other indications inform; an indication is never answered.
  }

  private wrong(text: string, answer?: MultimediaSystemControlMessage): void {
    this.faults++;
    if (this.faults > mostFaultsAnswered) return;
    this.user.fault(text);
    if (answer !== undefined) this.port.send(answer);
  }
}

/** A message as octets, for whatever carries it. */
