import type { Clock } from '../../platform/clock.ts';
import type { Sums } from '../schema/day-sums.ts';
import type { SessionLog } from '../session-log.ts';
import type { Store } from '../store.ts';
import type { Span } from './span.ts';
import { addUp, together } from './sums.ts';

/*
 * Sums of whole days, kept once a day is over: a report of a year reads 365 of them in place of every leg. What they do
 * not cover (today, the edges of a span, days from before they were kept) is added up from the things themselves.
 */

/** Raised whenever days are added up otherwise. */
const version = 1;
const dayMs = 86_400_000;
/** Vietnam's time has been UTC+7 without a summer time since 1975. */
const offsetMs = 7 * 3_600_000;
/** So long after its end a day may still change: a call that goes on past midnight is measured at its end. */
const settledMs = dayMs;
const alive = ['calling', 'ringing', 'ivr', 'lobby', 'joined'];

const dayOf = (date: Date): number => Math.floor((date.getTime() + offsetMs) / dayMs);
const startOf = (day: number): Date => new Date(day * dayMs - offsetMs);
const nameOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
const dayNamed = (name: string): number => Date.parse(`${name}T00:00:00Z`) / dayMs;

/** The whole days of a span (to: left out), none when it holds none. Pure. */
export function wholeDays({ from, to }: Span): { first: number; end: number } {
  const first = startOf(dayOf(from)).getTime() === from.getTime() ? dayOf(from) : dayOf(from) + 1;
  return { first, end: Math.max(first, dayOf(to)) };
}

/** What of a span these days do not cover. Pure. */
export function gapsOf({ from, to }: Span, days: readonly number[]): Span[] {
  const gaps: Span[] = [];
  let at = from;
  for (const day of [...days].sort((a, b) => a - b)) {
    if (startOf(day) > at) gaps.push({ from: at, to: startOf(day) });
    at = startOf(day + 1);
  }
  return at < to ? [...gaps, { from: at, to }] : gaps;
}

/** The sums of a span, out of the days that are kept. */
export async function readSums(store: Store, log: SessionLog, span: Span): Promise<Sums> {
  const { end, first } = wholeDays(span);
  const kept = first < end ? await store.daySums.find({ id: { $gte: nameOf(first), $lt: nameOf(end) }, version }) : [];
  const gaps = gapsOf(
    span,
    kept.map(({ id }) => dayNamed(id)),
  );
  const rest = await Promise.all(gaps.map((gap) => addUp(store, log, gap)));
  return together([...kept, ...rest]);
}

/** Planned work: keeps the sums of each day that is over, from the first on, one after the other. */
export async function keepDays(
  { clock, log, store }: { store: Store; log: SessionLog; clock: Clock },
  job: { signal: AbortSignal; touch: () => Promise<void> },
): Promise<void> {
  const last = await store.daySums.first({}, { sort: { _id: -1 } });
  if (last !== undefined && last.version !== version) await store.daySums.removeAll({});
  let day = last?.version === version ? dayNamed(last.id) + 1 : await firstDay(store, log);
  for (let done = 0; day !== undefined && !job.signal.aborted; day += 1, done += 1) {
    const span = { from: startOf(day), to: startOf(day + 1) };
    if (span.to.getTime() + settledMs > clock.now().getTime()) return;
    const open = { state: { $in: alive }, createdAt: { $lt: span.to } };
    if ((await store.legs.count(open)) > 0) return;
    await store.daySums.insert({ id: nameOf(day), version, ...(await addUp(store, log, span)) });
    if (done % 20 === 19) await job.touch();
  }
}

/** The day of the first entry or leg; none in a fresh store. */
async function firstDay(store: Store, log: SessionLog): Promise<number | undefined> {
  const [leg, [entry]] = await Promise.all([
    store.legs.first({}, { sort: { createdAt: 1, _id: 1 } }),
    log.find({ limit: 1 }),
  ]);
  const times = [leg?.createdAt, entry?.time].filter((time) => time !== undefined).map((time) => time.getTime());
  return times.length === 0 ? undefined : dayOf(new Date(Math.min(...times)));
}
