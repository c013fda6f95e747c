import { EventEmitter } from 'node:events';
import type { EslEvent, FsmrfConference } from './library.ts';
import { type MediaConference, type MediaConferenceEvents, MediaError } from './media.ts';

/** A conference at a FreeSWITCH. */
export class FsmrfMediaConference extends EventEmitter<MediaConferenceEvents> implements MediaConference {
  readonly name: string;
  readonly conference: FsmrfConference;
  private gone = false;

  constructor(conference: FsmrfConference) {
    super();
    this.conference = conference;
    this.name = conference.name;
    const member = (event: EslEvent): number => Number(event.getHeader('Member-ID'));
    conference.on('startTalking', (event: EslEvent) => this.emit('talking', member(event), true));
    conference.on('stopTalking', (event: EslEvent) => this.emit('talking', member(event), false));
    conference.on('delMember', (event: EslEvent) => this.emit('left', member(event)));
    const lose = (): void => {
      if (this.gone) return;
      this.gone = true;
      this.emit('lost', 'media engine ended the conference');
    };
    conference.endpoint.on('destroy', lose);
    conference.endpoint.dialog?.on('destroy', lose);
  }

  async play(files: string[]): Promise<void> {
    if (!this.gone && files.length > 0) await this.conference.play(files);
  }

  async playTo(memberId: number, file: string): Promise<void> {
    if (this.gone) return;
    const answer = await this.conference.endpoint.api('conference', `${this.name} play ${file} ${memberId}`);
    const text = answer.getBody().trim();
    if (!text.startsWith('+OK')) throw new MediaError(`play: ${text}`);
  }

  async record(path: string): Promise<void> {
    await this.conference.startRecording(path).catch((error: unknown) => {
      throw new MediaError(`record: ${error instanceof Error ? error.message.trim() : error}`);
    });
  }

  async stopRecording(path: string): Promise<void> {
    if (!this.gone) await this.conference.stopRecording(path);
  }

  async destroy(): Promise<void> {
    if (this.gone) return;
    this.gone = true;
    await Promise.race([this.conference.destroy(), new Promise((resolve) => setTimeout(resolve, 2_000))]).catch(
      () => {},
    );
  }
}
