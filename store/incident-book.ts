import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import type { Incident, IncidentRecord } from './schema/incident.ts';
import type { Store } from './store.ts';

/** What repeats within this, ms, is one incident. */
const sameWithinMs = 3_600_000;
/** As many of a kind are looked at for the same one. */
const mostAlike = 50;
/** As many are kept; the oldest make room. */
const mostKept = 1_000;
/** As many wait to be written; what comes on top of them is in the log all the same. */
const mostWaiting = 200;

/** Keeps incidents for whoever was not looking when they happened. */
export class IncidentBook {
  private readonly parts: { store: Pick<Store, 'incidents'>; clock: Clock; newId: IdSource; logger: Logger };
  private turn: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(parts: IncidentBook['parts']) {
    this.parts = parts;
  }

  /** Notes one; written in turn. */
  note(incident: Incident & { sessionId?: string; legId?: string }): void {
    if (this.waiting >= mostWaiting) return;
    this.waiting++;
    this.turn = this.turn
      .then(() => this.write(incident))
      .catch((error: unknown) => this.parts.logger.warn({ err: error, incident }, 'an incident could not be kept'))
      .finally(() => {
        this.waiting--;
      });
  }

  /** Resolves when everything noted is written. */
  settled(): Promise<void> {
    return this.turn;
  }

  private async write(incident: Incident & { sessionId?: string; legId?: string }): Promise<void> {
    const { clock, newId, store } = this.parts;
    const now = clock.now();
    const { code, legId, sessionId } = incident;
    const values = Object.fromEntries(
      Object.entries(incident.values).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.slice(0, 1_000) : value,
      ]),
    );
    const since = new Date(now.getTime() - sameWithinMs);
    const alike = { code, lastAt: { $gte: since }, seenBy: { $exists: false } };
    const recent = await store.incidents.find(alike, { sort: { lastAt: -1 }, limit: mostAlike });
    const same = recent.find((one) => one.sessionId === sessionId && one.legId === legId && sameOf(one, values));
    if (same !== undefined) {
      await store.incidents.update(same.id, { count: same.count + 1, lastAt: now, values });
      return;
    }
    const place = { ...(sessionId ? { sessionId } : {}), ...(legId ? { legId } : {}) };
    await store.incidents.insert({ id: newId(), code, ...place, values, count: 1, lastAt: now });
    const tooMany = (await store.incidents.count()) - mostKept;
    if (tooMany <= 0) return;
    for (const { id } of await store.incidents.find({}, { sort: { lastAt: 1 }, limit: tooMany }))
      await store.incidents.remove(id);
  }
}

/** Measures differ each time, and so does what the far side said; what an incident is about does not. */
function sameOf(one: Pick<IncidentRecord, 'values'>, values: IncidentRecord['values']): boolean {
  const about = (all: IncidentRecord['values']): string =>
    JSON.stringify(Object.entries(all).filter(([name, value]) => name !== 'text' && typeof value === 'string'));
  return about(one.values) === about(values);
}
