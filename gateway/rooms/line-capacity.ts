import type { LegRecord } from '../../store/schema/session.ts';
import type { CallTarget } from '../call.ts';

/* How many calls a line bears at once: an operator's trunk, an uplink to a far room. Pure. */

/** A line that a call goes through, and how many it bears. */
export interface BoundedLine {
  target: CallTarget;
  /** Absent: as many as the far side takes. */
  maxCalls?: number;
}

type OnLine = Pick<LegRecord, 'id' | 'siteId' | 'endpointId' | 'trunkId'>;

/**
 * Whether a line bears one more call. `legs` stand in the order they began in; with `legId`, the place of the call asked
 * for, those that began later do not count: of two that begin at once one is made. Devices of a far room's site have
 * lines of their own.
 */
export function bearsOneMore(legs: readonly OnLine[], { target, maxCalls }: BoundedLine, legId?: string): boolean {
  if (maxCalls === undefined || target.kind === 'endpoint') return true;
  const own = legId === undefined ? -1 : legs.findIndex(({ id }) => id === legId);
  const before = own < 0 ? legs : legs.slice(0, own);
  const used = before.filter((leg) =>
    target.kind === 'trunk'
      ? leg.trunkId === target.trunkId
      : leg.siteId === target.siteId && leg.endpointId === undefined && leg.trunkId === undefined,
  );
  return used.length < maxCalls;
}
