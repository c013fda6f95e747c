import type { Channel } from '../channel/channel.ts';
import { holdsKey } from '../sound/dtmf-detector.ts';
import { Resampler } from '../sound/resample.ts';
import { LevelControl } from './level-control.ts';
import { leastLevel, ramp } from './mix.ts';
import type { SharedMix } from './shared-mix.ts';

/** FreeSWITCH's conference flags that matter here. */
export interface MemberFlags {
  mute: boolean;
  deaf: boolean;
  /** The conference ends when this member leaves. */
  endconf: boolean;
  moderator: boolean;
}

/** Level above which a member counts as talking, and how long it must be quiet to have stopped, in beats. */
const defaultEnergy = 100;
const quietBeats = 15;
/** A voice is still mixed for so many beats of low level: the ends of words. */
const tailBeats = 15;
/** A mix of its own is kept for so many beats after it is the common one again, until both coders agree. */
const ownMixBeats = 10;

/** A channel in a conference. */
export class Member {
  readonly id: number;
  readonly channel: Channel;
  readonly flags: MemberFlags;
  readonly joinedAt = Date.now();
  /** FreeSWITCH's volume steps, -4 … 4, each 3 dB. */
  volumeIn = 0;
  volumeOut = 0;
  energy = defaultEnergy;
  talking = false;
  lastTalkingAt = 0;
  level = 0;
  /** Others that this one does not hear, by `relate`. */
  readonly unheard = new Set<number>();
  /** What it adds to this beat's mix, at the room's rate; set while it is mixed. */
  frame: Int16Array | undefined;
  private quiet = 0;
  private tail = 0;
  private readonly control = new LevelControl();
  private lastGain = 0;
  private voice: Int16Array | undefined;
  private intoRoom: { from: number; resampler: Resampler } | undefined;
  private ownMix = 0;
  private mix: Int16Array | undefined;
  private spoken: Int16Array | undefined;
  private outOfRoom: { to: number; resampler: Resampler } | undefined;

  constructor(id: number, channel: Channel, flags: MemberFlags) {
    this.id = id;
    this.channel = channel;
    this.flags = flags;
  }

  /** This beat's level as the choice of voices sees it; 0 is silent. */
  listen(nowMs: number): number {
    const { channel, flags } = this;
    const quiet = flags.mute || channel.dtmfHeard || channel.rtp.keying(nowMs);
    const raw = quiet ? 0 : channel.level;
    this.level = this.volumeIn === 0 ? raw : raw * factorOf(this.volumeIn);
    if (raw >= leastLevel) this.tail = tailBeats;
    else if (this.tail > 0 && raw > 0) {
      this.tail--;
      return leastLevel;
    }
    return raw * this.control.gain;
  }

  /** Judges the level of `listen`; `true` when talking began or ended. */
  judge(): boolean {
    if (this.level > this.energy) {
      this.quiet = 0;
      this.lastTalkingAt = Date.now();
      if (this.talking) return false;
      this.talking = true;
      return true;
    }
    if (!this.talking || ++this.quiet < quietBeats) return false;
    this.talking = false;
    return true;
  }

  /** Mutes it, or lets it speak. Whoever is muted has stopped talking, without an event of its own, as in FreeSWITCH. */
  mute(muted: boolean): void {
    this.flags.mute = muted;
    if (muted) this.talking = false;
  }

  /** Whether it was in the last mix. */
  get mixed(): boolean {
    return this.lastGain > 0;
  }

  /** Makes its part of the mix, `stays` or for the last time, fading; without clicks either way. */
  say(stays: boolean, roomRate: number): void {
    const { channel } = this;
    const samples = (roomRate * 20) / 1000;
    if (this.voice?.length !== samples) this.voice = new Int16Array(samples);
    const { voice } = this;
    const heard = channel.hear();
    const rate = heard.length * 50;
    const before = this.lastGain;
    // A key's tone is not for others, from its first frame on.
    const gain = !stays || holdsKey(heard) ? 0 : this.control.next(channel.level) * factorOf(this.volumeIn);
    if (rate === roomRate) voice.set(heard);
    else {
      if (this.intoRoom?.from !== rate) this.intoRoom = { from: rate, resampler: new Resampler(rate, roomRate) };
      else if (before === 0) this.intoRoom.resampler.reset();
      this.intoRoom.resampler.process(heard, voice);
    }
    if (this.flags.mute) voice.fill(0);
    ramp(voice, before, gain);
    this.lastGain = gain;
    this.frame = voice;
  }

  silent(): void {
    this.lastGain = 0;
    this.frame = undefined;
    this.voice = undefined;
    this.intoRoom = undefined;
  }

  /** Samples of its own mix, to be filled by the conference. */
  ownFrame(samples: number): Int16Array {
    if (this.mix?.length !== samples) this.mix = new Int16Array(samples);
    return this.mix;
  }

  /** Hears the common mix, from the shared packet unless it has just had a mix of its own. */
  hearShared(shared: SharedMix, nowMs: number): void {
    if (this.ownMix > 0 && --this.ownMix > 0) {
      this.pass(shared.samples, shared, nowMs);
      return;
    }
    const { codec } = this.channel.rtp;
    if (codec === undefined) return;
    this.mix = undefined;
    this.spoken = undefined;
    this.outOfRoom = undefined;
    const { payload, length } = shared.encoded(codec);
    this.channel.speakEncoded(payload, length, nowMs);
  }

  /** Hears a mix of its own. */
  hearOwn(samples: Int16Array, shared: SharedMix, nowMs: number): void {
    this.ownMix = ownMixBeats;
    if (this.volumeOut !== 0) ramp(samples, factorOf(this.volumeOut), factorOf(this.volumeOut));
    this.pass(samples, shared, nowMs);
  }

  /** It will hear a mix of its own: coder and filter go on from where the shared ones are, unless they run already. */
  takeOver(shared: SharedMix): void {
    if (this.ownMix > 0) return;
    const { rtp } = this.channel;
    const { codec } = rtp;
    if (codec === undefined) return;
    const resampler = shared.resamplerTo(codec.rate);
    if (resampler !== undefined) {
      this.outOfRoom = { to: codec.rate, resampler: new Resampler(shared.rate, codec.rate) };
      this.outOfRoom.resampler.follow(resampler);
    }
    const encoder = shared.encoderFor(codec);
    if (encoder !== undefined) rtp.encodeFrom(encoder);
  }

  private pass(samples: Int16Array, shared: SharedMix, nowMs: number): void {
    const rate = this.channel.rtp.codec?.rate ?? shared.rate;
    if (rate === shared.rate) {
      this.channel.speak(samples, nowMs);
      return;
    }
    if (this.outOfRoom?.to !== rate) this.outOfRoom = { to: rate, resampler: new Resampler(shared.rate, rate) };
    if (this.spoken?.length !== rate / 50) this.spoken = new Int16Array(rate / 50);
    this.outOfRoom.resampler.process(samples, this.spoken);
    this.channel.speak(this.spoken, nowMs);
  }
}

function factorOf(steps: number): number {
  return steps === 0 ? 1 : 10 ** ((steps * 3) / 20);
}
