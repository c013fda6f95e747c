import type { ClearCause } from '../../store/schema/names.ts';
import type { Registration, Trunk } from '../../store/schema/places.ts';
import { type CallDialog, type CallParty, type CallTarget, ClearError, type PlaceOptions } from '../call.ts';
import { parseReason, q850Of } from '../cause.ts';
import type { AuthenticatorParts } from './authenticator.ts';
import { SipCallDialog } from './dialog.ts';
import { type SipDialog, type SipRequest, type SipServer, statusOf } from './drachtio.ts';
import { allow, hostOfUri } from './inbound.ts';
import { ownSessionExpiresS, parseSessionExpires } from './session-timer.ts';

/** One branch of a call out: where the INVITE goes. */
interface Branch {
  uri: string;
  /** Next hop, when it is not the URI's. */
  proxy: string | undefined;
  auth: { username: string; password: string } | undefined;
  /** Our identity towards it: `sip:user@host`, or just the user. */
  from: string;
  headers: Record<string, string>;
}

/** Places calls (RFC 3261, clause 13.2): finds the target's addresses, forks to all, the first answer wins. */
export class CallPlacer {
  private readonly parts: AuthenticatorParts & { publicHost: string };
  private readonly server: () => SipServer;
  private readonly contacts: (endpointId: string) => Promise<Registration[]>;

  constructor(
    parts: AuthenticatorParts & { publicHost: string },
    server: () => SipServer,
    contacts: (endpointId: string) => Promise<Registration[]>,
  ) {
    this.parts = parts;
    this.server = server;
    this.contacts = contacts;
  }

  async place(target: CallTarget, options: PlaceOptions): Promise<CallDialog> {
    const { branches, party } = await this.resolve(target, options);
    if (branches.length === 0) throw new ClearError({ sip: 480, q850: 20, text: 'not registered' });
    const attempts = new Set<SipRequest>();
    let settled = false;
    let outOfTime: ClearCause | undefined;
    const cancelAll = (except?: SipRequest): void => {
      for (const request of attempts) if (request !== except) request.cancel(() => {});
    };
    const stop = (cause: ClearCause): void => {
      outOfTime ??= cause;
      cancelAll();
    };
    const ringing = setTimeout(() => stop({ sip: 408, q850: 19, text: 'no answer' }), options.ringTimeoutMs);
    const abort = (): void => stop({ sip: 487, q850: 16, text: 'cancelled' });
    options.signal?.addEventListener('abort', abort);
    let rang = false;
    try {
      if (options.signal?.aborted === true) throw new ClearError({ sip: 487, q850: 16, text: 'cancelled' });
      const runs = branches.map(async (branch) => {
        let own: SipRequest | undefined;
        const dialog = await this.invite(branch, options, {
          sent: (request) => {
            own = request;
            attempts.add(request);
            if (outOfTime !== undefined) request.cancel(() => {});
          },
          ringing: () => {
            if (rang) return;
            rang = true;
            options.onRinging?.();
          },
        }).finally(() => {
          if (own !== undefined) attempts.delete(own);
        });
        // Two answered at once: only one can have the call.
        if (settled || outOfTime !== undefined) {
          await dialog.destroy().catch(() => {});
          throw new ClearError({ sip: 487, q850: 26, text: 'answered elsewhere' });
        }
        settled = true;
        cancelAll(own);
        return { dialog, branch };
      });
      const { dialog, branch } = await Promise.any(runs);
      const expires = parseSessionExpires(dialogHeader(dialog, 'Session-Expires'));
      const address = branch.proxy ?? branch.uri;
      return new SipCallDialog(
        dialog,
        { ...party, address: party.address || addressOf(address) },
        expires === undefined ? undefined : `${expires.seconds}`,
        expires?.refresher !== 'uas',
      );
    } catch (error) {
      if (outOfTime !== undefined) throw new ClearError(outOfTime);
      throw new ClearError(bestCause(error));
    } finally {
      clearTimeout(ringing);
      options.signal?.removeEventListener('abort', abort);
    }
  }

  private async invite(
    branch: Branch,
    options: PlaceOptions,
    on: { sent(request: SipRequest): void; ringing(): void },
  ): Promise<SipDialog> {
    const name = options.caller.name.replace(/["\\\r\n]/g, ' ').trim();
    const from = branch.from.includes('@') ? branch.from : `sip:${branch.from}@localhost`;
    return this.server().createUAC(
      branch.uri,
      {
        localSdp: options.offer,
        headers: {
          From: name === '' ? `<${from}>` : `"${name}" <${from}>`,
          Allow: allow,
          Supported: 'timer',
          'Session-Expires': String(ownSessionExpiresS),
          'Content-Type': 'application/sdp',
          ...branch.headers,
        },
        ...(branch.proxy === undefined ? {} : { proxy: branch.proxy }),
        ...(branch.auth === undefined ? {} : { auth: branch.auth }),
      },
      {
        cbRequest: (_error, request) => {
          if (request === undefined) return;
          on.sent(request);
          // Credentials make a second request; it is the one that can be cancelled then.
          request.on('authenticate', (again: SipRequest) => on.sent(again));
        },
        cbProvisional: (response) => {
          if (response.status === 180 || response.status === 183) on.ringing();
        },
      },
    );
  }

  private async resolve(target: CallTarget, options: PlaceOptions): Promise<{ branches: Branch[]; party: CallParty }> {
    const { store } = this.parts;
    const own = userPart(options.caller.number);
    if (target.kind === 'endpoint') {
      const endpoint = await store.endpoints.get(target.endpointId);
      if (endpoint === undefined || !endpoint.enabled)
        throw new ClearError({ sip: 404, q850: 1, text: 'unknown device' });
      const party: CallParty = {
        endpointId: endpoint.id,
        ...(endpoint.siteId === undefined ? {} : { siteId: endpoint.siteId }),
        number: endpoint.number ?? endpoint.address ?? '',
        name: endpoint.name,
        address: '',
        srtp: endpoint.srtp,
      };
      const plain = { auth: undefined, from: own, headers: {} };
      if (endpoint.kind === 'sip-address') {
        return { branches: [{ uri: asUri(endpoint.address ?? ''), proxy: undefined, ...plain }], party };
      }
      const contacts = await this.contacts(endpoint.id);
      return {
        branches: contacts.map((one) => ({ uri: one.contact, proxy: proxyFor(one), ...plain })),
        party: { ...party, address: contacts[0]?.source ?? '' },
      };
    }
    if (target.kind === 'uplink') {
      const site = await store.sites.get(target.siteId);
      const uplink = site?.uplink;
      if (site === undefined || uplink === undefined)
        throw new ClearError({ sip: 404, q850: 1, text: 'site has no uplink' });
      const auth = this.credentials(uplink.username, uplink.secret);
      const from =
        uplink.username === undefined ? own : `sip:${userPart(uplink.username)}@${hostOfUri(uplink.address)}`;
      return {
        branches: [{ uri: asUri(uplink.address), proxy: undefined, auth, from, headers: {} }],
        party: { siteId: site.id, number: uplink.address, name: site.name, address: '', srtp: 'preferred' },
      };
    }
    const trunk = await store.trunks.get(target.trunkId);
    if (trunk === undefined || !trunk.enabled) throw new ClearError({ sip: 404, q850: 1, text: 'unknown trunk' });
    return this.byTrunk(trunk, target.number, own);
  }

  private byTrunk(trunk: Trunk, number: string, own: string): { branches: Branch[]; party: CallParty } {
    const domain = trunk.domain ?? hostOfUri(trunk.host);
    const shown = userPart(trunk.callerId ?? trunk.username ?? own);
    const transport = trunk.transport === 'udp' ? '' : `;transport=${trunk.transport}`;
    return {
      branches: [
        {
          uri: `sip:${userPart(number)}@${domain}`,
          proxy: `sip:${trunk.host}${transport}`,
          auth: this.credentials(trunk.username, trunk.secret),
          from: `sip:${shown}@${domain}`,
          headers: { 'P-Asserted-Identity': `<sip:${shown}@${domain}>` },
        },
      ],
      party: { trunkId: trunk.id, number, name: '', address: trunk.host, srtp: trunk.srtp },
    };
  }

  private credentials(username: string | undefined, secret: string | undefined): Branch['auth'] {
    if (username === undefined || secret === undefined) return undefined;
    return { username, password: this.parts.seal.open(secret) };
  }
}

/** Only what may stand in a user part; everything else is escaped (RFC 3261, clause 25.1). */
function userPart(number: string): string {
  const bare = number.replace(/^sips?:/i, '').split('@')[0] ?? '';
  return encodeURIComponent(bare === '' ? 'diemcau' : bare)
    .replace(/%2B/gi, '+')
    .replace(/%23/g, '%23');
}

function asUri(address: string): string {
  return /^sips?:/i.test(address) ? address : `sip:${address}`;
}

function addressOf(uri: string): string {
  return (
    uri
      .replace(/^sips?:/i, '')
      .replace(/^[^@]*@/, '')
      .split(/[;?]/)[0] ?? ''
  );
}

/** A contact behind a NAT, or on a stream that it opened, is reached where its REGISTER came from. */
export function proxyFor(registration: Pick<Registration, 'contact' | 'source' | 'transport'>): string | undefined {
  const contactHost = hostOfUri(registration.contact);
  const sourceHost = registration.source.replace(/:\d+$/, '');
  const transport = registration.transport.toLowerCase();
  const stream = transport === 'tcp' || transport === 'tls';
  if (contactHost === sourceHost && !stream) return undefined;
  return `sip:${registration.source}${stream ? `;transport=${transport}` : ''}`;
}

function dialogHeader(dialog: SipDialog, name: string): string | undefined {
  const response = (dialog as unknown as { res?: { get(name: string): string | undefined } }).res;
  return response?.get(name);
}

/** Of several branches' failures, the one that says most: busy and declined before not found, those before the rest. */
function bestCause(error: unknown): ClearCause {
  const errors = error instanceof AggregateError ? error.errors : [error];
  const causes = errors.map((one: unknown): ClearCause => {
    if (one instanceof ClearError) return one.cause;
    const { reason, reasonHeader, status } = statusOf(one);
    const told = parseReason(reasonHeader);
    return { sip: status, q850: told.q850 ?? q850Of(status), text: told.text ?? reason };
  });
  const rank = (cause: ClearCause): number => {
    const status = cause.sip ?? 500;
    if (status === 486 || status >= 600) return 0;
    if (status === 487 || status === 408 || status === 480) return 2;
    return status < 500 ? 1 : 3;
  };
  return causes.sort((a, b) => rank(a) - rank(b))[0] ?? { sip: 500, q850: 41, text: 'call failed' };
}
