import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import type { Clock } from '../platform/clock.ts';
import { errorText } from '../platform/error-text.ts';
import type { Logger } from '../platform/log.ts';
import type { Session } from './schema/session.ts';
import type { SessionLog } from './session-log.ts';
import type { Store } from './store.ts';

/** What planned work does through others. */
interface PlannedActions {
  /** Opens a session whose time has come (the gateway's `openSession` in the system's name). */
  openSession(sessionId: string): Promise<unknown>;
  /** Begins the check of a session under this identifier (the gateway's `rehearse`). */
  rehearse(sessionId: string, plannedId: string): Promise<unknown>;
}

/** Work that is done again and again; what is due it reads from the store, so that a restart forgets nothing. */
export interface PlannedJob {
  name: string;
  everyMs: number;
  /** `signal`: all is to end; `touch`: keeps the job ours while it takes long, its lock holds a minute. */
  run(job: { signal: AbortSignal; touch: () => Promise<void> }): Promise<void>;
}

/** Planned work that runs until it is closed. */
export interface PlannedWork {
  /** Has a job done now instead of at its next time. */
  wake(name: string): void;
  /** Starts nothing new, waits for what runs. */
  close(): Promise<void>;
}

type OwnJob = 'open-due-sessions' | 'rehearse-due-sessions' | 'remind-overtime' | 'purge-expired';

export interface PlannedWorkOptions {
  store: Store;
  log: SessionLog;
  clock: Clock;
  logger: Logger;
  actions: PlannedActions;
  /** Further work of others. */
  jobs?: PlannedJob[];
  /** How often due sessions are looked for, in ms. */
  everyMs?: number;
}

/** A session that was missed (the product was off) is still opened this long after its planned start. */
const latestOpeningMs = 2 * 3600_000;
/** Registrations and tokens stay this long after they expired, so that late requests get a fitting answer. */
const keptExpiredMs = 3600_000;
/** What runs when all is to end gets so long, ms. */
const drainMs = 2_000;
/** No check is planned earlier before its session, ms. */
const longestAheadMs = 48 * 3600_000;
const system = { kind: 'system' } as const;

/** Whether a session is to be opened now by its plan. */
export function isDue(session: Session, now: Date): boolean {
  if (session.state !== 'planned' || !session.openByTime || session.plannedStart === undefined) return false;
  const until = session.plannedEnd ?? new Date(session.plannedStart.getTime() + latestOpeningMs);
  return session.plannedStart <= now && now < until;
}

/**
 * The identifier of the check that is to begin now for a session, if one is: the session and its planned start, so that
 * a session that is put off is checked anew.
 */
export function rehearsalDue(session: Session, now: Date): string | undefined {
  const { id, plannedStart, rehearsalMinutes, state } = session;
  if (state !== 'planned' || plannedStart === undefined || rehearsalMinutes === undefined) return undefined;
  const from = plannedStart.getTime() - rehearsalMinutes * 60_000;
  const due = from <= now.getTime() && now < plannedStart;
  return due ? `${id}-${Math.floor(plannedStart.getTime() / 1000).toString(36)}` : undefined;
}

/**
 * Starts planned work. What is due is read from the sessions themselves, so a session moved or cancelled needs no
 * second note, and a restart forgets nothing; agenda's lock sees that one process does it, once.
 */
export async function startPlannedWork(options: PlannedWorkOptions): Promise<PlannedWork> {
  const { store, log, clock, logger, actions } = options;
  const everyMs = options.everyMs ?? 5_000;
  const db = store.connection.db;
  if (db === undefined) throw new Error('the store is not connected');
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db as never, collection: 'plannedWork' }),
    processEvery: Math.min(everyMs, 5_000),
    defaultConcurrency: 1,
    defaultLockLifetime: 60_000,
  });
  agenda.on('error', (error: Error) => logger.error({ err: error }, 'planned work'));
  /** Session → why it could not be opened, so that the log tells it once and not every few seconds. */
  const refused = new Map<string, string>();

  const own: Record<OwnJob, () => Promise<void>> = {
    'open-due-sessions': async () => {
      const now = clock.now();
      const due = await store.sessions.find(
        { state: 'planned', openByTime: true, plannedStart: { $lte: now } },
        { sort: { plannedStart: 1 }, limit: 100 },
      );
      for (const session of due.filter((one) => isDue(one, now))) {
        try {
          await actions.openSession(session.id);
          refused.delete(session.id);
        } catch (error) {
          const reason = errorText(error);
          if (refused.get(session.id) === reason) continue;
          refused.set(session.id, reason);
          logger.error({ err: error, sessionId: session.id }, 'planned session cannot be opened');
          await log.append({ sessionId: session.id, event: 'session.not-opened', actor: system, detail: { reason } });
        }
      }
    },
    'rehearse-due-sessions': async () => {
      const now = clock.now();
      const soon = await store.sessions.find(
        {
          state: 'planned',
          rehearsalMinutes: { $exists: true },
          plannedStart: { $gt: now, $lte: new Date(now.getTime() + longestAheadMs) },
        },
        { sort: { plannedStart: 1 }, limit: 200 },
      );
      for (const session of soon) {
        const plannedId = rehearsalDue(session, now);
        if (plannedId === undefined || (await store.rehearsals.get(plannedId)) !== undefined) continue;
        await actions.rehearse(session.id, plannedId).catch((error: unknown) => {
          logger.error({ err: error, sessionId: session.id }, 'planned rehearsal cannot begin');
        });
      }
    },
    'remind-overtime': async () => {
      const over = await store.sessions.find({ state: 'open', plannedEnd: { $lte: clock.now() } }, { limit: 100 });
      for (const session of over) {
        const told = await log.find({ sessionId: session.id, event: 'session.overtime', limit: 1 });
        if (told.length > 0) continue;
        const plannedEnd = session.plannedEnd?.toISOString() ?? '';
        await log.append({ sessionId: session.id, event: 'session.overtime', actor: system, detail: { plannedEnd } });
      }
    },
    'purge-expired': async () => {
      const before = new Date(clock.now().getTime() - keptExpiredMs);
      await store.registrations.removeAll({ expiresAt: { $lt: before } });
      await store.tokens.removeAll({ expiresAt: { $lt: before } });
    },
  };
  const periods: Record<OwnJob, number> = {
    'open-due-sessions': everyMs,
    'rehearse-due-sessions': everyMs,
    'remind-overtime': Math.max(everyMs, 30_000),
    'purge-expired': Math.max(everyMs, 600_000),
  };
  const all: PlannedJob[] = [
    ...(Object.keys(own) as OwnJob[]).map((name) => ({ name, everyMs: periods[name], run: own[name] })),
    ...(options.jobs ?? []),
  ];
  const running = new Set<Promise<void>>();
  const ending = new AbortController();
  for (const { name, run } of all) {
    const define = async (job: Job): Promise<void> => {
      const touch = (): Promise<void> => job.touch();
      const work = run({ signal: ending.signal, touch }).catch((error: unknown) =>
        logger.error({ err: error, job: name }, 'planned work failed; it is tried again at its next time'),
      );
      running.add(work);
      await work;
      running.delete(work);
    };
    // What was woken out of its time leaves nothing behind.
    agenda.define(name, define, { removeOnComplete: true });
  }
  await agenda.start();
  for (const job of all) await agenda.every(job.everyMs, job.name);
  const known = new Set(all.map(({ name }) => name));
  return {
    wake: (name) => {
      if (!known.has(name) || ending.signal.aborted) return;
      agenda.now(name).catch((error: unknown) => logger.warn({ err: error, job: name }, 'planned work waits'));
    },
    close: async () => {
      ending.abort();
      // Its own `drain` waits for jobs that are merely planned.
      await agenda.stop(false);
      const patience = new Promise((resolve) => setTimeout(resolve, drainMs).unref());
      await Promise.race([Promise.all(running), patience]);
    },
  };
}
