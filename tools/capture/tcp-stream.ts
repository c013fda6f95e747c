import type { Segment } from './packet.ts';

/** What one direction of a connection delivers: octets in order, or the news that some are missing in the capture. */
export type Delivery = { frame: number; octets: Uint8Array } | { frame: number; missing: number };

/** Segments held while one before them is missing; more than that and it is given up. */
const mostHeld = 256;

/** One direction of a TCP connection, put in order: retransmissions dropped, overtaking segments held back. */
export class TcpStream {
  #next: number | undefined;
  #held: Segment[] = [];

  /** Takes a segment, and gives what has become readable. */
  push(segment: Segment): Delivery[] {
    if (segment.syn) {
      this.#next = (segment.sequence + 1) >>> 0;
      this.#held = [];
      return [];
    }
    if (segment.payload.length === 0) return [];
    // A capture that began within the connection: its first segment is taken as it is.
    this.#next ??= segment.sequence;
    if (distance(this.#next, segment.sequence) > 0) {
      this.#held.push(segment);
      return this.#held.length > mostHeld ? this.skip() : [];
    }
    return [...this.#take(segment), ...this.#release()];
  }

  /** Gives up what is missing, and goes on with what is held. */
  skip(): Delivery[] {
    const deliveries: Delivery[] = [];
    while (this.#held.length > 0 && this.#next !== undefined) {
      const next = this.#next;
      const nearest = this.#held.reduce((best, one) =>
        distance(next, one.sequence) < distance(next, best.sequence) ? one : best,
      );
      deliveries.push({ frame: nearest.frame, missing: distance(next, nearest.sequence) });
      this.#next = nearest.sequence;
      deliveries.push(...this.#release());
    }
    return deliveries;
  }

  #take({ frame, sequence, payload }: Segment): Delivery[] {
    const known = -distance(this.#next ?? sequence, sequence);
    if (known >= payload.length) return [];
    this.#next = (sequence + payload.length) >>> 0;
    return [{ frame, octets: payload.subarray(known) }];
  }

  #release(): Delivery[] {
    const deliveries: Delivery[] = [];
    for (;;) {
      const place = this.#held.findIndex(({ sequence }) => distance(this.#next ?? 0, sequence) <= 0);
      if (place < 0) return deliveries;
      const [segment] = this.#held.splice(place, 1);
      if (segment !== undefined) deliveries.push(...this.#take(segment));
    }
  }
}

/** How far `to` lies behind `from`, over the turn of the 32-bit sequence space. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}
