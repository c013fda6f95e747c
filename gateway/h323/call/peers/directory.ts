import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Endpoint, Site } from '../../../../store/schema/places.ts';
import { parseFarAddress } from './far-address.ts';

/** Whoever may call from an address of its own, without registering: a device, or a far room. */
export interface AddressedPeer {
  endpoint?: Endpoint;
  site?: Site;
}

/** What the directory reads: devices of kind `h323-address`, sites with an H.323 uplink. */
export interface PeerSource {
  addressed(): Promise<Endpoint[]>;
  uplinks(): Promise<Site[]>;
}

/** A change of the store is seen after this time at the latest. */
const freshMs = 2_000;
/** So long a name's address is believed. */
const resolvedMs = 60_000;

/** Peers by the address that they call from; kept for a moment, so that a rush of calls does not become one on the store. */
export class PeerDirectory {
  private readonly source: PeerSource;
  private readonly nowMs: () => number;
  private peers: Promise<Map<string, AddressedPeer>> | undefined;
  private readAt = 0;
  private readonly names = new Map<string, { address: string; at: number }>();

  constructor(source: PeerSource, nowMs: () => number) {
    this.source = source;
    this.nowMs = nowMs;
  }

  /** Who is known to call from this IP address. */
  async at(host: string): Promise<AddressedPeer | undefined> {
    if (this.peers === undefined || this.nowMs() - this.readAt > freshMs) {
      this.readAt = this.nowMs();
      this.peers = this.read();
      this.peers.catch(() => {
        this.peers = undefined;
      });
    }
    return (await this.peers).get(host);
  }

  /** IP address of a host name. @throws when it has none. */
  async resolve(host: string): Promise<string> {
    if (isIP(host) !== 0) return host;
    const known = this.names.get(host);
    if (known !== undefined && this.nowMs() - known.at < resolvedMs) return known.address;
    const { address } = await lookup(host, { verbatim: false });
    if (this.names.size > 1_000) this.names.clear();
    this.names.set(host, { address, at: this.nowMs() });
    return address;
  }

  private async read(): Promise<Map<string, AddressedPeer>> {
    const [endpoints, sites] = await Promise.all([this.source.addressed(), this.source.uplinks()]);
    const found = new Map<string, AddressedPeer>();
    const add = async (address: string | undefined, peer: AddressedPeer): Promise<void> => {
      const { host } = parseFarAddress(address ?? '');
      // A name that cannot be resolved now is nobody's address now.
      const ip = host === undefined ? undefined : await this.resolve(host).catch(() => undefined);
      if (ip !== undefined && !found.has(ip)) found.set(ip, peer);
    };
    for (const endpoint of endpoints) await add(endpoint.address, { endpoint });
    for (const site of sites) {
      // With a gatekeeper the address is an alias, not a place.
      if (site.uplink?.gatekeeper === undefined) await add(site.uplink?.address, { site });
    }
    return found;
  }
}
