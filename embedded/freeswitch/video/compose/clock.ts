/** What to add to `performance.now()` for a time that all processes of the machine share, ms. */
const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The machine's monotonic time for a moment of `performance.now()`. */
export function shared(nowMs: number): number {
  return nowMs + offset;
}

/** The other way round. */
export function own(sharedMs: number): number {
  return sharedMs - offset;
}
