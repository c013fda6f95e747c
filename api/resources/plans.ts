import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { id } from '../../store/schema/names.ts';
import { session } from '../../store/schema/session.ts';
import { Cases } from '../cases/cases.ts';
import { byId, moment } from '../fields.ts';
import { type PlanBook, wordsOfSession } from '../planning/plan-book.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { sessionView } from '../views.ts';
import { sessionForLog } from './sessions.ts';

const tag = 'sessions';

const clash = z.object({
  kind: z.enum(['site', 'endpoint', 'line', 'chair']),
  name: z.string(),
  sessionId: id,
  sessionTitle: z.string(),
  from: z.date(),
  to: z.date(),
  capacity: z.number().int().optional(),
  wanted: z.number().int().optional(),
});
const clashes = z.object({ items: z.array(clash) });

/** As far as clashes are concerned: who, what and when. */
const sketch = session
  .pick({ participants: true, siteIds: true, chair: true })
  .extend({ plannedStart: moment, plannedEnd: moment.optional(), sessionId: id.optional() });

/** The plan of a session: clashes, postponement, outcome. */
export function sessionPlans(services: Services, plans: PlanBook): Route[] {
  const { store, clock, audit, log, events } = services;
  const cases = new Cases(services);
  const { turn } = plans;
  const found = async (sessionId: string) => {
    const one = await store.sessions.get(sessionId);
    if (one === undefined) throw new Fault('not-found', 'not-found');
    return one;
  };

  return [
    route({
      method: 'POST',
      path: '/sessions/clashes',
      tag,
      access: 'viewer',
      summary: 'Ask where a plan would clash: rooms, devices, lines, chair; nothing is kept',
      body: sketch.strict(),
      answer: clashes,
      handle: async ({ body: { sessionId = 'sketch', ...plan } }) => {
        const now = clock.now();
        const sketched = session.parse({
          title: '-',
          room: '0',
          ...plan,
          id: sessionId,
          createdAt: now,
          updatedAt: now,
        });
        return { items: await plans.clashes(sketched) };
      },
    }),
    route({
      method: 'GET',
      path: '/sessions/:id/clashes',
      tag,
      access: 'viewer',
      summary: 'Where a planned session clashes with others now',
      params: byId,
      answer: clashes,
      handle: async ({ params }) => ({ items: await plans.clashes(await found(params.id)) }),
    }),
    route({
      method: 'POST',
      path: '/sessions/:id/postpone',
      tag,
      access: 'operator',
      summary: 'Put a planned session off to another time, with the reason; calendars and live events tell it',
      params: byId,
      body: z.strictObject({
        plannedStart: moment,
        plannedEnd: moment.optional(),
        reason: z.string().trim().min(1).max(500),
        allowClash: z.boolean().default(false),
      }),
      answer: sessionView,
      idempotent: true,
      handle: (exchange) =>
        turn(async () => {
          const before = await found(exchange.params.id);
          exchange.ifMatch(before);
          if (before.state !== 'planned') throw new Fault('conflict', 'session.not-planned');
          const { plannedStart, reason, allowClash } = exchange.body;
          const plannedEnd = exchange.body.plannedEnd ?? movedEnd(before, plannedStart);
          if (plannedEnd !== undefined && plannedEnd <= plannedStart) {
            throw new Fault('invalid', 'end-before-start', { field: 'plannedEnd' });
          }
          await plans.judge({ ...before, plannedStart, plannedEnd }, before, allowClash);
          const from = before.plannedStart === undefined ? {} : { from: before.plannedStart };
          const moved = { ...from, to: plannedStart, reason, at: clock.now(), by: exchange.caller().user.username };
          const kept = await store.sessions.updateFirst(
            { id: before.id, state: 'planned' },
            { plannedStart, plannedEnd, sequence: before.sequence + 1, postponed: [...before.postponed, moved] },
          );
          if (kept === undefined) throw new Fault('conflict', 'session.not-planned');
          const sessionId = before.id;
          await audit.changed(exchange, {
            what: 'session',
            id: sessionId,
            sessionId,
            action: 'postpone',
            before: sessionForLog(before),
            after: sessionForLog(kept),
          });
          const detail = { ...from, to: plannedStart, reason };
          await log.append({ sessionId, event: 'session.postponed', actor: exchange.actor, detail });
          events.session(kept);
          return kept;
        }),
    }),
    route({
      method: 'PUT',
      path: '/sessions/:id/outcome',
      tag,
      access: 'operator',
      summary: 'Write down how a session ended, and what came of its cases; those on its list count as held',
      params: byId,
      body: z.strictObject({
        text: z.string().trim().min(1).max(20_000),
        cases: z
          .array(z.strictObject({ caseId: id, outcome: z.string().trim().min(1).max(5000).optional() }))
          .max(200)
          .default([]),
      }),
      answer: sessionView,
      handle: (exchange) =>
        turn(async () => {
          const before = await found(exchange.params.id);
          exchange.ifMatch(before);
          if (before.state !== 'open' && before.state !== 'ended') throw new Fault('conflict', 'session.not-open');
          const { text, cases: held } = exchange.body;
          for (const [at, { caseId }] of held.entries()) {
            if (!before.caseIds.includes(caseId)) {
              throw new Fault('invalid', 'unknown-reference', { field: `cases.${at}.caseId` });
            }
          }
          const outcome = { text, at: clock.now(), by: exchange.caller().user.username };
          const kept = await store.sessions.update(before.id, {
            outcome,
            words: wordsOfSession({ ...before, outcome }),
          });
          if (kept === undefined) throw new Fault('not-found', 'not-found');
          const sessionId = before.id;
          await audit.changed(exchange, {
            what: 'session',
            id: sessionId,
            sessionId,
            action: 'outcome',
            before: { outcome: before.outcome },
            after: { outcome },
          });
          for (const { caseId, outcome: result } of held) {
            const one = await cases.found(caseId);
            const more = result === undefined ? {} : { outcome: result };
            if (one.state === 'linked') await cases.step(one, { step: 'hold' }, exchange, more);
            else if (result !== undefined && one.state === 'held') await cases.change(one, more, exchange);
          }
          events.session(kept);
          return kept;
        }),
    }),
  ];
}

/** A session that is put off stays as long as it was planned. */
function movedEnd(
  before: { plannedStart?: Date | undefined; plannedEnd?: Date | undefined },
  to: Date,
): Date | undefined {
  if (before.plannedStart === undefined || before.plannedEnd === undefined) return undefined;
  return new Date(to.getTime() + before.plannedEnd.getTime() - before.plannedStart.getTime());
}
