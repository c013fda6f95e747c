import { EventEmitter } from 'node:events';
import { addressFits, hostOf } from '../../platform/address-list.ts';
import type { ClearCause } from '../../store/schema/names.ts';
import type { Trunk } from '../../store/schema/places.ts';
import type { CallDialog, CallParty, IncomingCall } from '../call.ts';
import { ClearError } from '../call.ts';
import { completeCause, reasonOf } from '../cause.ts';
import type { Authenticator, AuthenticatorParts } from './authenticator.ts';
import { SipCallDialog } from './dialog.ts';
import type { SipRequest, SipResponse, SipServer } from './drachtio.ts';
import { calledNumber, identityOf } from './identity.ts';
import { parseSessionExpires } from './session-timer.ts';

const ackWaitMs = 32_000;
const cancelled: ClearCause = { sip: 487, q850: 16, text: 'caller hung up before the answer' };

/** A SIP call that came in (RFC 3261, clause 13.3). */
export class SipIncomingCall extends EventEmitter<{ cancelled: [cause: ClearCause] }> implements IncomingCall {
  readonly protocol = 'sip' as const;
  readonly callId: string;
  readonly called: string;
  readonly offer: string | undefined;
  private done: 'no' | 'answered' | 'rejected' | 'cancelled' = 'no';
  readonly party: CallParty;
  private readonly server: SipServer;
  private readonly request: SipRequest;
  private readonly response: SipResponse;

  constructor(server: SipServer, request: SipRequest, response: SipResponse, party: CallParty) {
    super();
    this.server = server;
    this.request = request;
    this.response = response;
    this.party = party;
    this.callId = request.get('Call-ID') ?? '';
    this.called = calledNumber(request.uri);
    this.offer = request.body === undefined || request.body === '' ? undefined : request.body;
    request.on('cancel', () => {
      if (this.done !== 'no') return;
      this.done = 'cancelled';
      this.emit('cancelled', cancelled);
    });
  }

  ring(): void {
    if (this.done === 'no') this.response.send(180);
  }

  async answer(sdp: string): Promise<CallDialog> {
    if (this.done !== 'no') throw new ClearError(cancelled);
    this.done = 'answered';
    const expires = this.request.get('Session-Expires');
    const interval = parseSessionExpires(expires);
    const timed: Record<string, string> =
      interval === undefined
        ? {}
        : {
            'Session-Expires': `${interval.seconds};refresher=${interval.refresher ?? 'uac'}`,
            ...(interval.refresher === 'uas' ? {} : { Require: 'timer' }),
          };
    const dialog = await this.server
      .createUAS(this.request, this.response, {
        localSdp: sdp,
        headers: { Allow: allow, Supported: 'timer', ...timed },
      })
      .catch(() => {
        throw new ClearError(cancelled);
      });
    // A late offer is answered in the ACK (RFC 3261, clause 13.2.2.4).
    if (this.offer === undefined && !dialog.remote.sdp) {
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, ackWaitMs);
        dialog.once('ack', () => {
          clearTimeout(late);
          resolve();
        });
      });
      if (dialog.remote.sdp === '' || dialog.remote.sdp === undefined) {
        await dialog.destroy({ headers: { Reason: 'SIP;cause=488;text="no answer to our offer"' } }).catch(() => {});
        throw new ClearError({ sip: 488, q850: 65, text: 'no answer to our offer' });
      }
    }
    return new SipCallDialog(dialog, this.party, timed['Session-Expires'], interval?.refresher === 'uas');
  }

  reject(cause: ClearCause): void {
    if (this.done !== 'no') return;
    this.done = 'rejected';
    const complete = completeCause(cause);
    const status = complete.sip !== undefined && complete.sip >= 300 ? complete.sip : 480;
    const wait: Record<string, string> = status === 503 ? { 'Retry-After': '5' } : {};
    this.response.send(status, { headers: { Reason: reasonOf(complete), ...wait } });
  }
}

export const allow = 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, PRACK';

/** Who calls: a trunk by its address list, a known address, or a device by digest; others get no further. */
export class CallerCheck {
  private readonly parts: AuthenticatorParts;
  private readonly authenticator: Authenticator;

  constructor(parts: AuthenticatorParts, authenticator: Authenticator) {
    this.parts = parts;
    this.authenticator = authenticator;
  }

  /** The caller; `undefined` when the request was answered with a challenge or a refusal. */
  async identify(
    request: SipRequest,
    response: SipResponse,
  ): Promise<{ party: CallParty; trunk: Trunk | undefined } | undefined> {
    const { store } = this.parts;
    const source = request.source_address;
    const from = identityOf(request.get('From'));
    const address = `${source}:${request.source_port}`;
    const trunks = await store.trunks.recall({ enabled: true });
    const trunk = trunks.find((one) => addressFits(source, one.addresses));
    if (trunk !== undefined) {
      const asserted = request.get('P-Asserted-Identity');
      const caller = asserted === undefined ? from : { ...from, number: identityOf(asserted).number || from.number };
      return { party: { trunkId: trunk.id, ...caller, address, srtp: trunk.srtp }, trunk };
    }
    const fixed = await store.endpoints.recall({ kind: 'sip-address', enabled: true });
    const known = fixed.find((one) => one.address !== undefined && addressFits(source, [hostOfUri(one.address)]));
    if (known !== undefined) {
      const site = known.siteId === undefined ? {} : { siteId: known.siteId };
      return {
        party: { endpointId: known.id, ...site, number: from.number, name: known.name, address, srtp: known.srtp },
        trunk: undefined,
      };
    }
    const sites = await store.sites.recall({ 'uplink.protocol': 'sip' });
    const far = sites.find((one) => one.uplink !== undefined && addressFits(source, [hostOfUri(one.uplink.address)]));
    if (far !== undefined) {
      return {
        party: { siteId: far.id, number: from.number, name: far.name, address, srtp: 'preferred' },
        trunk: undefined,
      };
    }
    const endpoint = await this.authenticator.prove(request, response);
    if (endpoint === undefined) return undefined;
    const site = endpoint.siteId === undefined ? {} : { siteId: endpoint.siteId };
    return {
      party: {
        endpointId: endpoint.id,
        ...site,
        number: endpoint.number ?? from.number,
        name: endpoint.name,
        address,
        srtp: endpoint.srtp,
      },
      trunk: undefined,
    };
  }
}

/** Host of a SIP URI or of `host[:port]`. */
export function hostOfUri(address: string): string {
  const rest = address.replace(/^sips?:/i, '').replace(/^[^@]*@/, '');
  return hostOf(rest.split(/[;?]/)[0] ?? '');
}
