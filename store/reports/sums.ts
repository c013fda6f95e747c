import type { Document } from 'mongodb';
import type { LegSum, Sums } from '../schema/day-sums.ts';
import type { SessionLog } from '../session-log.ts';
import type { Store } from '../store.ts';
import { countIf, numberOf, type Span, within } from './span.ts';

/* Legs and incidents of a span of time, added up by the store over its indexes. */

/** Under this, many listeners are not content (ITU-T G.107, annex B). */
export const poorScore = 3.6;

/** What counts as an incident, by the names of the log. */
export const incidentEvents = [
  'session.incident',
  'session.not-opened',
  'leg.failed',
  'leg.silent',
  'leg.unauthentic',
  'uplink.redial',
  'participant.failed',
  'recording.failed',
  'rehearsal.failed',
] as const;

/** Adds a span up from the things themselves. */
export async function addUp(store: Store, log: SessionLog, span: Span): Promise<Sums> {
  const [legs, failed, incidents] = await Promise.all([
    legSums(store, span),
    store.legs.count({ createdAt: within(span), sessionId: { $ne: '' }, state: 'ended', joinedAt: { $exists: false } }),
    incidentCounts(log, span),
  ]);
  return { legs, failed, incidents };
}

/** Sums of several spans as one. Pure. */
export function together(all: readonly Sums[]): Sums {
  const legs = new Map<string, LegSum>();
  const incidents = new Map<string, number>();
  for (const one of all) {
    for (const sum of one.legs) {
      const key = `${sum.site} ${sum.protocol}`;
      const before = legs.get(key);
      legs.set(key, before === undefined ? sum : plus(before, sum));
    }
    for (const { count, event } of one.incidents) incidents.set(event, (incidents.get(event) ?? 0) + count);
  }
  return {
    legs: [...legs.values()],
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    incidents: [...incidents].map(([event, count]) => ({ event, count })),
  };
}

const plus = (one: LegSum, other: LegSum): LegSum => ({
  ...one,
  legs: one.legs + other.legs,
  measured: one.measured + other.measured,
  score: one.score + other.score,
  loss: one.loss + other.loss,
  poor: one.poor + other.poor,
});

async function legSums(store: Store, span: Span): Promise<LegSum[]> {
  const measured: Document = { $gt: ['$quality.readings', 0] };
  const groups = await store.connection.db
    ?.collection('legs')
    .aggregate([
      { $match: { joinedAt: within(span), sessionId: { $ne: '' } } },
      {
        $group: {
          _id: { site: { $ifNull: ['$siteId', ''] }, protocol: '$protocol' },
          legs: { $sum: 1 },
          measured: countIf(measured),
          score: { $sum: { $ifNull: ['$quality.score', 0] } },
          loss: { $sum: { $ifNull: ['$quality.lossPercent', 0] } },
          poor: countIf({ $and: [measured, { $lt: ['$quality.score', poorScore] }] }),
        },
      },
    ])
    .toArray();
  return (groups ?? []).map(({ _id, ...sum }) => ({
    ...(_id as Pick<LegSum, 'site' | 'protocol'>),
    legs: numberOf(sum.legs),
    measured: numberOf(sum.measured),
    score: numberOf(sum.score),
    loss: numberOf(sum.loss),
    poor: numberOf(sum.poor),
  }));
}

async function incidentCounts(log: SessionLog, { from, to }: Span): Promise<Sums['incidents']> {
  // The log's spans of time include both ends.
  const places = await log.places({ from, to: new Date(to.getTime() - 1) });
  if (places === undefined) return [];
  const bounds = { afterSeq: places.above, ...(places.below === undefined ? {} : { beforeSeq: places.below }) };
  return Promise.all(incidentEvents.map(async (event) => ({ event, count: await log.count({ event, ...bounds }) })));
}
