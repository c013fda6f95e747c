import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Channel } from '../channel/channel.ts';
import type { Source } from '../sound/source.ts';
import { ComfortNoise } from './comfort-noise.ts';
import { Member, type MemberFlags } from './member.ts';
import { type MemberLevels, Meters } from './meters.ts';
import { add, chooseVoices, hearAll, hearOthers, mostVoices } from './mix.ts';
import { PlayList } from './play-list.ts';
import { Recording, type RoomRecording } from './recording.ts';
import { SharedMix } from './shared-mix.ts';

interface ConferenceEvents {
  /** A conference::maintenance event: its action, whose it is, further headers. */
  maintenance: [action: string, member: Member | undefined, headers: Record<string, string>];
  /** How loud all are, a few times a second while it is `metered`. */
  levels: [levels: MemberLevels[]];
  ended: [];
}

/** A mixed room: everyone hears all but themselves. */
export class Conference extends EventEmitter<ConferenceEvents> {
  readonly name: string;
  /** Name of the profile that it was opened with. */
  readonly profile: string;
  /** Samples a second of the mix. */
  readonly rate: number;
  readonly uuid = randomUUID();
  readonly startedAt = Date.now();
  readonly members = new Map<number, Member>();
  readonly recordings = new Map<string, RoomRecording>();
  /** Opens what writes a recording of a name. @throws the file system's error. */
  openRecording: (path: string) => RoomRecording = (path) => new Recording(path, this.rate);
  locked = false;
  maxMembers = 0;
  private floorHolder: Member | undefined;
  private readonly playing: PlayList;
  private readonly shared: SharedMix;
  private readonly sum: Int32Array;
  private readonly recorded: Int16Array;
  private readonly noise = new ComfortNoise();
  /** Members as a row, with what the choice of voices looks at. */
  private row: Member[] = [];
  private levels = new Float32Array(16);
  private mixedBefore = new Uint8Array(16);
  private readonly chosen = new Int32Array(mostVoices);
  /** Those in this beat's mix: voices, and who was one in the last. */
  private readonly voices: Member[] = [];
  private readonly nextMember: () => number;
  private meters: Meters | undefined;
  private over = false;

  constructor(name: string, profile: string, rate: number, nextMember: () => number) {
    super();
    this.name = name;
    this.profile = profile;
    this.rate = rate;
    this.nextMember = nextMember;
    const samples = rate / 50;
    this.shared = new SharedMix(rate);
    this.sum = new Int32Array(samples);
    this.recorded = new Int16Array(samples);
    this.playing = new PlayList(samples, {
      began: (source, member) =>
        this.emit('maintenance', member === undefined ? 'play-file' : 'play-file-member', member, {
          File: source.name,
          Async: 'false',
        }),
      ended: (source, member, played) =>
        this.emit('maintenance', member === undefined ? 'play-file-done' : 'play-file-member-done', member, {
          seconds: String(Math.floor(played / rate)),
          milliseconds: String(Math.round((played * 1000) / rate)),
          samples: String(played),
          File: source.name,
        }),
    });
  }

  get floor(): Member | undefined {
    return this.floorHolder;
  }

  /** Whether it is measured how loud its members are. */
  set metered(on: boolean) {
    if (on) this.meters ??= new Meters();
    else this.meters = undefined;
  }

  join(channel: Channel, flags: MemberFlags): Member {
    const member = new Member(this.nextMember(), channel, flags);
    this.members.set(member.id, member);
    this.row.push(member);
    this.emit('maintenance', 'add-member', member, {});
    if (this.floorHolder === undefined && !flags.mute) this.giveFloor(member);
    return member;
  }

  leave(member: Member): void {
    if (!this.members.delete(member.id)) return;
    this.row = this.row.filter((other) => other !== member);
    for (const other of this.row) other.unheard.delete(member.id);
    this.playing.left(member);
    if (this.floorHolder === member) this.giveFloor(undefined);
    this.emit('maintenance', 'del-member', member, {});
    if (member.flags.endconf || this.members.size === 0) this.end();
  }

  /** Ends it for all: members leave, recordings are closed. */
  end(): void {
    if (this.over) return;
    this.over = true;
    for (const path of [...this.recordings.keys()]) this.stopRecording(path);
    const members = this.row;
    this.row = [];
    for (const member of members) {
      this.members.delete(member.id);
      this.emit('maintenance', 'del-member', member, {});
      member.channel.conferenceLeft();
    }
    this.emit('maintenance', 'conference-destroy', undefined, {});
    this.emit('ended');
  }

  /** @throws the file system's error. */
  startRecording(path: string): void {
    this.recordings.set(path, this.openRecording(path));
    this.emit('maintenance', 'start-recording', undefined, { Path: path });
  }

  stopRecording(path: string): boolean {
    const recording = this.recordings.get(path);
    if (recording === undefined) return false;
    this.recordings.delete(path);
    const told = (facts: Record<string, string>): void => {
      const others = String(this.recordings.size > 0);
      this.emit('maintenance', 'stop-recording', undefined, { Path: path, 'Other-Recordings': others, ...facts });
    };
    const closing = recording.close();
    // The event says that the file is whole.
    if (closing instanceof Promise) void closing.then(told);
    else told(closing);
    return true;
  }

  pauseRecording(path: string, paused: boolean): boolean {
    const recording = this.recordings.get(path);
    if (recording === undefined) return false;
    recording.paused = paused;
    this.emit('maintenance', paused ? 'pause-recording' : 'resume-recording', undefined, {
      Path: path,
      'Other-Recordings': String(this.recordings.size > 0),
    });
    return true;
  }

  /** Plays to all, or to one; `source` is at the room's rate. */
  play(source: Source, member: Member | undefined): void {
    this.playing.add(source, member);
  }

  /** Stops what plays now, or all; answers how many. */
  stopPlaying(all: boolean): number {
    return this.playing.stop(all);
  }

  /** One beat: what all said goes in, what each hears goes out. `nowMs` is the beat's own time. */
  tick(nowMs: number): void {
    const { sum, shared } = this;
    sum.fill(0);
    this.listen(nowMs);
    for (const voice of this.voices) add(sum, voice.frame!);
    const played = this.playing.next(undefined);
    if (played !== undefined) add(sum, played);
    shared.next();
    hearAll(sum, shared.samples);
    if (this.recordings.size > 0) this.record(shared.samples, nowMs);
    if (this.voices.length === 0 && played === undefined) this.noise.fill(shared.samples);
    this.meters?.mixed(shared.samples);
    const { row } = this;
    // Coders are handed on as they are before this frame.
    for (const member of row) if (this.hearsOwn(member)) member.takeOver(shared);
    for (const member of row) this.speakTo(member, nowMs);
    shared.finish();
    const levels = this.meters?.next(this.row);
    if (levels !== undefined) this.emit('levels', levels);
  }

  private hearsOwn(member: Member): boolean {
    return (
      member.frame !== undefined ||
      member.volumeOut !== 0 ||
      member.unheard.size > 0 ||
      member.channel.taps ||
      this.playing.playsFor(member)
    );
  }

  /** Levels of all, the choice of voices, and their parts of the mix. */
  private listen(nowMs: number): void {
    const { row, voices } = this;
    const count = row.length;
    if (this.levels.length < count) {
      this.levels = new Float32Array(2 * count);
      this.mixedBefore = new Uint8Array(2 * count);
    }
    const { levels, mixedBefore, chosen } = this;
    for (let place = 0; place < count; place++) {
      const member = row[place]!;
      levels[place] = member.listen(nowMs);
      this.meters?.says(member);
      mixedBefore[place] = member.mixed ? 1 : 0;
      if (member.judge()) this.talkChanged(member);
    }
    // A member may leave while the others hear that somebody talks.
    if (this.row !== row) {
      voices.length = 0;
      return;
    }
    const found = chooseVoices(levels, mixedBefore, count, chosen);
    for (const voice of voices) voice.frame = undefined;
    const before = [...voices];
    voices.length = 0;
    for (let at = 0; at < found; at++) {
      const member = row[chosen[at]!]!;
      member.say(true, this.rate);
      voices.push(member);
    }
    for (const member of before) {
      if (member.frame !== undefined || this.members.get(member.id) !== member) continue;
      if (member.mixed) {
        member.say(false, this.rate);
        voices.push(member);
      } else member.silent();
    }
  }

  private talkChanged(member: Member): void {
    this.emit('maintenance', member.talking ? 'start-talking' : 'stop-talking', member, {
      'Current-Energy': String(Math.round(member.level)),
    });
    if (member.talking) this.considerFloor(member);
  }

  private speakTo(member: Member, nowMs: number): void {
    const { channel, flags } = member;
    const { shared } = this;
    if (flags.deaf) {
      channel.speak(undefined, nowMs);
      return;
    }
    if (!this.hearsOwn(member)) {
      member.hearShared(shared, nowMs);
      this.meters?.hearsShared(member, shared.samples.length);
      return;
    }
    const heard = member.ownFrame(shared.samples.length);
    if (member.frame !== undefined) hearOthers(this.sum, member.frame, heard);
    else heard.set(shared.samples);
    for (const id of member.unheard) {
      const other = this.members.get(id)?.frame;
      if (other === undefined) continue;
      for (let at = 0; at < heard.length; at++) heard[at] = clamp(heard[at]! - other[at]!);
    }
    const played = this.playing.playsFor(member) ? this.playing.next(member) : undefined;
    if (played !== undefined) for (let at = 0; at < heard.length; at++) heard[at] = clamp(heard[at]! + played[at]!);
    member.hearOwn(heard, shared, nowMs);
    this.meters?.hears(member, heard);
  }

  private record(mix: Int16Array, nowMs: number): void {
    this.recorded.set(mix);
    for (const recording of this.recordings.values()) {
      try {
        recording.write(this.recorded, nowMs);
      } catch (error) {
        this.emit('maintenance', 'recording-failed', undefined, { Path: recording.path, Error: String(error) });
        this.stopRecording(recording.path);
      }
    }
  }

  /** The first to talk takes the floor from one who is silent. */
  private considerFloor(member: Member): void {
    if (this.floorHolder === member || this.floorHolder?.talking === true) return;
    this.giveFloor(member);
  }

  private giveFloor(member: Member | undefined): void {
    const old = this.floorHolder;
    this.floorHolder = member;
    this.emit('maintenance', 'floor-change', member, {
      'Old-ID': old === undefined ? 'none' : String(old.id),
      'New-ID': member === undefined ? 'none' : String(member.id),
    });
  }
}

const clamp = (value: number): number => (value > 32767 ? 32767 : Math.max(value, -32768));
