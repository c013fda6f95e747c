import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { announcements } from '../../gateway/gateway.ts';
import { Fault } from '../../platform/fault.ts';
import { searchFilter } from '../../platform/search.ts';
import { id } from '../../store/schema/names.ts';
import { site } from '../../store/schema/places.ts';
import { type Floor, type Participant, type Session, session } from '../../store/schema/session.ts';
import { check } from '../errors.ts';
import { asStored, byId, changeOf, flag, listing, listOf, moment, page, sortBy, spanOf } from '../fields.ts';
import { concernsCalendars, type PlanBook, wordsOfSession } from '../planning/plan-book.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { sessionView } from '../views.ts';
import { equal } from './places.ts';
import { mustExist } from './references.ts';

const planned = session
  .omit({ id: true, createdAt: true, updatedAt: true, state: true, startedAt: true, endedAt: true })
  .omit({ retentionDays: true, hold: true })
  .omit({ sequence: true, postponed: true, cancelReason: true, outcome: true, words: true })
  .extend({ room: session.shape.room.optional(), plannedStart: moment.optional(), plannedEnd: moment.optional() });
/** Planned although it clashes with others. */
const allowClash = z.boolean().optional();

const reason = z.strictObject({ reason: z.string().trim().max(500).optional() });
const live = ['planned', 'open'];
/** Room numbers that are given when none is asked for. */
const [firstRoom, lastRoom] = [1000, 9999];
const tag = 'sessions';

/** What the log keeps of a session: the PIN is a secret. */
export const sessionForLog = ({ pin, words: _words, ...rest }: Session) => ({ ...rest, hasPin: pin !== undefined });

/** Sessions: planned, opened, steered, ended. */
export function sessions(services: Services, plans: PlanBook): Route[] {
  const { store, gateway, ids, clock, audit, log, events } = services;
  const { turn } = plans;

  const found = async (sessionId: string): Promise<Session> => {
    const one = await store.sessions.get(sessionId);
    if (one === undefined) throw new Fault('not-found', 'not-found');
    return one;
  };
  const judge = async (wanted: Session): Promise<void> => {
    if (
      wanted.plannedStart !== undefined &&
      wanted.plannedEnd !== undefined &&
      wanted.plannedEnd <= wanted.plannedStart
    ) {
      throw new Fault('invalid', 'end-before-start', { field: 'plannedEnd' });
    }
    await judgeRoom(wanted.room, wanted.id);
    for (const [place, who] of wanted.participants.entries()) await judgeParticipant(who, `participants.${place}`);
    await judgeFloor(wanted.floor);
  };
  const judgeFloor = async (floor: Floor): Promise<void> => {
    if (floor.kind === 'endpoint') await mustExist(store.endpoints, floor.endpointId, 'floor.endpointId');
    if (floor.kind === 'site') await mustExist(store.sites, floor.siteId, 'floor.siteId');
  };
  const judgeRoom = async (room: string, own: string): Promise<void> => {
    const other = await store.sessions.first({ room, state: { $in: live }, id: { $ne: own } });
    if (other !== undefined) {
      throw new Fault('conflict', 'room-taken', { field: 'room', values: { room, owner: other.title } });
    }
    const device = await store.endpoints.first({ number: room });
    if (device !== undefined) {
      throw new Fault('conflict', 'number-taken', { field: 'room', values: { number: room, owner: device.name } });
    }
  };
  const judgeParticipant = async (who: Participant, field: string): Promise<void> => {
    if (who.kind === 'endpoint') await mustExist(store.endpoints, who.endpointId, `${field}.endpointId`);
    if (who.kind === 'phone' && who.trunkId !== undefined)
      await mustExist(store.trunks, who.trunkId, `${field}.trunkId`);
    if (who.kind !== 'uplink') return;
    const far = await mustExist(store.sites, who.siteId, `${field}.siteId`);
    if (far.uplink === undefined) throw new Fault('invalid', 'site.no-uplink', { field: `${field}.siteId` });
  };
  const withSites = async (kind: string): Promise<object> => {
    const ids = { $in: (await store.sites.find({ kind })).map((one) => one.id) };
    return { $or: [{ siteIds: ids }, { 'participants.siteId': ids }] };
  };
  const freeRoom = async (): Promise<string> => {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const room = String(randomInt(firstRoom, lastRoom + 1));
      const taken =
        (await store.sessions.first({ room, state: { $in: live } })) ?? (await store.endpoints.first({ number: room }));
      if (taken === undefined) return room;
    }
    throw new Fault('conflict', 'no-room-number', { field: 'room' });
  };

  return [
    route({
      method: 'GET',
      path: '/sessions',
      tag,
      access: 'viewer',
      summary: 'List sessions',
      query: z.strictObject({
        ...page,
        sort: sortBy('-createdAt', 'createdAt', 'plannedStart', '-plannedStart', 'title', '-title'),
        state: session.shape.state.unwrap().optional(),
        room: session.shape.room.optional(),
        /** Planned start not before, and before. */
        from: moment.optional(),
        to: moment.optional(),
        /** Words of title, people and running order, with or without Vietnamese marks. */
        q: z.string().max(200).optional(),
        caseId: id.optional(),
        /** Began not before, and before. */
        startedFrom: moment.optional(),
        startedTo: moment.optional(),
        postponed: flag.optional(),
        /** A site of this kind takes part: it is named in the plan, or by an uplink. */
        siteKind: site.shape.kind.unwrap().optional(),
      }),
      answer: listOf(sessionView),
      handle: async ({ query }) => {
        const filter = {
          ...equal(query, ['state', 'room']),
          ...spanOf('plannedStart', query),
          ...spanOf('startedAt', { from: query.startedFrom, to: query.startedTo }),
          ...(query.postponed === undefined ? {} : { 'postponed.0': { $exists: query.postponed } }),
          ...(query.siteKind === undefined ? {} : await withSites(query.siteKind)),
          ...(query.caseId === undefined ? {} : { caseIds: query.caseId }),
          ...(query.q === undefined ? {} : searchFilter('words', query.q)),
        };
        const [items, total] = await Promise.all([
          store.sessions.find(filter, listing(query)),
          store.sessions.count(filter),
        ]);
        return { items, total };
      },
    }),
    route({
      method: 'POST',
      path: '/sessions',
      tag,
      access: 'operator',
      summary: 'Plan a session; without a room number it gets a free one',
      body: planned.extend({ allowClash }).strict(),
      answer: sessionView,
      status: 201,
      tagged: true,
      idempotent: true,
      handle: (exchange) =>
        turn(async () => {
          const now = clock.now();
          const { allowClash: despite = false, ...fields } = exchange.body;
          const room = fields.room ?? (await freeRoom());
          const wanted = check(session, { ...fields, room, id: ids(), createdAt: now, updatedAt: now });
          await judge(wanted);
          if (wanted.floor.kind === 'leg') throw new Fault('conflict', 'session.not-open', { field: 'floor' });
          await plans.judge(wanted, undefined, despite);
          const kept = await store.sessions.insert({ ...wanted, words: wordsOfSession(wanted) });
          const change = {
            what: 'session',
            id: kept.id,
            sessionId: kept.id,
            action: 'create',
            after: sessionForLog(kept),
          };
          await audit.changed(exchange, change);
          await plans.relink(undefined, kept, exchange, kept.title);
          exchange.context.set('Location', `${exchange.context.path}/${kept.id}`);
          return kept;
        }),
    }),
    route({
      method: 'GET',
      path: '/sessions/:id',
      tag,
      access: 'viewer',
      summary: 'Show a session',
      params: byId,
      answer: sessionView,
      tagged: true,
      handle: ({ params }) => found(params.id),
    }),
    route({
      method: 'PATCH',
      path: '/sessions/:id',
      tag,
      access: 'operator',
      summary: 'Change a session; while it is open, `locked`, `record`, `layout` and `floor` take effect at once',
      params: byId,
      body: changeOf(planned.extend({ allowClash })),
      answer: sessionView,
      tagged: true,
      handle: (exchange) =>
        turn(async () => {
          const before = await found(exchange.params.id);
          exchange.ifMatch(before);
          if (!live.includes(before.state)) throw new Fault('conflict', 'session.over');
          const { allowClash: despite, ...asked } = asStored(exchange.body);
          const changed = check(session, { ...before, ...asked });
          const sequence = before.sequence + (concernsCalendars(before, changed) ? 1 : 0);
          const change: Record<string, unknown> = { ...asked, sequence, words: wordsOfSession(changed) };
          const { floor, layout, locked, record, ...rest } = change;
          if (before.state === 'open' && 'room' in rest && rest.room !== before.room) {
            throw new Fault('conflict', 'session.not-planned', { field: 'room' });
          }
          const wanted = check(session, { ...before, ...change });
          await judge(wanted);
          await plans.judge(wanted, before, despite === true);
          const running = before.state === 'open';
          if (!running && wanted.floor.kind === 'leg') {
            throw new Fault('conflict', 'session.not-open', { field: 'floor' });
          }
          // What those in the room see is tried first: an engine may refuse.
          if (running && wanted.layout !== before.layout) {
            await gateway.setLayout(before.id, wanted.layout, exchange.actor);
          }
          if (running && !isDeepStrictEqual(wanted.floor, before.floor)) {
            await gateway.setFloor(before.id, wanted.floor, exchange.actor);
          }
          const kept = await store.sessions.update(before.id, running ? rest : change);
          if (kept === undefined) throw new Fault('not-found', 'not-found');
          if (running && wanted.locked !== before.locked) {
            await gateway.setLocked(before.id, wanted.locked, exchange.actor);
          }
          if (running && wanted.record !== before.record) {
            await gateway.setRecording(before.id, wanted.record, exchange.actor);
          }
          const after = await found(before.id);
          await audit.changed(exchange, {
            what: 'session',
            id: before.id,
            sessionId: before.id,
            action: 'change',
            before: sessionForLog(before),
            after: sessionForLog(after),
          });
          await plans.relink(before, after, exchange, after.title);
          events.session(after);
          return after;
        }),
    }),
    route({
      method: 'DELETE',
      path: '/sessions/:id',
      tag,
      access: 'operator',
      summary: 'Remove a session that never opened',
      params: byId,
      handle: (exchange) =>
        turn(async () => {
          const before = await found(exchange.params.id);
          exchange.ifMatch(sessionView.parse(before));
          if (before.state !== 'planned' && before.state !== 'cancelled') {
            throw new Fault('conflict', 'session.not-planned');
          }
          await store.sessions.remove(before.id);
          const gone = {
            what: 'session',
            id: before.id,
            sessionId: before.id,
            action: 'remove',
            before: sessionForLog(before),
          };
          await audit.changed(exchange, gone);
          await plans.relink(before, undefined, exchange, before.title);
        }),
    }),
    route({
      method: 'POST',
      path: '/sessions/:id/start',
      tag,
      access: 'operator',
      summary: 'Open the room and call whom it is to call',
      params: byId,
      body: z.strictObject({}),
      answer: sessionView,
      idempotent: true,
      handle: async (exchange) => {
        const before = await found(exchange.params.id);
        if (!live.includes(before.state)) throw new Fault('conflict', 'session.over');
        if (before.state === 'open') return before;
        const opened = await gateway.openSession(before.id, exchange.actor);
        await acted(exchange, before.id, 'start');
        return opened;
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/:id/end',
      tag,
      access: 'operator',
      summary: 'End the session for all',
      params: byId,
      body: reason,
      answer: sessionView,
      idempotent: true,
      handle: async (exchange) => {
        const before = await found(exchange.params.id);
        if (before.state !== 'open') throw new Fault('conflict', 'session.not-open');
        const ended = await gateway.endSession(before.id, exchange.actor, exchange.body.reason);
        await acted(exchange, before.id, 'end');
        return ended;
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/:id/cancel',
      tag,
      access: 'operator',
      summary: 'Cancel a planned session; it stays on record',
      params: byId,
      body: reason,
      answer: sessionView,
      handle: (exchange) =>
        turn(async () => {
          const { id: sessionId } = exchange.params;
          const before = await found(sessionId);
          exchange.ifMatch(before);
          const { reason: why } = exchange.body;
          const told = why === undefined ? {} : { reason: why };
          const cancelled = await store.sessions.updateFirst(
            { id: sessionId, state: 'planned' },
            {
              state: 'cancelled',
              sequence: before.sequence + 1,
              ...(why === undefined ? {} : { cancelReason: why }),
            },
          );
          if (cancelled === undefined) throw new Fault('conflict', 'session.not-planned');
          const after = { state: 'cancelled', ...told };
          await audit.changed(exchange, { what: 'session', id: sessionId, sessionId, action: 'cancel', after });
          await log.append({ sessionId, event: 'session.cancelled', actor: exchange.actor, detail: told });
          for (const caseId of before.caseIds) await plans.unlink(caseId, sessionId, exchange, why ?? before.title);
          events.session(cancelled);
          return cancelled;
        }),
    }),
    route({
      method: 'PUT',
      path: '/sessions/:id/recording',
      tag,
      access: 'operator',
      summary: 'Start or stop recording an open session',
      params: byId,
      body: z.strictObject({ on: z.boolean() }),
      answer: sessionView,
      idempotent: true,
      handle: async (exchange) => {
        const before = await found(exchange.params.id);
        exchange.ifMatch(before);
        if (before.state !== 'open') throw new Fault('conflict', 'session.not-open');
        const after = await gateway.setRecording(before.id, exchange.body.on, exchange.actor);
        await acted(exchange, before.id, exchange.body.on ? 'record' : 'stop-recording', [before, after]);
        return after;
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/:id/announcements',
      tag,
      access: 'operator',
      summary: 'Speak an announcement to all in an open session',
      params: byId,
      body: z.strictObject({ what: z.enum(announcements) }),
      idempotent: true,
      handle: async (exchange) => {
        const before = await found(exchange.params.id);
        if (before.state !== 'open') throw new Fault('conflict', 'session.not-open');
        await gateway.announce(before.id, exchange.body.what, exchange.actor);
        await acted(exchange, before.id, 'announce');
      },
    }),
    route({
      method: 'PUT',
      path: '/sessions/:id/lock',
      tag,
      access: 'operator',
      summary: 'Lock the room against new arrivals, or unlock it',
      params: byId,
      body: z.strictObject({ on: z.boolean() }),
      answer: sessionView,
      handle: async (exchange) => {
        const before = await found(exchange.params.id);
        exchange.ifMatch(before);
        if (before.state !== 'open') throw new Fault('conflict', 'session.not-open');
        const after = await gateway.setLocked(before.id, exchange.body.on, exchange.actor);
        await acted(exchange, before.id, exchange.body.on ? 'lock' : 'unlock', [before, after]);
        return after;
      },
    }),
  ];

  async function acted(
    who: Parameters<typeof audit.changed>[0],
    sessionId: string,
    action: string,
    states: [before?: Session, after?: Session] = [],
  ): Promise<void> {
    const [before, after] = states.map((one) => one && sessionForLog(one));
    await audit.changed(who, { what: 'session', id: sessionId, sessionId, action, before, after });
  }
}

/** A session that is open. @throws Fault */
export async function openSession({ store }: Services, sessionId: string): Promise<Session> {
  const one = await store.sessions.get(sessionId);
  if (one === undefined) throw new Fault('not-found', 'not-found');
  if (one.state !== 'open') throw new Fault('conflict', 'session.not-open');
  return one;
}

/** A session and one of its legs. */
export const byLeg = z.object({ id, leg: id });
