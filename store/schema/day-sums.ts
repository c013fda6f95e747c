import { z } from 'zod';
import { protocol, stamps } from './names.ts';

const count = z.number().int().min(0);

/** Legs of one site and protocol that joined a session, added up. */
export const legSum = z.object({
  /** '' is without a site: phones, callers. */
  site: z.string().max(64),
  protocol,
  legs: count,
  /** Of those with measurements: how many, the sums of scores and losses, how many sounded poor. */
  measured: count,
  score: z.number(),
  loss: z.number(),
  poor: count,
});
export type LegSum = z.output<typeof legSum>;

/** What a span of time adds up to of the things that are many: legs, and incidents of the log. */
export const sums = z.object({
  legs: z.array(legSum).max(10_000),
  /** Calls that were made or came and never joined. */
  failed: count,
  /** Log event → how often. */
  incidents: z.array(z.object({ event: z.string().max(64), count })).max(100),
});
export type Sums = z.output<typeof sums>;

/** The sums of a day that is over (in Vietnam's time) and will not change any more. */
export const daySums = sums.extend({
  /** `2026-05-13`. */
  id: z.iso.date(),
  /** Of how days are added up; days added up otherwise are not read. */
  version: z.number().int(),
  ...stamps,
});
export type DaySums = z.output<typeof daySums>;
