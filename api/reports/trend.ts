import { z } from 'zod';
import type { Language } from '../../platform/messages/messages.ts';
import type { Figures } from '../../store/reports/figures.ts';
import { nameOf, type Period } from './period.ts';

/* What is looked at over several periods: a few figures of each. Pure. */

export const trendPoint = z.object({
  name: z.string(),
  of: z.string(),
  from: z.date(),
  to: z.date(),
  /** Sessions held, and how long they took, minutes. */
  sessions: z.number().int(),
  minutes: z.number(),
  /** Cases registered, and the citizens in them. */
  cases: z.number().int(),
  citizens: z.number().int(),
  /** Connections that joined a session, and the mean score of how they sounded (1 to 5); absent when none was measured. */
  connections: z.number().int(),
  score: z.number().optional(),
  incidents: z.number().int(),
});
export type TrendPoint = z.output<typeof trendPoint>;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** One period's point; each number is the one that the period's report shows. */
export function pointOf(figures: Figures, period: Period & { of: string }, language: Language): TrendPoint {
  const { sessions, cases, legs, incidents } = figures;
  const measured = Object.values(legs.sites);
  const weight = sum(measured.map((site) => site.measured));
  const score = sum(measured.map((site) => site.score * site.measured));
  return {
    name: nameOf(period, language),
    of: period.of,
    from: period.from,
    to: period.to,
    sessions: sessions.held,
    minutes: Math.round(sessions.totalMs / 6000) / 10,
    cases: sum(Object.values(cases.registered).flatMap((row) => Object.values(row))),
    citizens: cases.citizens,
    connections: legs.joined,
    ...(weight === 0 ? {} : { score: Math.round((score * 100) / weight) / 100 }),
    incidents: sum(Object.values(incidents)),
  };
}
