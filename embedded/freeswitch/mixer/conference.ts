import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Channel } from '../channel/channel.ts';
import { frameSamples } from '../rtp/session.ts';
import { encode, type G711 } from '../sound/g711.ts';
import type { Source } from '../sound/source.ts';
import { WavWriter } from '../sound/wav.ts';
import { Member, type MemberFlags } from './member.ts';
import { add, hearAll, hearOthers, level, loudest, mostVoices } from './mix.ts';

interface Recording {
  path: string;
  writer: WavWriter;
  paused: boolean;
}

interface Playing {
  source: Source;
  at: number;
  /** For one member alone. */
  member: Member | undefined;
}

interface ConferenceEvents {
  /** A conference::maintenance event: its action, whose it is, further headers. */
  maintenance: [action: string, member: Member | undefined, headers: Record<string, string>];
  ended: [];
}

/** A mixed room: everyone hears all but themselves. */
export class Conference extends EventEmitter<ConferenceEvents> {
  readonly name: string;
  readonly uuid = randomUUID();
  readonly startedAt = Date.now();
  readonly members = new Map<number, Member>();
  readonly recordings = new Map<string, Recording>();
  locked = false;
  maxMembers = 0;
  private floorHolder: Member | undefined;
  private readonly playing: Playing[] = [];
  private readonly sum = new Int32Array(frameSamples);
  private readonly common = new Int16Array(frameSamples);
  private readonly playFrame = new Int16Array(frameSamples);
  private readonly shared: Record<G711, { fresh: boolean; payload: Uint8Array }> = {
    PCMU: { fresh: false, payload: new Uint8Array(frameSamples) },
    PCMA: { fresh: false, payload: new Uint8Array(frameSamples) },
  };
  private nextMember: () => number;
  private over = false;

  constructor(name: string, nextMember: () => number) {
    super();
    this.name = name;
    this.nextMember = nextMember;
  }

  get floor(): Member | undefined {
    return this.floorHolder;
  }

  join(channel: Channel, flags: MemberFlags): Member {
    const member = new Member(this.nextMember(), channel, flags);
    this.members.set(member.id, member);
    this.emit('maintenance', 'add-member', member, {});
    if (this.floorHolder === undefined && !flags.mute) this.giveFloor(member);
    return member;
  }

  leave(member: Member): void {
    if (!this.members.delete(member.id)) return;
    for (const other of this.members.values()) other.unheard.delete(member.id);
    if (this.floorHolder === member) this.giveFloor(undefined);
    this.emit('maintenance', 'del-member', member, {});
    if (member.flags.endconf || this.members.size === 0) this.end();
  }

  /** Ends it for all: members leave, recordings are closed. */
  end(): void {
    if (this.over) return;
    this.over = true;
    for (const path of [...this.recordings.keys()]) this.stopRecording(path);
    for (const member of [...this.members.values()]) {
      this.members.delete(member.id);
      this.emit('maintenance', 'del-member', member, {});
      member.channel.conferenceLeft();
    }
    this.emit('maintenance', 'conference-destroy', undefined, {});
    this.emit('ended');
  }

  /** @throws the file system's error. */
  startRecording(path: string): void {
    this.recordings.set(path, { path, writer: new WavWriter(path), paused: false });
    this.emit('maintenance', 'start-recording', undefined, { Path: path });
  }

  stopRecording(path: string): boolean {
    const recording = this.recordings.get(path);
    if (recording === undefined) return false;
    this.recordings.delete(path);
    const { samples } = recording.writer;
    try {
      recording.writer.close();
    } catch {
      // What could be written is on disk; the size told below says how much.
    }
    this.emit('maintenance', 'stop-recording', undefined, {
      Path: path,
      'Other-Recordings': String(this.recordings.size > 0),
      'Samples-Out': String(samples),
      Samplerate: '8000',
      'Milliseconds-Elapsed': String(Math.round(samples / 8)),
      'Record-File-Size': String(recording.writer.size),
    });
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

  play(source: Source, member: Member | undefined): void {
    this.playing.push({ source, at: 0, member });
    if (this.playing.length === 1) this.announcePlay();
  }

  /** Stops what plays now, or all; answers how many. */
  stopPlaying(all: boolean): number {
    const count = all ? this.playing.length : Math.min(1, this.playing.length);
    for (let index = 0; index < count; index++) this.playDone();
    return count;
  }

  /** One beat: what all said goes in, what each hears goes out. */
  tick(): void {
    this.sum.fill(0);
    const members = [...this.members.values()];
    const levels = members.map((member) => this.listen(member));
    const voices = new Set(loudest(levels, mostVoices).map((place) => members[place]!));
    for (const voice of voices) add(this.sum, voice.frame);
    const forAll = this.playNext(undefined);
    if (forAll) add(this.sum, this.playFrame);
    hearAll(this.sum, this.common);
    this.shared.PCMA.fresh = false;
    this.shared.PCMU.fresh = false;
    for (const member of members) this.speakTo(member, voices);
    this.record();
  }

  private listen(member: Member): number {
    const { frame, channel, flags } = member;
    frame.set(channel.hear());
    const quiet = flags.mute || channel.dtmfHeard;
    if (quiet) frame.fill(0);
    else member.applyGain(frame, member.volumeIn);
    const now = quiet ? 0 : level(frame);
    if (member.judge(now)) {
      this.emit('maintenance', member.talking ? 'start-talking' : 'stop-talking', member, {
        'Current-Energy': String(Math.round(now)),
      });
      if (member.talking) this.considerFloor(member);
    }
    return now;
  }

  private speakTo(member: Member, voices: Set<Member>): void {
    const { channel, flags } = member;
    const codec = channel.codec;
    const plain = member.volumeOut === 0 && member.unheard.size === 0 && !this.playsFor(member);
    if (flags.deaf) channel.speak(undefined);
    else if (!voices.has(member) && plain && codec !== undefined && !channel.taps) {
      const shared = this.shared[codec];
      if (!shared.fresh) {
        encode(codec, this.common, shared.payload);
        shared.fresh = true;
      }
      channel.speakEncoded(shared.payload);
    } else {
      if (voices.has(member)) hearOthers(this.sum, member.frame, member.heard);
      else member.heard.set(this.common);
      for (const id of member.unheard) {
        const other = this.members.get(id);
        if (other === undefined || !voices.has(other)) continue;
        for (let at = 0; at < frameSamples; at++) member.heard[at]! -= other.frame[at]!;
      }
      if (this.playsFor(member) && this.playNext(member)) {
        for (let at = 0; at < frameSamples; at++) {
          member.heard[at] = Math.max(-32768, Math.min(32767, member.heard[at]! + this.playFrame[at]!));
        }
      }
      member.applyGain(member.heard, member.volumeOut);
      channel.speak(member.heard);
    }
  }

  private playsFor(member: Member): boolean {
    return this.playing[0]?.member === member;
  }

  /** Puts the next 20 ms of what plays (for all, or for one) into `playFrame`. */
  private playNext(member: Member | undefined): boolean {
    const current = this.playing[0];
    if (current === undefined || current.member !== member) {
      // Played for somebody who left: nobody waits for it.
      if (current?.member !== undefined && !this.members.has(current.member.id)) this.playDone();
      return false;
    }
    const piece = current.source.samples.subarray(current.at, current.at + frameSamples);
    this.playFrame.fill(0);
    this.playFrame.set(piece);
    current.at += frameSamples;
    if (current.at >= current.source.samples.length) {
      if (current.source.endless) current.at = 0;
      else this.playDone();
    }
    return true;
  }

  private playDone(): void {
    const done = this.playing.shift();
    if (done === undefined) return;
    const samples = Math.min(done.at, done.source.samples.length);
    this.emit('maintenance', done.member === undefined ? 'play-file-done' : 'play-file-member-done', done.member, {
      seconds: String(Math.floor(samples / 8000)),
      milliseconds: String(Math.round(samples / 8)),
      samples: String(samples),
      File: done.source.name,
    });
    this.announcePlay();
  }

  private announcePlay(): void {
    const current = this.playing[0];
    if (current === undefined) return;
    const action = current.member === undefined ? 'play-file' : 'play-file-member';
    this.emit('maintenance', action, current.member, { File: current.source.name, Async: 'false' });
  }

  private record(): void {
    for (const recording of this.recordings.values()) {
      if (recording.paused) continue;
      try {
        recording.writer.write(this.common.slice());
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
