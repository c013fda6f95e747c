import { randomBytes } from 'node:crypto';
import Router from '@koa/router';
import Koa, { type Context, type Middleware, type Next } from 'koa';
import bodyParser from 'koa-bodyparser';
import { z } from 'zod';
import { Fault } from '../platform/fault.ts';
import { type Language, languageOf } from '../platform/messages/messages.ts';
import { RateLimit } from '../platform/rate-limit.ts';
import type { Role } from '../store/schema/account.ts';
import { check, errorBody, statusOf } from './errors.ts';
import { IdempotentRequests } from './idempotency.ts';
import { callerOf, refuseForeignPages } from './identity.ts';
import { type Access, type Exchange, isRaw, isTagged, type Route } from './route.ts';
import type { Services } from './services.ts';
import { entityTag, namesTag } from './tags.ts';

/** Serves pages outside `/api/`. */
export type ExtraPages = Middleware;

const apiBase = '/api/v1';
const minuteMs = 60_000;
const ranks: Record<Role, number> = { viewer: 1, operator: 2, admin: 3 };

/** Whether somebody of this role may use a route. */
const mayUse = (access: Access, role: Role): boolean => access === 'public' || ranks[role] >= ranks[access];

/** Builds the HTTP application from the table of routes. */
export function buildApp(services: Services, routes: readonly Route[], pages?: ExtraPages): Koa {
  const app = new Koa();
  app.on('error', (error: NodeJS.ErrnoException) => {
    // A page that is closed ends its stream of live events so: nothing failed.
    if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    services.logger.warn({ err: error }, 'HTTP connection failed');
  });
  const router = new Router({ prefix: apiBase });
  const idempotent = new IdempotentRequests(services.clock);
  const limit = new RateLimit(services.config.apiRequestsPerMinute, minuteMs);
  for (const route of routes) {
    router.register(route.path, [route.method.toLowerCase()], serve(services, route, idempotent, limit));
  }
  app.use(secure);
  app.use(refusals(services));
  app.use(measured(services));
  app.use(parseBody(services.config.apiBodyMaxKb));
  app.use(router.routes());
  app.use(async (context: Context, next: Next) => {
    if (context.path.startsWith('/api/') || pages === undefined) {
      const others = router.match(context.path, context.method).path;
      if (others.length === 0) throw new Fault('not-found', 'not-found');
      const methods = [...new Set(others.flatMap((layer) => layer.methods))];
      context.set('Allow', methods.join(', '));
      if (context.method === 'OPTIONS') {
        context.status = 204;
        return;
      }
      throw new Fault('invalid', 'method-not-allowed', { values: { method: context.method.slice(0, 20) } });
    }
    await pages(context as Parameters<ExtraPages>[0], next);
  });
  return app;
}

/** One request through one route: who asks, what is sent, the handler, the answer. */
function serve(services: Services, route: Route, idempotent: IdempotentRequests, limit: RateLimit): Middleware {
  const status = route.status ?? (route.answer === undefined ? 204 : 200);
  return async (context) => {
    context.state.route = route.path;
    const found = await callerOf(services.accounts, context);
    const who = found === undefined ? `address ${clientAddress(context)}` : `account ${found.caller.user.id}`;
    if (!limit.take(who, services.clock.now().getTime())) {
      throw new Fault('too-many', 'too-many-requests', { values: { seconds: minuteMs / 1000 } });
    }
    if (found !== undefined) context.state.language = found.caller.user.language;
    if (route.access !== 'public') {
      if (found === undefined) throw new Fault('unauthenticated', 'unauthenticated');
      if (!mayUse(route.access, found.caller.user.role)) throw new Fault('forbidden', 'forbidden');
    }
    if (route.method !== 'GET') refuseForeignPages(context, found?.byCookie === true);
    const caller = found?.caller;
    const exchange: Exchange<unknown, unknown, unknown> = {
      params: check(route.params ?? z.unknown(), { ...context.params }),
      query: check(route.query ?? z.strictObject({}), { ...context.query }),
      body: route.body === undefined ? undefined : check(route.body, jsonBody(context)),
      caller: () => {
        if (caller === undefined) throw new Fault('unauthenticated', 'unauthenticated');
        return caller;
      },
      knownCaller: caller,
      actor: caller === undefined ? { kind: 'user' } : { kind: 'user', id: caller.user.id, name: caller.user.username },
      address: clientAddress(context),
      language: languageFor(context),
      ifMatch: (view) => {
        if (context.get('If-Match') === '') return;
        const plain = view === undefined || route.answer === undefined || isRaw(route.answer);
        const present = plain ? view : shown(route, view, caller?.user.role);
        exchange.ifMatchTag(present === undefined ? 'none' : entityTag(present));
      },
      ifMatchTag: (tag) => {
        const wanted = context.get('If-Match');
        if (wanted !== '' && !namesTag(wanted, tag)) throw new Fault('conflict', 'changed-meanwhile');
      },
      context,
    };
    if (route.stateless === true) exchange.ifMatchTag('none');
    const run = async (): Promise<{ status: number; body: unknown }> => {
      const result = await route.handle(exchange);
      if (route.answer === undefined) return { status, body: undefined };
      return { status, body: isRaw(route.answer) ? result : shown(route, result, caller?.user.role) };
    };
    const key = route.idempotent === true ? context.get('Idempotency-Key').slice(0, 200) : '';
    const answer =
      key === '' ? await run() : await idempotent.once(`${caller?.user.id} ${key}`, [context.path, exchange.body], run);
    if (route.answer !== undefined && isRaw(route.answer)) return;
    context.status = answer.status;
    if (answer.body === undefined) return;
    context.type = 'json';
    context.body = JSON.stringify(answer.body);
    if (!isTagged(route)) return;
    const tag = entityTag(answer.body);
    context.set('ETag', tag);
    if (route.method === 'GET' && namesTag(context.get('If-None-Match'), tag)) context.status = 304;
  };
}

/** What is really given out: nothing that the answer's schema does not name; no PIN for those who only look. */
function shown(route: Route, result: unknown, role: Role | undefined): unknown {
  const schema = route.answer as z.ZodType;
  const answer: unknown = schema.parse(result);
  return role === 'viewer' ? withoutPin(answer) : answer;
}

function withoutPin(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('items' in value && Array.isArray(value.items)) return { ...value, items: value.items.map(withoutPin) };
  const { pin: _pin, ...rest } = value as Record<string, unknown>;
  return rest;
}

function jsonBody(context: Context): unknown {
  const sent = Number(context.get('Content-Length') || 0) > 0 || context.get('Transfer-Encoding') !== '';
  if (sent && !context.is('json')) throw new Fault('invalid', 'not-json');
  return context.request.body ?? {};
}

/** Reads JSON of at most so many KiB. */
function parseBody(mostKb: number): Middleware {
  const parser = bodyParser({
    enableTypes: ['json'],
    jsonLimit: `${mostKb}kb`,
    onerror: (error) => {
      const tooLarge = 'status' in error && error.status === 413;
      throw new Fault('invalid', tooLarge ? 'body-too-large' : 'broken-json');
    },
  });
  return (context, next) => parser(context as Parameters<typeof parser>[0], next);
}

function languageFor(context: Context): Language {
  const state: Language | undefined = context.state.language;
  return state ?? languageOf(context.get('Accept-Language'));
}

/** IPv4 addresses as such, also where the socket is IPv6. */
const clientAddress = (context: Context): string => context.ip.replace(/^::ffff:/, '');

const secure: Middleware = async (context, next) => {
  context.set({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
  });
  if (context.path.startsWith('/api/')) {
    context.set({
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'Cache-Control': 'no-store',
    });
  }
  await next();
};

/** Turns whatever was thrown into the one shape of refusal. */
function refusals({ logger }: Services): Middleware {
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      const language = languageFor(context);
      const fault = asFault(error);
      // What was meant for a good answer does not belong to a refusal.
      context.remove('ETag');
      if (fault !== undefined) {
        context.status = statusOf(fault);
        if (context.status === 401) context.set('WWW-Authenticate', 'Bearer');
        const { seconds } = fault.values;
        if (context.status === 429 || context.status === 503) context.set('Retry-After', String(seconds ?? 1));
        context.body = errorBody(language, fault);
        return;
      }
      const number = randomBytes(4).toString('hex');
      logger.error({ err: error, number, method: context.method, path: context.path }, 'request failed');
      context.status = 500;
      const unexpected = new Fault('unavailable', 'internal', { values: { number } });
      context.body = errorBody(language, unexpected);
    }
  };
}

function asFault(error: unknown): Fault | undefined {
  if (error instanceof Fault) return error;
  if (error instanceof URIError) return new Fault('not-found', 'not-found');
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return new Fault('invalid', 'body-too-large');
  if (status === 415) return new Fault('invalid', 'not-json');
  if (typeof status === 'number' && status >= 400 && status < 500) return new Fault('invalid', 'broken-json');
  return undefined;
}

function measured({ metrics }: Services): Middleware {
  return async (context, next) => {
    const started = performance.now();
    const note = (status: number) => {
      const route: string = context.state.route ?? 'none';
      metrics.answered(knownMethod(context.method), route, status, (performance.now() - started) / 1000);
    };
    try {
      await next();
      note(context.status);
    } catch (error) {
      const fault = asFault(error);
      note(fault === undefined ? 500 : statusOf(fault));
      throw error;
    }
  };
}

/** Bounded label values: a caller cannot make new ones. */
const knownMethod = (method: string): string =>
  ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';
