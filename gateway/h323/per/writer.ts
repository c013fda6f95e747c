import { PerError } from './error.ts';

const fragment = 0x4000;

/** Writes aligned PER (X.691) into a buffer that grows. */
export class Writer {
  #bytes = new Uint8Array(512);
  /** Position, in bits. What lies behind it is zero. */
  #at = 0;
  #depth = 0;

  /** What was written, filled up to whole octets; a value of no bits is one octet (X.691 11.1.3). */
  finish(): Uint8Array {
    return this.#bytes.slice(0, Math.max(1, (this.#at + 7) >>> 3));
  }

  /** One level deeper into a type that contains itself. */
  enter(): void {
    if (++this.#depth > 32) throw new PerError('nesting', 'nested more than 32 deep');
  }

  leave(): void {
    this.#depth--;
  }

  #reserve(bits: number): number {
    const at = this.#at;
    const needed = (at + bits + 7) >>> 3;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#at = at + bits;
    return at;
  }

  bit(value: boolean): void {
    const at = this.#reserve(1);
    if (value) this.#bytes[at >>> 3] |= 0x80 >>> (at & 7);
  }

  /** An unsigned number in `count` bits (0 to 32), not aligned. */
  bits(value: number, count: number): void {
    let at = this.#reserve(count);
    let left = count;
    while (left > 0) {
      const room = 8 - (at & 7);
      const take = Math.min(room, left);
      const part = Math.floor(value / 2 ** (left - take)) & ((1 << take) - 1);
      this.#bytes[at >>> 3] |= part << (room - take);
      at += take;
      left -= take;
    }
  }

  align(): void {
    this.#reserve(-this.#at & 7);
  }

  /** An unsigned number in `count` whole octets (1 to 6), aligned. */
  number(value: number, count: number): void {
    this.align();
    const index = this.#reserve(count * 8) >>> 3;
    let rest = value;
    for (let i = index + count - 1; i >= index; i--) {
      this.#bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  /** Aligned octets; nothing at all, not even alignment, when there are none. */
  octets(octets: Uint8Array): void {
    if (octets.length === 0) return;
    this.align();
    const index = this.#reserve(octets.length * 8) >>> 3;
    this.#bytes.set(octets, index);
  }

  /** A general length determinant of less than 16 K. */
  length(length: number): void {
    if (length < 0x80) this.number(length, 1);
    else this.number(length | 0x8000, 2);
  }

  /**
   * Items behind their length, in fragments from 16 K on (X.691 11.9.3.8): `write` is called with the first and the last
   * (exclusive) item of each.
   */
  fragments(count: number, write: (from: number, to: number) => void): void {
    let from = 0;
    while (count - from >= fragment) {
      const multiple = Math.min(4, Math.floor((count - from) / fragment));
      this.number(0xc0 | multiple, 1);
      write(from, from + multiple * fragment);
      from += multiple * fragment;
    }
    this.length(count - from);
    write(from, count);
  }

  lengthAndOctets(octets: Uint8Array): void {
    if (octets.length < fragment) {
      this.length(octets.length);
      this.octets(octets);
    } else this.fragments(octets.length, (from, to) => this.octets(octets.subarray(from, to)));
  }

  /** A normally small non-negative whole number (X.691 11.6). */
  smallNumber(value: number): void {
    if (value < 64) {
      this.bits(value, 7);
      return;
    }
    this.bit(true);
    const count = octetsOf(value);
    this.length(count);
    this.number(value, count);
  }

  /** A normally small length, from 1 (X.691 11.9.3.4). */
  smallLength(length: number): void {
    if (length <= 64) {
      this.bits(length - 1, 7);
      return;
    }
    this.bit(true);
    this.length(length);
  }

  /** A value in an open type (X.691 11.2); `trailing` is what a peer had put behind it. */
  open<T>(write: (writer: Writer, value: T) => void, value: T, trailing: Uint8Array | undefined): void {
    this.align();
    const start = (this.#reserve(8) >>> 3) + 1;
    write(this, value);
    // A value of no bits takes an octet, unless the peer left that out too.
    if (this.#at === start * 8 && trailing?.length !== 0) this.#reserve(8);
    if (trailing !== undefined) this.octets(trailing);
    this.align();
    const length = (this.#at >>> 3) - start;
    if (length < 0x80) {
      this.#bytes[start - 1] = length;
      return;
    }
    if (length < fragment) {
      this.#reserve(8);
      this.#bytes.copyWithin(start + 1, start, start + length);
      this.#bytes[start - 1] = 0x80 | (length >>> 8);
      this.#bytes[start] = length & 0xff;
      return;
    }
    const content = this.#bytes.slice(start, start + length);
    this.#bytes.fill(0, start - 1);
    this.#at = (start - 1) * 8;
    this.lengthAndOctets(content);
  }
}

/** Whole octets that an unsigned number takes, at least one. */
export function octetsOf(value: number): number {
  let count = 1;
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) count++;
  return count;
}
