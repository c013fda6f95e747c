import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClearCause } from '../../../store/schema/names.ts';
import { type CallDialog, type CallParty, ClearError, type DialogEvents } from '../../call.ts';
import { normalEnd } from '../../cause.ts';
import type { H323Call } from './call.ts';
import { betweenDigitsMs, digitIndication, digitMethod, digitMs } from './control/user-input.ts';

/** Changes that come within this time reach the media engine as one. */
const gatherMs = 20;
/** How long the far side may take to open its channels anew. */
const reopenMs = 8_000;
/** Key frames are asked for no oftener than this. */
const keyFrameEveryMs = 200;

/** An established H.323 call as the gateway sees it: its channels appear as the far side's description. */
export class H323CallDialog extends EventEmitter<DialogEvents> implements CallDialog {
  readonly protocol = 'h323' as const;
  readonly callId: string;
  readonly party: CallParty;
  private readonly call: H323Call;
  private readonly nowMs: () => number;
  private readonly stop = new AbortController();
  private handler: ((offer: string) => Promise<string>) | undefined;
  private agreed: string;
  private version = 1;
  private dirty = false;
  private running = false;
  /** An offer of ours is under way: changes are its outcome. */
  private offering: (() => void) | undefined;
  private held = false;
  private over = false;
  private readonly sessionId: number;
  private askedAt = Number.NEGATIVE_INFINITY;

  /** @param call established, and followed by nobody else. */
  constructor(call: H323Call, party: CallParty, nowMs: () => number) {
    super();
    this.call = call;
    this.callId = call.callId;
    this.party = party;
    this.nowMs = nowMs;
    this.sessionId = Number.parseInt(call.callId.slice(0, 12), 16);
    this.agreed = call.remoteSdp;
    call.media.plan.engage();
    call.on('changed', () => this.changed());
    call.on('digit', ({ digit, durationMs }) => this.emit('digit', digit, durationMs));
    call.on('keyFrameRequest', () => this.emit('keyFrameRequest'));
    call.on('ended', (cause) => {
      // The same packet may bring the last channel and the release: whoever gets this dialog shall hear of its end.
      if (this.finish()) setImmediate(() => this.emit('ended', cause));
    });
  }

  get remoteSdp(): string {
    return this.versioned(this.agreed);
  }

  onOffer(handler: (offer: string) => Promise<string>): void {
    this.handler = handler;
    if (this.dirty) this.changed();
  }

  async offer(sdp: string): Promise<string> {
    if (this.over) throw new ClearError(callOver);
    if (this.call.media.carrier.state === 'none') {
      throw new ClearError({ sip: 488, q850: 79, text: 'the far side has no H.245: channels cannot change' });
    }
    try {
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(
          () => reject(new ClearError({ sip: 504, q850: 102, text: 'the far side does not open its channels anew' })),
          reopenMs,
        );
        this.offering = () => {
          const { settlement } = this.call.media.plan;
          if (!this.over && settlement !== 'settled' && settlement !== 'impossible') return;
          clearTimeout(late);
          if (settlement === 'settled' && !this.over) resolve();
          else reject(new ClearError(this.over ? callOver : { sip: 488, q850: 65, text: 'no codec in common' }));
        };
        this.call.media.restart(sdp);
      });
    } finally {
      this.offering = undefined;
    }
    this.agreed = this.call.remoteSdp;
    this.dirty = false;
    this.call.media.plan.engage();
    this.noteHold();
    this.version++;
    return this.remoteSdp;
  }

  async sendDigits(digits: string): Promise<boolean> {
    if (this.over) return true;
    const far = this.call.media.carrier.state === 'none' ? undefined : this.call.media.plan.farCapabilities;
    const method = digitMethod(far);
    if (method === 'rtp') return false;
    let pauseMs = 0;
    for (const digit of digits.toUpperCase()) {
      if (pauseMs > 0) await this.wait(pauseMs);
      if (this.over) return true;
      pauseMs = digit === ',' ? 1_000 : digitMs + betweenDigitsMs;
      if (digit === ',') continue;
      if (method === 'keypad') this.call.control.digits(digit);
      else this.call.media.tell(digitIndication(digit, method));
    }
    return true;
  }

  async requestKeyFrame(): Promise<void> {
    const channel = this.call.media.plan.pictureChannel;
    if (this.over || channel === undefined || this.nowMs() - this.askedAt < keyFrameEveryMs) return;
    this.askedAt = this.nowMs();
    this.call.media.tell({
      command: {
        miscellaneousCommand: { logicalChannelNumber: channel, type: { videoFastUpdatePicture: null } },
      },
    });
  }

  async end(cause: ClearCause = normalEnd): Promise<void> {
    if (this.finish()) this.call.end(cause);
  }

  private changed(): void {
    if (this.over) return;
    this.dirty = true;
    if (this.offering !== undefined) this.offering();
    else if (!this.running && this.handler !== undefined) void this.renegotiate(this.handler);
  }

  /** Hands changes to the media engine, one after the other, until it has the newest. */
  private async renegotiate(handler: (offer: string) => Promise<string>): Promise<void> {
    this.running = true;
    while (this.dirty && !this.over && this.offering === undefined) {
      await this.wait(gatherMs);
      this.dirty = false;
      const { plan } = this.call.media;
      const offer = this.call.remoteSdp;
      if (offer === '' || (offer === this.agreed && !plan.channels.asks)) continue;
      try {
        this.version++;
        const answer = await handler(this.versioned(offer));
        if (this.over) break;
        this.agreed = offer;
        plan.relocate(answer, offer);
      } catch {
        plan.keep();
      }
      this.noteHold();
    }
    this.running = false;
  }

  /** The origin counts changes (RFC 4566, clause 5.2): an engine may pass over what it thinks it has. */
  private versioned(sdp: string): string {
    return sdp.replace(/^o=- 1 1 /m, `o=- ${this.sessionId} ${this.version} `);
  }

  private noteHold(): void {
    const held = this.call.media.plan.paused;
    if (held === this.held || this.over) return;
    this.held = held;
    this.emit('hold', held);
  }

  private async wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stop.signal }).catch(() => {});
  }

  /** `false` when it was over already. */
  private finish(): boolean {
    if (this.over) return false;
    this.over = true;
    this.stop.abort();
    this.offering?.();
    return true;
  }
}

const callOver: ClearCause = { sip: 481, q850: 16, text: 'the call is over' };
