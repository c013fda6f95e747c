/*
 * Packets that wait to be played, by sequence number. The bytes lie in one ring of memory: nothing is allocated for a
 * packet, and what is too old is overwritten.
 */

const places = 128;
const none = -1;
/** 400 ms of G.711, and a little. A power of two, so that the count may turn over. */
const firstBytes = 4096;
const mostBytes = 65_536;

export class PacketStore {
  /** Sequence number in each place; `none` without. */
  private readonly sequences = new Int32Array(places).fill(none);
  private readonly timestamps = new Uint32Array(places);
  private readonly lengths = new Uint16Array(places);
  /** Where a packet's bytes start, counted over all bytes ever written, round 2^32. */
  private readonly starts = new Uint32Array(places);
  private written = 0;
  bytes = new Uint8Array(firstBytes);

  /** Keeps a copy of `length` bytes; `false` when that sequence number is there already. */
  put(sequence: number, timestamp: number, data: Uint8Array, from: number, length: number): boolean {
    const place = sequence & (places - 1);
    if (this.holds(sequence)) return false;
    if (length > this.bytes.length / 4 && !this.grow(length * 8)) return false;
    const { bytes } = this;
    const offset = this.written % bytes.length;
    // A packet lies in one piece.
    if (offset + length > bytes.length) this.written = (this.written + bytes.length - offset) >>> 0;
    const start = this.written % bytes.length;
    for (let at = 0; at < length; at++) bytes[start + at] = data[from + at]!;
    this.sequences[place] = sequence;
    this.timestamps[place] = timestamp;
    this.lengths[place] = length;
    this.starts[place] = this.written;
    this.written = (this.written + length) >>> 0;
    return true;
  }

  holds(sequence: number): boolean {
    const place = sequence & (places - 1);
    return this.sequences[place] === sequence && (this.written - this.starts[place]!) >>> 0 <= this.bytes.length;
  }

  timestamp(sequence: number): number {
    return this.timestamps[sequence & (places - 1)]!;
  }

  length(sequence: number): number {
    return this.lengths[sequence & (places - 1)]!;
  }

  /** Offset of a packet's bytes in `bytes`. */
  offset(sequence: number): number {
    return this.starts[sequence & (places - 1)]! % this.bytes.length;
  }

  drop(sequence: number): void {
    this.sequences[sequence & (places - 1)] = none;
  }

  clear(): void {
    this.sequences.fill(none);
  }

  /** Larger packets than foreseen: what waits is lost once. */
  private grow(wanted: number): boolean {
    let size = this.bytes.length;
    while (size < wanted) size *= 2;
    if (size > mostBytes) return false;
    this.bytes = new Uint8Array(size);
    this.clear();
    this.written = 0;
    return true;
  }
}
