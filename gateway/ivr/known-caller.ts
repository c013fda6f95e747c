import type { Session } from '../../store/schema/session.ts';

/* Whether a telephone number is one of a session's citizens. Pure. */

/** A number as it is compared: digits alone, Vietnam's country code and trunk zero taken off. */
export function plainNumber(number: string): string {
  const digits = number.replace(/[^\d+]/g, '');
  return digits.replace(/^(\+84|0084|84(?=\d{9,10}$)|0)/, '').replace(/\D/g, '');
}

/** Whether two numbers mean the same telephone. Withheld numbers mean none. */
export function sameNumber(one: string, other: string): boolean {
  const a = plainNumber(one);
  return a.length >= 3 && a === plainNumber(other);
}

/** The session that expects a caller: an open one first, else the next planned one. */
export function sessionOfCaller(number: string, sessions: readonly Session[]): Session | undefined {
  const expecting = sessions.filter((session) =>
    session.participants.some((who) => who.kind === 'phone' && sameNumber(who.number, number)),
  );
  const planned = expecting
    .filter((session) => session.state === 'planned')
    .sort((a, b) => (a.plannedStart?.getTime() ?? 0) - (b.plannedStart?.getTime() ?? 0));
  return expecting.find((session) => session.state === 'open') ?? planned[0];
}
