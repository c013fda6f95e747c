import type { RasMessage, RegistrationRejectReason } from '../../h225/index.ts';
import { fromTransport } from '../address.ts';
import type { HostPort } from '../interface.ts';
import type { Input } from './machine.ts';
import { alternatesOf, nameOf } from './messages.ts';

/* What a far gatekeeper's answers mean to the registration. Pure. */

/** Its answer to GRQ. @param from where it came from, should it name no address */
export function discovered({ gatekeeperConfirm, gatekeeperReject }: RasMessage, from: HostPort): Input {
  if (gatekeeperConfirm !== undefined) {
    return {
      kind: 'confirmed',
      ras: fromTransport(gatekeeperConfirm.rasAddress) ?? from,
      identifier: gatekeeperConfirm.gatekeeperIdentifier,
      alternates: alternatesOf(gatekeeperConfirm.alternateGatekeeper),
    };
  }
  if (gatekeeperReject === undefined) return { kind: 'silent' };
  const alternates = alternatesOf(gatekeeperReject.altGKInfo?.alternateGatekeeper);
  return { kind: 'rejected', reason: nameOf(gatekeeperReject.rejectReason), alternates };
}

/** Its answer to RRQ. */
export function registered({ registrationConfirm, registrationReject }: RasMessage): Input {
  if (registrationConfirm !== undefined) {
    const { alternateGatekeeper, timeToLive } = registrationConfirm;
    return { kind: 'registered', timeToLiveS: timeToLive, alternates: alternatesOf(alternateGatekeeper) };
  }
  if (registrationReject === undefined) return { kind: 'silent' };
  return {
    kind: 'refused',
    reason: nameOf(registrationReject.rejectReason),
    again: againAfter(registrationReject.rejectReason),
    alternates: alternatesOf(registrationReject.altGKInfo?.alternateGatekeeper),
  };
}

function againAfter(reason: RegistrationRejectReason): 'discovery' | 'full' | 'none' {
  if (reason.discoveryRequired === null) return 'discovery';
  return reason.fullRegistrationRequired === null ? 'full' : 'none';
}
