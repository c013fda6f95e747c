import { withoutMarks } from '../../platform/search.ts';
import type { Session } from '../../store/schema/session.ts';

/*
 * What cannot be at two places at once: a room, a device, a chair; and a line that has no more calls. Pure.
 */

export interface Clash {
  kind: 'site' | 'endpoint' | 'line' | 'chair';
  /** What is wanted twice: the room, device, line or person. */
  name: string;
  /** With which session; for a line, the first of those that use it. */
  sessionId: string;
  sessionTitle: string;
  from: Date;
  to: Date;
  /** Of a line: calls at once that it bears, and that would be made. */
  capacity?: number;
  wanted?: number;
}

/** A planned session with the names of what it uses. */
export interface Booking {
  session: Pick<Session, 'id' | 'title' | 'chair'>;
  from: Date;
  to: Date;
  /** Identifier → name. */
  sites: ReadonlyMap<string, string>;
  endpoints: ReadonlyMap<string, string>;
  /** Line → calls that go through it. */
  calls: ReadonlyMap<string, number>;
}

/** A session without a planned end counts as so long, ms. */
export const usualLengthMs = 2 * 3600_000;

/** When a session takes place, as far as it is known. */
export function spanOfSession(
  { plannedStart, plannedEnd, startedAt, state }: Pick<Session, 'plannedStart' | 'plannedEnd' | 'startedAt' | 'state'>,
  now: Date,
): { from: Date; to: Date } | undefined {
  const from = state === 'open' ? (startedAt ?? plannedStart) : plannedStart;
  if (from === undefined) return undefined;
  const to = plannedEnd ?? new Date(from.getTime() + usualLengthMs);
  // What is open is so until now at least, whatever was planned.
  return { from, to: state === 'open' && to <= now ? new Date(now.getTime() + 60_000) : to };
}

const overlap = (one: Booking, other: Booking): boolean => one.from < other.to && other.from < one.to;

const sameName = (one: string, other: string): boolean =>
  withoutMarks(one).replace(/\s+/g, ' ').trim() === withoutMarks(other).replace(/\s+/g, ' ').trim();

/** Where a booking clashes with others; `lines` are the lines' names and how many calls each bears at once. */
export function clashesOf(
  wanted: Booking,
  others: readonly Booking[],
  lines: ReadonlyMap<string, { name: string; capacity: number }>,
): Clash[] {
  const beside = others.filter((other) => other.session.id !== wanted.session.id && overlap(wanted, other));
  const found: Clash[] = [];
  for (const other of beside) {
    const { from, to, session } = other;
    const place = { sessionId: session.id, sessionTitle: session.title, from, to };
    for (const [id, name] of wanted.sites) if (other.sites.has(id)) found.push({ kind: 'site', name, ...place });
    for (const [id, name] of wanted.endpoints) {
      if (other.endpoints.has(id)) found.push({ kind: 'endpoint', name, ...place });
    }
    const [chair, theirs] = [wanted.session.chair?.name, session.chair?.name];
    if (chair !== undefined && theirs !== undefined && sameName(chair, theirs)) {
      found.push({ kind: 'chair', name: chair, ...place });
    }
  }
  return [...found, ...lineClashes(wanted, beside, lines)];
}

function lineClashes(
  wanted: Booking,
  beside: readonly Booking[],
  lines: ReadonlyMap<string, { name: string; capacity: number }>,
): Clash[] {
  const found: Clash[] = [];
  for (const [id, calls] of wanted.calls) {
    const line = lines.get(id);
    if (line === undefined) continue;
    const users = beside.filter((other) => (other.calls.get(id) ?? 0) > 0);
    const most = calls + mostAtOnce(users, id);
    if (most <= line.capacity) continue;
    // A session may ask for more than the line bears all by itself.
    const { session, from, to } = users[0] ?? wanted;
    found.push({
      kind: 'line',
      name: line.name,
      sessionId: session.id,
      sessionTitle: session.title,
      from,
      to,
      capacity: line.capacity,
      wanted: most,
    });
  }
  return found;
}

/** The most calls that sessions make on a line at one moment: it is reached when one of them begins. */
function mostAtOnce(users: readonly Booking[], line: string): number {
  const at = (moment: Date): number =>
    users
      .filter(({ from, to }) => from <= moment && moment < to)
      .reduce((sum, { calls }) => sum + (calls.get(line) ?? 0), 0);
  return Math.max(0, ...users.map(({ from }) => at(from)));
}
