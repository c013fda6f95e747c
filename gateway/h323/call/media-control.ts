import { errorText } from '../../../platform/error-text.ts';
import { encodeH245, type MultimediaSystemControlMessage, type RequestMode } from '../h245/index.ts';
import type { HostPort } from '../ras/interface.ts';
import { ControlCarrier } from './control/carrier.ts';
import type { EntityPort } from './control/port.ts';
import { ControlSession, type ControlUser } from './control/session.ts';
import type { Digit } from './control/user-input.ts';
import { hostPortOf, signallingAddress } from './media/address.ts';
import { FastConnect } from './media/fast-connect.ts';
import { ChannelPlan } from './media/plan.ts';
import { requestedMode } from './media/requested-mode.ts';
import type { MediaParts, MediaPort, MediaUser } from './media-contracts.ts';
import type { MediaNews } from './signalling/contents.ts';
import type { Envelope } from './signalling/messages.ts';

/** H.323, table 1: a gateway without an MC. */
const terminalType = 60;

/** How long an answer to H.245 beside fast start is waited for after the call's answer. */
const parallelTimer = 'parallel H.245';
const parallelMs = 1_500;
/** A lost H.245 connection is news only when the call is not cleared in the same breath. */
const lossTimer = 'H.245 lost';
const lossMs = 1_000;

/** Media control of one call: fast connect, H.245 and the way that it travels, channels. */
export class MediaControl implements ControlUser {
  readonly plan: ChannelPlan;
  readonly session: ControlSession;
  readonly carrier: ControlCarrier;
  private readonly parts: MediaParts;
  private readonly port: MediaPort;
  private readonly user: MediaUser;
  private local: string | undefined;
  private readonly fast: FastConnect;
  private farAddress: HostPort | undefined;
  /** Capabilities are told, the determination runs. */
  private begun = false;
  private connectedOnce = false;
  /** Our first H.245 messages travelled beside fast start. */
  private parallel = false;
  private lossText = '';

  constructor(parts: MediaParts, port: MediaPort, user: MediaUser) {
    this.parts = parts;
    this.port = port;
    this.user = user;
    const entityPort: EntityPort = {
      send: (message) => this.carrier.send(encodeH245(message)),
      startTimer: (name, ms) => port.startTimer(name, ms),
      stopTimer: (name) => port.stopTimer(name),
    };
    this.session = new ControlSession({ terminalType, draw: parts.draw, nowMs: parts.nowMs }, entityPort, this);
    this.plan = new ChannelPlan(parts.terms, this.session.outgoing, this.session.incoming, () => user.changed());
    this.fast = new FastConnect(parts.terms, this.plan);
    this.carrier = new ControlCarrier(
      { ...parts, tunnelling: parts.abilities.tunnelling },
      {
        receive: (bytes) => this.session.receive(bytes),
        carry: () => port.carry(),
        established: (again) => this.carried(again),
        lost: (gracefully, text) => this.carrierLost(gracefully, text),
      },
    );
  }

  /** H.245 has a way and has begun, but the far side has not yet told its capabilities. */
  get awaitsCapabilities(): boolean {
    return this.begun && this.carrier.state !== 'none' && this.plan.farCapabilities === undefined;
  }

  /** A call of ours begins: what SETUP takes along of media. */
  propose(offer: string): { fastStart: boolean; control: Uint8Array[] } {
    this.local = offer;
    if (this.parts.abilities.fastStart) this.fast.propose();
    this.plan.describe(offer);
    if (this.parts.abilities.earlyH245 && this.carrier.tunnelling) this.begin();
    const control = this.carrier.take();
    const fastStart = this.fast.state === 'proposed';
    this.parallel = fastStart && control.length > 0;
    return { fastStart, control };
  }

  /** Our answer to a call: what CONNECT takes along. */
  answer(sdp: string): void {
    this.local = sdp;
    this.fast.answer(sdp);
    this.plan.describe(sdp);
    if (this.carrier.state !== 'none') this.begin();
  }

  /** What a message of ours carries. */
  envelope(message: 'setup' | 'connect' | 'other'): Envelope {
    const { address } = this.carrier;
    const tells = address !== undefined && this.carrier.state === 'none';
    const proposes = message === 'setup' && this.fast.state === 'proposed' && this.local !== undefined;
    const fastStart =
      message === 'connect' ? this.fast.returned : proposes ? this.parts.terms.proposals(this.local ?? '') : undefined;
    return {
      tunnelling: this.carrier.tunnelling,
      control: message === 'setup' || this.carrier.state === 'tunnel' ? this.carrier.take() : [],
      ...(tells ? { h245Address: signallingAddress(address) } : {}),
      ...(fastStart === undefined ? {} : { fastStart }),
      ...(message === 'connect' && this.fast.state === 'refused' ? { fastConnectRefused: true } : {}),
    };
  }

  /** What a message of the far side says of media, before the message itself counts. */
  news(news: MediaNews): void {
    if (news.tunnelling !== undefined) this.carrier.farTunnels(news.tunnelling);
    this.farAddress = hostPortOf(news.h245Address) ?? this.farAddress;
    if (news.fastStart !== undefined) this.fastStart(news.fastStart);
    if (news.fastConnectRefused) this.fast.refuse();
  }

  /** H.245 that travelled in it, and invitations to connect. */
  control(news: MediaNews): void {
    // What is tunnelled to a side that refuses tunnelling was never said; it comes again on the connection.
    const tunnelled = this.carrier.tunnelling ? [...news.parallelControl, ...news.control] : [];
    for (const bytes of tunnelled) this.session.receive(bytes);
    if (tunnelled.length > 0) this.begin();
    if (news.facility?.startH245 !== undefined) this.connectH245();
    else this.reach();
  }

  /** The call is answered: the fast connect is decided, and H.245 begins if it has not. */
  connected(): void {
    this.connectedOnce = true;
    this.fast.refuse();
    if (this.parallel) this.port.startTimer(parallelTimer, parallelMs);
    if (this.carrier.state !== 'none') this.begin();
    else this.reach();
  }

  timeout(name: string): void {
    if (name === lossTimer) this.user.fault(`H.245 connection: ${this.lossText}`);
    else if (name !== parallelTimer) this.session.timeout(name);
    // A far side of before H.323 version 4 does not see H.245 beside fast start.
    else if (this.session.capabilities.state === 'awaiting response') this.tellAgain();
  }

  /** Ends the session; what is to be sent travels in RELEASE COMPLETE, or on its connection. */
  end(): void {
    if (this.begun || this.carrier.state === 'connection') this.session.end();
  }

  close(): void {
    this.session.roundTrip.stop();
    this.carrier.close();
  }

  /** Sends an indication or a command. */
  tell(message: MultimediaSystemControlMessage): void {
    this.carrier.send(encodeH245(message));
  }

  /** Tells our capabilities and begins the determination, once there is a description and a way. */
  begin(): void {
    if (this.begun || this.local === undefined) return;
    this.begun = true;
    this.session.capabilities.tell(this.parts.terms.capabilities(this.local));
    this.session.masterSlave.begin();
    this.session.roundTrip.start();
  }

  /** Begins all anew with another description of ours (H.323, clause 8.4.6): pause, then capabilities as at first. */
  restart(sdp: string): void {
    this.local = sdp;
    this.begun = true;
    this.plan.closeAll();
    const content = this.parts.terms.capabilities(sdp);
    this.session.capabilities.tell({ protocolIdentifier: content.protocolIdentifier });
    this.session.capabilities.tell(content);
    this.session.masterSlave.reset();
    this.session.masterSlave.begin();
    this.plan.describe(sdp);
  }

  // What the H.245 session tells.

  capabilitiesReceived(...told: Parameters<ControlUser['capabilitiesReceived']>): void {
    const resumed = this.plan.paused && !told[1];
    this.plan.capabilitiesReceived(...told);
    if (!resumed || this.local === undefined) return;
    // As at the beginning of the call: determination and capabilities again.
    this.session.masterSlave.reset();
    this.plan.determined(undefined);
    this.session.capabilities.tell(this.parts.terms.capabilities(this.local));
    this.session.masterSlave.begin();
  }

  capabilitiesAcknowledged(): void {
    this.plan.capabilitiesAcknowledged();
    this.user.changed();
  }

  capabilitiesRefused(reason: string): void {
    // Told before the answer, and the far side waits with its own until then: it is told again.
    if (!this.connectedOnce) this.begun = false;
    else if (this.plan.channels.isEmpty) this.user.failed({ sip: 488, q850: 65, text: reason });
    else this.user.fault(reason);
  }

  determined(status: 'master' | 'slave'): void {
    this.plan.determined(status);
    this.user.changed();
  }

  undetermined(reason: string): void {
    if (!this.connectedOnce) return;
    this.user.fault(`master/slave determination: ${reason}`);
    // Whoever cannot agree is served as a master: it only decides conflicts.
    this.plan.determined('slave');
    this.user.changed();
  }

  channelOpened(...told: Parameters<ControlUser['channelOpened']>): void {
    this.plan.channelOpened(...told);
  }

  channelRefused(...told: Parameters<ControlUser['channelRefused']>): void {
    this.plan.channelRefused(...told);
  }

  channelCloseRequested(...told: Parameters<ControlUser['channelCloseRequested']>): void {
    this.plan.channelCloseRequested(...told);
  }

  channelRequested(...told: Parameters<ControlUser['channelRequested']>): void {
    // Whoever opens channels by H.245 gave up fast connect.
    this.fast.refuse();
    this.plan.channelRequested(...told);
  }

  channelClosed(number: number): void {
    this.plan.channelClosed(number);
  }

  channelCloseRefused(number: number): void {
    this.user.fault(`channel ${number} is not closed on request`);
  }

  channelActive(number: number, active: boolean): void {
    this.plan.channels.setActive(number, active);
  }

  keyFrameRequested(): void {
    this.user.keyFrameRequest();
  }

  bitRateLimited(channel: number | undefined, bitsPerSecond: number | undefined): void {
    this.plan.limit(channel, bitsPerSecond);
  }

  modeRequested(request: RequestMode): ReturnType<ControlUser['modeRequested']> {
    return requestedMode(request, this.plan);
  }

  capabilitiesWanted(): void {
    if (this.local !== undefined) this.session.capabilities.tell(this.parts.terms.capabilities(this.local));
  }

  digit(digit: Digit): void {
    this.user.digit(digit);
  }

  sessionEnded(): void {
    this.session.end();
    this.user.sessionEnded();
  }

  measured(): void {}

  lost(): void {
    this.user.failed({ sip: 408, q850: 102, text: 'the far end is silent' });
  }

  fault(text: string): void {
    this.user.fault(`H.245: ${text}`);
  }

  private fastStart(octets: readonly Uint8Array[]): void {
    try {
      if (this.parts.weCalled) this.fast.answered(octets, this.local ?? '');
      else if (this.local === undefined && this.parts.abilities.fastStart) this.fast.offer(octets);
    } catch (error) {
      this.user.fault(`fast start: ${errorText(error)}`);
    }
  }

  /** Takes what is known to get a way for H.245. */
  private reach(): void {
    if (this.carrier.state !== 'none') {
      if (this.connectedOnce || this.fast.state === 'accepted' || this.fast.state === 'refused') this.begin();
      return;
    }
    // While fast connect is open, an H.245 connection of ours would give it up (H.323, clause 8.1.7).
    if (this.carrier.tunnelling && !this.connectedOnce) return;
    if (this.fast.state === 'proposed') return;
    if (this.farAddress !== undefined) this.carrier.connect(this.farAddress);
    else if (this.connectedOnce) this.connectH245();
  }

  /** A connection to where the far side takes one, else one to us. */
  private connectH245(): void {
    if (this.carrier.state !== 'none') return;
    if (this.farAddress !== undefined) {
      this.carrier.connect(this.farAddress);
      return;
    }
    if (this.carrier.awaits) return;
    this.carrier.listen().then(
      () => this.port.startH245(),
      (error: unknown) => this.user.fault(`no port for H.245: ${errorText(error)}`),
    );
  }

  private carried(again: boolean): void {
    if (!again) {
      if (this.connectedOnce || this.fast.state === 'accepted' || this.carrier.state === 'connection') this.begin();
      return;
    }
    // What was told on the way that is gone may never have arrived.
    if (this.begun) this.tellAgain();
    else this.begin();
  }

  private tellAgain(): void {
    if (this.local === undefined) return;
    this.session.capabilities.tellAgain(this.parts.terms.capabilities(this.local));
    if (this.session.masterSlave.status === undefined) {
      this.session.masterSlave.reset();
      this.session.masterSlave.begin();
    }
  }

  private carrierLost(gracefully: boolean, text: string): void {
    this.session.roundTrip.stop();
    if (this.plan.channels.isEmpty) this.user.failed({ sip: 504, q850: 41, text: `H.245 connection: ${text}` });
    // Many close it just before RELEASE COMPLETE, some right after fast start: the call itself still stands.
    else if (!gracefully && !this.session.isOver) {
      this.lossText = text;
      this.port.startTimer(lossTimer, lossMs);
    }
  }
}
