import type { Context } from 'koa';
import type { z } from 'zod';
import type { Language } from '../platform/messages/messages.ts';
import type { Role } from '../store/schema/account.ts';
import type { Actor } from '../store/schema/log.ts';
import type { Caller } from './accounts/accounts.ts';

/*
 * A route is data: from the one table of routes come the router, the checks of what is sent, the answers' shape, the
 * OpenAPI description, and the tests that hold it all together.
 */

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Whom a route serves: everybody, or who is logged in with at least this role (viewer < operator < admin). */
export type Access = 'public' | Role;

/** An answer that is not JSON. */
export interface RawAnswer {
  mediaType: string;
  description: string;
}

/** One request, as a handler sees it: checked, and made by somebody. */
export interface Exchange<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  /** Who asks. @throws Fault unauthenticated where nobody is logged in: only on public routes. */
  caller(): Caller;
  /** As `caller`, for routes that also serve the public. */
  knownCaller: Caller | undefined;
  /** The caller as the log and the gateway name them. */
  actor: Actor;
  /** The client's network address. */
  address: string;
  language: Language;
  /** @throws Fault (412) when the request's If-Match names another state than this; `undefined`: there is none yet. */
  ifMatch(view: unknown): void;
  /** As `ifMatch`, for what has an ETag of its own making. */
  ifMatchTag(tag: string): void;
  /** The request and answer themselves, for answers that are not JSON, and for headers. */
  context: Context;
}

export interface Route<P = unknown, Q = unknown, B = unknown> {
  method: Method;
  /** Below `/api/v1`, parameters as `:id`. */
  path: string;
  access: Access;
  tag: string;
  summary: string;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** Takes one file as `multipart/form-data`, field `file`, in the place of a JSON body. */
  upload?: boolean;
  /** What is answered; nothing (204) when absent. */
  answer?: z.ZodType | RawAnswer;
  /** Status of a good answer; 200, or 204 without one. */
  status?: number;
  /** The answer carries an ETag; what PUT and PATCH answer as JSON always does. */
  tagged?: boolean;
  /** A change of what nobody can read, and that has no ETag therefore: If-Match fits it only as `*`. */
  stateless?: boolean;
  /** Takes an Idempotency-Key. */
  idempotent?: boolean;
  handle(exchange: Exchange<P, Q, B>): Promise<unknown>;
}

/** Declares a route; what the handler sees is typed by the schemas. */
export function route<P = Record<never, never>, Q = Record<never, never>, B = undefined>(
  definition: Route<P, Q, B>,
): Route {
  return definition as unknown as Route;
}

export const isRaw = (answer: Route['answer']): answer is RawAnswer => answer !== undefined && 'mediaType' in answer;

/** Whether the answer carries an ETag. */
export const isTagged = ({ answer, method, tagged }: Route): boolean =>
  tagged === true || (answer !== undefined && !isRaw(answer) && (method === 'PUT' || method === 'PATCH'));

/** Whether a change is made on condition of If-Match. */
export const takesIfMatch = ({ method, stateless }: Route): boolean =>
  stateless !== true && ['PUT', 'PATCH', 'DELETE'].includes(method);
