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
