import type { Channel } from '../channel/channel.ts';
import { frameSamples } from '../rtp/session.ts';

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

/** A channel in a conference. */
export class Member {
  readonly id: number;
  readonly channel: Channel;
  readonly flags: MemberFlags;
  readonly joinedAt = Date.now();
  /** What it says in this beat, after gain. */
  readonly frame = new Int16Array(frameSamples);
  readonly heard = new Int16Array(frameSamples);
  /** FreeSWITCH's volume steps, -4 … 4, each 3 dB. */
  volumeIn = 0;
  volumeOut = 0;
  energy = defaultEnergy;
  talking = false;
  lastTalkingAt = 0;
  level = 0;
  private quiet = 0;
  /** Others that this one does not hear, by `relate`. */
  readonly unheard = new Set<number>();

  constructor(id: number, channel: Channel, flags: MemberFlags) {
    this.id = id;
    this.channel = channel;
    this.flags = flags;
  }

  /** Takes this beat's level; `true` when talking began or ended. */
  judge(level: number): boolean {
    this.level = level;
    if (level > this.energy) {
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

  applyGain(samples: Int16Array, steps: number): void {
    if (steps === 0) return;
    const factor = 10 ** ((steps * 3) / 20);
    for (let at = 0; at < samples.length; at++) samples[at] = Math.max(-32768, Math.min(32767, samples[at]! * factor));
  }
}
