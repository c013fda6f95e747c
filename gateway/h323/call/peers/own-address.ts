import { BlockList, isIP, isIPv6 } from 'node:net';

const near = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  near.addSubnet(network, bits, 'ipv4');
}
near.addSubnet('fc00::', 7, 'ipv6');
near.addSubnet('fe80::', 10, 'ipv6');
near.addAddress('::1', 'ipv6');

/**
 * The address of ours that a far side can reach: the connection's own, unless we stand behind an address translator
 * (PUBLIC_HOST is no address of this machine) and the far side is beyond it. Pure.
 */
export function ownAddress(
  connection: { local: string; far: string },
  publicHost: string,
  machine: readonly string[],
): string {
  const { far, local } = connection;
  if (isIP(publicHost) === 0 || machine.includes(publicHost) || isIP(far) === 0) return local;
  return near.check(far, isIPv6(far) ? 'ipv6' : 'ipv4') ? local : publicHost;
}
