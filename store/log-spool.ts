import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type LogEntry, logEntry } from './schema/log.ts';

const spooledEntry = logEntry.extend({ time: z.iso.datetime().transform((text) => new Date(text)) });

/**
 * Entries of the session log that the store would not take, kept in a file of JSON lines until it does: a process that
 * ends while the store is away loses nothing.
 */
export class LogSpool {
  private readonly file: string;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.file = join(dataDir, 'log-pending.ndjson');
  }

  /** Entries left over, in order. A last line that was cut off by a crash is left out. */
  read(): LogEntry[] {
    if (!existsSync(this.file)) return [];
    const entries: LogEntry[] = [];
    for (const line of readFileSync(this.file, 'utf8').split('\n')) {
      if (line === '') continue;
      try {
        entries.push(spooledEntry.parse(JSON.parse(line)));
      } catch {
        break;
      }
    }
    return entries;
  }

  add(entries: readonly LogEntry[]): void {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    appendFileSync(this.file, lines, { mode: 0o600, flush: true });
  }

  clear(): void {
    rmSync(this.file, { force: true });
  }
}
