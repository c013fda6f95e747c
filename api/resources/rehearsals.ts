import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { rehearsal } from '../../store/schema/rehearsal.ts';
import { byId, listing, listOf, page, sortBy } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const tag = 'rehearsals';

/** Checks of links, sound and picture before a session. */
export function rehearsals(services: Services): Route[] {
  const { store, gateway, audit } = services;
  return [
    route({
      method: 'POST',
      path: '/sessions/:id/rehearsals',
      tag,
      access: 'operator',
      summary: 'Check a planned session now: devices and far rooms are called, sound and picture looped and measured',
      params: byId,
      body: z.strictObject({}),
      answer: rehearsal,
      status: 202,
      idempotent: true,
      handle: async (exchange) => {
        const sessionId = exchange.params.id;
        const begun = await gateway.rehearse(sessionId, exchange.actor);
        await audit.changed(exchange, { what: 'session', id: sessionId, sessionId, action: 'rehearse' });
        return begun;
      },
    }),
    route({
      method: 'GET',
      path: '/sessions/:id/rehearsals',
      tag,
      access: 'viewer',
      summary: 'List the checks of a session, the newest first',
      params: byId,
      query: z.strictObject({ ...page, sort: sortBy('-startedAt', 'startedAt') }),
      answer: listOf(rehearsal),
      handle: async ({ params, query }) => {
        if ((await store.sessions.get(params.id)) === undefined) throw new Fault('not-found', 'not-found');
        const filter = { sessionId: params.id };
        const [items, total] = await Promise.all([
          store.rehearsals.find(filter, listing(query)),
          store.rehearsals.count(filter),
        ]);
        return { items, total };
      },
    }),
    route({
      method: 'GET',
      path: '/rehearsals/:id',
      tag,
      access: 'viewer',
      summary: 'Show a check and what it found',
      params: byId,
      answer: rehearsal,
      handle: async ({ params }) => {
        const one = await store.rehearsals.get(params.id);
        if (one === undefined) throw new Fault('not-found', 'not-found');
        return one;
      },
    }),
  ];
}
