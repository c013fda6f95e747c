import type { EventEmitter } from 'node:events';
import type { Connection } from 'mongoose';
import type { Clock } from '../platform/clock.ts';
import type { LogEntry, LogStatement } from './schema/log.ts';

/** What the log is asked for; newest last unless `newestFirst`. */
export interface LogQuery {
  sessionId?: string;
  event?: string;
  /** Entries after this place. */
  afterSeq?: number;
  beforeSeq?: number;
  from?: Date;
  to?: Date;
  newestFirst?: boolean;
  limit?: number;
}

/** The append-only session log; each entry carries the hash of the one before. */
export interface SessionLog extends EventEmitter<{ entry: [entry: LogEntry] }> {
  /** Writes an entry; entries stand in the order of the calls. Never throws away: retried while the store is away. */
  append(statement: LogStatement): Promise<LogEntry>;
  find(query: LogQuery): Promise<LogEntry[]>;
  /** Waits until everything appended is kept. */
  flush(): Promise<void>;
}

/** Opens the log on the store's connection. */
export declare function openSessionLog(connection: Connection, clock: Clock): Promise<SessionLog>;
