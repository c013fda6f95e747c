import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import { type User, user } from '../../store/schema/account.ts';
import { id, title } from '../../store/schema/names.ts';
import { hashPassword } from '../accounts/password.ts';
import { byId, flag, listing, listOf, moment, page, sortBy } from '../fields.ts';
import { clearCookie, setCookie } from '../identity.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { tokenView, userView } from '../views.ts';
import { crud } from './crud.ts';
import { equal } from './places.ts';

const newPassword = z.string().min(8).max(256);
const userIn = user
  .omit({ id: true, createdAt: true, updatedAt: true, passwordHash: true })
  .extend({ password: newPassword });

const toView = ({ passwordHash: _hash, ...rest }: User) => rest;

/** Log-in and log-out, people, and programs' tokens. */
export function users(services: Services): Route[] {
  const { store, accounts, audit, metrics } = services;

  const logIn = route({
    method: 'POST',
    path: '/login',
    tag: 'account',
    access: 'public',
    summary: 'Log in; browsers get a cookie, programs take the token',
    body: z.strictObject({ username: z.string().trim().toLowerCase().min(1).max(64), password: z.string().max(256) }),
    answer: z.object({ token: z.string(), expiresAt: z.date(), user: userView }),
    handle: async ({ body, address, context }) => {
      try {
        const { user: person, secret, token } = await accounts.logIn(body.username, body.password, address);
        setCookie(context, secret);
        metrics.loggedIn('ok');
        const actor = { kind: 'user' as const, id: person.id, name: person.username };
        await services.log.append({ event: 'user.login', actor, address });
        return { token: secret, expiresAt: token.expiresAt, user: toView(person) };
      } catch (error) {
        if (error instanceof Fault) {
          metrics.loggedIn('refused');
          // Tries that were not even looked at are not written down each: the log would grow with the flood.
          if (error.code === 'login-failed') {
            const actor = { kind: 'user' as const, name: body.username };
            await services.log.append({ event: 'user.login-failed', actor, address });
          }
        }
        throw error;
      }
    },
  });

  const account = [
    route({
      method: 'POST',
      path: '/logout',
      tag: 'account',
      access: 'viewer',
      summary: 'End this log-in',
      handle: async ({ caller, actor, address, context }) => {
        await store.tokens.remove(caller().token.id);
        clearCookie(context);
        await services.log.append({ event: 'user.logout', actor, address });
      },
    }),
    route({
      method: 'GET',
      path: '/me',
      tag: 'account',
      access: 'viewer',
      summary: 'Show who is logged in',
      answer: userView,
      tagged: true,
      handle: async ({ caller }) => toView(caller().user),
    }),
    route({
      method: 'PATCH',
      path: '/me',
      tag: 'account',
      access: 'viewer',
      summary: 'Change the own name or language',
      body: z.strictObject({ name: title.optional(), language: z.enum(['vi', 'en']).optional() }),
      answer: userView,
      handle: async (exchange) => {
        const before = exchange.caller().user;
        exchange.ifMatch(toView(before));
        const change = Object.fromEntries(Object.entries(exchange.body).filter(([, value]) => value !== undefined));
        const kept = await store.users.update(before.id, change);
        if (kept === undefined) throw new Fault('not-found', 'not-found');
        const [from, to] = [toView(before), toView(kept)];
        await audit.changed(exchange, { what: 'user', id: before.id, action: 'change', before: from, after: to });
        return to;
      },
    }),
    route({
      method: 'POST',
      path: '/me/password',
      tag: 'account',
      access: 'viewer',
      summary: 'Change the own password; every other log-in and token of the user ends',
      body: z.strictObject({ present: z.string().max(256), next: newPassword }),
      handle: async (exchange) => {
        const { body, address, caller } = exchange;
        await accounts.changePassword(caller(), body.present, body.next, address);
        await audit.changed(exchange, { what: 'user', id: caller().user.id, action: 'change-password' });
      },
    }),
  ];

  const people = crud<User>(services, {
    what: 'user',
    path: '/users',
    tag: 'users',
    collection: store.users,
    schema: user,
    create: userIn,
    view: userView,
    query: z.strictObject({
      ...page,
      sort: sortBy('username', 'name', 'role', 'createdAt'),
      role: user.shape.role.optional(),
      enabled: flag.optional(),
    }),
    read: 'admin',
    write: 'admin',
    toView,
    filter: (query) => equal(query, ['role', 'enabled']),
    toStored: async ({ password, ...rest }) =>
      typeof password === 'string' ? { ...rest, passwordHash: await hashPassword(password) } : rest,
    judge: async (person, before) => {
      const { username } = person;
      if ((await store.users.first({ username, id: { $ne: person.id } })) !== undefined) {
        throw new Fault('conflict', 'username-taken', { field: 'username', values: { username } });
      }
      if (before !== undefined && (person.role !== 'admin' || !person.enabled)) await judgeLastAdmin(before);
    },
    judgeRemoval: judgeLastAdmin,
    changed: async (person, before) => {
      // Who is shut out, or whose password was set anew, is out at once.
      if (!person.enabled || before?.passwordHash !== person.passwordHash) await accounts.endTokens(person.id);
    },
  });
  async function judgeLastAdmin(person: User): Promise<void> {
    if (person.role !== 'admin' || !person.enabled) return;
    const other = await store.users.first({ role: 'admin', enabled: true, id: { $ne: person.id } });
    if (other === undefined) throw new Fault('conflict', 'last-admin');
  }

  const tokens = [
    route({
      method: 'GET',
      path: '/tokens',
      tag: 'tokens',
      access: 'viewer',
      summary: "List the own tokens and log-ins; an admin sees everybody's",
      query: z.strictObject({ ...page, sort: sortBy('-createdAt', 'createdAt', 'name'), userId: id.optional() }),
      answer: listOf(tokenView),
      handle: async ({ query, caller }) => {
        const { user: asking } = caller();
        const userId = asking.role === 'admin' ? query.userId : asking.id;
        const filter = userId === undefined ? {} : { userId };
        const [items, total] = await Promise.all([
          store.tokens.find(filter, listing(query)),
          store.tokens.count(filter),
        ]);
        return { items, total };
      },
    }),
    route({
      method: 'POST',
      path: '/tokens',
      tag: 'tokens',
      access: 'viewer',
      summary: 'Make a token for a program; it is shown this once and may do what its user may',
      body: z.strictObject({ name: title, expiresAt: moment.optional() }),
      answer: tokenView.extend({ token: z.string() }),
      status: 201,
      handle: async (exchange) => {
        const { name, expiresAt } = exchange.body;
        const { secret, token } = await accounts.issue(exchange.caller().user, 'program', name, expiresAt);
        await audit.changed(exchange, { what: 'token', id: token.id, action: 'create', after: tokenView.parse(token) });
        return { ...token, token: secret };
      },
    }),
    route({
      method: 'DELETE',
      path: '/tokens/:id',
      tag: 'tokens',
      access: 'viewer',
      summary: "End a token; an admin may end anybody's",
      params: byId,
      handle: async (exchange) => {
        const { user: asking } = exchange.caller();
        const token = await store.tokens.get(exchange.params.id);
        if (token === undefined || (asking.role !== 'admin' && token.userId !== asking.id)) {
          throw new Fault('not-found', 'not-found');
        }
        exchange.ifMatch(tokenView.parse(token));
        await store.tokens.remove(token.id);
        await audit.changed(exchange, {
          what: 'token',
          id: token.id,
          action: 'remove',
          before: tokenView.parse(token),
        });
      },
    }),
  ];
  return [logIn, ...account, ...withTokensOfRemoved(people, services), ...tokens];
}

/** Removing a user ends what was given out in their name. */
function withTokensOfRemoved(routes: Route[], { accounts }: Services): Route[] {
  return routes.map((one) =>
    one.method !== 'DELETE'
      ? one
      : {
          ...one,
          handle: async (exchange) => {
            await one.handle(exchange);
            await accounts.endTokens((exchange.params as { id: string }).id);
          },
        },
  );
}
