/** What came of joining a recording's stretches into one file. */
export interface Joined {
  /** For each stretch that was given, where it stands in the file; `undefined` for one that nothing can be read of. */
  places: (Place | undefined)[];
  durationMs: number;
  /** From this stretch on they are of another kind (size, rate, codec) and are not in the file. */
  otherFrom?: number;
}

export interface Place {
  offsetMs: number;
  durationMs: number;
}

/** Nothing can be read of any stretch: trying again is of no use. */
export class NothingRecorded extends Error {}
