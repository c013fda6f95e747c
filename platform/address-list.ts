import { BlockList, isIP, isIPv6 } from 'node:net';

/** Whether an address lies in a list of addresses and CIDR ranges. Entries that are neither never fit. */
export function addressFits(address: string, entries: readonly string[]): boolean {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (isIP(plain) === 0) return false;
  const list = new BlockList();
  for (const entry of entries) {
    const [network = '', bits] = entry.trim().split('/');
    if (isIP(network) === 0) continue;
    const family = isIPv6(network) ? 'ipv6' : 'ipv4';
    const length = bits === undefined ? undefined : Number(bits);
    if (length === undefined) list.addAddress(network, family);
    else if (Number.isInteger(length) && length >= 0 && length <= (family === 'ipv6' ? 128 : 32)) {
      list.addSubnet(network, length, family);
    }
  }
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

/** `host:port` or `[v6]:port` or a bare host → the host. */
export function hostOf(text: string): string {
  const match = /^\[([^\]]+)\]|^([^:]+)(?::\d+)?$/.exec(text.trim());
  return match?.[1] ?? match?.[2] ?? text.trim();
}
