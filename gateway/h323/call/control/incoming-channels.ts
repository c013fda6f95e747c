import type {
  CloseLogicalChannel,
  OpenLogicalChannel,
  OpenLogicalChannelAck,
  OpenLogicalChannelReject,
} from '../../h245/index.ts';
import { type EntityPort, waitMs } from './port.ts';

/** What becomes of the channels that the far side transmits on. */
export interface IncomingChannelUser {
  /** The far side wants to open one: to be answered by `accept` or `refuse`, now or later. */
  channelRequested(channel: OpenLogicalChannel): void;
  channelClosed(number: number): void;
  /** It does not close the channel that we asked it to close. */
  channelCloseRefused(number: number): void;
}

type State = 'awaiting establishment' | 'established';

/** Channels of the far side at once; terminals have six at the most. What it opens early is kept until we answer. */
const mostChannels = 32;

/** Channels that the far side opens, LCSE incoming (H.245, clause C.4), and requests to close them, CLCSE outgoing. */
export class IncomingChannels {
  readonly states = new Map<number, State>();
  private readonly port: EntityPort;
  private readonly user: IncomingChannelUser;

  constructor(port: EntityPort, user: IncomingChannelUser) {
    this.port = port;
    this.user = user;
  }

  request(channel: OpenLogicalChannel): void {
    const number = channel.forwardLogicalChannelNumber;
    // The same number again replaces the channel (H.245, clause C.4.4).
    if (this.states.has(number)) this.user.channelClosed(number);
    else if (this.states.size >= mostChannels) {
      this.reject(number, { unspecified: null });
      return;
    }
    this.states.set(number, 'awaiting establishment');
    this.user.channelRequested(channel);
  }

  accept(ack: OpenLogicalChannelAck): void {
    const number = ack.forwardLogicalChannelNumber;
    if (this.states.get(number) !== 'awaiting establishment') return;
    this.states.set(number, 'established');
    this.port.send({ response: { openLogicalChannelAck: ack } });
  }

  refuse(number: number, cause: OpenLogicalChannelReject['cause']): void {
    if (this.states.get(number) !== 'awaiting establishment') return;
    this.states.delete(number);
    this.reject(number, cause);
  }

  /** Asks the far side to send no more than so many bit/s on one of its channels (H.245, clause 7.11.4). */
  limit(number: number, bitsPerSecond: number): void {
    if (this.states.get(number) !== 'established') return;
    const restriction = { maximumBitRate: Math.floor(bitsPerSecond / 100) };
    this.port.send({ command: { flowControlCommand: { scope: { logicalChannelNumber: number }, restriction } } });
  }

  /** A channel that stands already, by fast connect. */
  adopt(number: number): void {
    this.states.set(number, 'established');
  }

  close({ forwardLogicalChannelNumber: number }: CloseLogicalChannel): void {
    const known = this.states.delete(number);
    this.port.stopTimer(`T108:${number}`);
    // Acknowledged in every state: the far side may have lost our answer (H.245, clause C.4.4).
    this.port.send({ response: { closeLogicalChannelAck: { forwardLogicalChannelNumber: number } } });
    if (known) this.user.channelClosed(number);
  }

  /** Asks the far side to close one of its channels, and to open it anew. */
  requestClose(number: number): void {
    if (!this.states.has(number)) return;
    this.port.send({
      request: { requestChannelClose: { forwardLogicalChannelNumber: number, reason: { reopen: null } } },
    });
    this.port.startTimer(`T108:${number}`, waitMs.T108);
  }

  requestCloseRejected(number: number): void {
    if (!this.states.has(number)) return;
    this.port.stopTimer(`T108:${number}`);
    this.user.channelCloseRefused(number);
  }

  timeout(name: string): boolean {
    if (!name.startsWith('T108:')) return false;
    const number = Number(name.slice(5));
    if (this.states.has(number)) {
      this.port.send({ indication: { requestChannelCloseRelease: { forwardLogicalChannelNumber: number } } });
      this.user.channelCloseRefused(number);
    }
    return true;
  }

  private reject(number: number, cause: OpenLogicalChannelReject['cause']): void {
    this.port.send({ response: { openLogicalChannelReject: { forwardLogicalChannelNumber: number, cause } } });
  }
}
