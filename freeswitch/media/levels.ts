/** How loud a member of a conference is, dBov as in RFC 6464: 0 … −127, which is silence. */
export interface MemberLevel {
  memberId: number;
  /** What comes from it, before anybody mutes or evens it. */
  inDb: number;
  /** What it is sent. */
  outDb?: number;
}

/** Reads the levels that an engine tells, `MEMBER=IN/OUT,…`; what is not of this form is left out. Pure. */
export function levelsFrom(text: string): MemberLevel[] {
  const found: MemberLevel[] = [];
  for (const one of text.split(',')) {
    const [, memberId, inDb, outDb] = /^(\d{1,9})=(-?\d{1,3})(?:\/(-?\d{1,3}))?$/.exec(one) ?? [];
    if (memberId === undefined || inDb === undefined) continue;
    const level = { memberId: Number(memberId), inDb: bounded(inDb) };
    found.push(outDb === undefined ? level : { ...level, outDb: bounded(outDb) });
  }
  return found;
}

const bounded = (text: string): number => Math.max(-127, Math.min(0, Number(text))) + 0;
