import type { SipRequest, SipResponse } from './drachtio.ts';

/** By then whoever the question was for has answered, ms. */
const othersFirstMs = 4_000;

/**
 * Refuses SUBSCRIBE: there is nothing here to subscribe to (RFC 6665, clause 4.2.1.3). A question for a device's profile
 * (`ua-profile`, RFC 6080) may be one to the group of plug-and-play, of which a SIP server on port 5060 of all addresses
 * gets its copy: then the answer is others' to give, and ours must not come before theirs.
 */
export function refuseSubscription(request: Pick<SipRequest, 'get'>, response: Pick<SipResponse, 'send'>): void {
  if (!/^\s*ua-profile\s*(;|$)/i.test(request.get('Event') ?? '')) {
    response.send(489);
    return;
  }
  setTimeout(() => {
    try {
      response.send(489);
    } catch {
      // The SIP server has gone meanwhile.
    }
  }, othersFirstMs).unref();
}
