import type { OpenLogicalChannel, OpenLogicalChannelAck, OpenLogicalChannelReject } from '../../h245/index.ts';
import { type EntityPort, waitMs } from './port.ts';

/** What becomes of the channels that we transmit on. */
export interface OutgoingChannelUser {
  channelOpened(number: number, ack: OpenLogicalChannelAck): void;
  /** Never opened: refused, or no answer. */
  channelRefused(number: number, cause: OpenLogicalChannelReject['cause'] | 'no answer'): void;
  /** The far side asks us to close one (H.245, clause C.6); it is closed by the user. */
  channelCloseRequested(number: number, reopen: boolean): void;
}

type State = 'awaiting establishment' | 'established' | 'awaiting release';

/** Unidirectional channels that we open, LCSE outgoing (H.245, clause C.4). */
export class OutgoingChannels {
  /** Channels by number; a number that is not here is RELEASED. */
  readonly states = new Map<number, State>();
  private last = 0;
  private readonly port: EntityPort;
  private readonly user: OutgoingChannelUser;

  constructor(port: EntityPort, user: OutgoingChannelUser) {
    this.port = port;
    this.user = user;
  }

  /** A number that no channel of ours has. */
  free(): number {
    do this.last = (this.last % 0xffff) + 1;
    while (this.states.has(this.last));
    return this.last;
  }

  open(channel: OpenLogicalChannel): void {
    const number = channel.forwardLogicalChannelNumber;
    this.states.set(number, 'awaiting establishment');
    this.port.send({ request: { openLogicalChannel: channel } });
    this.port.startTimer(`T103:${number}`, waitMs.T103);
  }

  /** A channel that stands already, by fast connect (H.323, clause 8.1.7). */
  adopt(number: number): void {
    this.states.set(number, 'established');
  }

  close(number: number): void {
    const state = this.states.get(number);
    if (state === undefined || state === 'awaiting release') return;
    this.states.set(number, 'awaiting release');
    this.port.send({
      request: { closeLogicalChannel: { forwardLogicalChannelNumber: number, source: { user: null } } },
    });
    this.port.startTimer(`T103:${number}`, waitMs.T103);
  }

  acknowledged(ack: OpenLogicalChannelAck): void {
    const number = ack.forwardLogicalChannelNumber;
    if (this.states.get(number) !== 'awaiting establishment') return;
    this.port.stopTimer(`T103:${number}`);
    this.states.set(number, 'established');
    this.user.channelOpened(number, ack);
  }

  rejected({ forwardLogicalChannelNumber: number, cause }: OpenLogicalChannelReject): void {
    const state = this.states.get(number);
    if (state === undefined || state === 'established') return;
    this.release(number);
    if (state === 'awaiting establishment') this.user.channelRefused(number, cause);
  }

  closeAcknowledged(number: number): void {
    if (this.states.get(number) === 'awaiting release') this.release(number);
  }

  /** Request to close one of ours, CLCSE incoming (H.245, clause C.6): always granted. */
  closeRequested(number: number, reopen: boolean): void {
    const state = this.states.get(number);
    if (state === undefined || state === 'awaiting release') {
      this.port.send({
        response: { requestChannelCloseReject: { forwardLogicalChannelNumber: number, cause: { unspecified: null } } },
      });
      return;
    }
    this.port.send({ response: { requestChannelCloseAck: { forwardLogicalChannelNumber: number } } });
    this.user.channelCloseRequested(number, reopen);
  }

  /** Whether a timer's name is of this entity. */
  timeout(name: string): boolean {
    if (!name.startsWith('T103:')) return false;
    const number = Number(name.slice(5));
    const state = this.states.get(number);
    this.states.delete(number);
    if (state === 'awaiting establishment') {
      this.port.send({
        request: { closeLogicalChannel: { forwardLogicalChannelNumber: number, source: { lcse: null } } },
      });
      this.user.channelRefused(number, 'no answer');
    }
    return true;
  }

  private release(number: number): void {
    this.port.stopTimer(`T103:${number}`);
    this.states.delete(number);
  }
}
