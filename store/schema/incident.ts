import { z } from 'zod';
import { id, stamps } from './names.ts';

/**
 * Every kind of incident that the product raises: something that staff should look at. Each has a sentence in the
 * message catalogues (`incident.KIND`) and an advice in the console's (`advice.KIND`); one that is not here does not
 * compile where it is raised.
 */
export const incidentKinds = [
  'lobby.waiting',
  'uplink.lost',
  'participant.cannot-be-called',
  'rehearsal.failed',
  'leg.silent',
  'leg.dark',
  'leg.unauthentic',
  'leg.poor-line',
  'room.layout-fallback',
  'room.layout-refused',
  'media.lost',
  'recording.failed',
  'recording.altered',
  'recording.missing',
  'archive.altered',
  'archive.missing',
  'archive.unreachable',
  'space.low',
  'space.full',
  'engine.lost',
  'trunk.refused',
  'trunk.unreachable',
  'gatekeeper.refused',
  'gatekeeper.unreachable',
  'device.key-elsewhere',
  'device.key-misused',
  'provisioning.blocked',
  'provisioning.firmware-altered',
] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** One incident; `values` fill its sentence in. */
export interface Incident {
  code: IncidentKind;
  values: Record<string, string | number>;
}

/** An incident as it is kept for whoever was not there; the latest ones alone. */
export const incidentRecord = z.object({
  id,
  code: z.enum(incidentKinds),
  sessionId: id.optional(),
  legId: id.optional(),
  values: z.record(z.string().max(64), z.union([z.string().max(1_000), z.number()])),
  /** How often it happened, and when last: what repeats within an hour is one. */
  count: z.number().int().min(1),
  lastAt: z.date(),
  /** Name of the account that has looked at it. */
  seenBy: z.string().max(64).optional(),
  ...stamps,
});
export type IncidentRecord = z.output<typeof incidentRecord>;
