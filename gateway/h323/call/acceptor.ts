import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { errorText } from '../../../platform/error-text.ts';
import type { RateLimit } from '../../../platform/rate-limit.ts';
import type { ClearCause } from '../../../store/schema/names.ts';
import { ClearError } from '../../call.ts';
import type { ReleaseCompleteReason, SignallingMessage } from '../h225/index.ts';
import { callKey, type Gatekeeper } from '../ras/interface.ts';
import { type CallParts, H323Call } from './call.ts';
import { H323IncomingCall } from './incoming.ts';
import { type CallerCheck, type Dialled, dialledOf, type KnownCaller } from './peers/callers.ts';
import type { CallIdentity } from './signalling/messages.ts';
import { MessageBuilder } from './signalling/messages.ts';
import { releaseOfCause } from './signalling/release.ts';
import { PacketLink } from './transport/packet-link.ts';
import { SignallingConnection } from './transport/signalling-connection.ts';

/** Limits of what strangers may take of us. */
export interface AcceptorLimits {
  /** Connections at once from one address. */
  connectionsPerSource: number;
  /** Calls at once, both directions. */
  calls: number;
  /** How long a connection may be silent before its first SETUP, ms. */
  setupWaitMs: number;
}

export interface AcceptorParts extends CallParts {
  callers: CallerCheck;
  gatekeeper: Gatekeeper | undefined;
  limits: AcceptorLimits;
  /** New calls from one source. */
  newCalls: RateLimit;
  /** Calls that stand now. */
  count: () => number;
  closing: () => boolean;
  follow: (call: H323Call) => void;
  /** Hands the call on; `false` when nobody takes calls. */
  emit: (call: H323IncomingCall) => boolean;
}

const congested: ClearCause = { sip: 503, q850: 42, text: 'too many calls' };
const stranger: ClearCause = { sip: 403, q850: 21, text: 'caller is not known here' };
const noEnvelope = { tunnelling: false, control: [] };
/** Q.931 causes. */
const missingElement = 96;

/** Takes call signalling connections: who calls, and may he; then the call is handed on. */
export class CallAcceptor {
  private readonly parts: AcceptorParts;
  private readonly connections = new Map<string, number>();

  constructor(parts: AcceptorParts) {
    this.parts = parts;
  }

  accept(socket: Socket): void {
    const link = new PacketLink(socket);
    const { host, port } = link.far;
    const far = `${host}:${port}`;
    const warn = (text: string): void => this.parts.warn(text, { callId: '', far });
    const held = (this.connections.get(host) ?? 0) + 1;
    if (held > this.parts.limits.connectionsPerSource) {
      if (held === this.parts.limits.connectionsPerSource + 1) warn('too many connections from one address');
      link.on('closed', () => {});
      link.abort('too many connections from one address');
      return;
    }
    this.connections.set(host, held);
    const connection = new SignallingConnection(link, warn);
    const silent = setTimeout(() => {
      if (connection.size === 0) connection.close();
    }, this.parts.limits.setupWaitMs);
    connection.on('setup', (message) => {
      clearTimeout(silent);
      this.setup(connection, message).catch((error: unknown) => {
        warn(`call could not be taken: ${errorText(error)}`);
      });
    });
    // `close` comes for every socket, also for those that we end ourselves.
    socket.once('close', () => {
      clearTimeout(silent);
      const left = (this.connections.get(host) ?? 1) - 1;
      if (left <= 0) this.connections.delete(host);
      else this.connections.set(host, left);
    });
  }

  private async setup(connection: SignallingConnection, message: SignallingMessage): Promise<void> {
    const setup = message.userInformation?.['h323-uu-pdu']['h323-message-body'].setup;
    const identity: CallIdentity = {
      callReference: message.callReference,
      fromDestination: true,
      callIdentifier: setup?.callIdentifier?.guid ?? new Uint8Array(randomBytes(16)),
      conferenceId: setup?.conferenceID ?? new Uint8Array(16),
    };
    const refuse = (cause: ClearCause, q850 = releaseOfCause(cause).q850, because?: ReleaseCompleteReason): void => {
      const build = new MessageBuilder(identity);
      connection.refuse(message, build.releaseComplete(q850, because ?? releaseOfCause(cause).reason, noEnvelope));
    };
    const { host, port } = connection.far;
    const tell = (text: string): void =>
      this.parts.warn(text, { callId: callKey(identity.callIdentifier), far: `${host}:${port}` });
    if (setup === undefined) {
      refuse({ q850: 111, text: 'SETUP without user information' }, missingElement);
      return;
    }
    if (setup.conferenceGoal.callIndependentSupplementaryService !== undefined) {
      refuse({ sip: 501, q850: 79, text: 'no supplementary services without a call' });
      return;
    }
    const { closing, count, limits, newCalls, nowMs } = this.parts;
    if (closing() || count() >= limits.calls || !newCalls.take(host, nowMs())) {
      if (!closing()) tell('too many calls; refused');
      refuse(congested, 42, { adaptiveBusy: null });
      return;
    }
    const call = new H323Call(this.parts, connection, identity);
    this.parts.follow(call);
    call.begin();
    const dialled = dialledOf(message, setup);
    let caller: KnownCaller | undefined;
    try {
      caller = await this.parts.callers.identify(setup, dialled, connection.far);
      if (caller !== undefined) await this.admit(caller, dialled, identity, call);
    } catch (error) {
      call.end(error instanceof ClearError ? error.cause : { sip: 500, q850: 41, text: 'temporary failure' });
      throw error;
    }
    if (call.isOver) return;
    if (caller === undefined) {
      tell(`call to ${dialled.called || 'no number'} refused: ${stranger.text}`);
      call.end(stranger, { securityDenied: null });
      return;
    }
    this.hand(call, message, caller, dialled);
  }

  /** A far gatekeeper gives its leave for calls that it sends us, too. */
  private async admit(
    { client, registered }: KnownCaller,
    { called, number }: Dialled,
    { callIdentifier, callReference, conferenceId }: CallIdentity,
    call: H323Call,
  ): Promise<void> {
    const key = callKey(callIdentifier);
    const { gatekeeper } = this.parts;
    if (registered) call.once('finished', () => gatekeeper?.callEnded(key));
    if (client === undefined) return;
    const source = call.connection.far;
    await client.admitAnswer({ callIdentifier, callReference, conferenceId, called, caller: number, source });
    call.obey(client);
    if (call.isOver) void client.callEnded(key);
    else call.once('finished', () => void client.callEnded(key));
  }

  private hand(call: H323Call, message: SignallingMessage, { party }: KnownCaller, { called }: Dialled): void {
    const incoming = new H323IncomingCall(call, party, called, this.parts.nowMs);
    call.control.proceed();
    call.present(message);
    if (!this.parts.emit(incoming)) incoming.reject({ sip: 503, q850: 41, text: 'nobody takes calls' });
  }
}
