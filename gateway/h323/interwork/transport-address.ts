import { isIPv4, isIPv6 } from 'node:net';
import type { TransportAddress } from '../h245/index.ts';
import type { HostPort } from './format.ts';

/** A media address as H.245 writes it. @throws TypeError when the host is no IP address. */
export function transportAddress({ host, port }: HostPort): TransportAddress {
  if (isIPv4(host)) {
    const network = Uint8Array.from(host.split('.').map(Number));
    return { unicastAddress: { iPAddress: { network, tsapIdentifier: port } } };
  }
  if (!isIPv6(host)) throw new TypeError(`${host} is no IP address`);
  return { unicastAddress: { iP6Address: { network: octetsOfIPv6(host), tsapIdentifier: port } } };
}

function octetsOfIPv6(host: string): Uint8Array {
  const text = host
    .replace(/%.*$/, '')
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a: string, b: string, c: string, d: string) =>
      [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
    );
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...new Array<string>(gap).fill('0'), ...right].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}
