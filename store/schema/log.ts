import { z } from 'zod';
import { clearCause, id } from './names.ts';

/** Who caused an entry. */
export const actor = z.object({
  kind: z.enum(['system', 'user', 'device', 'caller', 'uplink']),
  id: z.string().max(128).optional(),
  name: z.string().max(200).optional(),
});
export type Actor = z.output<typeof actor>;

/** What is told to the session log; the log adds place, time and chain. */
export const logStatement = z.object({
  sessionId: id.optional(),
  /** Dotted name: `session.opened`, `leg.joined`, `leg.ended`, `uplink.redial`, `recording.closed`, `api.change`. */
  event: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
    .max(64),
  actor,
  legId: id.optional(),
  endpointId: id.optional(),
  siteId: id.optional(),
  address: z.string().max(128).optional(),
  cause: clearCause.optional(),
  detail: z.record(z.string(), z.unknown()).default({}),
});
export type LogStatement = z.input<typeof logStatement>;

/** An entry of the session log, chained to the one before. */
export const logEntry = logStatement.extend({
  /** Place in the whole log, from 1. */
  seq: z.number().int().min(1),
  time: z.date(),
  /** Hash of the entry before; 64 zeros for the first. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 over this entry's canonical JSON and `previous`. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LogEntry = z.output<typeof logEntry>;
