import { DateTime } from 'luxon';
import type { Clock } from '../../platform/clock.ts';
import { Fault } from '../../platform/fault.ts';
import type { IdSource } from '../../platform/ids.ts';
import { type Case, reception } from '../../store/schema/case.ts';
import type { Store } from '../../store/store.ts';
import type { Audit } from '../audit.ts';
import { check } from '../errors.ts';
import type { Exchange } from '../route.ts';
import { type StepAsked, take } from './progress.ts';
import { changedFields, forLog, wordsOf } from './views.ts';

/** Whoever asks for a change, for the audit. */
export type Asker = Pick<Exchange<unknown, unknown, unknown>, 'actor' | 'address'>;

/** What a client may set of a case. */
export type CaseFields = Omit<
  Case,
  'id' | 'code' | 'state' | 'words' | 'history' | 'createdAt' | 'updatedAt' | 'sessionId' | 'notice' | 'decision'
>;

/** Years turn at midnight in Vietnam. */
export const zone = 'Asia/Ho_Chi_Minh';
const duplicateKey = 11000;

/** The cases: kept, numbered, brought on step by step; every change in the audit, personal data left out. */
export class Cases {
  private readonly store: Store;
  private readonly audit: Audit;
  private readonly clock: Clock;
  private readonly ids: IdSource;

  constructor(parts: { store: Store; audit: Audit; clock: Clock; ids: IdSource }) {
    this.store = parts.store;
    this.audit = parts.audit;
    this.clock = parts.clock;
    this.ids = parts.ids;
  }

  /** @throws Fault not-found. */
  async found(id: string): Promise<Case> {
    const one = await this.store.cases.get(id);
    if (one === undefined) throw new Fault('not-found', 'not-found');
    return one;
  }

  async register(fields: CaseFields, asker: Asker): Promise<Case> {
    const now = this.clock.now();
    const year = String(DateTime.fromJSDate(fields.registeredAt, { zone }).year);
    for (let attempt = 0; ; attempt += 1) {
      const whole = { ...fields, id: this.ids(), code: await this.nextCode(year), createdAt: now, updatedAt: now };
      const one = check(reception, whole);
      try {
        const kept = await this.store.cases.insert({ ...one, words: wordsOf(one) });
        await this.audit.changed(asker, { what: 'case', id: kept.id, action: 'create', after: forLog(kept) });
        return kept;
      } catch (error) {
        // Another process took the number meanwhile.
        if (attempt >= 5 || (error as { code?: unknown }).code !== duplicateKey) throw error;
      }
    }
  }

  async change(before: Case, change: Partial<CaseFields>, asker: Asker): Promise<Case> {
    return this.keep(before, check(reception, { ...before, ...change }), 'change', asker);
  }

  /** Takes a step, with what comes along with it. @throws Fault `case.wrong-step`, `case.reason-needed`. */
  async step(before: Case, asked: Omit<StepAsked, 'at' | 'by'>, asker: Asker, more: Partial<Case> = {}): Promise<Case> {
    const by = asker.actor.name ?? asker.actor.kind;
    const next = take(before, { ...asked, at: this.clock.now(), by });
    return this.keep(before, { ...before, ...more, ...next }, asked.step, asker);
  }

  /** Replaces a case in the state that it was read in. @throws Fault `changed-meanwhile`. */
  async keep(before: Case, after: Case, action: string, asker: Asker): Promise<Case> {
    const { id, createdAt: _created, updatedAt: _updated, ...fields } = { ...after, words: wordsOf(after) };
    const gone = Object.keys(before).filter(
      (name) => !(name in fields) && !['id', 'createdAt', 'updatedAt'].includes(name),
    );
    const change = { ...fields, ...Object.fromEntries(gone.map((name) => [name, undefined])) };
    const kept = await this.store.cases.updateFirst({ id, updatedAt: before.updatedAt, state: before.state }, change);
    if (kept === undefined) throw new Fault('conflict', 'changed-meanwhile');
    const changed = changedFields(before, kept);
    const sessionId = kept.sessionId ?? before.sessionId;
    await this.audit.changed(asker, {
      what: 'case',
      id,
      action,
      ...(sessionId === undefined ? {} : { sessionId }),
      before: forLog(before),
      after: forLog(kept, changed),
    });
    return kept;
  }

  async remove(one: Case, asker: Asker): Promise<void> {
    await this.store.cases.remove(one.id);
    await this.audit.changed(asker, { what: 'case', id: one.id, action: 'remove', before: forLog(one) });
  }

  /** The number after the year's last. */
  private async nextCode(year: string): Promise<string> {
    const last = await this.store.cases.first({ code: { $gt: `${year}-`, $lt: `${year}.` } }, { sort: { code: -1 } });
    const number = Number(last?.code.slice(5) ?? 0) + 1;
    return `${year}-${String(number).padStart(5, '0')}`;
  }
}
