import type { Context } from 'koa';
import { Fault } from '../platform/fault.ts';
import { type Accounts, type Caller, loginLastsMs } from './accounts/accounts.ts';

/* How a request says who makes it: programs with a bearer token (RFC 6750), browsers with a cookie. */

const cookieName = 'diemcau';

/** Who asks, if anybody known; and whether the browser said so by itself. */
export async function callerOf(
  accounts: Accounts,
  context: Context,
): Promise<{ caller: Caller; byCookie: boolean } | undefined> {
  const bearer = /^Bearer +([\w~+/.=-]+)$/i.exec(context.get('Authorization'))?.[1];
  const cookie = bearer === undefined ? context.cookies.get(cookieName) : undefined;
  const secret = bearer ?? cookie;
  if (secret === undefined) return undefined;
  const caller = await accounts.recognise(secret);
  return caller === undefined ? undefined : { caller, byCookie: bearer === undefined };
}

/**
 * A browser sends its cookie whoever wrote the page; so a change is only taken when the browser says that the page is
 * ours: Sec-Fetch-Site, or Origin where a browser does not know that. @throws Fault `cross-site`.
 */
export function refuseForeignPages(context: Context, byCookie: boolean): void {
  const site = context.get('Sec-Fetch-Site');
  const origin = context.get('Origin');
  const ours = site !== '' ? site === 'same-origin' : origin !== '' ? hostOf(origin) === context.host : !byCookie;
  if (!ours) throw new Fault('forbidden', 'cross-site');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

export function setCookie(context: Context, secret: string): void {
  context.cookies.set(cookieName, secret, {
    httpOnly: true,
    sameSite: 'strict',
    secure: context.secure,
    path: '/',
    maxAge: loginLastsMs,
    overwrite: true,
  });
}

export function clearCookie(context: Context): void {
  context.cookies.set(cookieName, null, { httpOnly: true, sameSite: 'strict', secure: context.secure, path: '/' });
}
