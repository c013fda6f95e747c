import { EventEmitter } from 'node:events';
import type {
  Media,
  MediaConference,
  MediaEndpoint,
  Membership,
  PictureQuality,
  SoundQuality,
} from '../../freeswitch/media/media.ts';
import { errorText } from '../../platform/error-text.ts';
import type { ClearCause, Srtp } from '../../store/schema/names.ts';
import {
  type CallDialog,
  type CallParty,
  type CallSignalling,
  type CallTarget,
  ClearError,
  type IncomingCall,
  type PlaceOptions,
} from '../call.ts';
import { normalEnd } from '../cause.ts';
import { DigitFilter } from './digit-filter.ts';
import { admitted, closedOnly, isProtected } from './protection.ts';
import { soundOnly } from './sound-only.ts';

interface LegEvents {
  /** The call is over, whoever ended it. Once. */
  ended: [cause: ClearCause];
  digit: [digit: string];
  hold: [held: boolean];
  /** Its media was lost and is there again, outside of any conference. */
  restored: [];
  /** Another description was agreed on: pictures may have come or gone. */
  renegotiated: [];
  /** No sound comes, or it comes again. */
  silent: [silent: boolean];
  /** No picture comes, or it comes again. */
  dark: [dark: boolean];
  /** Its media does not prove itself by the keys agreed on: nothing of it is heard. */
  unauthentic: [];
  /** How it sounded in the last seconds. */
  quality: [quality: SoundQuality];
  /** How its pictures were in the last seconds. */
  pictureQuality: [quality: PictureQuality];
}

/** How long lost media is tried to be made again, ms. */
const restoreForMs = 10_000;
const restoreEveryMs = 500;

const notProtected: ClearCause = { sip: 488, q850: 65, text: 'media is not protected as it must be' };

/**
 * The far side's answer to our offer, without pictures in clear where there must be keys.
 * @throws ClearError when it has none for its sound though there must be some.
 */
function demandProtection(answer: string, srtp: Srtp | undefined): string {
  if (srtp !== 'required') return answer;
  if (!isProtected(answer)) throw new ClearError(notProtected);
  return closedOnly(answer);
}

/** An answered call with its media: what rooms and voice menus deal in, the same for SIP and H.323. */
export class Leg extends EventEmitter<LegEvents> {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly dialog: CallDialog;
  private media: Media;
  private current: MediaEndpoint;
  private place: Membership | undefined;
  private over = false;
  private readonly digits = new DigitFilter();

  constructor(id: string, direction: 'in' | 'out', dialog: CallDialog, endpoint: MediaEndpoint, media: Media) {
    super();
    this.id = id;
    this.direction = direction;
    this.dialog = dialog;
    this.media = media;
    this.current = endpoint;
    this.follow(endpoint);
    dialog.onOffer(async (offer) => {
      const taken = admitted(offer, dialog.party.srtp ?? 'off');
      if (taken === undefined) throw new ClearError(notProtected);
      const answer = await this.current.modify(taken);
      this.emit('renegotiated');
      return answer;
    });
    dialog.on('ended', (cause) => void this.finish(cause, false));
    dialog.on('digit', (digit) => this.digit(digit, 'signalling'));
    dialog.on('hold', (held) => this.emit('hold', held));
    dialog.on('keyFrameRequest', () => void this.current.requestKeyFrame());
  }

  get party(): CallParty {
    return this.dialog.party;
  }

  get endpoint(): MediaEndpoint {
    return this.current;
  }

  get ended(): boolean {
    return this.over;
  }

  /** Its member number in the conference that it is in. */
  get memberId(): number | undefined {
    return this.place?.memberId;
  }

  async join(conference: MediaConference, muted = false): Promise<void> {
    this.place = await this.current.join(conference, { muted });
  }

  async leave(): Promise<void> {
    const { place } = this;
    this.place = undefined;
    await place?.leave();
  }

  async mute(muted: boolean): Promise<void> {
    await this.place?.mute(muted);
  }

  /** Sends digits the best way that the far side takes; `,` is a pause of a second. */
  async sendDigits(digits: string): Promise<void> {
    if (!(await this.dialog.sendDigits(digits))) await this.current.sendDigits(digits);
  }

  /** Hangs up. */
  async end(cause: ClearCause = normalEnd): Promise<void> {
    await this.finish(cause, true);
  }

  private follow(endpoint: MediaEndpoint): void {
    endpoint.on('digit', (digit) => this.digit(digit, 'media'));
    endpoint.on('silent', (silent) => this.emit('silent', silent));
    endpoint.on('dark', (dark) => this.emit('dark', dark));
    endpoint.on('unauthentic', () => this.emit('unauthentic'));
    endpoint.on('quality', (quality) => this.emit('quality', quality));
    endpoint.on('pictureQuality', (quality) => this.emit('pictureQuality', quality));
    endpoint.on('keyFrameRequest', () => {
      this.dialog.requestKeyFrame().catch(() => {
        // The engine asks again while it needs one.
      });
    });
    endpoint.on('lost', () => void this.restore());
  }

  private digit(digit: string, way: 'signalling' | 'media'): void {
    if (this.digits.fresh(digit, way, performance.now())) this.emit('digit', digit);
  }

  private async finish(cause: ClearCause, byUs: boolean): Promise<void> {
    if (this.over) return;
    this.over = true;
    this.place = undefined;
    this.emit('ended', cause);
    await Promise.all([byUs ? this.dialog.end(cause) : undefined, this.current.destroy()]);
  }

  /** The engine lost the endpoint: make another and tell the far side, for as long as it may still hold the call. */
  private async restore(): Promise<void> {
    this.place = undefined;
    const giveUpAt = performance.now() + restoreForMs;
    while (!this.over && performance.now() < giveUpAt) {
      let made: MediaEndpoint | undefined;
      try {
        made = await this.media.createEndpoint(undefined, this.party.srtp);
        const answer = await this.dialog.offer(made.localSdp);
        await made.modify(demandProtection(answer, this.party.srtp));
        if (this.over) {
          await made.destroy();
          return;
        }
        this.current = made;
        this.follow(made);
        this.emit('restored');
        return;
      } catch (error) {
        await made?.destroy();
        if (error instanceof ClearError && (error.cause.sip === 481 || error.cause.sip === 408)) break;
        await new Promise((resolve) => setTimeout(resolve, restoreEveryMs));
      }
    }
    await this.end({ sip: 503, q850: 41, text: 'media engine lost' });
  }
}

/** Answers a call with media. @throws ClearError when the caller went away; anything made for it is given back. */
export async function answerCall(id: string, call: IncomingCall, media: Media): Promise<Leg> {
  const { srtp = 'off' } = call.party;
  const offer = call.offer === undefined ? undefined : admitted(call.offer, srtp);
  if (call.offer !== undefined && offer === undefined) {
    call.reject(notProtected);
    throw new ClearError(notProtected);
  }
  let endpoint: MediaEndpoint;
  try {
    endpoint = await media.createEndpoint(offer, srtp);
  } catch (error) {
    const text = errorText(error);
    const cause = /\(488\)|not acceptable/i.test(text)
      ? { sip: 488, q850: 65, text: 'no codec in common' }
      : { sip: 503, q850: 41, text: 'media engine is not available' };
    call.reject(cause);
    throw new ClearError(cause);
  }
  try {
    const dialog = await call.answer(endpoint.localSdp);
    return await agreed(dialog, endpoint, call.offer === undefined, () => new Leg(id, 'in', dialog, endpoint, media));
  } catch (error) {
    await endpoint.destroy();
    throw error;
  }
}

/** Places a call with media. @throws ClearError when it is not answered; anything made for it is given back. */
export async function placeCall(
  id: string,
  signalling: CallSignalling,
  target: CallTarget,
  media: Media,
  options: Omit<PlaceOptions, 'offer'>,
): Promise<Leg> {
  const srtp = (await signalling.protection?.(target)) ?? 'off';
  const endpoint = await media.createEndpoint(undefined, srtp).catch((error: unknown) => {
    const text = errorText(error);
    throw new ClearError({ sip: 503, q850: 41, text: `media engine is not available: ${text}` });
  });
  let dialog: CallDialog | undefined;
  try {
    const placed = await signalling.place(target, {
      ...options,
      offer: target.kind === 'trunk' ? soundOnly(endpoint.localSdp) : endpoint.localSdp,
    });
    dialog = placed;
    return await agreed(placed, endpoint, true, () => new Leg(id, 'out', placed, endpoint, media));
  } catch (error) {
    await Promise.all([endpoint.destroy(), dialog?.end({ sip: 488, q850: 65, text: 'media could not be agreed on' })]);
    throw error;
  }
}

/**
 * Hands the far side's description to the engine, then makes the leg.
 * @throws ClearError when the far side hung up meanwhile: nobody listened to the dialog yet, and nobody would learn of it.
 */
async function agreed(dialog: CallDialog, endpoint: MediaEndpoint, answered: boolean, make: () => Leg): Promise<Leg> {
  let ended: ClearCause | undefined;
  const onEnd = (cause: ClearCause): void => {
    ended = cause;
  };
  dialog.once('ended', onEnd);
  try {
    if (answered) {
      await endpoint.modify(demandProtection(dialog.remoteSdp, dialog.party.srtp));
    }
    if (ended !== undefined) throw new ClearError(ended);
    return make();
  } finally {
    dialog.off('ended', onEnd);
  }
}
