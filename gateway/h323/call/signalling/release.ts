import type { ClearCause } from '../../../../store/schema/names.ts';
import { completeCause } from '../../../cause.ts';
import type { ReleaseCompleteReason } from '../../h225/index.ts';

/* Causes of clearing between Q.850 and H.225.0's ReleaseCompleteReason (H.225.0, table 5; RFC 4123, clause 8). Pure. */

const causeOfReason: Record<string, number> = {
  noBandwidth: 34,
  gatekeeperResources: 47,
  unreachableDestination: 3,
  destinationRejection: 16,
  invalidRevision: 88,
  noPermission: 127,
  unreachableGatekeeper: 38,
  gatewayResources: 42,
  badFormatAddress: 28,
  adaptiveBusy: 41,
  inConf: 17,
  undefinedReason: 31,
  facilityCallDeflection: 16,
  securityDenied: 31,
  calledPartyNotRegistered: 20,
  callerNotRegistered: 31,
  newConnectionNeeded: 47,
  nonStandardReason: 127,
  replaceWithConferenceInvite: 31,
  genericDataReason: 31,
  neededFeatureNotSupported: 31,
  tunnelledSignallingRejected: 127,
  invalidCID: 3,
  securityError: 31,
  hopCountExceeded: 25,
};

const unreachable: ReleaseCompleteReason = { unreachableDestination: null };
const busy: ReleaseCompleteReason = { adaptiveBusy: null };
const reasonOfCause: Record<number, ReleaseCompleteReason> = {
  1: unreachable,
  2: unreachable,
  3: unreachable,
  17: { inConf: null },
  20: { calledPartyNotRegistered: null },
  21: { destinationRejection: null },
  25: { hopCountExceeded: null },
  27: unreachable,
  28: { badFormatAddress: null },
  34: { noBandwidth: null },
  38: { unreachableGatekeeper: null },
  41: busy,
  42: busy,
  47: { gatewayResources: null },
  57: { noPermission: null },
  88: { invalidRevision: null },
};

/** Why the far side cleared, from its Cause element and its reason; either may be missing. */
export function causeOfRelease(q850: number | undefined, reason: ReleaseCompleteReason | undefined): ClearCause {
  const name = reason === undefined ? undefined : Object.keys(reason)[0];
  const value = q850 !== undefined && q850 >= 1 ? q850 : name === undefined ? undefined : causeOfReason[name];
  const plain = value === 16 || name === undefined || name === 'undefinedReason';
  // What a Cause element leaves vague the reason tells: not registered, security.
  const text = plain ? words(value ?? 31) : `${words(value ?? 31)} (${name})`;
  return completeCause({ q850: value ?? 31, text });
}

/** What we tell the far side: its Cause element, and a reason beside it. */
export function releaseOfCause(cause: ClearCause): { q850: number; reason: ReleaseCompleteReason } {
  const { q850 = 31 } = completeCause(cause);
  return { q850, reason: reasonOfCause[q850] ?? { undefinedReason: null } };
}

const causeWords: Record<number, string> = {
  1: 'no such number',
  3: 'no route to destination',
  16: 'far end hung up',
  17: 'busy',
  18: 'no user responding',
  19: 'no answer',
  20: 'not registered',
  21: 'call rejected',
  22: 'number changed',
  26: 'answered elsewhere',
  27: 'destination out of order',
  28: 'invalid number',
  31: 'cleared without a reason',
  34: 'no circuit available',
  38: 'network out of order',
  41: 'temporary failure',
  42: 'equipment congested',
  47: 'resources unavailable',
  58: 'bearer capability not available',
  65: 'bearer capability not implemented',
  79: 'service not implemented',
  88: 'incompatible destination',
  102: 'timer expired',
  111: 'protocol error',
  127: 'interworking',
};

/** Q.850's word for a cause. */
function words(q850: number): string {
  return causeWords[q850] ?? `cause ${q850}`;
}
