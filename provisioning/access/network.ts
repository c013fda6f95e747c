import { isIPv4, isIPv6 } from 'node:net';

/* Where a request comes from, and with whom that is shared. Pure. */

/** A client's address as such, also where the socket is IPv6 (RFC 4291, clause 2.5.5.2). */
export const plainAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');

/** The network that an address is taken to be in: /24, or /64 in IPv6. */
export function networkOf(address: string): string {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIPv6(address)) return `${sixtyFour(address)}::/64`;
  return address;
}

/** Whose requests are counted together: one IPv4 address; an IPv6 network, in which addresses cost nothing. */
export const sourceOf = (address: string): string => (isIPv6(address) ? `${sixtyFour(address)}::/64` : address);

function sixtyFour(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const whole = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return whole
    .slice(0, 4)
    .map((part) => (Number.parseInt(part, 16) || 0).toString(16))
    .join(':');
}
