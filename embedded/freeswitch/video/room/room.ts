import type { Conference } from '../../mixer/conference.ts';
import type { Member } from '../../mixer/member.ts';
import { Compositions } from '../compose/compositions.ts';
import { isLayout } from '../compose/layouts.ts';
import { shapeFor } from '../compose/shapes.ts';
import type { FilmEnd } from '../compose/wire.ts';
import type { Frame } from '../stream/frame.ts';
import type { VideoSession } from '../stream/session.ts';
import { Feed } from './feed.ts';
import { type FloorChange, VideoFloor } from './floor.ts';
import { type Fit, speakerFor } from './routes.ts';
import { Viewer } from './viewer.ts';

/** How often routes are looked at though nothing was told: measured rates change by themselves. */
const routeEveryMs = 1_000;
/** After composing was given up for load it is not tried again for this long, ms. */
const restMs = 30_000;
/** A studio that dies this often within a minute is not started again for a layout. */
const mostDeaths = 3;

interface Participant {
  member: Member;
  session: VideoSession;
  feed: Feed;
  viewer: Viewer;
  /** `vmute`: others keep its last picture. */
  muted: boolean;
  /** Frames came: there is something to show. */
  seen: boolean;
}

/** The pictures of one conference. */
export class VideoRoom {
  private readonly conference: Conference;
  private readonly participants = new Map<number, Participant>();
  private readonly floor = new VideoFloor();
  private routeAtMs = 0;
  private layoutName = 'speaker';
  private restUntilMs = 0;
  private lastSoundDelay = 0;
  private readonly deaths: number[] = [];
  private readonly names = new Map<number, string>();
  private readonly filmEnds = new Map<number, (end: FilmEnd) => void>();
  private readonly compositions = new Compositions({
    senders: () => this.senders(),
    floor: () => this.floor,
    layout: () => this.layoutName,
    nameOf: (member) => this.names.get(member) ?? '',
    needKey: (member) => this.participants.get(member)?.feed.asker.need(performance.now()),
  });
  private readonly onMaintenance = (action: string, member: Member | undefined): void => this.told(action, member);

  constructor(conference: Conference) {
    this.conference = conference;
    conference.on('maintenance', this.onMaintenance);
    this.followCompositions();
    const now = performance.now();
    for (const member of conference.members.values()) if (member.talking) this.floor.talk(member.id, true, now);
  }

  get floorHolder(): number | undefined {
    return this.floor.holder;
  }

  get floorIsFixed(): boolean {
    return this.floor.forced !== undefined;
  }

  /** A member's pictures began, ended, or are described anew. */
  update(member: Member, session: VideoSession | undefined): void {
    const now = performance.now();
    const known = this.participants.get(member.id);
    if (session?.media === undefined || !this.conference.members.has(member.id)) {
      if (known !== undefined) this.remove(known, now);
      return;
    }
    if (known === undefined || known.session !== session) {
      if (known !== undefined) this.remove(known, now);
      this.add(member, session);
    }
    this.considerSender(member.id, now);
    this.route(now);
  }

  /** A frame of a member's. */
  push(member: Member, frame: Frame): void {
    const participant = this.participants.get(member.id);
    if (participant === undefined || participant.muted) return;
    if (!participant.seen) {
      participant.seen = true;
      this.considerSender(member.id, frame.atMs);
      this.route(frame.atMs);
    }
    participant.feed.push(frame);
    this.compositions.push(member.id, frame);
  }

  /** A member needs a key frame of what it is shown. */
  needKeyFrame(member: Member): void {
    this.participants.get(member.id)?.viewer.needKeyFrame(performance.now());
  }

  /** Fixes the floor on a member (`force`), gives it once, or lets it go; `false` when the member shows no picture. */
  setFloor(member: number | undefined, force: boolean): boolean {
    const now = performance.now();
    if (member !== undefined && !this.participants.has(member)) return false;
    if (member === undefined) this.apply(this.floor.force(undefined, now), now);
    else this.apply(force ? this.floor.force(member, now) : this.floor.give(member, now), now);
    return true;
  }

  /** Stops or lets through a member's picture; `false` when it has none. */
  mutePicture(member: number, muted: boolean): boolean {
    const participant = this.participants.get(member);
    if (participant === undefined) return false;
    participant.muted = muted;
    if (!muted) participant.feed.asker.need(performance.now());
    return true;
  }

  get layout(): string {
    return this.layoutName;
  }

  /** `speaker`, or the name of a composed layout; `false` when there is none of that name. */
  setLayout(name: string): boolean {
    if (name !== 'speaker' && !isLayout(name)) return false;
    this.layoutName = name;
    this.restUntilMs = 0;
    this.deaths.length = 0;
    this.route(performance.now());
    return true;
  }

  /** The name that stands in a member's tile. */
  setName(member: number, name: string): void {
    this.names.set(member, name);
    this.compositions.update();
  }

  /** What films show while nobody shows a picture. */
  setCard(lines: readonly string[]): void {
    this.compositions.setCard(lines);
  }

  /** Begins a film of the room (`rate` of its sound in Hz); `ended` is told once, when the file is closed. */
  startFilm(path: string, rate: number, ended: (end: FilmEnd) => void): number {
    const film = this.compositions.startFilm(path, rate);
    this.filmEnds.set(film, ended);
    return film;
  }

  filmSound(film: number, samples: Int16Array, atMs: number): void {
    this.compositions.sound(film, samples, atMs, this.soundDelay());
  }

  /** How long the sound of those who speak waits in its jitter buffers, which their pictures do not, ms. */
  private soundDelay(): number {
    let sum = 0;
    let count = 0;
    for (const { channel, talking } of this.conference.members.values()) {
      if (!talking) continue;
      sum += Math.max(0, channel.rtp.soundDelayMs);
      count++;
    }
    if (count > 0) this.lastSoundDelay = sum / count;
    return this.lastSoundDelay;
  }

  pauseFilm(film: number, paused: boolean): void {
    this.compositions.pauseFilm(film, paused);
  }

  stopFilm(film: number): void {
    this.compositions.stopFilm(film);
  }

  tick(nowMs: number): void {
    this.compositions.tick(nowMs);
    this.apply(this.floor.judge(nowMs), nowMs);
    for (const { feed } of this.participants.values()) feed.asker.tick(nowMs);
    if (nowMs >= this.routeAtMs) this.route(nowMs);
  }

  close(): void {
    this.conference.off('maintenance', this.onMaintenance);
    for (const { viewer } of this.participants.values()) viewer.close();
    this.participants.clear();
    this.compositions.close();
  }

  private followCompositions(): void {
    const { compositions } = this;
    compositions.on('pace', (framesPerSecond) => {
      this.conference.emit('maintenance', 'video-pace-change', undefined, { 'Frame-Rate': String(framesPerSecond) });
    });
    compositions.on('overload', () => this.giveUpComposing('overload'));
    compositions.on('died', () => {
      const now = performance.now();
      this.deaths.push(now);
      const late = this.deaths.filter((at) => now - at < 60_000);
      if (late.length >= mostDeaths) this.giveUpComposing('failure');
      else this.route(now);
    });
    compositions.on('filmed', (film, end) => {
      this.filmEnds.get(film)?.(end);
      this.filmEnds.delete(film);
    });
  }

  /** Back to the speaker's picture as it comes, which costs nothing. */
  private giveUpComposing(reason: string): void {
    const now = performance.now();
    const before = this.layoutName;
    this.layoutName = 'speaker';
    this.restUntilMs = now + restMs;
    this.conference.emit('maintenance', 'video-layout-fallback', undefined, { Reason: reason, 'Old-Layout': before });
    this.route(now);
  }

  private senders(): number[] {
    return [...this.participants.values()]
      .filter((participant) => participant.seen && participant.session.receives)
      .map((participant) => participant.member.id);
  }

  private told(action: string, member: Member | undefined): void {
    if (member === undefined) return;
    const now = performance.now();
    if (action === 'start-talking') this.floor.talk(member.id, true, now);
    // Whoever is muted while speaking has stopped, and no other event says so.
    else if (action === 'stop-talking' || action === 'mute-member') this.floor.talk(member.id, false, now);
    else if (action === 'del-member') {
      this.floor.forget(member.id);
      this.names.delete(member.id);
      const known = this.participants.get(member.id);
      if (known !== undefined) this.remove(known, now);
    }
  }

  private add(member: Member, session: VideoSession): void {
    const feed = new Feed({
      get facts() {
        return session.facts;
      },
      requestKeyFrame: (again) => session.requestKeyFrame(again),
    });
    const participant = { member, session, feed, viewer: new Viewer(session), muted: false, seen: false };
    this.participants.set(member.id, participant);
    // Whoever comes is asked at once: its first key frame is what others wait for.
    if (session.receives) feed.asker.need(performance.now());
  }

  private remove(participant: Participant, nowMs: number): void {
    const { member, viewer, feed } = participant;
    this.participants.delete(member.id);
    viewer.close();
    for (const other of [...feed.viewers]) other.want(undefined, 'no', nowMs);
    this.apply(this.floor.leave(member.id, nowMs), nowMs);
    this.route(nowMs);
  }

  private considerSender(id: number, nowMs: number): void {
    const participant = this.participants.get(id);
    if (participant === undefined) return;
    const shows = participant.seen && participant.session.receives;
    this.apply(shows ? this.floor.join(id, nowMs) : this.floor.leave(id, nowMs), nowMs);
  }

  private apply(change: FloorChange | undefined, nowMs: number): void {
    if (change === undefined) return;
    const holder = change.new === undefined ? undefined : this.participants.get(change.new)?.member;
    this.conference.emit('maintenance', 'video-floor-change', holder, {
      'Old-ID': change.old === undefined ? 'none' : String(change.old),
      'New-ID': change.new === undefined ? 'none' : String(change.new),
    });
    this.route(nowMs);
  }

  /** Gives each viewer what it is to see. */
  private route(nowMs: number): void {
    this.routeAtMs = nowMs + routeEveryMs;
    const senders = this.senders();
    for (const participant of this.participants.values()) {
      const { feed, fit } = this.choose(participant, senders, nowMs);
      participant.viewer.want(feed, fit, nowMs);
    }
    this.compositions.update();
  }

  /** What a viewer is to see: the speaker as it is sent, where the viewer takes it; else composed for it. */
  private choose(participant: Participant, senders: number[], nowMs: number): { feed: Feed | undefined; fit: Fit } {
    const { member, viewer, session } = participant;
    const nothing = { feed: undefined, fit: 'no' as const };
    const { media } = session;
    if (media === undefined || !session.sends) return nothing;
    const speaker = speakerFor(member.id, this.floor, senders);
    const direct = speaker === undefined ? undefined : this.participants.get(speaker)?.feed;
    const fit = direct === undefined ? 'no' : viewer.judge(direct);
    const composed = this.layoutName !== 'speaker' && senders.length > 0;
    if (!composed && (direct === undefined || fit !== 'no')) return { feed: direct, fit };
    const shape = nowMs < this.restUntilMs ? undefined : shapeFor(media.format, viewer.bandwidth);
    if (shape === undefined) return fit === 'no' ? nothing : { feed: direct, fit };
    const feed = this.compositions.feed(composed || speaker === undefined ? 'room' : { member: speaker }, shape);
    return { feed, fit: viewer.judge(feed) };
  }
}
