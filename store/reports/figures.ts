import type { Document } from 'mongodb';
import type { Sums } from '../schema/day-sums.ts';
import type { SessionLog } from '../session-log.ts';
import type { Store } from '../store.ts';
import { readSums } from './days.ts';
import { countIf, numberOf, type Span, within } from './span.ts';
import { incidentEvents } from './sums.ts';

/*
 * What a report counts, added up by the store itself over its indexes: nothing is read into memory but sums.
 */

/** Counts by two names. */
export type Crossed = Record<string, Record<string, number>>;

export interface Figures {
  sessions: {
    /** Began in the span. */
    held: number;
    /** Planned into the span. */
    planned: number;
    cancelled: number;
    postponed: number;
    /** Began in the span and had this kind of site in its plan. */
    withProvince: number;
    withCentral: number;
    /** Of those that began and ended, ms. */
    totalMs: number;
    ended: number;
  };
  cases: {
    /** Kind → authority → registered in the span. */
    registered: Crossed;
    /** State now → registered in the span. */
    states: Record<string, number>;
    citizens: number;
    accepted: number;
    refused: number;
    notices: number;
  };
  legs: {
    joined: number;
    /** Protocol → legs that joined. */
    protocols: Record<string, number>;
    /** Site → how its legs sounded. '' is without a site: phones, callers. */
    sites: Record<string, LegFigures>;
    /** Calls that were made or came and never joined. */
    failed: number;
  };
  /** Log event → how often. */
  incidents: Record<string, number>;
  recordings: { count: number; totalMs: number; bytes: number };
  rehearsals: { count: number; withFailures: number };
}

export interface LegFigures {
  legs: number;
  /** Legs with measurements, the mean of their scores, and how many sounded poor (under 3.6). */
  measured: number;
  score: number;
  poor: number;
  lossPercent: number;
}

const one = 1;

/** Adds everything up for a span of time. */
export async function readFigures(store: Store, log: SessionLog, span: Span): Promise<Figures> {
  const [sessions, cases, sums, recordings, rehearsals] = await Promise.all([
    sessionFigures(store, span),
    caseFigures(store, span),
    readSums(store, log, span),
    recordingFigures(store, span),
    rehearsalFigures(store, span),
  ]);
  return { sessions, cases, legs: legFigures(sums), incidents: incidentFigures(sums), recordings, rehearsals };
}

function adder(store: Store): (collection: string, pipeline: Document[]) => Promise<Document[]> {
  const { db } = store.connection;
  if (db === undefined) throw new Error('the store is not connected');
  return (collection, pipeline) => db.collection(collection).aggregate(pipeline).toArray();
}

async function sessionFigures(store: Store, span: Span): Promise<Figures['sessions']> {
  const add = adder(store);
  const far = await store.sites.recall({ kind: { $in: ['province', 'central'] } });
  /** Sessions that have a site of a kind in their plan: named, or called by its uplink. */
  const takingPart = (kind: string): Document => {
    const ids = far.filter((site) => site.kind === kind).map(({ id }) => id);
    const named = [{ $ifNull: ['$siteIds', []] }, { $ifNull: ['$participants.siteId', []] }];
    return countIf({ $gt: [{ $size: { $setIntersection: [ids, { $concatArrays: named }] } }, 0] });
  };
  const [held, planned] = await Promise.all([
    add('sessions', [
      { $match: { startedAt: within(span) } },
      {
        $group: {
          _id: null,
          held: { $sum: one },
          ended: countIf({ $eq: ['$state', 'ended'] }),
          totalMs: { $sum: { $cond: [{ $eq: ['$state', 'ended'] }, { $subtract: ['$endedAt', '$startedAt'] }, 0] } },
          withProvince: takingPart('province'),
          withCentral: takingPart('central'),
        },
      },
    ]),
    add('sessions', [
      { $match: { plannedStart: within(span) } },
      {
        $group: {
          _id: null,
          planned: { $sum: one },
          cancelled: countIf({ $eq: ['$state', 'cancelled'] }),
          postponed: countIf({ $gt: [{ $size: { $ifNull: ['$postponed', []] } }, 0] }),
        },
      },
    ]),
  ]);
  return {
    held: numberOf(held[0]?.held),
    ended: numberOf(held[0]?.ended),
    totalMs: numberOf(held[0]?.totalMs),
    planned: numberOf(planned[0]?.planned),
    cancelled: numberOf(planned[0]?.cancelled),
    postponed: numberOf(planned[0]?.postponed),
    withProvince: numberOf(held[0]?.withProvince),
    withCentral: numberOf(held[0]?.withCentral),
  };
}

async function caseFigures(store: Store, span: Span): Promise<Figures['cases']> {
  const add = adder(store);
  const [groups, accepted, refused, notices] = await Promise.all([
    add('cases', [
      { $match: { registeredAt: within(span) } },
      {
        $group: {
          _id: { kind: '$kind', authority: '$authority', state: '$state' },
          count: { $sum: one },
          citizens: { $sum: { $ifNull: ['$people', { $size: '$citizens' }] } },
        },
      },
    ]),
    store.cases.count({ 'decision.at': within(span), 'decision.verdict': 'accepted' }),
    store.cases.count({ 'decision.at': within(span), 'decision.verdict': 'refused' }),
    store.cases.count({ 'notice.issuedAt': within(span) }),
  ]);
  const registered: Crossed = {};
  const states: Record<string, number> = {};
  let citizens = 0;
  for (const group of groups) {
    const { kind, authority, state } = group._id as { kind: string; authority: string; state: string };
    const row = registered[kind] ?? {};
    registered[kind] = { ...row, [authority]: (row[authority] ?? 0) + numberOf(group.count) };
    states[state] = (states[state] ?? 0) + numberOf(group.count);
    citizens += numberOf(group.citizens);
  }
  return { registered, states, citizens, accepted, refused, notices };
}

function legFigures({ failed, legs }: Sums): Figures['legs'] {
  const protocols: Record<string, number> = {};
  const sites: Record<string, LegFigures> = {};
  for (const { loss, protocol, site, ...sum } of legs) {
    protocols[protocol] = (protocols[protocol] ?? 0) + sum.legs;
    const before = sites[site] ?? { legs: 0, measured: 0, score: 0, poor: 0, lossPercent: 0 };
    sites[site] = {
      legs: before.legs + sum.legs,
      measured: before.measured + sum.measured,
      score: before.score + sum.score,
      poor: before.poor + sum.poor,
      lossPercent: before.lossPercent + loss,
    };
  }
  const mean = (sum: number, count: number) => (count === 0 ? 0 : Math.round((sum * 100) / count) / 100);
  for (const sum of Object.values(sites)) {
    sum.score = mean(sum.score, sum.measured);
    sum.lossPercent = mean(sum.lossPercent, sum.measured);
  }
  const joined = Object.values(protocols).reduce((sum, count) => sum + count, 0);
  return { joined, protocols, sites, failed };
}

const incidentFigures = ({ incidents }: Sums): Figures['incidents'] => ({
  ...Object.fromEntries(incidentEvents.map((event) => [event, 0])),
  ...Object.fromEntries(incidents.map(({ count, event }) => [event, count])),
});

async function recordingFigures(store: Store, span: Span): Promise<Figures['recordings']> {
  const [sum] = await adder(store)('recordings', [
    { $match: { startedAt: within(span), kind: 'room', state: 'closed' } },
    { $group: { _id: null, count: { $sum: one }, totalMs: { $sum: '$durationMs' }, bytes: { $sum: '$bytes' } } },
  ]);
  return { count: numberOf(sum?.count), totalMs: numberOf(sum?.totalMs), bytes: numberOf(sum?.bytes) };
}

async function rehearsalFigures(store: Store, span: Span): Promise<Figures['rehearsals']> {
  const [sum] = await adder(store)('rehearsals', [
    { $match: { startedAt: within(span) } },
    { $group: { _id: null, count: { $sum: one }, withFailures: countIf({ $gt: ['$failures', 0] }) } },
  ]);
  return { count: numberOf(sum?.count), withFailures: numberOf(sum?.withFailures) };
}
