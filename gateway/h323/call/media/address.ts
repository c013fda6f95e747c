import { isIPv4, isIPv6 } from 'node:net';
import type { TransportAddress as SignallingAddress } from '../../h225/index.ts';
import type { TransportAddress as MediaAddress } from '../../h245/index.ts';
import type { HostPort } from '../../ras/interface.ts';

/* Transport addresses of H.225.0 and of H.245 as host and port, both ways. Pure. */

/** @throws TypeError when the host is no IP address. */
export function signallingAddress({ host, port }: HostPort): SignallingAddress {
  const ip = octetsOf(host);
  return ip.length === 4 ? { ipAddress: { ip, port } } : { ip6Address: { ip, port } };
}

/** `undefined` for addresses that are not of IP, and for port 0. */
export function hostPortOf(address: SignallingAddress | undefined): HostPort | undefined {
  const found = address?.ipAddress ?? address?.ip6Address ?? address?.ipSourceRoute;
  if (found === undefined || found.port === 0) return undefined;
  return { host: textOf(found.ip), port: found.port };
}

/** @throws TypeError when the host is no IP address. */
export function mediaAddress({ host, port }: HostPort): MediaAddress {
  const network = octetsOf(host);
  return {
    unicastAddress:
      network.length === 4
        ? { iPAddress: { network, tsapIdentifier: port } }
        : { iP6Address: { network, tsapIdentifier: port } },
  };
}

export function mediaHostPort(address: MediaAddress | undefined): HostPort | undefined {
  const found = address?.unicastAddress?.iPAddress ?? address?.unicastAddress?.iP6Address;
  if (found === undefined || found.tsapIdentifier === 0) return undefined;
  return { host: textOf(found.network), port: found.tsapIdentifier };
}

/**
 * Which of two H.245 addresses is the smaller: compared octet by octet, address before port (H.323, clause 8.2.3). The
 * side with the smaller one gives up its own connection when both opened one.
 */
export function isSmaller(own: HostPort, far: HostPort): boolean {
  const octets = ({ host, port }: HostPort): number[] => [...octetsOf(host), port >> 8, port & 0xff];
  const [a, b] = [octets(own), octets(far)];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function octetsOf(host: string): Uint8Array {
  if (isIPv4(host)) return Uint8Array.from(host.split('.').map(Number));
  if (!isIPv6(host)) throw new TypeError(`${host} is no IP address`);
  const groups = host.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = groups.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return Uint8Array.from(
    [...left, ...middle, ...right].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}

function textOf(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)).toString(16));
  return groups.join(':');
}
