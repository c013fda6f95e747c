import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { incidentRecord } from '../../store/schema/incident.ts';
import { id } from '../../store/schema/names.ts';
import { byId, flag, listing, listOf, page, sortBy } from '../fields.ts';
import { sayIncident } from '../incident-words.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { equal } from './places.ts';

const incidentView = incidentRecord.extend({
  /** What happened, as a sentence. */
  text: z.object({ vi: z.string(), en: z.string() }),
});

/** Incidents of the last time, for whoever was not looking when they happened. */
export function incidents({ audit, store }: Services): Route[] {
  const tag = 'incidents';
  const view = (one: z.output<typeof incidentRecord>) => ({
    ...one,
    text: { vi: sayIncident('vi', one), en: sayIncident('en', one) },
  });
  return [
    route({
      method: 'GET',
      path: '/incidents',
      tag,
      access: 'operator',
      summary: 'List what staff should look at: the latest thousand incidents; those nobody has looked at, or all',
      query: z.strictObject({
        ...page,
        sort: sortBy('lastAt', 'createdAt', 'code').default('-lastAt'),
        seen: flag.optional(),
        sessionId: id.optional(),
      }),
      answer: listOf(incidentView),
      handle: async ({ query }) => {
        const filter = {
          ...equal(query, ['sessionId']),
          ...(query.seen === undefined ? {} : { seenBy: { $exists: query.seen } }),
        };
        const [items, total] = await Promise.all([
          store.incidents.find(filter, listing(query)),
          store.incidents.count(filter),
        ]);
        return { items: items.map(view), total };
      },
    }),
    route({
      method: 'POST',
      path: '/incidents/:id/seen',
      tag,
      access: 'operator',
      summary: 'Say that an incident was looked at',
      params: byId,
      answer: incidentView,
      handle: async (exchange) => {
        const before = await store.incidents.get(exchange.params.id);
        if (before === undefined) throw new Fault('not-found', 'not-found');
        const after = await store.incidents.update(before.id, { seenBy: exchange.caller().user.username });
        if (after === undefined) throw new Fault('not-found', 'not-found');
        await audit.changed(exchange, { what: 'incident', id: before.id, action: 'seen', before, after });
        return view(after);
      },
    }),
  ];
}
