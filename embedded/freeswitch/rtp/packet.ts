/* RTP packets (RFC 3550, clause 5.1), read with every length checked. */

export interface RtpPacket {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Uint8Array;
}

/** Reads a packet; `undefined` when it is none. The payload shares the datagram's memory. */
export function parseRtp(data: Buffer): RtpPacket | undefined {
  if (data.length < 12 || data[0]! >> 6 !== 2) return undefined;
  const first = data[0]!;
  let start = 12 + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) {
    if (start + 4 > data.length) return undefined;
    start += 4 + 4 * data.readUInt16BE(start + 2);
  }
  let end = data.length;
  if ((first & 0x20) !== 0) {
    const padding = data[end - 1]!;
    if (padding === 0 || padding > end - start) return undefined;
    end -= padding;
  }
  if (start > end) return undefined;
  return {
    payloadType: data[1]! & 0x7f,
    marker: (data[1]! & 0x80) !== 0,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(start, end),
  };
}

/** Writes the 12 bytes of a header without extension. */
export function writeRtpHeader(
  into: Buffer,
  payloadType: number,
  marker: boolean,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  into[0] = 0x80;
  into[1] = (marker ? 0x80 : 0) | payloadType;
  into.writeUInt16BE(sequence, 2);
  into.writeUInt32BE(timestamp, 4);
  into.writeUInt32BE(ssrc, 8);
}

/** Distance from `b` to `a` on a circle of 2^bits, negative when `a` lies behind. */
export function circularDistance(a: number, b: number, bits: 16 | 32): number {
  return bits === 16 ? ((a - b) << 16) >> 16 : (a - b) | 0;
}
