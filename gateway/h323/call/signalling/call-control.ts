import type { ClearCause } from '../../../../store/schema/names.ts';
import type { AliasAddress, ReleaseCompleteReason, SignallingMessage, TransportAddress } from '../../h225/index.ts';
import { type CallState, signallingWaitMs, stateNumber } from './call-state.ts';
import { type MediaNews, mediaNews } from './contents.ts';
import type { Envelope, MessageBuilder, SetupContent } from './messages.ts';
import { causeOfRelease, releaseOfCause } from './release.ts';

/** What call control may do to the world: it owns no socket and no clock. */
export interface SignallingPort {
  send(message: SignallingMessage): void;
  startTimer(name: string, ms: number): void;
  stopTimer(name: string): void;
}

/** A far side that tells us to call somewhere else (H.323, clause 8.4.5; H.225.0, clause 7.4.2). */
export interface Redirection {
  reason: 'callForwarded' | 'routeCallToGatekeeper' | 'routeCallToMC';
  address: TransportAddress | undefined;
  aliases: AliasAddress[];
}

/** What call control tells its user. */
export interface SignallingUser {
  /** Media control in a message, before what the message itself means is told; its H.245 comes by `control` after. */
  news(news: MediaNews): void;
  control(news: MediaNews): void;
  /** What a message of ours takes along. */
  envelope(message: 'setup' | 'callProceeding' | 'alerting' | 'connect' | 'releaseComplete' | 'other'): Envelope;
  ringing(): void;
  /** The far side answered. */
  connected(): void;
  /** The call is over by the far side, or by a wait that ended; nothing more is sent. */
  cleared(cause: ClearCause): void;
  redirected(redirection: Redirection): void;
  /** A Keypad element's text. */
  keypad(text: string): void;
  fault(text: string): void;
}

const timers = ['T301', 'T303', 'T310', 'T322'];

/** Q.850 causes of STATUS (Q.931, clause 5.8). */
const statusAnswer = 30;
const unknownMessage = 97;
const wrongState = 101;

/** The call signalling of one call (Q.931, clause 5, as H.225.0, clause 7 profiles it), both roles. */
export class CallControl {
  state: CallState = 'null';
  /** Silent to STATUS ENQUIRY this often in a row, though it answered before. */
  private enquiries = 0;
  private statusSeen = false;
  private readonly build: MessageBuilder;
  private readonly port: SignallingPort;
  private readonly user: SignallingUser;

  constructor(build: MessageBuilder, port: SignallingPort, user: SignallingUser) {
    this.build = build;
    this.port = port;
    this.user = user;
  }

  /** Whether there is a call. */
  get stands(): boolean {
    return this.state !== 'null';
  }

  /** Begins a call. @param ringMs how long it may take until it is answered. */
  setup(content: SetupContent, ringMs: number): void {
    this.state = 'call initiated';
    this.port.startTimer('T303', signallingWaitMs.T303);
    this.port.startTimer('T301', ringMs);
    this.port.send(this.build.setup(content, this.user.envelope('setup')));
  }

  /** A SETUP came: the call is there. */
  present(): void {
    this.state = 'call present';
  }

  proceed(): void {
    if (this.state !== 'call present') return;
    this.state = 'incoming call proceeding';
    this.port.send(this.build.callProceeding(this.user.envelope('callProceeding')));
  }

  alert(): void {
    if (this.state !== 'call present' && this.state !== 'incoming call proceeding') return;
    this.state = 'call received';
    this.port.send(this.build.alerting(this.user.envelope('alerting')));
  }

  connect(withVideo: boolean): void {
    this.state = 'active';
    this.port.send(this.build.connect(withVideo, this.user.envelope('connect')));
  }

  /** Clears the call in whatever state it is (H.225.0, clause 7.2: RELEASE COMPLETE alone). */
  release(cause: ClearCause, because?: ReleaseCompleteReason): void {
    if (this.state === 'null') return;
    const { q850, reason } = releaseOfCause(cause);
    const message = this.build.releaseComplete(q850, because ?? reason, this.user.envelope('releaseComplete'));
    this.over();
    this.port.send(message);
  }

  /** Takes H.245 to the far side when no other message does. */
  carry(): void {
    if (this.state !== 'null') this.port.send(this.build.carrier(this.user.envelope('other')));
  }

  /** FACILITY that says where we take an H.245 connection (H.323, clause 8.2.3). */
  startH245(): void {
    if (this.state !== 'null') this.port.send(this.build.facility({ startH245: null }, this.user.envelope('other')));
  }

  digits(text: string): void {
    this.port.send(this.build.information(text, this.user.envelope('other')));
  }

  /** Asks whether the call still stands at the far side. */
  enquire(): void {
    if (this.state === 'null') return;
    this.port.send(this.build.statusEnquiry(this.user.envelope('other')));
    this.port.startTimer('T322', signallingWaitMs.T322);
  }

  /** The transport is gone: nothing can be sent. */
  lost(): void {
    this.over();
  }

  /** Takes a message of this call, but the SETUP that made it. */
  receive(message: SignallingMessage): void {
    if (this.state === 'null') return;
    const news = mediaNews(message);
    this.user.news(news);
    this.act(message);
    if (this.stands) this.user.control(news);
  }

  timeout(name: string): void {
    if (name === 'T322') this.silent();
    else if (name === 'T301') this.expired({ sip: 408, q850: 19, text: 'no answer' });
    else if (name === 'T303') this.expired({ sip: 408, q850: 18, text: 'no answer to SETUP' });
    else if (name === 'T310') this.expired({ sip: 408, q850: 102, text: 'call did not proceed' });
  }

  private act(message: SignallingMessage): void {
    const { elements, type, userInformation } = message;
    const body = userInformation?.['h323-uu-pdu']['h323-message-body'];
    const outgoing = this.state === 'call initiated' || this.state === 'outgoing call proceeding';
    switch (type) {
      case 'callProceeding':
      case 'setupAcknowledge':
        if (this.state !== 'call initiated') break;
        this.state = 'outgoing call proceeding';
        this.port.stopTimer('T303');
        this.port.startTimer('T310', signallingWaitMs.T310);
        break;
      case 'progress':
        this.port.stopTimer('T303');
        // Sound from the network is on its way: nothing else may follow for long (Q.931, clause 5.1.6).
        this.port.stopTimer('T310');
        break;
      case 'alerting':
        if (!outgoing) break;
        this.state = 'call delivered';
        this.port.stopTimer('T303');
        this.port.stopTimer('T310');
        this.user.ringing();
        break;
      case 'connect':
        if (!outgoing && this.state !== 'call delivered') break;
        this.state = 'active';
        for (const timer of timers) this.port.stopTimer(timer);
        this.user.connected();
        break;
      case 'release':
      case 'disconnect':
        // Not of H.225.0, but a gateway behind a gateway may pass them on: cleared as in Q.931, clause 5.3.3.
        this.release({ q850: elements.cause?.value ?? 16, text: 'far end hung up' });
        this.user.cleared(causeOfRelease(elements.cause?.value, undefined));
        break;
      case 'releaseComplete':
        this.over();
        this.user.cleared(causeOfRelease(elements.cause?.value, body?.releaseComplete?.reason));
        break;
      case 'facility':
        this.facility(message);
        break;
      case 'information':
        if (elements.keypad !== undefined) this.user.keypad(elements.keypad);
        break;
      case 'statusEnquiry':
        this.tell(statusAnswer);
        break;
      case 'status':
        this.status(message);
        break;
      case 'setup':
        this.user.fault('SETUP for a call that stands');
        break;
      case 'notify':
      case 'connectAcknowledge':
      case 'userInformation':
      case 'congestionControl':
        break;
      default:
        this.user.fault(`message type ${type} in state ${this.state}`);
        this.tell(type.startsWith('unknown:') ? unknownMessage : wrongState);
    }
    if (type !== 'information' && elements.keypad !== undefined && this.stands) {
      this.user.keypad(elements.keypad);
    }
  }

  /** Tells our state, and why (Q.931, clause 5.8). */
  tell(q850: number): void {
    this.port.send(this.build.status(stateNumber[this.state], q850, this.user.envelope('other')));
  }

  private facility({ userInformation }: SignallingMessage): void {
    const facility = userInformation?.['h323-uu-pdu']['h323-message-body'].facility;
    if (facility === undefined) return;
    const { alternativeAddress: address, alternativeAliasAddress: aliases = [], reason } = facility;
    const why =
      reason.callForwarded !== undefined
        ? 'callForwarded'
        : reason.routeCallToGatekeeper !== undefined
          ? 'routeCallToGatekeeper'
          : reason.routeCallToMC !== undefined
            ? 'routeCallToMC'
            : undefined;
    if (why === undefined) return;
    this.user.redirected({ reason: why, address, aliases });
  }

  private status({ elements }: SignallingMessage): void {
    this.port.stopTimer('T322');
    this.statusSeen = true;
    this.enquiries = 0;
    // It knows of no call: so there is none (Q.931, clause 5.8.11).
    if (elements.callState === stateNumber.null) {
      this.over();
      this.user.cleared({ q850: 41, sip: 480, text: 'the far end has lost the call' });
    } else if (elements.cause !== undefined && elements.cause.value !== statusAnswer) {
      this.user.fault(`STATUS with cause ${elements.cause.value}`);
    }
  }

  private silent(): void {
    this.enquiries++;
    if (this.statusSeen && this.enquiries >= 2) {
      this.expired({ sip: 408, q850: 102, text: 'the far end is silent' });
    }
  }

  private expired(cause: ClearCause): void {
    this.release(cause);
    this.user.cleared(cause);
  }

  private over(): void {
    this.state = 'null';
    for (const timer of timers) this.port.stopTimer(timer);
  }
}
