import { EventEmitter } from 'node:events';
import type { Layout } from '../../store/schema/session.ts';
import { layoutNames } from './layout-names.ts';
import { levelsFrom } from './levels.ts';
import { type EslEvent, type FsmrfConference, hangUp } from './library.ts';
import { type MediaConference, type MediaConferenceEvents, MediaError } from './media.ts';
import { within } from './within.ts';

const endTimeoutMs = 2_000;
/** Nothing that is played to a room lasts longer. */
const longestPlayMs = 5 * 60_000;
const levelEvents = 'CUSTOM conference::levels';

/** A conference at a FreeSWITCH. */
export class FsmrfMediaConference extends EventEmitter<MediaConferenceEvents> implements MediaConference {
  readonly name: string;
  readonly conference: FsmrfConference;
  private readonly stopping = new Set<string>();
  private readonly talkers = new Set<number>();
  private gone = false;
  private whenGone: (() => void) | undefined;
  private readonly goneForGood = new Promise<void>((resolve) => {
    this.whenGone = resolve;
  });

  constructor(conference: FsmrfConference) {
    super();
    this.conference = conference;
    this.name = conference.name;
    const member = (event: EslEvent): number => Number(event.getHeader('Member-ID'));
    conference.on('startTalking', (event: EslEvent) => this.talks(member(event), true));
    conference.on('stopTalking', (event: EslEvent) => this.talks(member(event), false));
    // A FreeSWITCH does not say of a member that it mutes while it talks that it has stopped.
    conference.on('muteMember', (event: EslEvent) => this.talks(member(event), false));
    conference.endpoint.conn?.on('esl::event::CUSTOM::*', (event: EslEvent) => {
      const levels = event.getHeader('Member-Levels');
      if (levels !== null && levels !== undefined) this.emit('levels', levelsFrom(levels));
    });
    conference.on('stopRecording', (event: EslEvent) => {
      const path = event.getHeader('Path') ?? '';
      if (!this.stopping.has(path)) this.emit('recordingEnded', path);
    });
    conference.on('delMember', (event: EslEvent) => {
      this.talkers.delete(member(event));
      this.emit('left', member(event));
    });
    conference.on('videoFloorChange', (event: EslEvent) => {
      const holder = Number(event.getHeader('New-ID') ?? Number.NaN);
      this.emit('floor', Number.isInteger(holder) ? holder : undefined);
    });
    conference.on('videoPaceChange', (event: EslEvent) => this.emit('pace', Number(event.getHeader('Frame-Rate'))));
    conference.on('videoLayoutFallback', (event: EslEvent) => this.emit('fallback', event.getHeader('Reason') ?? ''));
    const lose = (): void => {
      if (this.gone) return;
      this.leave();
      this.emit('lost', 'media engine ended the conference');
    };
    conference.endpoint.on('destroy', lose);
    conference.endpoint.dialog?.on('destroy', lose);
  }

  async play(files: string[]): Promise<void> {
    for (const file of files) {
      if (this.gone) return;
      // The engine tells the path that it found: the name given, behind the folder of its prompts.
      const fits = (event: EslEvent): boolean => isFile(event.getHeader('File'), file);
      await this.until('playFileDone', fits, longestPlayMs, async () => {
        const reply = await this.conference.endpoint.api('conference', `${this.name} play ${file}`);
        if (!reply.getBody().startsWith('+OK')) throw new MediaError(`${file}: ${reply.getBody().trim()}`);
      });
    }
  }

  async playTo(memberId: number, file: string): Promise<void> {
    if (this.gone) return;
    const text = await this.command(`play ${file} ${memberId}`);
    if (!text.startsWith('+OK')) throw new MediaError(`play: ${text}`);
  }

  async setLayout(layout: Layout): Promise<void> {
    if (this.gone) return;
    let text = '';
    for (const name of layoutNames[layout]) {
      text = await this.command(`vid-layout ${name}`);
      if (text.startsWith('+OK')) return;
    }
    throw new MediaError(`layout ${layout}: ${text}`);
  }

  async setFloor(memberId: number | undefined): Promise<boolean> {
    if (this.gone) return false;
    const text = await this.command(memberId === undefined ? 'clear-vid-floor' : `vid-floor ${memberId} force`);
    return text.startsWith('+OK');
  }

  async setBanner(memberId: number, name: string): Promise<void> {
    if (!this.gone) await this.command(`vid-banner ${memberId} ${encodeURIComponent(name)}`);
  }

  async record(path: string): Promise<void> {
    await within('record', this.conference.startRecording(path));
  }

  async stopRecording(path: string): Promise<void> {
    if (this.gone) return;
    // The reply comes first; the file is whole when the event does.
    const fits = (event: EslEvent): boolean => event.getHeader('Path') === path;
    this.stopping.add(path);
    try {
      await this.until('stopRecording', fits, endTimeoutMs, async () => {
        // Not by the library, which knows of one file at a time.
        const reply = await this.conference.endpoint.api('conference', `${this.name} norecord ${path}`);
        if (!/Stopped recording|\+OK/.test(reply.getBody()))
          throw new MediaError(`norecord: ${reply.getBody().trim()}`);
      });
    } finally {
      this.stopping.delete(path);
    }
  }

  async card(title: string, below: string): Promise<void> {
    if (this.gone) return;
    const text = `${encodeURIComponent(title)} ${encodeURIComponent(below)}`;
    await within('card', this.conference.endpoint.api('conference', `${this.name} vid-card ${text}`));
  }

  measureLevels(on: boolean): void {
    const { conn } = this.conference.endpoint;
    if (this.gone || conn === null || conn.socket === null) return;
    if (on) conn.subscribe(levelEvents);
    else conn.sendRecv(`nixevent ${levelEvents}`);
  }

  async destroy(): Promise<void> {
    if (this.gone) return;
    this.leave();
    await within('destroy', hangUp(this.conference.endpoint), endTimeoutMs).catch(() => {});
  }

  /** Acts, and waits for the event that tells that it is done, or for the end of the conference. */
  private async until(
    name: string,
    fits: (event: EslEvent) => boolean,
    patienceMs: number,
    act: () => Promise<unknown>,
  ): Promise<void> {
    let hear: ((event: EslEvent) => void) | undefined;
    const done = new Promise<void>((resolve) => {
      hear = (event) => {
        if (fits(event)) resolve();
      };
      this.conference.on(name, hear);
    });
    try {
      await Promise.race([within(name, act()), this.goneForGood]);
      await within(name, Promise.race([done, this.goneForGood]), patienceMs);
    } finally {
      if (hear !== undefined) this.conference.off(name, hear);
    }
  }

  private async command(words: string): Promise<string> {
    const answer = await within(words, this.conference.endpoint.api('conference', `${this.name} ${words}`));
    return answer.getBody().trim();
  }

  private talks(memberId: number, talking: boolean): void {
    if (this.talkers.has(memberId) === talking) return;
    if (talking) this.talkers.add(memberId);
    else this.talkers.delete(memberId);
    this.emit('talking', memberId, talking);
  }

  private leave(): void {
    this.gone = true;
    this.whenGone?.();
  }
}

/** Whether a path that the engine tells is the file that was asked for. */
function isFile(told: string | null, asked: string): boolean {
  return told === asked || told?.endsWith(`/${asked}`) === true;
}
