import type { Source } from '../sound/source.ts';
import type { Member } from './member.ts';

/* What is played into a room, one piece after the other, to all or to one member. */

interface Piece {
  source: Source;
  at: number;
  member: Member | undefined;
}

/** Told when a piece begins and when it ended, after how many samples. */
export interface PlayListener {
  began(source: Source, member: Member | undefined): void;
  ended(source: Source, member: Member | undefined, samples: number): void;
}

export class PlayList {
  private readonly pieces: Piece[] = [];
  private readonly frame: Int16Array;
  private readonly listener: PlayListener;

  constructor(frameSamples: number, listener: PlayListener) {
    this.frame = new Int16Array(frameSamples);
    this.listener = listener;
  }

  add(source: Source, member: Member | undefined): void {
    this.pieces.push({ source, at: 0, member });
    if (this.pieces.length === 1) this.listener.began(source, member);
  }

  /** Stops what plays now, or all; answers how many. */
  stop(all: boolean): number {
    const count = all ? this.pieces.length : Math.min(1, this.pieces.length);
    for (let index = 0; index < count; index++) this.done();
    return count;
  }

  playsFor(member: Member): boolean {
    return this.pieces[0]?.member === member;
  }

  /** Played for somebody who left: nobody waits for it. */
  left(member: Member): void {
    while (this.pieces[0]?.member === member) this.done();
  }

  /** The next 20 ms for all, or for one; `undefined` when nothing plays there. Valid until the next call. */
  next(member: Member | undefined): Int16Array | undefined {
    const [current] = this.pieces;
    if (current === undefined || current.member !== member) return undefined;
    const { frame } = this;
    const { samples, endless } = current.source;
    frame.fill(0);
    frame.set(samples.subarray(current.at, current.at + frame.length));
    current.at += frame.length;
    if (current.at >= samples.length) {
      if (endless) current.at = 0;
      else this.done();
    }
    return frame;
  }

  private done(): void {
    const done = this.pieces.shift();
    if (done === undefined) return;
    this.listener.ended(done.source, done.member, Math.min(done.at, done.source.samples.length));
    const [next] = this.pieces;
    if (next !== undefined) this.listener.began(next.source, next.member);
  }
}
