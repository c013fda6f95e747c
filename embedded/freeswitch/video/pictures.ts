import type { Channel } from '../channel/channel.ts';
import type { Conference } from '../mixer/conference.ts';
import type { PortRange } from '../rtp/ports.ts';
import { FilmRecording } from './record/film-recording.ts';
import { VideoRoom } from './room/room.ts';
import type { AgreedVideo } from './sdp/section.ts';
import { VideoSession } from './stream/session.ts';

/** Every picture of the engine: opens legs' sessions, and takes frames to their room. */
export class Pictures {
  private readonly rooms = new Map<Conference, VideoRoom>();
  private readonly sessions = new Map<Channel, VideoSession>();
  private readonly ports: PortRange;

  constructor(ports: PortRange) {
    this.ports = ports;
  }

  /** The channel's session for pictures, made when there is none. @throws NoPortError */
  async open(channel: Channel): Promise<VideoSession> {
    const known = this.sessions.get(channel);
    if (known !== undefined) return known;
    const session = await VideoSession.open(this.ports);
    if (channel.hungUp !== undefined || this.sessions.has(channel)) {
      session.close();
      return this.sessions.get(channel) ?? session;
    }
    this.sessions.set(channel, session);
    channel.video = session;
    session.askBySignalling = () => channel.call.askForKeyFrame();
    session.on('frame', (frame) => {
      const { conference, member } = channel;
      if (conference !== undefined && member !== undefined) this.roomOf(conference).push(member, frame);
      else if (channel.echoing) session.sendFrame(session, frame, session.facts, false);
    });
    session.on('changed', () => this.refresh(channel));
    session.on('keyFrameRequest', () => this.needKeyFrame(channel));
    session.on('unauthentic', () =>
      channel.emit('event', 'CUSTOM', { 'Event-Subclass': 'rtp::unauthentic', 'Media-Type': 'video' }),
    );
    session.on('quality', (quality) => channel.emit('pictureQuality', quality));
    session.on('silent', (silent) =>
      channel.emit('event', 'CUSTOM', {
        'Event-Subclass': silent ? 'rtp::silent' : 'rtp::resumed',
        'Media-Type': 'video',
      }),
    );
    channel.once('hangup', () => {
      this.sessions.delete(channel);
      session.close();
    });
    return session;
  }

  /** Takes what SDP settled about a channel's pictures. */
  settle(channel: Channel, agreed: AgreedVideo | undefined): void {
    this.sessions.get(channel)?.setRemote(agreed);
  }

  /** The far side of a channel needs a key frame of what it is shown. */
  needKeyFrame(channel: Channel): void {
    const { conference, member } = channel;
    if (conference !== undefined && member !== undefined) this.roomOf(conference).needKeyFrame(member);
    else if (channel.echoing) this.sessions.get(channel)?.requestKeyFrame(false);
  }

  /** A channel entered a conference, or its pictures changed there. */
  refresh(channel: Channel): void {
    const { conference, member } = channel;
    if (conference === undefined || member === undefined || channel.video === undefined) return;
    this.roomOf(conference).update(member, channel.video);
  }

  /** Begins a film of a conference. */
  film(conference: Conference, path: string): FilmRecording {
    return new FilmRecording(path, conference.rate, this.roomOf(conference));
  }

  roomOf(conference: Conference): VideoRoom {
    let room = this.rooms.get(conference);
    if (room === undefined) {
      const made = new VideoRoom(conference);
      this.rooms.set(conference, made);
      conference.once('ended', () => {
        this.rooms.delete(conference);
        made.close();
      });
      room = made;
    }
    return room;
  }

  /** Every beat. */
  tick(): void {
    if (this.sessions.size === 0) return;
    const now = performance.now();
    for (const session of this.sessions.values()) session.tick(now);
    for (const room of this.rooms.values()) room.tick(now);
  }
}
