import type { Actor } from '../store/schema/log.ts';
import type { SessionLog } from '../store/session-log.ts';

/** A change that somebody made through the API. */
export interface Change {
  what: string;
  id: string;
  action: string;
  sessionId?: string;
  /** The thing before and after, as the API shows it (no secrets). */
  before?: unknown;
  after?: unknown;
}

/** Writes each change into the session log: who, what, before and after. */
export class Audit {
  private readonly log: SessionLog;

  constructor(log: SessionLog) {
    this.log = log;
  }

  async changed(who: { actor: Actor; address: string }, change: Change): Promise<void> {
    const { what, id, action, sessionId } = change;
    const [before, after] = difference(change.before, change.after);
    await this.log.append({
      event: 'api.change',
      actor: who.actor,
      address: who.address,
      ...(sessionId === undefined ? {} : { sessionId }),
      detail: {
        what,
        id,
        action,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      },
    });
  }
}

/** Of a thing that was changed only the fields that differ; of one made or removed, all. */
export function difference(before: unknown, after: unknown): [unknown, unknown] {
  if (!isRecord(before) || !isRecord(after)) return [before, after];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => name !== 'updatedAt' && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const pick = (from: Record<string, unknown>) => Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
  return [pick(before), pick(after)];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
