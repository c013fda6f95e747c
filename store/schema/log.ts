import { z } from 'zod';
import { clearCause, id } from './names.ts';

/** Who caused an entry. */
export const actor = z.object({
  kind: z.enum(['system', 'user', 'device', 'caller', 'uplink']),
  id: z.string().max(128).optional(),
  name: z.string().max(200).optional(),
});
export type Actor = z.output<typeof actor>;

/**
 * Every kind of entry that the product writes. Each has a sentence in the console's catalogues (`event.KIND`); one that is
 * not here does not compile where it is written. What an older version wrote is read whatever it is called.
 */
export const logEvents = [
  'session.opened',
  'session.ending',
  'session.ended',
  'session.locked',
  'session.unlocked',
  'session.announced',
  'session.restored',
  'session.overtime',
  'session.incident',
  'session.cancelled',
  'session.postponed',
  'session.not-opened',
  'session.exported',
  'call.connected',
  'call.refused',
  'call.cancelled',
  'leg.called',
  'leg.answered',
  'leg.failed',
  'leg.lobby',
  'leg.admitted',
  'leg.joined',
  'leg.spoke',
  'leg.muted',
  'leg.unmuted',
  'leg.held',
  'leg.resumed',
  'leg.digits-sent',
  'leg.media-restored',
  'leg.quality',
  'leg.silent',
  'leg.sounds-again',
  'leg.dark',
  'leg.seen-again',
  'leg.poor-line',
  'leg.line-well-again',
  'leg.unauthentic',
  'leg.authentic-again',
  'leg.removed',
  'leg.ended',
  'ivr.nothing-keyed',
  'ivr.wrong-pin',
  'uplink.redial',
  'uplink.code-sent',
  'participant.failed',
  'floor.set',
  'floor.changed',
  'layout.changed',
  'room.pace-changed',
  'room.layout-fallback',
  'recording.started',
  'recording.resumed',
  'recording.stopped',
  'recording.not-started',
  'recording.announced',
  'recording.closed',
  'recording.failed',
  'recording.finishing-delayed',
  'recording.archived',
  'recording.not-archived',
  'recording.altered',
  'recording.missing',
  'recording.deleted',
  'archive.altered',
  'archive.missing',
  'space.ok',
  'space.low',
  'space.full',
  'rehearsal.started',
  'rehearsal.result',
  'rehearsal.failed',
  'rehearsal.ended',
  'test.started',
  'test.result',
  'device.registered',
  'device.unregistered',
  'device.refused',
  'device.first-contact',
  'device.configured',
  'device.sync',
  'device.key-elsewhere',
  'device.key-misused',
  'provisioning.blocked',
  'provisioning.firmware-altered',
  'trunk.none',
  'trunk.registered',
  'trunk.refused',
  'trunk.unreachable',
  'gatekeeper.none',
  'gatekeeper.registered',
  'gatekeeper.refused',
  'gatekeeper.unreachable',
  'engine.lost',
  'engine.back',
  'product.started',
  'product.stopping',
  'log.altered',
  'backup.made',
  'backup.failed',
  'user.login',
  'user.login-failed',
  'user.logout',
  'api.change',
] as const;
export type LogEvent = (typeof logEvents)[number];

/** What is told to the session log; the log adds place, time and chain. */
export const logStatement = z.object({
  sessionId: id.optional(),
  /** One of `logEvents`. */
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
export type LogStatement = Omit<z.input<typeof logStatement>, 'event'> & { event: LogEvent };

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
