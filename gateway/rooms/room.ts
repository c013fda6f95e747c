import { EventEmitter } from 'node:events';
import type { Media, MediaConference } from '../../freeswitch/media/media.ts';
import { promptFile } from '../../freeswitch/prompts/catalogue.ts';
import { errorText } from '../../platform/error-text.ts';
import type { Logger } from '../../platform/log.ts';
import type { Incident, IncidentKind } from '../../store/schema/incident.ts';
import type { Session } from '../../store/schema/session.ts';
import type { LegLevel } from '../gateway.ts';
import type { Leg } from '../legs/leg.ts';
import { bySession, type Recorder, type Why } from './recorder.ts';
import { RoomPicture, type Seat } from './room-picture.ts';
import { TapeDeck } from './tape-deck.ts';

interface RoomEvents {
  talking: [legId: string, talking: boolean];
  /** How loud all are, while it is measured. */
  levels: [levels: LegLevel[]];
  left: [legId: string];
  /** It ends; its legs are still known. */
  closed: [];
  incident: [code: IncidentKind, values: Incident['values']];
  /** A leg was told that it is recorded. */
  announced: [legId: string];
}

interface Member {
  leg: Leg;
  seat: Seat;
  muted: boolean;
  talking: boolean;
  track: TapeDeck;
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
  private readonly film: TapeDeck;
  private readonly title: string;
  private conference: Promise<MediaConference> | undefined;
  private recordingWanted: boolean;
  private levelsWanted = false;
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
    this.title = session.title;
    this.film = new TapeDeck({ sessionId: session.id, kind: 'room', name: 'room' }, recorder, session.record, {
      failed: (error) => this.failed(error),
      began: () => void this.announceToAll(),
    });
  }

  get size(): number {
    return this.members.size;
  }

  get recording(): boolean {
    return this.film.isRunning;
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
    const member: Member = { leg, seat, muted: false, talking: false, track: this.trackOf(leg) };
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
    await this.loadTrack(member);
  }

  /** Tells one who came late, and nobody else, that the session is recorded. */
  async announceRecording(leg: Leg): Promise<void> {
    const conference = await this.conference;
    if (!this.recording || conference === undefined || leg.memberId === undefined) return;
    try {
      await conference.playTo(leg.memberId, promptFile('recording', this.language));
      this.emit('announced', leg.id);
    } catch (error) {
      if (!leg.ended) this.logger.warn({ err: error, leg: leg.id }, 'recording could not be announced');
    }
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

  /** Starts or stops the film and every track, in somebody's name. */
  async setRecording(on: boolean, why: Why): Promise<void> {
    this.recordingWanted = on;
    await Promise.all(this.decks().map((deck) => deck.want(on, why)));
  }

  /** Whether there is space to record changed. */
  async reconsiderRecording(): Promise<void> {
    await Promise.all(this.decks().map((deck) => deck.settle({ ...bySession, reason: 'space' })));
  }

  /** Has `levels` told from now on, or not any more. */
  measureLevels(on: boolean): void {
    this.levelsWanted = on;
    this.conference?.then((conference) => conference.measureLevels(this.levelsWanted)).catch(() => {});
  }

  async play(files: string[]): Promise<void> {
    await (await this.conference)?.play(files);
  }

  /**
   * Ends the room: recordings are stopped, the conference is gone; the legs are the caller's to end. `forGood`: the
   * session is over, and not only this program.
   */
  async close(forGood: boolean): Promise<void> {
    if (this.over) return;
    this.over = true;
    this.emit('closed');
    const why: Why = { ...bySession, reason: forGood ? 'session' : 'product' };
    await Promise.all([
      this.film.close(forGood, why),
      ...[...this.members.values()].map(({ track }) => track.close(true, why)),
    ]);
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
      if (member !== undefined) this.talks(member, talking);
    });
    conference.on('levels', (levels) => {
      const known = new Map([...this.members.values()].map(({ leg }) => [leg.memberId, leg.id]));
      const told = levels.flatMap(({ memberId, ...level }) => {
        const legId = known.get(memberId);
        return legId === undefined ? [] : [{ legId, ...level }];
      });
      this.emit('levels', told);
    });
    if (this.levelsWanted) conference.measureLevels(true);
    conference.on('lost', () => void this.lost());
    conference.on('recordingEnded', (path) => void this.film.ended(path));
    const reason = this.making === 1 ? 'session' : 'engine';
    queueMicrotask(() => void this.loadFilm(conference, { ...bySession, reason }));
    return conference;
  }

  /** The engine went away: close what was written; legs come back one by one as their media is restored. */
  private async lost(): Promise<void> {
    if (this.over) return;
    this.emit('incident', 'media.lost', {});
    this.conference = undefined;
    // What was heard of them ended with the engine.
    for (const member of this.members.values()) if (member.talking) this.talks(member, false);
    await Promise.all(this.decks().map((deck) => deck.unload()));
  }

  private talks(member: Member, talking: boolean): void {
    member.talking = talking;
    this.emit('talking', member.leg.id, talking);
  }

  private async rejoin(member: Member): Promise<void> {
    if (this.over || !this.members.has(member.leg.id)) return;
    try {
      await member.leg.join(await this.ensure(), member.muted);
      await this.picture.seat(member.leg, member.seat);
      await this.loadTrack(member);
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
    await member.track.close(true, bySession);
  }

  private decks(): TapeDeck[] {
    return [this.film, ...[...this.members.values()].map(({ track }) => track)];
  }

  private async loadFilm(conference: MediaConference, why: Why): Promise<void> {
    await this.film.load(
      {
        start: async (path) => {
          await conference.card(this.title, dateAndTime());
          await conference.record(path);
        },
        stop: (path) => conference.stopRecording(path),
      },
      why,
    );
  }

  private trackOf({ id, party }: Leg): TapeDeck {
    const subject = {
      sessionId: this.sessionId,
      kind: 'track' as const,
      name: party.name || party.number,
      legId: id,
    };
    return new TapeDeck(subject, this.recorder, this.recordingWanted, {
      failed: (error) => this.failed(error),
      began: () => {},
    });
  }

  private async loadTrack({ leg, track }: Member): Promise<void> {
    if (leg.ended || this.over) return;
    const { endpoint } = leg;
    endpoint.on('recordingEnded', (path) => void track.ended(path));
    await track.load({ start: (path) => endpoint.record(path), stop: (path) => endpoint.stopRecording(path) });
  }

  /** Tells all who are there that they are recorded. */
  private async announceToAll(): Promise<void> {
    const told = this.legs();
    if (told.length === 0) return;
    try {
      await this.play([promptFile('recording', this.language)]);
      for (const leg of told) this.emit('announced', leg.id);
    } catch (error) {
      this.logger.warn({ err: error, session: this.sessionId }, 'recording could not be announced');
    }
  }

  /** A disk that is full stops recordings, not calls. */
  private failed(error: unknown): void {
    const text = errorText(error);
    this.logger.error({ err: error, session: this.sessionId }, 'recording failed');
    this.emit('incident', 'recording.failed', { error: text });
  }
}

/** The moment as it stands in a film without pictures, in Vietnam's time. */
function dateAndTime(): string {
  return new Intl.DateTimeFormat('vi', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: 'Asia/Ho_Chi_Minh',
  }).format();
}
