import type { Endpoint, Site } from '../../../../store/schema/places.ts';
import { type CallParty, type CallTarget, ClearError } from '../../../call.ts';
import type { AliasAddress, ClearToken } from '../../h225/index.ts';
import {
  callKey,
  type Gatekeeper,
  type GatekeeperClient,
  type GatekeeperClients,
  type HostPort,
} from '../../ras/interface.ts';
import { aliasOf, type CallIdentity } from '../signalling/messages.ts';
import type { PeerDirectory } from './directory.ts';
import { parseFarAddress } from './far-address.ts';

/** Where a call out goes, and what its SETUP says. */
export interface Route {
  to: HostPort;
  called: AliasAddress[];
  party: CallParty;
  endpointIdentifier?: string;
  tokens?: ClearToken[];
  /** The far gatekeeper that granted it. */
  client?: GatekeeperClient;
  /** Gives back what a gatekeeper granted. */
  release: () => void;
  /** The same way to another alias, for a call that is redirected; `undefined` when there is none. */
  again: (alias: string, identity: CallIdentity) => Promise<Route | undefined>;
}

/** What routes are made of. */
export interface RouteParts {
  endpoint(id: string): Promise<Endpoint | undefined>;
  site(id: string): Promise<Site | undefined>;
  directory: PeerDirectory;
  gatekeeper: Gatekeeper | undefined;
  clients: GatekeeperClients | undefined;
}

const nothing = (): void => {};

/** Finds the way to a target. @throws ClearError when there is none. */
export async function routeTo(
  parts: RouteParts,
  target: CallTarget,
  caller: string,
  identity: CallIdentity,
): Promise<Route> {
  if (target.kind === 'endpoint') return toEndpoint(parts, target.endpointId, caller, identity);
  if (target.kind === 'uplink') return toUplink(parts, target.siteId, identity);
  throw new ClearError({ sip: 501, q850: 79, text: 'a trunk is no H.323 destination' });
}

async function toEndpoint(parts: RouteParts, id: string, caller: string, identity: CallIdentity): Promise<Route> {
  const endpoint = await parts.endpoint(id);
  if (endpoint === undefined || !endpoint.enabled) throw new ClearError({ sip: 404, q850: 1, text: 'unknown device' });
  const party: CallParty = {
    endpointId: endpoint.id,
    ...(endpoint.siteId === undefined ? {} : { siteId: endpoint.siteId }),
    number: endpoint.number ?? endpoint.address ?? '',
    name: endpoint.name,
    address: '',
  };
  if (endpoint.kind === 'h323-address') return toAddress(parts, endpoint.address ?? '', endpoint.number, party);
  const { gatekeeper } = parts;
  const device = gatekeeper?.registered(endpoint.id);
  if (gatekeeper === undefined || device === undefined) {
    throw new ClearError({ sip: 480, q850: 20, text: 'not registered' });
  }
  const { callIdentifier, conferenceId } = identity;
  gatekeeper.expectCall({ endpointId: endpoint.id, callIdentifier, conferenceId, caller });
  const alias = endpoint.number ?? device.aliases[0];
  const route: Route = {
    to: device.address,
    called: alias === undefined ? [] : [aliasOf(alias)],
    party: { ...party, address: textOf(device.address) },
    release: () => gatekeeper.callEnded(callKey(callIdentifier)),
    again: async (other) => {
      const next = gatekeeper.locate(other);
      return next === undefined ? undefined : toEndpoint(parts, next.endpointId, caller, identity);
    },
  };
  return route;
}

async function toUplink(parts: RouteParts, siteId: string, identity: CallIdentity): Promise<Route> {
  const site = await parts.site(siteId);
  const uplink = site?.uplink;
  if (site === undefined || uplink?.protocol !== 'h323') {
    throw new ClearError({ sip: 404, q850: 1, text: 'site has no H.323 uplink' });
  }
  const party: CallParty = { siteId: site.id, number: uplink.address, name: site.name, address: '' };
  if (uplink.gatekeeper === undefined) return toAddress(parts, uplink.address, undefined, party);
  const client = parts.clients?.of(site.id);
  if (client === undefined)
    throw new ClearError({ sip: 503, q850: 38, text: 'not registered with the far gatekeeper' });
  const admitted = async (called: string): Promise<Route> => {
    const { callIdentifier, callReference, conferenceId } = identity;
    const admission = await client.admit({ callIdentifier, callReference, conferenceId, called });
    return {
      to: admission.address,
      called: [aliasOf(admission.called)],
      party: { ...party, address: textOf(admission.address) },
      endpointIdentifier: admission.endpointIdentifier,
      tokens: admission.tokens as ClearToken[],
      client,
      release: () => void client.callEnded(callKey(callIdentifier)),
      again: (alias) => admitted(alias),
    };
  };
  const { alias, host } = parseFarAddress(uplink.address, true);
  return admitted(host === undefined ? (alias ?? '') : uplink.address);
}

async function toAddress(
  parts: RouteParts,
  address: string,
  number: string | undefined,
  party: CallParty,
): Promise<Route> {
  const { alias = number, host, port } = parseFarAddress(address);
  if (host === undefined) throw new ClearError({ sip: 484, q850: 28, text: `no H.323 address: ${address}` });
  const ip = await parts.directory.resolve(host).catch(() => {
    throw new ClearError({ sip: 404, q850: 3, text: `${host} is not found` });
  });
  const to = { host: ip, port };
  const route = (text: string | undefined): Route => ({
    to,
    called: text === undefined ? [] : [aliasOf(text)],
    party: { ...party, address: textOf(to) },
    release: nothing,
    again: async (other) => route(other),
  });
  return route(alias);
}

function textOf({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
