import type { ClearCause } from '../../../../store/schema/names.ts';

/** What a gatekeeper's refusal of a call means to the caller (Q.850, and the SIP status nearest to it). */
const causes: Record<string, { sip: number; q850: number }> = {
  calledPartyNotRegistered: { sip: 480, q850: 20 },
  invalidPermission: { sip: 403, q850: 21 },
  requestDenied: { sip: 503, q850: 34 },
  undefinedReason: { sip: 500, q850: 31 },
  callerNotRegistered: { sip: 503, q850: 41 },
  invalidEndpointIdentifier: { sip: 503, q850: 41 },
  routeCallToGatekeeper: { sip: 403, q850: 21 },
  resourceUnavailable: { sip: 503, q850: 47 },
  securityDenial: { sip: 403, q850: 21 },
  securityError: { sip: 403, q850: 21 },
  qosControlNotSupported: { sip: 503, q850: 49 },
  incompleteAddress: { sip: 484, q850: 28 },
  aliasesInconsistent: { sip: 404, q850: 1 },
  exceedsCallCapacity: { sip: 503, q850: 34 },
  noRouteToDestination: { sip: 404, q850: 3 },
  unallocatedNumber: { sip: 404, q850: 1 },
};

/** @param reason name of the alternative of AdmissionRejectReason (H.225.0) */
export function refusalCause(reason: string): ClearCause {
  return { ...(causes[reason] ?? { sip: 503, q850: 31 }), text: `gatekeeper: ${reason}` };
}

export const noAnswer: ClearCause = { sip: 503, q850: 41, text: 'gatekeeper: no answer' };
export const notRegistered: ClearCause = { sip: 503, q850: 41, text: 'gatekeeper: not registered there' };
