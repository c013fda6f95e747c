import { signal } from '@preact/signals';
import type { Operations } from './openapi.ts';

/* Requests to the API, typed by its own description. */

export type Operation = keyof Operations;
export type Answer<O extends Operation> = Operations[O]['answer'];
export type Body<O extends Operation> = Operations[O]['body'];
export type Query<O extends Operation> = Operations[O]['query'];
/** One item of a list that an operation answers. */
export type Item<O extends Operation> = Answer<O> extends { items: (infer I)[] } ? I : never;

type Names<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** What an operation takes: the names in its path, its query, its body. */
export type Asked<O extends Operation> = {
  query?: Query<O>;
  /** ETag of the state that is changed; refused when somebody changed it meanwhile. */
  ifMatch?: string;
  signal?: AbortSignal;
} & ([Names<O>] extends [never] ? { path?: undefined } : { path: Record<Names<O>, string> }) &
  (undefined extends Body<O> ? { body?: undefined } : { body: Body<O> });

export type User = Answer<'GET /me'>;

/** Who is logged in: `undefined` not known yet, `null` nobody. */
export const user = signal<User | null | undefined>(undefined);

/** The API said no; the message is a sentence for people, in their language. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;

  constructor(status: number, code: string, message: string, field?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

/** Status 0: the server was not reached. */
const unreachable = (): Refusal => new Refusal(0, 'unreachable', '');

/** The address of an operation's path with its query. */
export function addressOf<O extends Operation>(operation: O, asked: Partial<Asked<O>> = {}): string {
  const [, path = ''] = operation.split(' ');
  const names = (asked.path ?? {}) as Record<string, string>;
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(names[name] ?? ''));
  const query = Object.entries((asked.query ?? {}) as Record<string, unknown>).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const text = new URLSearchParams(query.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1${filled}${text === '' ? '' : `?${text}`}`;
}

/** Asks, and gives the answer with its ETag. @throws Refusal */
export async function askTagged<O extends Operation>(
  operation: O,
  ...[asked]: [Names<O>] extends [never] ? (undefined extends Body<O> ? [Asked<O>?] : [Asked<O>]) : [Asked<O>]
): Promise<{ answer: Answer<O>; tag: string | undefined }> {
  const method = operation.split(' ')[0] ?? 'GET';
  const body = (asked as { body?: unknown } | undefined)?.body;
  const sent = body === undefined ? (method === 'POST' || method === 'PUT' ? '{}' : undefined) : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(addressOf(operation, asked as Partial<Asked<O>>), {
      method,
      headers: {
        ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(asked?.ifMatch === undefined ? {} : { 'If-Match': asked.ifMatch }),
        'Accept-Language': document.documentElement.lang,
      },
      ...(sent === undefined ? {} : { body: sent }),
      ...(asked?.signal === undefined ? {} : { signal: asked.signal }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (!response.ok) throw await refusalOf(response);
  const tag = response.headers.get('ETag') ?? undefined;
  const answer = (response.status === 204 ? undefined : await response.json()) as Answer<O>;
  return { answer, tag };
}

/** Asks the API. @throws Refusal */
export async function ask<O extends Operation>(
  operation: O,
  ...asked: [Names<O>] extends [never] ? (undefined extends Body<O> ? [Asked<O>?] : [Asked<O>]) : [Asked<O>]
): Promise<Answer<O>> {
  return (await askTagged(operation, ...asked)).answer;
}

/** What the API said no with. */
export async function refusalOf(response: Response): Promise<Refusal> {
  if (response.status === 401 && user.value !== undefined) user.value = null;
  let error: { code?: string; message?: string; field?: string } | undefined;
  try {
    ({ error } = (await response.json()) as { error?: typeof error });
  } catch {
    // Something in between answered, not the API.
  }
  return new Refusal(response.status, error?.code ?? 'unknown', error?.message ?? response.statusText, error?.field);
}
