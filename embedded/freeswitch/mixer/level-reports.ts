import type { Conference } from './conference.ts';
import { type MemberLevels, meterBeats } from './meters.ts';

/** Subclass of the event that tells the levels of a room. FreeSWITCH knows none such: a client that asks it hears nothing. */
export const levelsSubclass = 'conference::levels';

/** Somebody who asked for levels by name. */
export interface LevelListener {
  /** Whether what is told with these headers passes its filters. */
  fits(headers: { get(name: string): string | undefined }): boolean;
}

/** Has rooms measured that somebody listens to, and no others. */
export class LevelReports {
  private readonly listeners = new Set<LevelListener>();
  private beats = 0;

  listen(listener: LevelListener, on: boolean): void {
    if (on) this.listeners.add(listener);
    else this.listeners.delete(listener);
  }

  /** A beat passed. */
  tick(conferences: Iterable<Conference>): void {
    if (++this.beats < meterBeats) return;
    this.beats = 0;
    for (const conference of conferences) conference.metered = this.wanted(conference);
  }

  private wanted(conference: Conference): boolean {
    for (const listener of this.listeners)
      if (listener.fits(new Map(Object.entries(levelHeaders(conference))))) return true;
    return false;
  }
}

/** The room that levels are of. */
export function levelHeaders({ name, uuid }: Conference): Record<string, string> {
  return { 'Event-Subclass': levelsSubclass, 'Conference-Name': name, 'Conference-Unique-ID': uuid };
}

/** One header for all: `MEMBER-ID=IN/OUT`, with commas between, in dBov. */
export function levelsText(levels: readonly MemberLevels[]): string {
  return levels.map(({ member, inDb, outDb }) => `${member.id}=${inDb}/${outDb}`).join(',');
}
