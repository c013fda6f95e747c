import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { searchFilter } from '../../platform/search.ts';
import type { Filter } from '../../store/collection.ts';
import { authority, type Case, caseKind, caseState, reception } from '../../store/schema/case.ts';
import { id } from '../../store/schema/names.ts';
import { type CaseFields, Cases } from '../cases/cases.ts';
import { stepsByHand } from '../cases/progress.ts';
import { caseView, viewOf } from '../cases/views.ts';
import { asStored, byId, changeOf, listing, listOf, moment, page, sortBy, spanOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { inTurn } from './crud.ts';
import { equal } from './places.ts';

const tag = 'cases';

const fields = reception.pick({
  title: true,
  kind: true,
  authority: true,
  citizens: true,
  people: true,
  summary: true,
  note: true,
  outcome: true,
});
const registered = fields.extend({ registeredAt: moment.optional() });
const changed = fields.extend({ registeredAt: moment });

const step = z.strictObject({
  step: z.enum(stepsByHand),
  /** Why; must be there to accept, refuse and withdraw. */
  reason: z.string().trim().min(1).max(2000).optional(),
  /** Who decided, as it is written in documents; to accept or refuse. */
  decidedBy: z.string().trim().min(1).max(200).optional(),
  /** Number and date of the paper it was decided by. */
  document: z.string().trim().min(1).max(200).optional(),
  /** What came out, when the case was held. */
  outcome: z.string().trim().min(1).max(5000).optional(),
});

/** Several of a choice, with commas between. */
const several = <T extends string>(choice: z.ZodEnum<{ [K in T]: K }>) =>
  z
    .string()
    .max(300)
    .transform((text) => text.split(','))
    .pipe(z.array(choice).min(1).max(20))
    .optional();

/** Cases of citizens who ask to be received online, from registration to the end. */
export function cases(services: Services): Route[] {
  const { store, clock } = services;
  const book = new Cases(services);
  const turn = inTurn();

  return [
    route({
      method: 'GET',
      path: '/cases',
      tag,
      access: 'viewer',
      summary: 'List cases; `q` finds words and their beginnings, with or without Vietnamese marks',
      query: z.strictObject({
        ...page,
        sort: sortBy('-registeredAt', 'registeredAt', 'updatedAt', 'code', 'title', 'state', 'kind'),
        q: z.string().max(200).optional(),
        kind: several(caseKind),
        authority: several(authority),
        /** One state or several, with commas between. */
        state: several(caseState),
        sessionId: id.optional(),
        /** Registered not before, and before. */
        from: moment.optional(),
        to: moment.optional(),
        verdict: z.enum(['accepted', 'refused']).optional(),
        decidedFrom: moment.optional(),
        decidedTo: moment.optional(),
        /** Notice issued not before, and before. */
        noticedFrom: moment.optional(),
        noticedTo: moment.optional(),
      }),
      answer: listOf(caseView),
      handle: async ({ query, caller }) => {
        const { role } = caller().user;
        const filter: Filter = {
          ...oneOf('kind', query.kind),
          ...oneOf('authority', query.authority),
          ...oneOf('state', query.state),
          ...equal(query, ['sessionId']),
          ...spanOf('registeredAt', query),
          ...spanOf('decision.at', { from: query.decidedFrom, to: query.decidedTo }),
          ...spanOf('notice.issuedAt', { from: query.noticedFrom, to: query.noticedTo }),
          ...(query.verdict === undefined ? {} : { 'decision.verdict': query.verdict }),
          ...(query.q === undefined ? {} : searchFilter('words', query.q)),
        };
        const [items, total] = await Promise.all([store.cases.find(filter, listing(query)), store.cases.count(filter)]);
        return { items: items.map((one) => viewOf(one, role)), total };
      },
    }),
    route({
      method: 'POST',
      path: '/cases',
      tag,
      access: 'operator',
      summary: 'Register a case; it gets the next number of its year',
      body: registered.strict(),
      answer: caseView,
      status: 201,
      tagged: true,
      idempotent: true,
      handle: (exchange) =>
        turn(async () => {
          const { registeredAt = clock.now(), ...rest } = exchange.body;
          const kept = await book.register({ ...rest, registeredAt } as CaseFields, exchange);
          exchange.context.set('Location', `${exchange.context.path}/${kept.id}`);
          return viewOf(kept, 'operator');
        }),
    }),
    route({
      method: 'GET',
      path: '/cases/:id',
      tag,
      access: 'viewer',
      summary: 'Show a case, with its history and the steps that may be taken now',
      params: byId,
      answer: caseView,
      tagged: true,
      handle: async ({ params, caller }) => viewOf(await book.found(params.id), caller().user.role),
    }),
    route({
      method: 'PATCH',
      path: '/cases/:id',
      tag,
      access: 'operator',
      summary: 'Change a case that is not closed',
      params: byId,
      body: changeOf(changed),
      answer: caseView,
      tagged: true,
      handle: (exchange) =>
        turn(async () => {
          const before = await book.found(exchange.params.id);
          exchange.ifMatch(viewOf(before, 'operator'));
          if (before.state === 'closed') {
            throw new Fault('conflict', 'case.closed', { values: { code: before.code } });
          }
          return viewOf(
            await book.change(before, asStored(exchange.body) as Partial<CaseFields>, exchange),
            'operator',
          );
        }),
    }),
    route({
      method: 'POST',
      path: '/cases/:id/steps',
      tag,
      access: 'operator',
      summary: 'Take the next step with a case: propose, report, accept or refuse, hold, issue the notice, close',
      params: byId,
      body: step,
      answer: caseView,
      idempotent: true,
      handle: (exchange) =>
        turn(async () => {
          const before = await book.found(exchange.params.id);
          exchange.ifMatch(viewOf(before, 'operator'));
          const { step: wanted, reason } = exchange.body;
          const more = along(before, exchange.body, clock.now());
          return viewOf(await book.step(before, { step: wanted, reason }, exchange, more), 'operator');
        }),
    }),
    route({
      method: 'DELETE',
      path: '/cases/:id',
      tag,
      access: 'operator',
      summary: 'Remove a case that was registered by mistake',
      params: byId,
      handle: (exchange) =>
        turn(async () => {
          const before = await book.found(exchange.params.id);
          exchange.ifMatch(caseView.parse(viewOf(before, 'operator')));
          const files = await store.attachments.count({ 'owner.id': before.id });
          if (before.state !== 'registered' || files > 0) throw new Fault('conflict', 'case.not-removable');
          await book.remove(before, exchange);
        }),
    }),
  ];
}

/** What comes with a step besides the new state. @throws Fault when something of it is missing. */
function along(before: Case, asked: z.output<typeof step>, now: Date): Partial<Case> {
  const { step: wanted, reason, decidedBy, document, outcome } = asked;
  if (wanted === 'accept' || wanted === 'refuse') {
    if (decidedBy === undefined) throw new Fault('invalid', 'case.decider-needed', { field: 'decidedBy' });
    const paper = document === undefined ? {} : { document };
    const verdict = wanted === 'accept' ? ('accepted' as const) : ('refused' as const);
    return { decision: { verdict, by: decidedBy, reason: reason ?? '', at: now, ...paper } };
  }
  if (wanted === 'hold') return outcome === undefined ? {} : { outcome };
  if (wanted !== 'issue-notice') return {};
  const { notice } = before;
  const conclusion = notice?.conclusion || (before.outcome ?? '');
  if (notice?.number === undefined || notice.date === undefined || conclusion === '') {
    throw new Fault('conflict', 'notice.incomplete', { field: 'notice' });
  }
  return { notice: { ...notice, issuedAt: now } };
}

const oneOf = (field: string, values: readonly string[] | undefined): Filter =>
  values === undefined ? {} : { [field]: values.length === 1 ? values[0] : { $in: values } };
