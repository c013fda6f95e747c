import type { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import type { Collection, Filter, Stored } from '../../store/collection.ts';
import type { Role } from '../../store/schema/account.ts';
import { check } from '../errors.ts';
import { asStored, byId, changeOf, listing, listOf, type PageQuery } from '../fields.ts';
import { type Exchange, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

/** A kept thing that the API lists, shows, makes, changes and removes in the one way. */
export interface Resource<T extends Stored> {
  /** Singular, for the log: `site`. */
  what: string;
  path: string;
  tag: string;
  collection: Collection<T>;
  /** The kept shape; a changed thing is checked with it as a whole. */
  schema: z.ZodType<T>;
  /** What a client sends to make one. */
  create: z.ZodObject;
  view: z.ZodType;
  query: z.ZodType<PageQuery>;
  read: Role;
  write: Role;
  toView(thing: T): unknown;
  filter?(query: PageQuery): Filter;
  /** From what was sent to what is kept (seals secrets, hashes passwords). */
  toStored?(sent: Record<string, unknown>, before: T | undefined): Promise<Record<string, unknown>>;
  /** What cannot be: taken numbers, things named that do not exist. @throws Fault */
  judge?(thing: T, before: T | undefined): Promise<void>;
  /** @throws Fault when it is still used. */
  judgeRemoval?(thing: T): Promise<void>;
  /** After it is gone: what belonged to it alone. */
  removed?(thing: T): Promise<void>;
  /** After a change is kept. */
  changed?(thing: T, before: T | undefined): Promise<void>;
}

/** Changes of one collection go one after the other: what was judged is still so when it is kept. */
export function inTurn(): <R>(work: () => Promise<R>) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}

const turns = new WeakMap<object, ReturnType<typeof inTurn>>();

/** Whoever changes a collection's things takes the same turn. */
export function turnOf(collection: object): ReturnType<typeof inTurn> {
  const turn = turns.get(collection) ?? inTurn();
  turns.set(collection, turn);
  return turn;
}

/** Makes one thing from what was sent: sealed, checked, judged, kept, logged. @throws Fault */
export function maker<T extends Stored>(
  services: Services,
  resource: Resource<T>,
): (exchange: Exchange<unknown, unknown, unknown>, sent: Record<string, unknown>) => Promise<T> {
  const { audit, clock, ids } = services;
  const { collection, path, what } = resource;
  return (exchange, sent) =>
    turnOf(collection)(async () => {
      const fields = (await resource.toStored?.(sent, undefined)) ?? sent;
      const now = clock.now();
      const thing = check(resource.schema, { ...fields, id: ids(), createdAt: now, updatedAt: now });
      await resource.judge?.(thing, undefined);
      const kept = await collection.insert(thing);
      await audit.changed(exchange, { what, id: kept.id, action: 'create', after: resource.toView(kept) });
      await resource.changed?.(kept, undefined);
      exchange.context.set('Location', `/api/v1${path}/${kept.id}`);
      return kept;
    });
}

/** The five routes of a resource. */
export function crud<T extends Stored>(services: Services, resource: Resource<T>): Route[] {
  const { collection, view, path, tag, what } = resource;
  const { audit } = services;
  const turn = turnOf(collection);
  const make = maker(services, resource);
  const found = async (id: string): Promise<T> => {
    const thing = await collection.get(id);
    if (thing === undefined) throw new Fault('not-found', 'not-found');
    return thing;
  };
  const prepare = async (sent: Record<string, unknown>, before: T | undefined) =>
    (await resource.toStored?.(sent, before)) ?? sent;

  return [
    route({
      method: 'GET',
      path,
      tag,
      access: resource.read,
      summary: `List ${tag}`,
      query: resource.query,
      answer: listOf(view),
      handle: async ({ query }) => {
        const filter = resource.filter?.(query) ?? {};
        const [items, total] = await Promise.all([collection.find(filter, listing(query)), collection.count(filter)]);
        return { items: items.map(resource.toView), total };
      },
    }),
    route({
      method: 'POST',
      path,
      tag,
      access: resource.write,
      summary: `Make a ${what}`,
      body: resource.create.strict(),
      answer: view,
      status: 201,
      tagged: true,
      handle: (exchange) => make(exchange, exchange.body).then((kept) => resource.toView(kept)),
    }),
    route({
      method: 'GET',
      path: `${path}/:id`,
      tag,
      access: resource.read,
      summary: `Show a ${what}`,
      params: byId,
      answer: view,
      tagged: true,
      handle: async ({ params }) => resource.toView(await found(params.id)),
    }),
    route({
      method: 'PATCH',
      path: `${path}/:id`,
      tag,
      access: resource.write,
      summary: `Change a ${what}`,
      params: byId,
      body: changeOf(resource.create),
      answer: view,
      tagged: true,
      handle: (exchange) =>
        turn(async () => {
          const before = await found(exchange.params.id);
          exchange.ifMatch(resource.toView(before));
          const change = await prepare(asStored(exchange.body), before);
          const wanted = check(resource.schema, { ...before, ...change });
          await resource.judge?.(wanted, before);
          const kept = await collection.update(before.id, change as Parameters<typeof collection.update>[1]);
          if (kept === undefined) throw new Fault('not-found', 'not-found');
          const after = resource.toView(kept);
          await audit.changed(exchange, {
            what,
            id: kept.id,
            action: 'change',
            before: resource.toView(before),
            after,
          });
          await resource.changed?.(kept, before);
          return after;
        }),
    }),
    route({
      method: 'DELETE',
      path: `${path}/:id`,
      tag,
      access: resource.write,
      summary: `Remove a ${what}`,
      params: byId,
      handle: (exchange) =>
        turn(async () => {
          const before = await found(exchange.params.id);
          exchange.ifMatch(view.parse(resource.toView(before)));
          await resource.judgeRemoval?.(before);
          await collection.remove(before.id);
          await resource.removed?.(before);
          await audit.changed(exchange, { what, id: before.id, action: 'remove', before: resource.toView(before) });
        }),
    }),
  ];
}
