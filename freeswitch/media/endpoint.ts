import { EventEmitter } from 'node:events';
import { errorText } from '../../platform/error-text.ts';
import { codecOf } from './codec-of.ts';
import { FsmrfMediaConference } from './conference.ts';
import { type EslEvent, type FsmrfEndpoint, hangUp } from './library.ts';
import {
  type MediaConference,
  type MediaEndpoint,
  type MediaEndpointEvents,
  MediaError,
  type Membership,
} from './media.ts';
import { type PictureTotals, pictureQualityBetween, pictureTotalsOf, toldPictureQuality } from './picture-quality.ts';
import { qualityBetween, type Totals, toldQuality, totalsOf } from './quality.ts';
import { closedProfile } from './secure-offer.ts';
import { within } from './within.ts';

const endTimeoutMs = 2_000;

/** An endpoint at a FreeSWITCH. */
export class FsmrfMediaEndpoint extends EventEmitter<MediaEndpointEvents> implements MediaEndpoint {
  readonly id: string;
  private readonly endpoint: FsmrfEndpoint;
  private sdp: string;
  /** Our description as an answer, or with the far side's answer; none while there is but our offer. */
  private agreed: string | undefined;
  private readonly stopping = new Set<string>();
  private gone = false;
  private ending: Promise<void> | undefined;
  private breaking = false;
  private tells = false;
  private totals: Totals | undefined;
  private pictureTotals: PictureTotals | undefined;
  private whenGone: (() => void) | undefined;
  /** Settles when the endpoint is lost or ended: nothing that the engine has not told by then will be told. */
  private readonly goneForGood = new Promise<void>((resolve) => {
    this.whenGone = resolve;
  });

  /** @param offer The far side's offer that it was made for. */
  constructor(endpoint: FsmrfEndpoint, offer: string | undefined) {
    super();
    this.endpoint = endpoint;
    this.id = endpoint.uuid;
    this.sdp = offer === undefined ? endpoint.local.sdp : closedProfile(endpoint.local.sdp, offer);
    this.agreed = offer === undefined ? undefined : this.sdp;
    endpoint.on('dtmf', ({ dtmf, duration }: { dtmf: string; duration: string }) => {
      this.emit('digit', dtmf, Math.round(Number(duration) / 8));
    });
    endpoint.on('destroy', () => this.lose('media engine ended the endpoint'));
    endpoint.dialog?.on('destroy', () => this.lose('media engine hung up'));
    endpoint.dialog?.on('info', (request: { body?: string }, response: { send(status: number): void }) => {
      response.send(200);
      if (request.body?.includes('picture_fast_update') === true) this.emit('keyFrameRequest');
    });
    endpoint.conn?.on(`esl::event::CUSTOM::${endpoint.uuid}`, (event: EslEvent) => {
      const subclass = event.getHeader('Event-Subclass');
      const about = event.getHeader('Media-Type') === 'video' ? 'dark' : 'silent';
      if (subclass === 'rtp::silent') this.emit(about, true);
      if (subclass === 'rtp::resumed') this.emit(about, false);
      if (subclass === 'rtp::unauthentic') this.emit('unauthentic');
      if (subclass === 'rtp::quality') this.told(event);
    });
    endpoint.conn?.on(`esl::event::RECORD_STOP::${endpoint.uuid}`, (event: EslEvent) => {
      const path = event.getHeader('Record-File-Path') ?? '';
      if (!this.stopping.has(path)) this.emit('recordingEnded', path);
    });
    endpoint.conn?.subscribe('RECORD_STOP');
    endpoint.conn?.subscribe('CUSTOM rtp::silent rtp::resumed rtp::unauthentic rtp::quality');
  }

  /** Settles when it is gone, whoever ended it. */
  get over(): Promise<void> {
    return this.goneForGood;
  }

  get localSdp(): string {
    return this.sdp;
  }

  async modify(remoteSdp: string): Promise<string> {
    this.sdp = await within('modify', this.endpoint.modify(remoteSdp));
    this.agreed = this.sdp;
    return this.sdp;
  }

  async requestKeyFrame(): Promise<void> {
    if (this.gone) return;
    // RFC 5168.
    await this.endpoint.dialog
      ?.request({
        method: 'INFO',
        headers: { 'Content-Type': 'application/media_control+xml' },
        body: '<?xml version="1.0" encoding="utf-8" ?><media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>',
      })
      // It is asked again when none comes.
      .catch(() => {});
  }

  async play(files: string[]): Promise<void> {
    this.breaking = false;
    for (const file of files) {
      if (this.gone || this.breaking) return;
      // A prompt may be long; its end is told by the engine, or the endpoint is lost.
      const played = this.endpoint.play(file).catch((error: unknown) => {
        if (!this.gone) throw new MediaError(`${file}: ${errorText(error)}`);
      });
      await Promise.race([played, this.goneForGood]);
    }
  }

  async stopPlaying(): Promise<void> {
    this.breaking = true;
    if (!this.gone) await within('stop', this.endpoint.api('uuid_break', this.id)).catch(() => {});
  }

  async sendDigits(digits: string): Promise<void> {
    const text = digits.replace(/[^0-9*#A-Da-d,]/g, '').replace(/,/g, 'W');
    if (text === '') return;
    await within('digits', this.endpoint.api('uuid_send_dtmf', [this.id, text]));
  }

  async echo(): Promise<void> {
    // Runs until it is ended: nobody waits for it.
    void this.endpoint.execute('echo', '').catch(() => {});
  }

  async record(path: string): Promise<void> {
    // How the last recording ended is forgotten: it would pass for how this one began.
    await within('record', this.endpoint.execute('multiset', '^^^RECORD_READ_ONLY=true^record_completion_cause='));
    const event = await within('record', this.endpoint.execute('record_session', path));
    const failure = event.getHeader('variable_record_completion_cause') ?? '';
    if (failure !== '') throw new MediaError(`record: ${failure}`);
  }

  async stopRecording(path: string): Promise<void> {
    if (!this.gone) {
      this.stopping.add(path);
      const stopped = within('stop recording', this.endpoint.execute('stop_record_session', path));
      // A command that meets the end of its channel is never answered.
      await Promise.race([stopped, this.goneForGood]);
      // Its event may come behind the reply: the path is never used again.
    }
    // An endpoint that ends closes its files itself: they are whole when it is gone.
    await this.ending;
  }

  async join(conference: MediaConference, options: { muted?: boolean } = {}): Promise<Membership> {
    if (!(conference instanceof FsmrfMediaConference)) throw new MediaError('not a conference of this engine');
    const flags = options.muted === true ? { flags: { mute: true } } : {};
    const { memberId } = await within('join', this.endpoint.join(conference.conference, flags));
    return {
      memberId,
      mute: async (muted) => {
        await within('mute', muted ? this.endpoint.confMute() : this.endpoint.confUnmute());
      },
      leave: async () => {
        if (!this.gone) await Promise.race([within('leave', this.endpoint.unjoin()), this.goneForGood]);
      },
    };
  }

  async codec(): Promise<string | undefined> {
    // The engine's own variable follows only when the first packet comes; what was agreed on stands in the description.
    return this.gone || this.agreed === undefined ? undefined : codecOf(this.agreed);
  }

  async statistics(): Promise<Record<string, string>> {
    return this.gone ? {} : within('statistics', this.endpoint.getChannelVariables(true));
  }

  /** Looks how it sounds, unless the engine tells by itself. */
  async measure(): Promise<void> {
    if (this.gone || this.tells) return;
    await within('statistics', this.endpoint.api('uuid_set_media_stats', this.id));
    const variables = await this.statistics();
    const quality = this.totals === undefined ? undefined : qualityBetween(this.totals, variables);
    this.totals = totalsOf(variables);
    const nowMs = performance.now();
    const picture =
      this.pictureTotals === undefined ? undefined : pictureQualityBetween(this.pictureTotals, variables, nowMs);
    this.pictureTotals = pictureTotalsOf(variables, nowMs);
    if (this.tells) return;
    if (quality !== undefined) this.emit('quality', quality);
    if (picture !== undefined) this.emit('pictureQuality', picture);
  }

  private told(event: EslEvent): void {
    this.tells = true;
    const read = (name: string): string | undefined => event.getHeader(name) ?? undefined;
    if (read('Media-Type') === 'video') this.emit('pictureQuality', toldPictureQuality(read));
    else this.emit('quality', toldQuality(read));
  }

  async destroy(): Promise<void> {
    if (this.gone) return;
    this.leave();
    this.ending = within('destroy', hangUp(this.endpoint), endTimeoutMs).catch(() => {});
    await this.ending;
  }

  private lose(reason: string): void {
    if (this.gone) return;
    this.leave();
    this.emit('lost', reason);
  }

  private leave(): void {
    this.gone = true;
    this.whenGone?.();
  }
}
