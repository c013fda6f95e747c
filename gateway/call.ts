import type { EventEmitter } from 'node:events';
import type { ClearCause, Protocol, Srtp } from '../store/schema/names.ts';

/*
 * What a signalling side (sip/, h323/) hands to the rest of the gateway, the same for both protocols. A signalling side
 * knows messages and SDP; it knows no media engine, no dial plan and no room. SDP travels as text (RFC 8866).
 */

/** Who is at the far end, as far as it proved who it is. */
export interface CallParty {
  /** Device that proved itself (digest, gatekeeper registration, or its configured address). */
  endpointId?: string;
  /** Trunk that the call came through (its address list). */
  trunkId?: string;
  /** Site of the device or uplink. */
  siteId?: string;
  /** The far end's number or user part: caller ID for a call in, dialled number for a call out. */
  number: string;
  /** Display name, or ''. */
  name: string;
  /** Network address of the far signalling: `host:port`. */
  address: string;
  /** How media with it is to be protected; `off` when absent. */
  srtp?: Srtp;
}

/** What happens in an answered call. */
export interface DialogEvents {
  /** The far side cleared the call, or it failed (time-out, transport lost). Fires once; not after our own `end`. */
  ended: [cause: ClearCause];
  /** A digit that came through signalling (SIP INFO, H.245 user input, Q.931 keypad). */
  digit: [digit: string, durationMs: number];
  /** The far side asks for a key frame. */
  keyFrameRequest: [];
  /** The far side put the call on hold, or took it back. */
  hold: [held: boolean];
}

/** An answered call: a SIP dialog or an H.323 call. */
export interface CallDialog extends EventEmitter<DialogEvents> {
  readonly protocol: Protocol;
  /** Call-ID, or H.225 call identifier: for the log. */
  readonly callId: string;
  readonly party: CallParty;
  /** The far side's current description. */
  readonly remoteSdp: string;
  /**
   * Takes the far side's later offers (re-INVITE, UPDATE, H.245 channel changes, TCS=0). The handler answers with our
   * SDP answer, or rejects and the offer is refused (488) with the call going on as before.
   */
  onOffer(handler: (offer: string) => Promise<string>): void;
  /** Offers a change of ours; resolves to the far side's answer. @throws when it refuses; the call goes on as before. */
  offer(sdp: string): Promise<string>;
  /** Sends digits by signalling, where the far side takes them so; `false` when it does not (then send RFC 4733). */
  sendDigits(digits: string): Promise<boolean>;
  /** Asks the far side for a key frame in signalling (INFO picture_fast_update, videoFastUpdatePicture). */
  requestKeyFrame(): Promise<void>;
  /** Clears the call. Safe to call twice. Resolves when the far side confirmed or the wait (at most 4 s) is over. */
  end(cause?: ClearCause): Promise<void>;
}

/** A call that came in and is not answered yet. */
export interface IncomingCall extends EventEmitter<{ cancelled: [cause: ClearCause] }> {
  readonly protocol: Protocol;
  readonly callId: string;
  readonly party: CallParty;
  /** The number dialled: SIP user part, or H.323 called number or alias. */
  readonly called: string;
  /** The far side's offer; absent when it waits for ours (late offer). */
  readonly offer: string | undefined;
  /** Tells the caller that it rings (180, Alerting). */
  ring(): void;
  /**
   * Answers with our SDP: an answer to `offer`, or, when there was none, our offer, whose answer is the dialog's
   * `remoteSdp`. @throws ClearError when the caller went away meanwhile.
   */
  answer(sdp: string): Promise<CallDialog>;
  /** Refuses. Safe after cancel. */
  reject(cause: ClearCause): void;
}

/** Where a call out goes. */
export type CallTarget =
  /** Every live contact of a registered device, at once; the first that answers wins. */
  | { kind: 'endpoint'; endpointId: string }
  /** A far room by its site's uplink. */
  | { kind: 'uplink'; siteId: string }
  /** A phone by a trunk. */
  | { kind: 'trunk'; trunkId: string; number: string };

/** How a call out is made. */
export interface PlaceOptions {
  /** Our offer. */
  offer: string;
  /** Number and name shown to the far side. */
  caller: { number: string; name: string };
  /** How long it may ring, in ms. */
  ringTimeoutMs: number;
  /** Cancels the attempt. */
  signal?: AbortSignal;
  /** Called once when the far side rings. */
  onRinging?: () => void;
}

/** A signalling side: takes calls and makes them. */
export interface CallSignalling {
  readonly protocol: Protocol;
  /** A call came in. */
  on(event: 'call', listener: (call: IncomingCall) => void): unknown;
  /** How media with a target is to be protected; the offer of a call to it is made so. */
  protection?(target: CallTarget): Promise<Srtp>;
  /** Places a call; resolves when it is answered. @throws ClearError with the reason when it is not. */
  place(target: CallTarget, options: PlaceOptions): Promise<CallDialog>;
  /** Refuses new calls, ends running ones. */
  close(): Promise<void>;
}

/** A call that did not come about or was cleared, with the cause. */
export class ClearError extends Error {
  override readonly cause: ClearCause;

  constructor(cause: ClearCause) {
    super(cause.text);
    this.name = 'ClearError';
    this.cause = cause;
  }
}

/** Why a call ends that something went wrong with: the error's own cause, else a fault of ours (500, Q.850 41). */
export function causeOf(error: unknown): ClearCause {
  if (error instanceof ClearError) return error.cause;
  return { sip: 500, q850: 41, text: error instanceof Error ? error.message : String(error) };
}
