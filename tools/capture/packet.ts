import type { CapturedPacket } from './file.ts';

/** What a packet carries over TCP or UDP. */
export interface Segment {
  frame: number;
  transport: 'tcp' | 'udp';
  /** `address:port`, an IPv6 address in brackets. */
  from: string;
  to: string;
  payload: Uint8Array;
  /** TCP only. */
  sequence: number;
  syn: boolean;
  end: boolean;
}

const ipv4 = 0x0800;
const ipv6 = 0x86dd;
const vlanTags = new Set([0x8100, 0x88a8, 0x9100]);

/** Where the IP header begins, by link-layer type. */
function ipOf({ link, data }: CapturedPacket): Uint8Array | undefined {
  switch (link) {
    case 0: // BSD loopback, the address family in the byte order of the machine that captured
    case 108: // the same in network order
      return data.subarray(4);
    case 1:
      return ofEthernet(data, 12);
    case 12: // raw IP, as some systems number it
    case 14:
    case 101:
    case 228:
    case 229:
      return data;
    case 113: // Linux cooked
      return ofEthernet(data, 14);
    case 276: // Linux cooked, version 2
      return data.length > 20 && isIp(u16(data, 0)) ? data.subarray(20) : undefined;
    default:
      return undefined;
  }
}

/** An EtherType at `at`, VLAN tags passed over. */
function ofEthernet(data: Uint8Array, at: number): Uint8Array | undefined {
  let place = at;
  while (data.length > place + 4 && vlanTags.has(u16(data, place))) place += 4;
  return data.length > place + 2 && isIp(u16(data, place)) ? data.subarray(place + 2) : undefined;
}

const isIp = (etherType: number): boolean => etherType === ipv4 || etherType === ipv6;

/** The TCP segment or UDP datagram in a packet; `undefined` when there is none, or only a later fragment of one. */
export function segmentOf(packet: CapturedPacket): Segment | undefined {
  const ip = ipOf(packet);
  if (ip === undefined || ip.length < 20) return undefined;
  const version = ip[0] >>> 4;
  if (version === 4) {
    const header = (ip[0] & 0x0f) * 4;
    const total = u16(ip, 2) || ip.length; // zero where the network card was to fill it in
    if (header < 20 || (u16(ip, 6) & 0x1fff) !== 0) return undefined;
    const addresses: [string, string] = [ip.subarray(12, 16).join('.'), ip.subarray(16, 20).join('.')];
    return transportOf(packet.frame, ip[9], ip.subarray(header, total), addresses);
  }
  if (version !== 6 || ip.length < 40) return undefined;
  let next = ip[6];
  let at = 40;
  // Hop-by-hop, routing, destination options; fragments only when they are whole.
  while ((next === 0 || next === 43 || next === 60 || next === 44) && at + 8 <= ip.length) {
    if (next === 44 && (u16(ip, at + 2) & 0xfff9) !== 0) return undefined;
    const length = next === 44 ? 8 : (ip[at + 1] + 1) * 8;
    next = ip[at];
    at += length;
  }
  const end = 40 + (u16(ip, 4) || ip.length);
  return transportOf(packet.frame, next, ip.subarray(at, end), [
    `[${address6(ip.subarray(8, 24))}]`,
    `[${address6(ip.subarray(24, 40))}]`,
  ]);
}

function transportOf(
  frame: number,
  protocol: number,
  data: Uint8Array,
  [source, destination]: [string, string],
): Segment | undefined {
  if (data.length < 8) return undefined;
  const from = `${source}:${u16(data, 0)}`;
  const to = `${destination}:${u16(data, 2)}`;
  if (protocol === 17) {
    const payload = data.subarray(8, u16(data, 4) || data.length);
    return { frame, transport: 'udp', from, to, payload, sequence: 0, syn: false, end: false };
  }
  if (protocol !== 6 || data.length < 20) return undefined;
  const header = (data[12] >>> 4) * 4;
  const sequence = u16(data, 4) * 0x10000 + u16(data, 6);
  const flags = data[13];
  return {
    frame,
    transport: 'tcp',
    from,
    to,
    payload: data.subarray(Math.max(20, header)),
    sequence,
    syn: (flags & 0x02) !== 0,
    end: (flags & 0x05) !== 0,
  };
}

/** An IPv6 address in the form of RFC 5952. */
export function address6(octets: Uint8Array): string {
  const words = Array.from({ length: 8 }, (_, place) => u16(octets, place * 2).toString(16));
  const zeros = [...words.join(':').matchAll(/\b0(:0)+\b/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (zeros === undefined) return words.join(':');
  const text = words.join(':');
  return `${text.slice(0, zeros.index).replace(/:$/, '')}::${text.slice(zeros.index + zeros[0].length).replace(/^:/, '')}`;
}

function u16(data: Uint8Array, at: number): number {
  return (data[at] << 8) | data[at + 1];
}
