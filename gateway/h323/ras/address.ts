import { lookup } from 'node:dns/promises';
import { isIP, isIPv4 } from 'node:net';
import type { TransportAddress } from '../h225/index.ts';
import type { HostPort } from './interface.ts';

/* H.225.0 TransportAddress ↔ address and port. */

/** @throws TypeError for a host that is no IP address. */
export function toTransport({ host, port }: HostPort): TransportAddress {
  if (isIPv4(host)) return { ipAddress: { ip: Uint8Array.from(host.split('.'), Number), port } };
  if (isIP(host) === 6) return { ip6Address: { ip: octetsOfV6(host), port } };
  throw new TypeError(`${host} is no IP address`);
}

/** The address, where it is one of IP. */
export function fromTransport(address: TransportAddress | undefined): HostPort | undefined {
  if (address?.ipAddress !== undefined) {
    const { ip, port } = address.ipAddress;
    return { host: Array.from(ip).join('.'), port };
  }
  if (address?.ip6Address !== undefined) {
    const { ip, port } = address.ip6Address;
    const groups = Array.from({ length: 8 }, (_, place) => ((ip[place * 2]! << 8) | ip[place * 2 + 1]!).toString(16));
    return { host: new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1), port };
  }
  return undefined;
}

/** The first of IP whose host and port can be sent to. */
export function firstUsable(addresses: readonly TransportAddress[] | undefined): HostPort | undefined {
  return addresses?.map(fromTransport).find((address) => address !== undefined && isUsable(address));
}

/** Whether somebody can be there: a unicast address that is set, and a port. */
export function isUsable({ host, port }: HostPort): boolean {
  if (port === 0) return false;
  if (!isIPv4(host)) return host !== '::' && !host.startsWith('ff');
  const first = Number(host.split('.')[0]);
  return first > 0 && first < 224;
}

/** `host:port`, `[v6]:port`. */
export function addressText({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The reverse of `addressText`. */
export function parseAddress(text: string): HostPort | undefined {
  const match = /^(?:\[([\da-f:]+)\]|([^:\s]+)):(\d{1,5})$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  return host === undefined ? undefined : { host, port: Number(match?.[3]) };
}

/**
 * The IP address that a host is reached at; RAS carries no names.
 * @throws when the name is not known
 */
export async function resolveHost(host: string): Promise<string> {
  return isIP(host) === 0 ? (await lookup(host, { family: 4 })).address : host;
}

/** An IPv4 address seen on an IPv6 socket is the IPv4 address. */
export function plainHost(host: string): string {
  return host.startsWith('::ffff:') && isIPv4(host.slice(7)) ? host.slice(7) : host;
}

function octetsOfV6(host: string): Uint8Array {
  const full = new URL(`http://[${host}]`).hostname.slice(1, -1);
  const [head = '', tail] = full.split('::');
  const groups = (part: string | undefined): string[] =>
    part === undefined || part === '' ? [] : part.split(':').map((group) => group.padStart(4, '0'));
  const before = groups(head);
  const after = groups(tail);
  const middle = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill('0000');
  return Uint8Array.from(Buffer.from([...before, ...middle, ...after].join(''), 'hex'));
}
