import { DateTime } from 'luxon';
import type { TimeWindow } from '../../store/schema/dialplan.ts';
import type { DialReason } from '../gateway.ts';

/** Minutes of the day in `HH:MM`. */
function minutes(clock: string): number {
  const [hours = 0, rest = 0] = clock.split(':').map(Number);
  return hours * 60 + rest;
}

/** Why a moment lies outside of a window; `undefined` when it lies inside. Windows may go over midnight. */
export function windowFault(window: TimeWindow, at: Date): DialReason | undefined {
  const local = DateTime.fromJSDate(at, { zone: window.timeZone });
  if (!local.isValid) return { code: 'dial.no-time-zone', values: { timeZone: window.timeZone } };
  const now = local.hour * 60 + local.minute;
  const from = minutes(window.from);
  const to = minutes(window.to);
  const overnight = to <= from;
  const inside = overnight ? now >= from || now < to : now >= from && now < to;
  if (!inside) return { code: 'dial.other-hour', values: { from: window.from, to: window.to } };
  // After midnight, an overnight window still belongs to the day on which it began.
  const day = overnight && now < to ? local.minus({ days: 1 }).weekday : local.weekday;
  return window.days.includes(day) ? undefined : { code: 'dial.other-day', values: {} };
}
