/* What came of telling a device to take its settings. Pure. */

/**
 * - `accepted`: it said that it will;
 * - `not-understood`: it does not know this event, or wants a dialog (481, 489, 405, 501);
 * - `password-refused`: it asked for a password and took none that we have;
 * - `silent`: it said nothing in time;
 * - `refused`: any other no;
 * - `not-sent`: our side could not send;
 * - `not-registered`: it is nowhere to be found;
 * - `no-way`: the model takes no such order;
 * - `differs`: settings were taken, but some read back otherwise (RoomOS);
 * - `not-trusted`: the device showed another certificate than before (RoomOS).
 */
export const syncResults = [
  'accepted',
  'not-understood',
  'password-refused',
  'silent',
  'refused',
  'not-sent',
  'not-registered',
  'no-way',
  'differs',
  'not-trusted',
] as const;
export type SyncResult = (typeof syncResults)[number];

/** What a NOTIFY's final status means. */
export function resultOf(status: number): SyncResult {
  if (status >= 200 && status < 300) return 'accepted';
  if (status === 401 || status === 407 || status === 403) return 'password-refused';
  if (status === 405 || status === 481 || status === 489 || status === 501) return 'not-understood';
  if (status === 408) return 'silent';
  if (status === 503) return 'not-sent';
  return 'refused';
}

/** Of a device's several contacts: one that accepted is enough. */
export function bestOf(results: readonly SyncResult[]): SyncResult {
  return syncResults.find((result) => results.includes(result)) ?? 'not-registered';
}
