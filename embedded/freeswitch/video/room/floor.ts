/* Who holds a room's video floor. Pure: time is told. */

/** A floor taken by voice or given by staff is kept at least this long, ms. */
export const holdMs = 2_000;
/** Speech shorter than this takes no floor, ms: a cough, a "yes". */
export const talkMs = 400;

export interface FloorChange {
  old: number | undefined;
  new: number | undefined;
}

/** The video floor: the active speaker with a picture, changed no faster than eyes follow. */
export class VideoFloor {
  holder: number | undefined;
  /** Who held it before and still is here. */
  previous: number | undefined;
  forced: number | undefined;
  private since = 0;
  /** The holder spoke, or was chosen: one who only came first gives way to the first voice. */
  private earned = false;
  /** Members with a picture, in the order they came. */
  private readonly members = new Set<number>();
  private readonly talkingSince = new Map<number, number>();

  join(member: number, nowMs: number): FloorChange | undefined {
    this.members.add(member);
    return this.judge(nowMs);
  }

  /** It left, or shows no picture any more. */
  leave(member: number, nowMs: number): FloorChange | undefined {
    this.members.delete(member);
    if (this.forced === member) this.forced = undefined;
    if (this.previous === member) this.previous = undefined;
    return this.judge(nowMs);
  }

  talk(member: number, talking: boolean, nowMs: number): void {
    if (talking) {
      this.talkingSince.set(member, nowMs);
      if (member === this.holder) this.earned = true;
    } else this.talkingSince.delete(member);
  }

  forget(member: number): void {
    this.talkingSince.delete(member);
  }

  /** Fixes the floor, or lets it follow the voice again. */
  force(member: number | undefined, nowMs: number): FloorChange | undefined {
    this.forced = member;
    return this.judge(nowMs);
  }

  /** Gives the floor once: it follows the voice from then on. */
  give(member: number, nowMs: number): FloorChange | undefined {
    this.forced = undefined;
    return this.change(member, nowMs, true);
  }

  /** Looks whether the floor moves. */
  judge(nowMs: number): FloorChange | undefined {
    const { holder } = this;
    if (this.forced !== undefined && this.members.has(this.forced)) return this.change(this.forced, nowMs, true);
    if (holder === undefined || !this.members.has(holder)) {
      const loud = this.loudSince(nowMs, 0);
      return this.change(loud ?? this.previous ?? this.first(), nowMs, loud !== undefined);
    }
    if (this.talkingSince.has(holder) || (this.earned && nowMs - this.since < holdMs)) return undefined;
    const speaker = this.loudSince(nowMs, talkMs);
    return speaker === undefined ? undefined : this.change(speaker, nowMs, true);
  }

  private first(): number | undefined {
    for (const member of this.members) return member;
    return undefined;
  }

  /** Who with a picture talks the longest, of those talking for at least so long. */
  private loudSince(nowMs: number, leastMs: number): number | undefined {
    let best: number | undefined;
    let since = Number.POSITIVE_INFINITY;
    for (const [member, from] of this.talkingSince) {
      if (!this.members.has(member) || nowMs - from < leastMs || from >= since) continue;
      best = member;
      since = from;
    }
    return best;
  }

  private change(to: number | undefined, nowMs: number, earned: boolean): FloorChange | undefined {
    const { holder } = this;
    if (holder === to) return undefined;
    if (holder !== undefined && this.members.has(holder)) this.previous = holder;
    if (this.previous === to) this.previous = holder !== undefined && this.members.has(holder) ? holder : undefined;
    this.holder = to;
    this.since = nowMs;
    this.earned = earned;
    return { old: holder, new: to };
  }
}
