import { BlockList, isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/* Which of the machine's addresses a peer sees: the one on the peer's own subnet, else the first that is not loopback. */

/** The local address towards a peer's address. */
export function localAddressFor(peer: string): string {
  const family = isIPv6(peer) ? 'IPv6' : 'IPv4';
  if (peer.startsWith('127.')) return '127.0.0.1';
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => address.family === family);
  const near = addresses.find((address) => {
    if (address.cidr === null || isIP(peer) === 0) return false;
    const [network, bits] = address.cidr.split('/');
    const subnet = new BlockList();
    subnet.addSubnet(network ?? '', Number(bits), family === 'IPv6' ? 'ipv6' : 'ipv4');
    return subnet.check(peer, family === 'IPv6' ? 'ipv6' : 'ipv4');
  });
  const outer = addresses.find((address) => !address.internal);
  return near?.address ?? outer?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1');
}
