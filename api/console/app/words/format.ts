import { language } from './words.ts';

/* Dates, times and numbers as they are written in Vietnam, whatever the clock of the PC is set to. */

const zone = 'Asia/Ho_Chi_Minh';
/** The zone keeps no summer time. */
const offset = '+07:00';

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

type Part = 'day' | 'month' | 'year' | 'hour' | 'minute' | 'second';

function split(moment: string | number | Date): Record<Part, string> {
  const fields = parts.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]);
  return Object.fromEntries(fields) as Record<Part, string>;
}

/** `13/05/2026` */
export function date(moment: string | number | Date): string {
  const { day, month, year } = split(moment);
  return `${day}/${month}/${year}`;
}

/** `08:05` */
export function time(moment: string | number | Date): string {
  const { hour, minute } = split(moment);
  return `${hour}:${minute}`;
}

/** `08:05:09` */
export function timeToSecond(moment: string | number | Date): string {
  return `${time(moment)}:${split(moment).second}`;
}

/** `13/05/2026 08:05` */
export const dateTime = (moment: string | number | Date): string => `${date(moment)} ${time(moment)}`;

/** `Thứ Tư, 13 tháng 5, 2026` */
export function longDate(moment: string | number | Date): string {
  const text = new Intl.DateTimeFormat(language.value === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(moment));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The day of a moment as `2026-05-13`, in Vietnam. */
export function dayOf(moment: string | number | Date): string {
  const { day, month, year } = split(moment);
  return `${year}-${month}-${day}`;
}

/** Midnight at the beginning of a day (`2026-05-13`), some days later. */
export function startOfDay(day: string, later = 0): string {
  const at = new Date(`${day}T00:00:00${offset}`);
  at.setTime(at.getTime() + later * 86_400_000);
  return at.toISOString();
}

/** Reads `13/05/2026` and `08:05`; nothing when they are no date and time. */
export function readDateTime(day: string, clock: string): string | undefined {
  const [, d, m, y] = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(day) ?? [];
  const [, hour, minute] = /^\s*(\d{1,2})[:hg.](\d{2})\s*$/i.exec(clock) ?? [];
  if (d === undefined || m === undefined || y === undefined || hour === undefined || minute === undefined)
    return undefined;
  const pad = (text: string) => text.padStart(2, '0');
  const text = `${y}-${pad(m)}-${pad(d)}T${pad(hour)}:${pad(minute)}:00`;
  const moment = new Date(`${text}${offset}`);
  // 31/02 would become 3 March.
  return Number.isNaN(moment.getTime()) || date(moment) !== `${pad(d)}/${pad(m)}/${y}` ? undefined : `${text}${offset}`;
}

/** `1.234,5` in Vietnamese. */
export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(language.value === 'vi' ? 'vi-VN' : 'en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** `1:02:03` or `2:03`, from ms. */
export function duration(ms: number): string {
  const all = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const pad = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds)}` : `${minutes}:${pad(seconds)}`;
}

/** `12,4 MB` */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${number(count / 1000 ** step, step === 0 ? 0 : 1)} ${units[step]}`;
}
