import { Fault } from '../../platform/fault.ts';
import type { Protocol } from '../../store/schema/names.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import type { Participant } from '../../store/schema/session.ts';
import type { Store } from '../../store/store.ts';
import type { CallTarget } from '../call.ts';

/** Whom a call goes to, and how that is written in the log. */
export interface Callee {
  target: CallTarget;
  protocol: Protocol;
  name: string;
  number: string;
  endpointId?: string;
  siteId?: string;
  trunkId?: string;
  menuCode: string | undefined;
  /** How staff call the line: the trunk, the far site; of a device its own name. */
  lineName: string;
  /** Calls that its line bears at once; absent: no limit of ours. */
  maxCalls?: number;
}

/** A device as one who is called. */
export function calleeOfEndpoint({ address, id, kind, name, number, siteId }: Endpoint): Callee {
  return {
    target: { kind: 'endpoint', endpointId: id },
    protocol: kind.startsWith('h323') ? 'h323' : 'sip',
    name,
    number: number ?? address ?? '',
    endpointId: id,
    ...(siteId === undefined ? {} : { siteId }),
    menuCode: undefined,
    lineName: name,
  };
}

/** Whom a participant means. @throws Fault when there is nobody to call. */
export async function calleeOf(store: Store, who: Participant): Promise<Callee> {
  if (who.kind === 'endpoint') {
    const endpoint = await store.endpoints.get(who.endpointId);
    if (endpoint === undefined) throw new Fault('not-found', 'endpoint.unknown');
    return calleeOfEndpoint(endpoint);
  }
  if (who.kind === 'uplink') {
    const site = await store.sites.get(who.siteId);
    if (site?.uplink === undefined) throw new Fault('not-found', 'site.no-uplink');
    const { address, maxCalls, menuCode, protocol } = site.uplink;
    return {
      target: { kind: 'uplink', siteId: site.id },
      protocol,
      name: site.name,
      number: address,
      siteId: site.id,
      menuCode,
      lineName: site.name,
      ...(maxCalls === undefined ? {} : { maxCalls }),
    };
  }
  const trunk =
    who.trunkId === undefined ? await store.trunks.first({ enabled: true }) : await store.trunks.get(who.trunkId);
  if (trunk === undefined) throw new Fault('not-found', 'trunk.unknown');
  return {
    target: { kind: 'trunk', trunkId: trunk.id, number: who.number },
    protocol: 'sip',
    name: who.name ?? who.number,
    number: who.number,
    trunkId: trunk.id,
    menuCode: undefined,
    lineName: trunk.name,
    maxCalls: trunk.maxCalls,
  };
}
