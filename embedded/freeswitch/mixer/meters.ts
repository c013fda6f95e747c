import type { Member } from './member.ts';

/*
 * How loud each member is, and what it hears: root mean square over a few beats, in dBov as RFC 6464 tells levels (0 is a
 * square wave at the limit of 16 bits, a sine at the limit −3, silence −127). Made only while somebody wants to know.
 */

/** Beats that one measurement covers: 200 ms. */
export const meterBeats = 10;
const silence = -127;

/** Power of sound, summed up. */
export class LevelSum {
  private squares = 0;
  private count = 0;

  add(samples: Int16Array): void {
    this.addSquares(squaresOf(samples), samples.length);
  }

  addSquares(squares: number, count: number): void {
    this.squares += squares;
    this.count += count;
  }

  /** Level since it was last taken, whole dBov, −127…0; silence when nothing came. */
  take(): number {
    const mean = this.count === 0 ? 0 : this.squares / this.count;
    this.squares = 0;
    this.count = 0;
    if (mean === 0) return silence;
    return Math.max(silence, Math.min(0, Math.round(10 * Math.log10(mean / 32_767 ** 2))));
  }
}

export function squaresOf(samples: Int16Array): number {
  let squares = 0;
  for (let at = 0; at < samples.length; at++) squares += samples[at]! * samples[at]!;
  return squares;
}

/** Levels of one member: what came from it, before any mute or levelling, and what it was sent. */
export interface MemberLevels {
  member: Member;
  inDb: number;
  outDb: number;
}

/** The meters of a room. */
export class Meters {
  private readonly rows = new Map<Member, { said: LevelSum; heard: LevelSum }>();
  private beats = 0;
  private shared = 0;

  /** This beat's sound of a member. */
  says(member: Member): void {
    const { channel } = member;
    const frame = channel.hear();
    this.row(member).said.addSquares(channel.level === 0 ? 0 : squaresOf(frame), frame.length);
  }

  /** What all hear in this beat who say nothing: looked at once. */
  mixed(samples: Int16Array): void {
    this.shared = squaresOf(samples);
  }

  hearsShared(member: Member, count: number): void {
    this.row(member).heard.addSquares(this.shared, count);
  }

  hears(member: Member, samples: Int16Array): void {
    this.row(member).heard.add(samples);
  }

  /** End of a beat; the levels of all members when it was the last of a measurement. */
  next(members: readonly Member[]): MemberLevels[] | undefined {
    if (++this.beats < meterBeats) return undefined;
    this.beats = 0;
    const levels = members.map((member) => {
      const { said, heard } = this.row(member);
      return { member, inDb: said.take(), outDb: heard.take() };
    });
    if (this.rows.size > members.length)
      for (const one of this.rows.keys()) if (!members.includes(one)) this.rows.delete(one);
    return levels;
  }

  private row(member: Member): { said: LevelSum; heard: LevelSum } {
    let row = this.rows.get(member);
    if (row === undefined) {
      row = { said: new LevelSum(), heard: new LevelSum() };
      this.rows.set(member, row);
    }
    return row;
  }
}
