import { EventEmitter } from 'node:events';
import type { Media, MediaConference } from '../../freeswitch/media/media.ts';
import { promptFile } from '../../freeswitch/prompts/catalogue.ts';
import type { Logger } from '../../platform/log.ts';
import type { Session } from '../../store/schema/session.ts';
import type { Leg } from '../legs/leg.ts';
import type { Recorder, RunningRecording } from './recorder.ts';
import { RoomPicture, type Seat } from './room-picture.ts';

interface RoomEvents {
  talking: [legId: string, talking: boolean];
  left: [legId: string];
  /** It ends; its legs are still known. */
  closed: [];
  incident: [code: string, values: Record<string, string | number>];
}

interface Member {
  leg: Leg;
  seat: Seat;
  muted: boolean;
  track: RunningRecording | undefined;
}

/** The mixed room of one session: members, recording; it makes itself anew when the media engine was lost. */
export class Room extends EventEmitter<RoomEvents> {
  readonly sessionId: string;
  /** What it shows. */
  readonly picture: RoomPicture;
  private readonly name: string;
  private readonly media: Media;
  private readonly recorder: Recorder;
  private readonly logger: Logger;
  private readonly language: Session['language'];
  private readonly members = new Map<string, Member>();
  private conference: Promise<MediaConference> | undefined;
  private mix: RunningRecording | undefined;
  private recordingWanted: boolean;
  private making = 0;
  private over = false;

  constructor(session: Session, media: Media, recorder: Recorder, logger: Logger) {
    super();
    this.sessionId = session.id;
    this.name = `room-${session.id}`;
    this.language = session.language;
    this.media = media;
    this.recorder = recorder;
    this.logger = logger;
    this.recordingWanted = session.record;
    this.picture = new RoomPicture(session, logger);
  }

  get size(): number {
    return this.members.size;
  }

  get recording(): boolean {
    return this.mix !== undefined;
  }

  legs(): Leg[] {
    return [...this.members.values()].map(({ leg }) => leg);
  }

  has(legId: string): boolean {
    return this.members.has(legId);
  }

  /** Makes the conference and starts recording. @throws MediaError */
  async open(): Promise<void> {
    await this.ensure();
  }

  /** Brings a leg in. @throws MediaError */
  async join(leg: Leg, seat: Seat = { banner: leg.party.name }): Promise<void> {
    if (leg.ended) return;
    const member: Member = { leg, seat, muted: false, track: undefined };
    this.members.set(leg.id, member);
    try {
      await leg.join(await this.ensure(), false);
    } catch (error) {
      this.members.delete(leg.id);
      throw error;
    }
    leg.on('ended', () => void this.left(leg.id));
    leg.on('restored', () => void this.rejoin(member));
    await this.picture.seat(leg, seat);
    await this.startTrack(member);
  }

  /** Tells one who came late, and nobody else, that the session is recorded. */
  async announceRecording(leg: Leg): Promise<void> {
    const conference = await this.conference;
    if (this.mix === undefined || conference === undefined || leg.memberId === undefined) return;
    await conference.playTo(leg.memberId, promptFile('recording', this.language)).catch((error: unknown) => {
      if (!leg.ended) this.logger.warn({ err: error, leg: leg.id }, 'recording could not be announced');
    });
  }

  /** Takes a leg out; the call goes on. */
  async release(legId: string): Promise<void> {
    const member = this.members.get(legId);
    if (member === undefined) return;
    await this.left(legId);
    await member.leg.leave();
  }

  async mute(legId: string, muted: boolean): Promise<void> {
    const member = this.members.get(legId);
    if (member === undefined) return;
    member.muted = muted;
    await member.leg.mute(muted);
  }

  async setRecording(on: boolean): Promise<void> {
    this.recordingWanted = on;
    if (on) {
      await this.startRecording();
      for (const member of this.members.values()) await this.startTrack(member);
    } else await this.stopRecording();
  }

  async play(files: string[]): Promise<void> {
    await (await this.conference)?.play(files);
  }

  /** Ends the room: recordings are closed, the conference is gone; the legs are the caller's to end. */
  async close(): Promise<void> {
    if (this.over) return;
    this.over = true;
    this.emit('closed');
    await this.stopRecording();
    const conference = await this.conference?.catch(() => undefined);
    this.conference = undefined;
    await conference?.destroy();
  }

  private ensure(): Promise<MediaConference> {
    this.conference ??= this.make();
    return this.conference;
  }

  private async make(): Promise<MediaConference> {
    // A new name each time: an engine that came back may still hold the old one.
    const name = this.making === 0 ? this.name : `${this.name}-${this.making}`;
    this.making++;
    let conference: MediaConference;
    try {
      conference = await this.media.createConference(name, { composed: this.picture.layout !== 'speaker' });
      await this.picture.open(conference);
    } catch (error) {
      this.conference = undefined;
      throw error;
    }
    conference.on('talking', (memberId, talking) => {
      const member = [...this.members.values()].find(({ leg }) => leg.memberId === memberId);
      if (member !== undefined) this.emit('talking', member.leg.id, talking);
    });
    conference.on('lost', () => void this.lost());
    if (this.recordingWanted) queueMicrotask(() => void this.startRecording());
    return conference;
  }

  /** The engine went away: close what was written; legs come back one by one as their media is restored. */
  private async lost(): Promise<void> {
    if (this.over) return;
    this.emit('incident', 'media.lost', {});
    this.conference = undefined;
    const { mix } = this;
    this.mix = undefined;
    const tracks = [...this.members.values()].map((member) => {
      const { track } = member;
      member.track = undefined;
      return track;
    });
    for (const running of [mix, ...tracks]) if (running !== undefined) await this.recorder.close(running.recording);
  }

  private async rejoin(member: Member): Promise<void> {
    if (this.over || !this.members.has(member.leg.id)) return;
    try {
      await member.leg.join(await this.ensure(), member.muted);
      await this.picture.seat(member.leg, member.seat);
      await this.startTrack(member);
    } catch (error) {
      this.logger.error({ err: error, leg: member.leg.id }, 'leg could not come back into its room');
      await member.leg.end({ sip: 503, q850: 41, text: 'media engine lost' });
    }
  }

  private async left(legId: string): Promise<void> {
    const member = this.members.get(legId);
    if (member === undefined) return;
    this.members.delete(legId);
    this.picture.leave(legId);
    this.emit('left', legId);
    const { track } = member;
    member.track = undefined;
    if (track !== undefined) await this.recorder.stop(track);
  }

  private async startRecording(): Promise<void> {
    const { conference } = this;
    if (this.mix !== undefined || conference === undefined || this.over) return;
    const made = await conference;
    try {
      this.mix = await this.recorder.start(this.sessionId, 'room', 'room', undefined, {
        start: (path) => made.record(path),
        stop: (path) => made.stopRecording(path),
      });
      if (this.members.size > 0) await made.play([promptFile('recording', this.language)]);
    } catch (error) {
      this.failed(error);
    }
  }

  private async stopRecording(): Promise<void> {
    const { mix } = this;
    this.mix = undefined;
    const running = [mix, ...[...this.members.values()].map((member) => member.track)];
    for (const member of this.members.values()) member.track = undefined;
    await Promise.all(running.map((one) => (one === undefined ? undefined : this.recorder.stop(one))));
  }

  private async startTrack(member: Member): Promise<void> {
    if (!this.recordingWanted || member.track !== undefined || member.leg.ended || this.over) return;
    const { endpoint, party } = member.leg;
    try {
      member.track = await this.recorder.start(this.sessionId, 'track', party.name || party.number, member.leg.id, {
        start: (path) => endpoint.record(path),
        stop: (path) => endpoint.stopRecording(path),
      });
    } catch (error) {
      this.failed(error);
    }
    // It left while the file was being opened.
    if (member.track !== undefined && !this.members.has(member.leg.id)) {
      const { track } = member;
      member.track = undefined;
      await this.recorder.stop(track);
    }
  }

  /** A disk that is full stops recordings, not calls. */
  private failed(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.logger.error({ err: error, session: this.sessionId }, 'recording failed');
    this.emit('incident', 'recording.failed', { error: text });
  }
}
