import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { calendarOf } from '../planning/feed.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { tokenView } from '../views.ts';

const tag = 'calendar';
/** So much of the past stays in the calendar, ms. */
const pastMs = 400 * 24 * 3600_000;
const mostEvents = 3000;

/** The calendar of sessions, under an address that only its owner knows. */
export function calendar(services: Services): Route[] {
  const { store, accounts, audit, clock, config } = services;
  return [
    route({
      method: 'POST',
      path: '/me/calendar',
      tag,
      access: 'viewer',
      summary: 'Make the own secret address of the calendar; an earlier one ends. It is shown this once',
      body: z.strictObject({}),
      answer: tokenView.extend({ path: z.string() }),
      status: 201,
      handle: async (exchange) => {
        const { user } = exchange.caller();
        await store.tokens.removeAll({ userId: user.id, kind: 'calendar' });
        const { secret, token } = await accounts.issue(user, 'calendar', 'calendar');
        await audit.changed(exchange, { what: 'token', id: token.id, action: 'create', after: tokenView.parse(token) });
        return { ...token, path: `/api/v1/calendar/${secret}.ics` };
      },
    }),
    route({
      method: 'GET',
      path: '/calendar/:file',
      tag,
      access: 'public',
      summary: 'The sessions as iCalendar (RFC 5545), by the secret address `TOKEN.ics` of a user',
      params: z.object({ file: z.string().max(140) }),
      answer: { mediaType: 'text/calendar', description: 'Moved and cancelled sessions come with a higher SEQUENCE' },
      handle: async ({ params, context }) => {
        const secret = /^([\w-]{20,128})\.ics$/.exec(params.file)?.[1];
        const known = secret === undefined ? undefined : await accounts.recognise(secret, 'calendar');
        if (known === undefined) throw new Fault('not-found', 'not-found');
        const [sessions, sites, devices] = await Promise.all([
          store.sessions.find(
            { plannedStart: { $gte: new Date(clock.now().getTime() - pastMs) } },
            { sort: { plannedStart: -1 }, limit: mostEvents },
          ),
          store.sites.recall(),
          store.endpoints.recall(),
        ]);
        const siteOf = new Map(devices.map(({ id, siteId }) => [id, siteId]));
        const nameOf = new Map(sites.map(({ id, name }) => [id, name]));
        context.type = 'text/calendar; charset=utf-8';
        context.set('Content-Disposition', 'inline; filename="diemcau.ics"');
        context.body = calendarOf(sessions, {
          language: known.user.language,
          host: config.publicHost,
          sitesOf: ({ siteIds, participants }) => {
            const ids = participants.map((who) =>
              who.kind === 'uplink' ? who.siteId : who.kind === 'endpoint' ? siteOf.get(who.endpointId) : undefined,
            );
            return [...new Set([...siteIds, ...ids])].flatMap((id) => nameOf.get(id ?? '') ?? []);
          },
        });
      },
    }),
  ];
}
