import type { Clock } from '../../platform/clock.ts';
import { Fault } from '../../platform/fault.ts';
import { searchWords } from '../../platform/search.ts';
import type { Case } from '../../store/schema/case.ts';
import type { Session } from '../../store/schema/session.ts';
import type { Store } from '../../store/store.ts';
import type { Asker, Cases } from '../cases/cases.ts';
import { mayTake } from '../cases/progress.ts';
import { inTurn } from '../resources/crud.ts';
import { type Booking, type Clash, clashesOf, spanOfSession } from './clashes.ts';

/** Sessions longer than this are not thought of when clashes are looked for, ms. */
const longestMs = 7 * 24 * 3600_000;

/** What a session is found by: its title, people, points, outcome. */
export function wordsOfSession(session: Omit<Session, 'words' | 'createdAt' | 'updatedAt'>): string[] {
  const { title, room, chair, attendees, runningOrder, note, outcome } = session;
  const people = [...(chair === undefined ? [] : [chair]), ...attendees].flatMap(({ name, agency }) => [name, agency]);
  const points = runningOrder.flatMap((point) => [point.title, point.speaker]);
  return searchWords(title, room, ...people, ...points, note, outcome?.text);
}

/** What a plan asks of rooms, devices, lines, people and cases, beyond what a session asks of its calls. */
export class PlanBook {
  /** Plans change one after the other: what was judged is still so when it is kept. */
  readonly turn = inTurn();
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly cases: Cases;

  constructor({ store, clock }: { store: Store; clock: Clock }, cases: Cases) {
    this.store = store;
    this.clock = clock;
    this.cases = cases;
  }

  /** @throws Fault when sites or cases named are not there or not free, or when it clashes and that is not allowed. */
  async judge(wanted: Session, before: Session | undefined, allowClash: boolean): Promise<void> {
    const known = await this.store.sites.count({ id: { $in: [...new Set(wanted.siteIds)] } });
    if (known < new Set(wanted.siteIds).size) throw new Fault('invalid', 'unknown-reference', { field: 'siteIds' });
    for (const id of added(before, wanted)) await this.linkable(id);
    const unknown = wanted.runningOrder.findIndex(
      ({ caseId }) => caseId !== undefined && !wanted.caseIds.includes(caseId),
    );
    if (unknown >= 0) throw new Fault('invalid', 'unknown-reference', { field: `runningOrder.${unknown}.caseId` });
    if (allowClash || (before !== undefined && !moves(before, wanted))) return;
    const clashes = await this.clashes(wanted);
    const [first] = clashes;
    if (first !== undefined) {
      throw new Fault('conflict', 'plan.clash', {
        field: 'plannedStart',
        values: { name: first.name, title: first.sessionTitle },
        details: clashes,
      });
    }
  }

  /** Where a session clashes with others as they are planned now. */
  async clashes(wanted: Session): Promise<Clash[]> {
    const own = await this.booking(wanted);
    if (own === undefined) return [];
    const others = await this.store.sessions.find(
      {
        id: { $ne: wanted.id },
        $or: [
          {
            state: 'planned',
            plannedStart: { $lt: own.to, $gte: new Date(own.from.getTime() - longestMs) },
          },
          { state: 'open' },
        ],
      },
      { sort: { plannedStart: 1 }, limit: 1000 },
    );
    const bookings = await Promise.all(others.map((one) => this.booking(one)));
    const [trunks, sites] = await Promise.all([this.store.trunks.recall(), this.store.sites.recall()]);
    const lines = new Map(trunks.map(({ id, name, maxCalls }) => [id, { name, capacity: maxCalls }]));
    for (const { id, name, uplink } of sites) {
      if (uplink?.maxCalls !== undefined) lines.set(id, { name, capacity: uplink.maxCalls });
    }
    return clashesOf(
      own,
      bookings.filter((one) => one !== undefined),
      lines,
    );
  }

  /** Puts cases that came onto the list on it, and takes off those that went. */
  async relink(before: Session | undefined, after: Session | undefined, asker: Asker, reason: string): Promise<void> {
    for (const id of added(before, after)) {
      const sessionId = after?.id;
      if (sessionId !== undefined) {
        await this.cases.step(await this.linkable(id), { step: 'link' }, asker, { sessionId });
      }
    }
    for (const id of added(after, before)) await this.unlink(id, before?.id ?? '', asker, reason);
  }

  /** Takes a case off the list of a session, when it is still on it. */
  async unlink(caseId: string, sessionId: string, asker: Asker, reason: string): Promise<void> {
    const one = await this.store.cases.get(caseId);
    if (one?.sessionId !== sessionId || one.state !== 'linked') return;
    await this.cases.step(one, { step: 'unlink', reason }, asker, { sessionId: undefined });
  }

  private async linkable(id: string): Promise<Case> {
    const one = await this.store.cases.get(id);
    if (one === undefined) throw new Fault('invalid', 'unknown-reference', { field: 'caseIds' });
    if (!mayTake('link', one)) {
      throw new Fault('conflict', 'case.not-accepted', { field: 'caseIds', values: { code: one.code } });
    }
    return one;
  }

  private async booking(session: Session): Promise<Booking | undefined> {
    const span = spanOfSession(session, this.clock.now());
    if (span === undefined) return undefined;
    const [sites, devices, trunks] = await Promise.all([
      this.store.sites.recall(),
      this.store.endpoints.recall(),
      this.store.trunks.recall({ enabled: true }),
    ]);
    const endpointIds = session.participants.flatMap((who) => (who.kind === 'endpoint' ? [who.endpointId] : []));
    const endpoints = devices.filter(({ id }) => endpointIds.includes(id));
    const bounded = new Set(sites.filter(({ uplink }) => uplink?.maxCalls !== undefined).map(({ id }) => id));
    const siteIds = new Set([
      ...session.siteIds,
      ...endpoints.flatMap(({ siteId }) => (siteId === undefined ? [] : [siteId])),
      // A far room that says how many calls its line bears is a line; any other is one room.
      ...session.participants.flatMap((who) => (who.kind === 'uplink' && !bounded.has(who.siteId) ? [who.siteId] : [])),
    ]);
    const calls = new Map<string, number>();
    for (const who of session.participants) {
      const line =
        who.kind === 'phone'
          ? (who.trunkId ?? (trunks.length === 1 ? trunks[0]?.id : undefined))
          : who.kind === 'uplink'
            ? who.siteId
            : undefined;
      if (line !== undefined) calls.set(line, (calls.get(line) ?? 0) + 1);
    }
    return {
      session,
      ...span,
      sites: new Map(sites.filter(({ id }) => siteIds.has(id)).map(({ id, name }) => [id, name])),
      endpoints: new Map(endpoints.map(({ id, name }) => [id, name])),
      calls,
    };
  }
}

/** Cases on the later list that are not on the earlier. */
function added(before: Session | undefined, after: Session | undefined): string[] {
  const there = new Set(before?.caseIds ?? []);
  return [...new Set(after?.caseIds ?? [])].filter((id) => !there.has(id));
}

/** Whether a change may bring a clash that was not there. */
const moves = (before: Session, after: Session): boolean =>
  (['plannedStart', 'plannedEnd', 'participants', 'siteIds', 'chair'] as const).some(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );

/** Whether calendars must hear of a change. */
export const concernsCalendars = (before: Session, after: Session): boolean =>
  moves(before, after) || before.title !== after.title || before.state !== after.state;
