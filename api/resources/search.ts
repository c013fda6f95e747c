import { z } from 'zod';
import { searchFilter } from '../../platform/search.ts';
import type { Filter } from '../../store/collection.ts';
import type { Case } from '../../store/schema/case.ts';
import { id } from '../../store/schema/names.ts';
import type { Store } from '../../store/store.ts';
import { caseView, viewOf } from '../cases/views.ts';
import { moment, spanOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { recordingView, sessionView } from '../views.ts';

const mostSessions = 100;
const mostCases = 50;

/** Sessions with their recordings, and cases, found by date, case, citizen, site and words. */
export function search(services: Services): Route[] {
  const { store } = services;
  return [
    route({
      method: 'GET',
      path: '/search',
      tag: 'search',
      access: 'viewer',
      summary: 'Find sessions, their recordings and cases; words also of citizens, with or without Vietnamese marks',
      query: z.strictObject({
        q: z.string().max(200).optional(),
        /** Began, or was planned, not before, and before. */
        from: moment.optional(),
        to: moment.optional(),
        caseId: id.optional(),
        siteId: id.optional(),
      }),
      answer: z.object({
        sessions: z.array(sessionView),
        recordings: z.array(recordingView),
        cases: z.array(caseView),
      }),
      handle: async ({ query, caller }) => {
        const { cases, filter } = await soughtSessions(store, query);
        const sessions = await store.sessions.find(filter, {
          sort: { plannedStart: -1, _id: -1 },
          limit: mostSessions,
        });
        const recordings = await store.recordings.find(
          { sessionId: { $in: sessions.map((one) => one.id) }, kind: 'room' },
          { sort: { startedAt: -1, _id: -1 } },
        );
        const { role } = caller().user;
        return { sessions, recordings, cases: cases.map((one) => viewOf(one, role)) };
      },
    }),
  ];
}

/** What sessions are sought by. */
interface Sought {
  q?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  caseId?: string | undefined;
  siteId?: string | undefined;
}

/** The filter of sessions that are sought, also by the words of their cases; and those cases. */
export async function soughtSessions(store: Store, query: Sought): Promise<{ filter: Filter; cases: Case[] }> {
  const words = query.q === undefined ? undefined : searchFilter('words', query.q);
  const cases =
    words === undefined && query.caseId === undefined
      ? []
      : await store.cases.find(
          { ...words, ...(query.caseId === undefined ? {} : { id: query.caseId }) },
          { sort: { registeredAt: -1, _id: -1 }, limit: mostCases },
        );
  const ofCases = cases.flatMap(({ sessionId }) => (sessionId === undefined ? [] : [sessionId]));
  const every: Filter[] = [
    ...(words === undefined ? [] : [{ $or: [words, { id: { $in: ofCases } }] }]),
    ...(query.caseId === undefined ? [] : [{ caseIds: query.caseId }]),
    ...(query.siteId === undefined ? [] : [await ofSite(store, query.siteId)]),
    ...(query.from === undefined && query.to === undefined
      ? []
      : [
          {
            $or: [spanOf('startedAt', query), { startedAt: { $exists: false }, ...spanOf('plannedStart', query) }],
          },
        ]),
  ];
  const asked = every.map(withStoredId);
  return { cases, filter: asked.length === 0 ? {} : { $and: asked } };
}

/** A site takes part where the plan names it, where it is called, or by a device that stands there. */
async function ofSite(store: Store, siteId: string): Promise<Filter> {
  const devices = await store.endpoints.find({ siteId });
  const byDevice = { 'participants.endpointId': { $in: devices.map(({ id }) => id) } };
  return { $or: [{ siteIds: siteId }, { 'participants.siteId': siteId }, ...(devices.length === 0 ? [] : [byDevice])] };
}

/** Below `$or` the store knows the identifier by its own name. */
function withStoredId(filter: Filter): Filter {
  const { $or: choices } = filter;
  if (!Array.isArray(choices)) return filter;
  const renamed = (choices as Filter[]).map(({ id: wanted, ...rest }) =>
    wanted === undefined ? rest : { ...rest, _id: wanted },
  );
  return { ...filter, $or: renamed };
}
