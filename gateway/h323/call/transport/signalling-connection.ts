import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { errorText } from '../../../../platform/error-text.ts';
import { decodeSignalling, encodeSignalling, SignallingError, type SignallingMessage } from '../../h225/index.ts';
import type { HostPort } from '../../ras/interface.ts';
import { PacketLink } from './packet-link.ts';

/** A call on a connection. */
export interface CallReceiver {
  receive(message: SignallingMessage): void;
  /** A message of this call that cannot be read. */
  unreadable(error: SignallingError): void;
  /** The connection is gone. */
  connectionLost(gracefully: boolean, text: string): void;
}

interface SignallingConnectionEvents {
  /** A call comes; whoever takes it attaches a receiver. */
  setup: [message: SignallingMessage];
  closed: [];
}

/** Messages that cannot be read, after which the connection is given up. */
const mostFaults = 20;
const invalidCallReference = 81;
const invalidContents = 100;

/** A call signalling connection (H.323, clause 7.3): one call as a rule, several where the far side wants it so. */
export class SignallingConnection extends EventEmitter<SignallingConnectionEvents> {
  private readonly link: PacketLink;
  private readonly calls = new Map<string, CallReceiver>();
  private readonly warn: (text: string) => void;
  private faults = 0;
  private lastReference = 0;

  /** @param warn takes one line about something wrong that came. */
  constructor(link: PacketLink, warn: (text: string) => void) {
    super();
    this.link = link;
    this.warn = warn;
    link.on('packet', (packet) => this.take(packet));
    link.on('closed', (gracefully, text) => {
      const calls = [...this.calls.values()];
      this.calls.clear();
      for (const call of calls) call.connectionLost(gracefully, text);
      this.emit('closed');
    });
  }

  /** Connects. @throws when nobody answers within `timeoutMs`, or `signal` fires. */
  static async open(
    to: HostPort,
    warn: (text: string) => void,
    timeoutMs: number,
    options: { localAddress: string | undefined; signal: AbortSignal | undefined },
  ): Promise<SignallingConnection> {
    const { localAddress, signal } = options;
    const socket = connect({ ...to, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
    const limits = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
    try {
      await once(socket, 'connect', { signal: AbortSignal.any(limits) });
    } catch (error) {
      socket.on('error', () => {});
      socket.destroy();
      throw error;
    }
    return new SignallingConnection(new PacketLink(socket), warn);
  }

  get far(): HostPort {
    return this.link.far;
  }

  get local(): HostPort {
    return this.link.local;
  }

  /** Calls on it now. */
  get size(): number {
    return this.calls.size;
  }

  /** A call reference for a call that we begin, 1–32,767 (H.225.0, clause 7.2.2.2). */
  freeReference(draw: () => number): number {
    do this.lastReference = draw() & 0x7fff || 1;
    while (this.calls.has(key(this.lastReference, true)));
    return this.lastReference;
  }

  /** @param weCalled the call reference is ours. */
  attach(callReference: number, weCalled: boolean, call: CallReceiver): void {
    this.calls.set(key(callReference, weCalled), call);
  }

  /** The call is over; the last one takes the connection along. */
  detach(callReference: number, weCalled: boolean): void {
    if (this.calls.delete(key(callReference, weCalled)) && this.calls.size === 0) this.link.close();
  }

  send(message: SignallingMessage): void {
    this.link.send(encodeSignalling(message));
  }

  close(): void {
    this.link.close();
  }

  /** Refuses a SETUP for which there is no call. */
  refuse(setup: SignallingMessage, release: Omit<SignallingMessage, 'callReference' | 'fromDestination'>): void {
    this.send({ ...release, callReference: setup.callReference, fromDestination: true });
    if (this.calls.size === 0) this.link.close();
  }

  private take(packet: Uint8Array): void {
    let message: SignallingMessage;
    try {
      message = decodeSignalling(packet);
    } catch (error) {
      this.unreadable(error);
      return;
    }
    const call = this.calls.get(key(message.callReference, message.fromDestination));
    if (call !== undefined) call.receive(message);
    else if (message.type === 'setup' && !message.fromDestination && message.callReference !== 0) {
      this.emit('setup', message);
    } else this.stray(message);
  }

  /** A message of no call (Q.931, clause 5.8.3.2). */
  private stray({ callReference, fromDestination, type }: SignallingMessage): void {
    if (callReference === 0 || type === 'releaseComplete' || type === 'status') return;
    const head = { callReference, fromDestination: !fromDestination, userInformation: undefined };
    const cause = { value: invalidCallReference, location: 'user' as const };
    if (type === 'statusEnquiry') this.send({ ...head, type: 'status', elements: { cause, callState: 0 } });
    else this.send({ ...head, type: 'releaseComplete', elements: { cause } });
  }

  private unreadable(error: unknown): void {
    this.faults++;
    const text = errorText(error);
    if (this.faults <= mostFaults) this.warn(`unreadable message: ${text}`);
    if (this.faults >= mostFaults) {
      this.link.abort('too many unreadable messages');
      return;
    }
    if (!(error instanceof SignallingError) || error.callReference === undefined) return;
    const { callReference, fromDestination = false, messageType } = error;
    const call = this.calls.get(key(callReference, fromDestination));
    const setup = 0x05;
    if (call !== undefined) call.unreadable(error);
    else if (messageType === setup && callReference !== 0) {
      this.send({
        type: 'releaseComplete',
        callReference,
        fromDestination: !fromDestination,
        elements: { cause: { value: invalidContents, location: 'user' } },
      });
    }
  }
}

function key(callReference: number, fromDestination: boolean): string {
  return `${fromDestination ? 'own' : 'far'}:${callReference}`;
}
