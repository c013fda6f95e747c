/** A stream that does not speak TPKT: it cannot be read on. */
export class TpktError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'TpktError';
  }
}

const headerLength = 4;
const version = 3;
const longest = 0xffff - headerLength;

/** Puts a TPKT header (RFC 1006 section 6) in front of a packet of at most 65,531 octets. */
export function frameTpkt(packet: Uint8Array): Uint8Array {
  if (packet.length > longest) throw new TpktError(`packet of ${packet.length} octets`);
  const framed = new Uint8Array(packet.length + headerLength);
  framed[0] = version;
  framed[2] = framed.length >>> 8;
  framed[3] = framed.length & 0xff;
  framed.set(packet, headerLength);
  return framed;
}

/**
 * Finds the packets in a TCP stream, however it is cut. Packets without content, which some devices send to keep the
 * connection alive, are passed over.
 */
export class TpktReader {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #pending = 0;
  /** Octets that must be there before there is anything to find. */
  #wanted = 1;

  /** `limit`: the longest packet taken, octets. */
  constructor(limit: number = longest) {
    this.#limit = limit;
  }

  /** Octets of a packet that has begun and not ended. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Takes what came from the stream, and gives the packets that are whole, without their headers.
   * @throws TpktError when what stands there is no TPKT, or longer than allowed: the connection must be closed. When whole
   * packets stand before it, they are given first, and the next call throws.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#parts.push(chunk);
    this.#pending += chunk.length;
    if (this.#pending < this.#wanted) {
      this.#parts[this.#parts.length - 1] = new Uint8Array(chunk);
      return [];
    }
    const held = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    const packets: Uint8Array[] = [];
    let at = 0;
    this.#wanted = 1;
    while (at < held.length) {
      const fault = this.#fault(held, at);
      if (fault !== undefined && packets.length === 0) throw new TpktError(fault);
      const left = held.length - at;
      const length = left < headerLength ? headerLength : (held[at + 2] << 8) | held[at + 3];
      if (fault !== undefined || left < length) {
        this.#wanted = fault === undefined ? length : 1;
        break;
      }
      if (length > headerLength) packets.push(new Uint8Array(held.subarray(at + headerLength, at + length)));
      at += length;
    }
    this.#parts = at < held.length ? [new Uint8Array(held.subarray(at))] : [];
    this.#pending = held.length - at;
    return packets;
  }

  #fault(held: Uint8Array, at: number): string | undefined {
    if (held[at] !== version) return `version ${held[at]}, not ${version}`;
    if (held.length - at < headerLength) return undefined;
    const length = (held[at + 2] << 8) | held[at + 3];
    if (length < headerLength) return `length ${length}`;
    return length - headerLength > this.#limit ? `packet of ${length - headerLength} octets` : undefined;
  }
}
