/* RTP packets (RFC 3550, clause 5.1), read with every length checked. */

/** What a packet's header says; one object is used again and again. */
export class RtpHeader {
  payloadType = 0;
  marker = false;
  sequence = 0;
  timestamp = 0;
  ssrc = 0;
  /** The payload's place in the datagram. */
  start = 0;
  length = 0;

  /** Reads a datagram; `false` when it is no RTP packet. */
  read(data: Buffer): boolean {
    const size = data.length;
    const first = data[0]!;
    if (size < 12 || first >> 6 !== 2) return false;
    let start = 12 + 4 * (first & 0x0f);
    if ((first & 0x10) !== 0) {
      if (start + 4 > size) return false;
      start += 4 + 4 * ((data[start + 2]! << 8) | data[start + 3]!);
    }
    let end = size;
    if ((first & 0x20) !== 0) {
      const padding = data[end - 1]!;
      if (padding === 0 || padding > end - start) return false;
      end -= padding;
    }
    if (start > end) return false;
    this.payloadType = data[1]! & 0x7f;
    this.marker = data[1]! >> 7 === 1;
    this.sequence = (data[2]! << 8) | data[3]!;
    this.timestamp = ((data[4]! << 24) | (data[5]! << 16) | (data[6]! << 8) | data[7]!) >>> 0;
    this.ssrc = ((data[8]! << 24) | (data[9]! << 16) | (data[10]! << 8) | data[11]!) >>> 0;
    this.start = start;
    this.length = end - start;
    return true;
  }
}

/** Writes the 12 bytes of a header without extension. */
export function writeRtpHeader(
  into: Uint8Array,
  payloadType: number,
  marker: boolean,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  into[0] = 0x80;
  into[1] = (marker ? 0x80 : 0) | payloadType;
  into[2] = sequence >> 8;
  into[3] = sequence & 0xff;
  into[4] = timestamp >>> 24;
  into[5] = (timestamp >>> 16) & 0xff;
  into[6] = (timestamp >>> 8) & 0xff;
  into[7] = timestamp & 0xff;
  into[8] = ssrc >>> 24;
  into[9] = (ssrc >>> 16) & 0xff;
  into[10] = (ssrc >>> 8) & 0xff;
  into[11] = ssrc & 0xff;
}

/** Distance from `b` to `a` on a circle of 2^bits, negative when `a` lies behind. */
export function circularDistance(a: number, b: number, bits: 16 | 32): number {
  return bits === 16 ? ((a - b) << 16) >> 16 : (a - b) | 0;
}

/** A packet of its own. */
export interface RtpPacket {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Uint8Array;
}
