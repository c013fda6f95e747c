import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { parseUri, type SipUri, targetUri } from '../sip/address.ts';
import type { Peer, TransportName } from '../transport/transport.ts';
import { errorText } from './error-text.ts';

/* Where a request goes: from a URI to an address (RFC 3263). */

/** Name look-ups, so that a test can give its own. */
export interface Names {
  srv(name: string): Promise<{ name: string; port: number; priority: number; weight: number }[]>;
  address(name: string): Promise<string>;
}

export const systemNames: Names = {
  srv: (name) => dns.resolveSrv(name),
  address: async (name) => (await dns.lookup(name)).address,
};

/** The next hop cannot be found. */
export class ResolveError extends Error {}

/** The peer that a SIP URI (or name-addr) leads to. @throws ResolveError */
export async function resolve(target: string, names: Names = systemNames): Promise<Peer> {
  const named = targetUri(target);
  // `host:port` is no scheme; `tel:` and the like lead nowhere without a gateway.
  const hostPort = !/^[a-z][a-z0-9+.-]*:/i.test(named) || (/^[^:]+:\d{1,5}(;|$)/.test(named) && !/^tel:/i.test(named));
  const uri = parseUri(named) ?? (hostPort ? parseUri(`sip:${named}`) : undefined);
  if (uri === undefined) throw new ResolveError(`cannot route to ${target}`);
  const host = uri.parameters.get('maddr') || uri.host;
  const asked = transportOf(uri);
  if (isIP(host) !== 0) return { transport: asked ?? 'udp', host, port: uri.port ?? defaultPort(asked) };
  try {
    if (uri.port !== undefined) return { transport: asked ?? 'udp', host: await names.address(host), port: uri.port };
    const candidates: TransportName[] = asked === undefined ? ['udp', 'tcp'] : [asked];
    for (const transport of candidates) {
      const found = await names.srv(serviceName(transport, host)).catch(() => []);
      const best = [...found].sort((a, b) => a.priority - b.priority || b.weight - a.weight)[0];
      if (best !== undefined) return { transport, host: await names.address(best.name), port: best.port };
    }
    return { transport: asked ?? 'udp', host: await names.address(host), port: defaultPort(asked) };
  } catch (error) {
    throw new ResolveError(`cannot find ${host}: ${errorText(error)}`);
  }
}

function transportOf(uri: SipUri): TransportName | undefined {
  if (uri.scheme === 'sips') return 'tls';
  const named = uri.parameters.get('transport')?.toLowerCase();
  return named === 'udp' || named === 'tcp' || named === 'tls' ? named : undefined;
}

function defaultPort(transport: TransportName | undefined): number {
  return transport === 'tls' ? 5061 : 5060;
}

function serviceName(transport: TransportName, host: string): string {
  return transport === 'tls' ? `_sips._tcp.${host}` : `_sip._${transport}.${host}`;
}
