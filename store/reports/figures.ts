import type { Document } from 'mongodb';
import type { SessionLog } from '../session-log.ts';
import type { Store } from '../store.ts';

/*
 * What a report counts, added up by the store itself over its indexes: nothing is read into memory but sums.
 */

/** From, inclusive, to, exclusive. */
export interface Span {
  from: Date;
  to: Date;
}

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

const one = 1;
const countIf = (condition: Document): Document => ({ $sum: { $cond: [condition, one, 0] } });

/** Adds everything up for a span of time. */
export async function readFigures(store: Store, log: SessionLog, span: Span): Promise<Figures> {
  const [sessions, cases, legs, incidents, recordings, rehearsals] = await Promise.all([
    sessionFigures(store, span),
    caseFigures(store, span),
    legFigures(store, span),
    incidentFigures(log, span),
    recordingFigures(store, span),
    rehearsalFigures(store, span),
  ]);
  return { sessions, cases, legs, incidents, recordings, rehearsals };
}

function adder(store: Store): (collection: string, pipeline: Document[]) => Promise<Document[]> {
  const { db } = store.connection;
  if (db === undefined) throw new Error('the store is not connected');
  return (collection, pipeline) => db.collection(collection).aggregate(pipeline).toArray();
}

const within = ({ from, to }: Span): Document => ({ $gte: from, $lt: to });
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

async function sessionFigures(store: Store, span: Span): Promise<Figures['sessions']> {
  const add = adder(store);
  const far = await store.sites.find({ kind: { $in: ['province', 'central'] } });
  const idsOf = (kind: string) => far.filter((site) => site.kind === kind).map(({ id }) => id);
  const takingPart = (kind: string) => {
    const ids = { $in: idsOf(kind) };
    return store.sessions.count({
      startedAt: within(span),
      $or: [{ siteIds: ids }, { 'participants.siteId': ids }],
    });
  };
  const [held, planned, withProvince, withCentral] = await Promise.all([
    add('sessions', [
      { $match: { startedAt: within(span) } },
      {
        $group: {
          _id: null,
          held: { $sum: one },
          ended: countIf({ $eq: ['$state', 'ended'] }),
          totalMs: { $sum: { $cond: [{ $eq: ['$state', 'ended'] }, { $subtract: ['$endedAt', '$startedAt'] }, 0] } },
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
    takingPart('province'),
    takingPart('central'),
  ]);
  return {
    held: number(held[0]?.held),
    ended: number(held[0]?.ended),
    totalMs: number(held[0]?.totalMs),
    planned: number(planned[0]?.planned),
    cancelled: number(planned[0]?.cancelled),
    postponed: number(planned[0]?.postponed),
    withProvince,
    withCentral,
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
    registered[kind] = { ...row, [authority]: (row[authority] ?? 0) + number(group.count) };
    states[state] = (states[state] ?? 0) + number(group.count);
    citizens += number(group.citizens);
  }
  return { registered, states, citizens, accepted, refused, notices };
}

async function legFigures(store: Store, span: Span): Promise<Figures['legs']> {
  const add = adder(store);
  const measured = { $gt: ['$quality.readings', 0] };
  const [groups, failed] = await Promise.all([
    add('legs', [
      { $match: { joinedAt: within(span), sessionId: { $ne: '' } } },
      {
        $group: {
          _id: { site: { $ifNull: ['$siteId', ''] }, protocol: '$protocol' },
          legs: { $sum: one },
          measured: countIf(measured),
          score: { $sum: { $ifNull: ['$quality.score', 0] } },
          loss: { $sum: { $ifNull: ['$quality.lossPercent', 0] } },
          poor: countIf({ $and: [measured, { $lt: ['$quality.score', poorScore] }] }),
        },
      },
    ]),
    store.legs.count({ createdAt: within(span), sessionId: { $ne: '' }, state: 'ended', joinedAt: { $exists: false } }),
  ]);
  const protocols: Record<string, number> = {};
  const sums: Record<string, LegFigures> = {};
  for (const group of groups) {
    const { site, protocol } = group._id as { site: string; protocol: string };
    protocols[protocol] = (protocols[protocol] ?? 0) + number(group.legs);
    const sum = sums[site] ?? { legs: 0, measured: 0, score: 0, poor: 0, lossPercent: 0 };
    sums[site] = {
      legs: sum.legs + number(group.legs),
      measured: sum.measured + number(group.measured),
      score: sum.score + number(group.score),
      poor: sum.poor + number(group.poor),
      lossPercent: sum.lossPercent + number(group.loss),
    };
  }
  const mean = (sum: number, count: number) => (count === 0 ? 0 : Math.round((sum * 100) / count) / 100);
  const sites = Object.entries(sums).map(([id, sum]) => [
    id,
    { ...sum, score: mean(sum.score, sum.measured), lossPercent: mean(sum.lossPercent, sum.measured) },
  ]);
  const joined = Object.values(protocols).reduce((sum, count) => sum + count, 0);
  return { joined, protocols, sites: Object.fromEntries(sites), failed };
}

async function incidentFigures(log: SessionLog, { from, to }: Span): Promise<Figures['incidents']> {
  // The log's spans of time include both ends.
  const before = new Date(to.getTime() - 1);
  const counts = await Promise.all(incidentEvents.map((event) => log.count({ event, from, to: before })));
  return Object.fromEntries(incidentEvents.map((event, at) => [event, counts[at] ?? 0]));
}

async function recordingFigures(store: Store, span: Span): Promise<Figures['recordings']> {
  const [sum] = await adder(store)('recordings', [
    { $match: { startedAt: within(span), kind: 'room', state: 'closed' } },
    { $group: { _id: null, count: { $sum: one }, totalMs: { $sum: '$durationMs' }, bytes: { $sum: '$bytes' } } },
  ]);
  return { count: number(sum?.count), totalMs: number(sum?.totalMs), bytes: number(sum?.bytes) };
}

async function rehearsalFigures(store: Store, span: Span): Promise<Figures['rehearsals']> {
  const [sum] = await adder(store)('rehearsals', [
    { $match: { startedAt: within(span) } },
    { $group: { _id: null, count: { $sum: one }, withFailures: countIf({ $gt: ['$failures', 0] }) } },
  ]);
  return { count: number(sum?.count), withFailures: number(sum?.withFailures) };
}
