import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { firstValue, type SipText, uriIn } from './message.ts';

const pictureFastUpdate =
  '<?xml version="1.0" encoding="utf-8" ?>\r\n<media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>\r\n';

/** A refusal of an INVITE or an offer. */
export class Refusal extends Error {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(status: number, text: string, retryAfter?: number) {
    super(text);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

interface CallEvents {
  /** The far side's answer to our offer (in ACK). */
  answered: [sdp: string];
  /** ACK came: the call stands. */
  confirmed: [];
  ended: [cause: string];
  info: [contentType: string, body: string];
}

/** What carries a call's requests of ours. */
export interface CallAgent {
  hangUp(call: Call, cause: { q850: number; name: string }): void;
  inform(call: Call, contentType: string, body: string): void;
}

/** One call. */
export class Call extends EventEmitter<CallEvents> {
  readonly request: SipText;
  readonly source: { address: string; port: number };
  readonly callId: string;
  readonly localTag = randomBytes(8).toString('hex');
  remoteTarget: string;
  remoteSequence: number;
  localSequence = 1 + Math.floor(Math.random() * 100_000);
  over = false;
  /** Gives an SDP answer to a later offer, or an offer when there is none. @throws Refusal */
  onOffer: (offer: string | undefined) => Promise<string> = () =>
    Promise.reject(new Refusal(488, 'Not Acceptable Here'));
  private readonly agent: CallAgent;

  constructor(request: SipText, source: { address: string; port: number }, agent: CallAgent) {
    super();
    this.request = request;
    this.source = source;
    this.agent = agent;
    this.callId = firstValue(request, 'call-id') ?? '';
    this.remoteTarget = uriIn(firstValue(request, 'contact') ?? firstValue(request, 'from') ?? '');
    this.remoteSequence = Number.parseInt(firstValue(request, 'cseq') ?? '0', 10);
  }

  /** Ends the call with BYE. */
  hangUp(cause: { q850: number; name: string }): void {
    this.agent.hangUp(this, cause);
  }

  /** Asks the application's side for a key frame (RFC 5168). */
  askForKeyFrame(): void {
    if (!this.over) this.agent.inform(this, 'application/media_control+xml', pictureFastUpdate);
  }
}
