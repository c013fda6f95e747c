import { type Finding, judgeOffers, type Wanted } from './judge.ts';
import type { Offer } from './offer.ts';
import { askNetwork, DhcpUnavailable, interfacesOf, type NetworkInterface } from './probe.ts';
import { type RouterSettings, routerSettings } from './router-settings.ts';

/** What was found behind one interface. */
export interface NetworkCheck {
  name: string;
  address: string;
  offers: Offer[];
  findings: Finding[];
  settings: RouterSettings[];
}

/** Interfaces asked at once in one check: containers and tunnels make dozens. */
const mostInterfaces = 8;

/**
 * Asks what the networks offer to devices, and judges it. `only`: name of an interface, all when absent. `asking` hears of
 * each before it is asked. @throws DhcpUnavailable
 */
export async function checkNetworks(
  wanted: Wanted,
  only: string | undefined,
  asking: (network: NetworkInterface) => void = () => {},
): Promise<NetworkCheck[]> {
  const networks = interfacesOf(only);
  if (networks.length === 0) throw new DhcpUnavailable('dhcp.no-interface');
  const checks: NetworkCheck[] = [];
  for (const network of networks.slice(0, mostInterfaces)) {
    asking(network);
    const offers = await askNetwork(network);
    const { address, name } = network;
    // Where no time server is told, the router itself is the one that most offices have.
    const told = offers.flatMap(({ option42 }) => option42 ?? []);
    const ntp = told.length > 0 ? told : offers.flatMap(({ router }) => router ?? []);
    checks.push({
      name,
      address,
      offers,
      findings: judgeOffers(offers, wanted),
      settings: routerSettings({ url: wanted.urls[0], ntp: [...new Set(ntp)].slice(0, 3) }),
    });
  }
  return checks;
}
