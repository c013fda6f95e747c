import { EventEmitter } from 'node:events';
import { errorText } from '../../../platform/error-text.ts';
import type { ClearCause } from '../../../store/schema/names.ts';
import { completeCause } from '../../cause.ts';
import type { ReleaseCompleteReason, SignallingError, SignallingMessage } from '../h225/index.ts';
import type { GatekeeperClient } from '../ras/interface.ts';
import { type Digit, digitsOfText } from './control/user-input.ts';
import type { MediaTerms } from './media/terms.ts';
import type { Abilities } from './media-contracts.ts';
import { MediaControl } from './media-control.ts';
import { CallControl, type Redirection, type SignallingUser } from './signalling/call-control.ts';
import { mediaNews } from './signalling/contents.ts';
import { type CallIdentity, MessageBuilder, type SetupContent } from './signalling/messages.ts';
import type { ControlPorts } from './transport/control-ports.ts';
import type { CallReceiver, SignallingConnection } from './transport/signalling-connection.ts';
import { CallTimers } from './transport/timers.ts';

/** What all calls of a signalling side share. */
export interface CallParts {
  abilities: Abilities;
  terms: MediaTerms;
  ports: ControlPorts;
  /** Our address for connections that we open; `undefined` leaves it to the system. */
  localAddress: string | undefined;
  /** Address of ours that the far side of a connection can reach. */
  ownHost: (connection: { local: string; far: string }) => string;
  /** Random numbers of 24 bits. */
  draw: () => number;
  nowMs: () => number;
  /** One line about something wrong that the far side sent. */
  warn: (text: string, call: { callId: string; far: string }) => void;
}

export interface H323CallEvents {
  /** The far side rings. */
  ringing: [];
  /** Answered, and there is sound in at least one direction. Once. */
  established: [];
  /** Over by the far side or a fault. Once; not after `end`. */
  ended: [cause: ClearCause];
  /** Channels or capabilities changed after it was established. */
  changed: [];
  digit: [digit: Digit];
  keyFrameRequest: [];
  redirected: [redirection: Redirection];
  /** Over, whoever ended it; nothing follows. */
  finished: [];
}

/** From the answer until channels stand. */
const establishMs = 12_000;
/** How much longer the far side's channels are waited for when ours stand. */
const settleMs = 1_500;
/** How long the far side's capabilities are waited for when fast start has brought all channels. */
const capabilitiesMs = 300;
/** Between the end of the H.245 session and RELEASE COMPLETE. */
const sessionEndMs = 2_000;
/** Between two STATUS ENQUIRY, where no H.245 tells whether the far side lives. */
const enquireMs = 30_000;
/** Q.931 cause: invalid information element contents. */
const invalidContents = 100;

/** One H.323 call: its call signalling, its media control, its timers. */
export class H323Call extends EventEmitter<H323CallEvents> implements CallReceiver {
  /** The call identifier as 32 hexadecimal digits. */
  readonly callId: string;
  readonly identity: CallIdentity;
  readonly weCalled: boolean;
  readonly connection: SignallingConnection;
  readonly media: MediaControl;
  readonly control: CallControl;
  private readonly parts: CallParts;
  private readonly timers: CallTimers;
  private answered = false;
  private established = false;
  private over = false;
  private signallingGone = false;

  constructor(parts: CallParts, connection: SignallingConnection, identity: CallIdentity) {
    super();
    this.parts = parts;
    this.connection = connection;
    this.identity = identity;
    this.weCalled = !identity.fromDestination;
    this.callId = Buffer.from(identity.callIdentifier).toString('hex');
    this.timers = new CallTimers((name) => this.timeout(name));
    const startTimer = (name: string, ms: number): void => this.timers.start(name, ms);
    const stopTimer = (name: string): void => this.timers.stop(name);
    this.media = new MediaControl(
      {
        abilities: parts.abilities,
        weCalled: this.weCalled,
        terms: parts.terms,
        ports: parts.ports,
        ownHost: parts.ownHost({ local: connection.local.host, far: connection.far.host }),
        localAddress: parts.localAddress,
        accepts: (host) => host === connection.far.host,
        draw: parts.draw,
        nowMs: parts.nowMs,
      },
      { startTimer, stopTimer, carry: () => this.control.carry(), startH245: () => this.control.startH245() },
      {
        changed: () => this.mediaChanged(),
        digit: (digit) => this.emit('digit', digit),
        keyFrameRequest: () => this.emit('keyFrameRequest'),
        sessionEnded: () => this.sessionEnded(),
        failed: (cause) => this.fail(cause),
        fault: (text) => this.fault(text),
      },
    );
    this.control = new CallControl(
      new MessageBuilder(identity),
      { startTimer, stopTimer, send: (message) => connection.send(message) },
      this.signallingUser(),
    );
    connection.attach(identity.callReference, this.weCalled, this);
  }

  get isOver(): boolean {
    return this.over;
  }

  /** The far side's description; '' while there is none. */
  get remoteSdp(): string {
    return this.media.plan.remoteSdp ?? '';
  }

  /** Begins a call of ours. */
  place(content: Omit<SetupContent, 'parallelControl'>, offer: string, ringMs: number): void {
    const { control, fastStart } = this.media.propose(offer);
    // Beside fast start, H.245 has a place of its own in SETUP (H.323, clause 8.2.4).
    if (fastStart && control.length > 0) this.control.setup({ ...content, parallelControl: control }, ringMs);
    else {
      for (const bytes of control) this.media.carrier.send(bytes);
      this.control.setup(content, ringMs);
    }
  }

  /** A call came: from now on its messages count. */
  begin(): void {
    this.control.present();
  }

  /** Takes what its SETUP says of media. */
  present(setup: SignallingMessage): void {
    const news = mediaNews(setup);
    this.media.news(news);
    this.media.control(news);
    if (setup.elements.keypad !== undefined) this.keypad(setup.elements.keypad);
  }

  /** Answers with our description. Where H.245 needs a connection, CONNECT says where we take it. */
  async answer(sdp: string): Promise<void> {
    const { carrier } = this.media;
    if (carrier.state === 'none') {
      await carrier.listen().catch((error: unknown) => {
        this.fault(`no port for H.245: ${errorText(error)}`);
      });
    }
    if (this.over) return;
    this.answered = true;
    this.media.answer(sdp);
    this.control.connect(/^m=video [1-9]/m.test(sdp));
    this.media.connected();
    this.await();
  }

  /** Clears the call; nothing is told any more. Safe in every state, and twice. */
  end(cause: ClearCause, because?: ReleaseCompleteReason): void {
    if (this.over) return;
    this.media.end();
    if (this.signallingGone) this.control.lost();
    else this.control.release(cause, because);
    this.finish();
  }

  /** A gatekeeper that granted the call may take it back. */
  obey(client: GatekeeperClient): void {
    const clear = (key: string): void => {
      if (key === this.callId) this.fail({ sip: 480, q850: 31, text: 'cleared by the far gatekeeper' });
    };
    client.on('clear', clear);
    this.once('finished', () => client.off('clear', clear));
  }

  receive(message: SignallingMessage): void {
    if (!this.over) this.control.receive(message);
  }

  unreadable(error: SignallingError): void {
    if (this.over) return;
    this.fault(error.message);
    this.control.tell(invalidContents);
  }

  connectionLost(gracefully: boolean, text: string): void {
    if (this.over) return;
    // A gatekeeper may leave a call whose media control has a connection of its own (H.323, clause 8.1).
    if (gracefully && this.established && this.media.carrier.state === 'connection') {
      this.signallingGone = true;
      this.control.lost();
      return;
    }
    this.control.lost();
    const cause: ClearCause = { sip: 480, q850: 41, text: `signalling connection: ${text}` };
    this.finish();
    this.emit('ended', cause);
  }

  private timeout(name: string): void {
    if (this.over) return;
    if (name === 'establish') this.notEstablished();
    else if (name === 'settle') this.settle();
    else if (name === 'session end') this.fail({ q850: 16, text: 'far end hung up' });
    else if (name === 'enquire') this.enquire();
    else if (/^T3/.test(name)) this.control.timeout(name);
    else this.media.timeout(name);
  }

  private signallingUser(): SignallingUser {
    return {
      news: (news) => this.media.news(news),
      control: (news) => this.media.control(news),
      envelope: (message) => this.media.envelope(message === 'setup' || message === 'connect' ? message : 'other'),
      ringing: () => this.emit('ringing'),
      connected: () => {
        this.answered = true;
        this.media.connected();
        this.await();
      },
      cleared: (cause) => {
        this.finish();
        this.emit('ended', cause);
      },
      redirected: (redirection) => this.emit('redirected', redirection),
      keypad: (text) => this.keypad(text),
      fault: (text) => this.fault(text),
    };
  }

  private keypad(text: string): void {
    for (const digit of digitsOfText(text)) this.emit('digit', digit);
  }

  /** Answered: now channels have to come about. */
  private await(): void {
    this.timers.start('establish', establishMs);
    this.timers.start('enquire', enquireMs);
    this.mediaChanged();
  }

  private mediaChanged(): void {
    if (this.over || !this.answered) return;
    if (this.established) {
      this.emit('changed');
      return;
    }
    const { settlement } = this.media.plan;
    // After fast start the capabilities are a moment away: with them the description tells of digits in RTP at once.
    if (settlement === 'settled' && this.media.awaitsCapabilities) this.timers.start('settle', capabilitiesMs);
    else if (settlement === 'settled') this.settled();
    else if (settlement === 'far side missing') this.timers.start('settle', settleMs);
    else if (settlement === 'impossible') this.fail(noCommonCodec);
    else this.timers.stop('settle');
  }

  private settle(): void {
    const { channels, settlement } = this.media.plan;
    if (!channels.isEmpty && settlement !== 'opening') this.settled();
  }

  private notEstablished(): void {
    if (this.media.plan.channels.isEmpty) this.fail({ sip: 488, q850: 65, text: 'no channel came about' });
    else this.settled();
  }

  private settled(): void {
    if (this.established) return;
    this.established = true;
    this.timers.stop('settle');
    this.timers.stop('establish');
    this.emit('established');
  }

  private enquire(): void {
    if (!this.signallingGone && this.media.carrier.state === 'none') this.control.enquire();
    this.timers.start('enquire', enquireMs);
  }

  private sessionEnded(): void {
    if (this.signallingGone) this.fail({ q850: 16, text: 'far end hung up' });
    else this.timers.start('session end', sessionEndMs);
  }

  /** Ends the call on our own account, and tells so: a fault, or a gatekeeper's wish. */
  fail(cause: ClearCause): void {
    if (this.over) return;
    this.end(cause);
    this.emit('ended', completeCause(cause));
  }

  private fault(text: string): void {
    const { far } = this.connection;
    this.parts.warn(text, { callId: this.callId, far: `${far.host}:${far.port}` });
  }

  private finish(): void {
    this.over = true;
    this.timers.stopAll();
    this.media.close();
    this.connection.detach(this.identity.callReference, this.weCalled);
    this.emit('finished');
  }
}

const noCommonCodec: ClearCause = { sip: 488, q850: 65, text: 'no codec in common' };
