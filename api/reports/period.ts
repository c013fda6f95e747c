import { DateTime } from 'luxon';
import { Fault } from '../../platform/fault.ts';
import { type Language, say } from '../../platform/messages/messages.ts';
import type { Span } from '../../store/reports/span.ts';
import { zone } from '../cases/cases.ts';

/** A span of time that a report is about, as people name it. */
export interface Period extends Span {
  /** `2026-05`, `2026-Q2`, `2026`, or nothing for any other span. */
  of: string | undefined;
}

const longestDays = 3700;

/** Month, quarter or year in Vietnam's time, or any span. @throws Fault invalid when it is none. */
export function periodOf(asked: { of?: string | undefined; from?: Date | undefined; to?: Date | undefined }): Period {
  if (asked.of !== undefined) return named(asked.of);
  const { from, to } = asked;
  if (from === undefined || to === undefined) throw new Fault('invalid', 'report.span-needed', { field: 'of' });
  const days = (to.getTime() - from.getTime()) / 86_400_000;
  if (days <= 0) throw new Fault('invalid', 'end-before-start', { field: 'to' });
  if (days > longestDays) throw new Fault('invalid', 'report.span-too-long', { field: 'to' });
  return { from, to, of: undefined };
}

function named(of: string): Period {
  const [, year, month, quarter] = /^(\d{4})(?:-(?:(\d{2})|Q([1-4])))?$/.exec(of) ?? [];
  if (year === undefined) throw new Fault('invalid', 'report.span-needed', { field: 'of' });
  const first = month === undefined ? (Number(quarter ?? 1) - 1) * 3 + 1 : Number(month);
  const start = DateTime.fromObject({ year: Number(year), month: first, day: 1 }, { zone });
  if (!start.isValid) throw new Fault('invalid', 'report.span-needed', { field: 'of' });
  const length = month !== undefined ? { months: 1 } : quarter !== undefined ? { quarters: 1 } : { years: 1 };
  return { from: start.toJSDate(), to: start.plus(length).toJSDate(), of };
}

/**
 * The named period and those before it, oldest first: `2026-02` and 3 are December, January, February.
 * @throws Fault invalid when it is none.
 */
export function periodsUpTo(of: string, count: number): (Period & { of: string })[] {
  const last = named(of);
  const length = of.includes('Q') ? { quarters: 1 } : of.includes('-') ? { months: 1 } : { years: 1 };
  const starts = Array.from({ length: count }, (_one, before) =>
    DateTime.fromJSDate(last.from, { zone }).minus(
      Object.fromEntries(Object.entries(length).map(([unit, one]) => [unit, one * before])),
    ),
  );
  const write = (start: DateTime): string =>
    of.includes('Q') ? start.toFormat("yyyy-'Q'q") : start.toFormat(of.includes('-') ? 'yyyy-MM' : 'yyyy');
  return starts.reverse().map((start) => ({ ...named(write(start)), of: write(start) }));
}

/** “tháng 5 năm 2026”, “quý II năm 2026”, “năm 2026”, “từ ngày … đến ngày …”. */
export function nameOf({ of, from, to }: Period, language: Language): string {
  const [year = '', part] = of?.split('-') ?? [];
  if (of !== undefined && part === undefined) return say(language, 'report.year', { year });
  if (part?.startsWith('Q') === true) {
    const quarter = ['I', 'II', 'III', 'IV'][Number(part.slice(1)) - 1] ?? part;
    return say(language, 'report.quarter', { year, quarter });
  }
  if (part !== undefined) return say(language, 'report.month', { year, month: Number(part) });
  const day = (date: Date) => DateTime.fromJSDate(date, { zone }).toFormat('dd/MM/yyyy');
  return say(language, 'report.span', { from: day(from), to: day(new Date(to.getTime() - 1)) });
}
