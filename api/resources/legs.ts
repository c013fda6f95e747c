import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { type LegRecord, legRecord, participant } from '../../store/schema/session.ts';
import { byId, listing, listOf, page, sortBy } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { legView } from '../views.ts';
import { equal } from './places.ts';
import { mustExist } from './references.ts';
import { byLeg, openSession } from './sessions.ts';

const tag = 'legs';

/** What staff change of a leg. */
const stateForLog = ({ floor, muted, state }: LegRecord) => ({ state, muted, floor });

/** Who is in a session: called, muted, admitted, removed. */
export function legs(services: Services): Route[] {
  const { store, gateway, audit } = services;

  /** A leg of this session, or one that waits in the lobby of none. */
  const found = async (sessionId: string, legId: string): Promise<LegRecord> => {
    await gateway.legsKept();
    const leg = (await store.legs.get(legId)) ?? gateway.lobby().find((one) => one.id === legId);
    if (leg === undefined || (leg.sessionId !== sessionId && leg.sessionId !== '')) {
      throw new Fault('not-found', 'not-found');
    }
    return leg;
  };
  const acted = (
    who: Parameters<typeof audit.changed>[0],
    sessionId: string,
    leg: string,
    action: string,
    [before, after]: [before?: LegRecord, after?: LegRecord] = [],
  ) =>
    audit.changed(who, {
      what: 'leg',
      id: leg,
      sessionId,
      action,
      before: before && stateForLog(before),
      after: after && stateForLog(after),
    });

  return [
    route({
      method: 'GET',
      path: '/sessions/:id/legs',
      tag,
      access: 'viewer',
      summary: 'List who is and was in the session',
      params: byId,
      query: z.strictObject({ ...page, sort: sortBy('createdAt', 'name'), state: legRecord.shape.state.optional() }),
      answer: listOf(legView),
      handle: async ({ params, query }) => {
        if ((await store.sessions.get(params.id)) === undefined) throw new Fault('not-found', 'not-found');
        await gateway.legsKept();
        const filter = { sessionId: params.id, ...equal(query, ['state']) };
        const [items, total] = await Promise.all([store.legs.find(filter, listing(query)), store.legs.count(filter)]);
        const now = (leg: LegRecord) => ({ ...leg, quality: gateway.quality(leg.id), ...gateway.sound(leg.id) });
        return { items: items.map(now), total };
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/:id/calls',
      tag,
      access: 'operator',
      summary: 'Call somebody into an open session',
      params: byId,
      body: participant,
      answer: legView,
      status: 201,
      idempotent: true,
      handle: async (exchange) => {
        const { id: sessionId } = await openSession(services, exchange.params.id);
        const who = exchange.body;
        if (who.kind === 'endpoint') await mustExist(store.endpoints, who.endpointId, 'endpointId');
        if (who.kind === 'phone' && who.trunkId !== undefined) await mustExist(store.trunks, who.trunkId, 'trunkId');
        if (who.kind === 'uplink') {
          const far = await mustExist(store.sites, who.siteId, 'siteId');
          if (far.uplink === undefined) throw new Fault('invalid', 'site.no-uplink', { field: 'siteId' });
        }
        const leg = await gateway.callOut(sessionId, who, exchange.actor);
        await audit.changed(exchange, { what: 'leg', id: leg.id, sessionId, action: 'call', after: who });
        return leg;
      },
    }),
    route({
      method: 'PATCH',
      path: '/sessions/:id/legs/:leg',
      tag,
      access: 'operator',
      summary: 'Mute or unmute somebody, fix the picture floor on them or let it go, or let them in from the lobby',
      params: byLeg,
      body: z.strictObject({
        muted: z.boolean().optional(),
        floor: z.boolean().optional(),
        admitted: z.literal(true).optional(),
      }),
      answer: legView,
      handle: async (exchange) => {
        const { id: sessionId, leg: legId } = exchange.params;
        const { muted, admitted, floor } = exchange.body;
        const session = await openSession(services, sessionId);
        let leg = await found(sessionId, legId);
        exchange.ifMatch(leg);
        if (admitted === true) {
          const before = leg;
          leg = await gateway.admitLeg(sessionId, legId, exchange.actor);
          await acted(exchange, sessionId, legId, 'admit', [before, leg]);
        }
        if (muted !== undefined) {
          const before = leg;
          leg = await gateway.muteLeg(sessionId, legId, muted, exchange.actor);
          await acted(exchange, sessionId, legId, muted ? 'mute' : 'unmute', [before, leg]);
        }
        if (floor === true || (floor === false && session.floor.kind !== 'automatic')) {
          await gateway.setFloor(sessionId, floor ? { kind: 'leg', legId } : { kind: 'automatic' }, exchange.actor);
          const before = leg;
          leg = await found(sessionId, legId);
          await acted(exchange, sessionId, legId, floor ? 'fix-floor' : 'free-floor', [before, leg]);
        }
        return leg;
      },
    }),
    route({
      method: 'DELETE',
      path: '/sessions/:id/legs/:leg',
      tag,
      access: 'operator',
      summary: 'Remove somebody from the session',
      params: byLeg,
      handle: async (exchange) => {
        const { id: sessionId, leg: legId } = exchange.params;
        await openSession(services, sessionId);
        const before = await found(sessionId, legId);
        exchange.ifMatch(legView.parse(before));
        await gateway.removeLeg(sessionId, legId, exchange.actor);
        await acted(exchange, sessionId, legId, 'remove', [before]);
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/:id/legs/:leg/digits',
      tag,
      access: 'operator',
      summary: 'Send digits to the far end; a comma is a pause of one second',
      params: byLeg,
      body: z.strictObject({ digits: z.string().regex(/^[0-9A-D*#,]{1,64}$/) }),
      idempotent: true,
      handle: async (exchange) => {
        const { id: sessionId, leg: legId } = exchange.params;
        await openSession(services, sessionId);
        await found(sessionId, legId);
        await gateway.sendDigits(sessionId, legId, exchange.body.digits, exchange.actor);
        // The digits themselves may be a code: they are not written down.
        await acted(exchange, sessionId, legId, 'digits');
      },
    }),
    route({
      method: 'GET',
      path: '/lobby',
      tag,
      access: 'viewer',
      summary: 'List callers who wait and belong to no session yet',
      answer: z.object({ items: z.array(legView) }),
      handle: async () => ({ items: gateway.lobby() }),
    }),
  ];
}
