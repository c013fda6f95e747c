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
  #held: Uint8Array = new Uint8Array(0);

  /** `limit`: the longest packet taken, octets. */
  constructor(limit: number = longest) {
    this.#limit = limit;
  }

  /** Octets of a packet that has begun and not ended. */
  get pending(): number {
    return this.#held.length;
  }

  /**
   * Takes what came from the stream, and gives the packets that are whole, without their headers.
   * @throws TpktError when what stands there is no TPKT, or longer than allowed: the connection must be closed
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const held = this.#held.length === 0 ? chunk : joined(this.#held, chunk);
    const packets: Uint8Array[] = [];
    let at = 0;
    while (held.length - at > 0) {
      if (held[at] !== version) throw new TpktError(`version ${held[at]}, not ${version}`);
      if (held.length - at < headerLength) break;
      const length = (held[at + 2] << 8) | held[at + 3];
      if (length < headerLength) throw new TpktError(`length ${length}`);
      if (length - headerLength > this.#limit) throw new TpktError(`packet of ${length - headerLength} octets`);
      if (held.length - at < length) break;
      if (length > headerLength) packets.push(new Uint8Array(held.subarray(at + headerLength, at + length)));
      at += length;
    }
    this.#held = new Uint8Array(held.subarray(at));
    return packets;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
