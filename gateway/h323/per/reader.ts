import { PerError } from './error.ts';

const deepest = 32;

/** Reads aligned PER (X.691) from octets. Every read is checked against what is left. */
export class Reader {
  readonly #bytes: Uint8Array;
  /** Position and end, in bits. */
  #at = 0;
  #end: number;
  #depth = 0;
  /** Whether the length just read was that of a fragment, with more to follow (X.691 11.9.3.8). */
  more = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#end = bytes.length * 8;
  }

  /** Bits that are left. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** One level deeper into a type that contains itself. */
  enter(): void {
    if (++this.#depth > deepest) throw new PerError('nesting', `nested more than ${deepest} deep`);
  }

  leave(): void {
    this.#depth--;
  }

  #advance(bits: number): number {
    const at = this.#at;
    if (at + bits > this.#end) throw new PerError('truncated', `${bits} bits wanted, ${this.#end - at} left`);
    this.#at = at + bits;
    return at;
  }

  bit(): boolean {
    const at = this.#advance(1);
    return ((this.#bytes[at >>> 3] >>> (7 - (at & 7))) & 1) === 1;
  }

  /** An unsigned number of `count` bits (0 to 32), not aligned. */
  bits(count: number): number {
    const at = this.#advance(count);
    const offset = at & 7;
    let index = at >>> 3;
    if (offset + count <= 8) return (this.#bytes[index] >>> (8 - offset - count)) & ((1 << count) - 1);
    let wanted = count - (8 - offset);
    let value = this.#bytes[index++] & (0xff >>> offset);
    for (; wanted >= 8; wanted -= 8) value = value * 256 + this.#bytes[index++];
    return wanted === 0 ? value : value * (1 << wanted) + (this.#bytes[index] >>> (8 - wanted));
  }

  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }

  /** An unsigned number of `count` whole octets (1 to 6), aligned. */
  number(count: number): number {
    this.align();
    let index = this.#advance(count * 8) >>> 3;
    let value = 0;
    for (let left = count; left > 0; left--) value = value * 256 + this.#bytes[index++];
    return value;
  }

  /** A copy of `count` aligned octets; nothing at all, not even alignment, when `count` is 0. */
  octets(count: number): Uint8Array {
    if (count === 0) return new Uint8Array(0);
    this.align();
    const index = this.#advance(count * 8) >>> 3;
    return this.#bytes.slice(index, index + count);
  }

  /** `count` aligned octets as a string of as many characters. */
  latin1(count: number): string {
    if (count === 0) return '';
    this.align();
    const index = this.#advance(count * 8) >>> 3;
    let text = '';
    for (let i = index; i < index + count; i++) text += String.fromCharCode(this.#bytes[i]);
    return text;
  }

  /** A general length determinant (X.691 11.9.3.5 to 11.9.3.8); `more` tells whether it was that of a fragment. */
  length(): number {
    const first = this.number(1);
    this.more = false;
    if (first < 0x80) return first;
    if (first < 0xc0) return ((first & 0x3f) << 8) | this.number(1);
    const multiple = first & 0x3f;
    if (multiple < 1 || multiple > 4) throw new PerError('range', `fragment of ${multiple} × 16 K`);
    this.more = true;
    return multiple * 0x4000;
  }

  /** A length that cannot be one of a fragment. */
  shortLength(): number {
    const length = this.length();
    if (this.more) throw new PerError('range', 'fragmented where 16 K cannot be meant');
    return length;
  }

  /** A normally small non-negative whole number (X.691 11.6). */
  smallNumber(): number {
    if (!this.bit()) return this.bits(6);
    const octets = this.shortLength();
    if (octets < 1 || octets > 4) throw new PerError('range', `index of ${octets} octets`);
    return this.number(octets);
  }

  /** A normally small length, from 1 (X.691 11.9.3.4). */
  smallLength(): number {
    return this.bit() ? this.shortLength() : this.bits(6) + 1;
  }

  /** Octets behind a general length determinant, put together from their fragments. */
  lengthAndOctets(): Uint8Array {
    const first = this.octets(this.length());
    if (!this.more) return first;
    const parts = [first];
    do parts.push(this.octets(this.length()));
    while (this.more);
    return joined(parts);
  }

  /**
   * Reads a value that stands in an open type (X.691 11.2). What its sender put behind it, because it knew a later
   * version, is returned in `trailing` of the outcome given.
   */
  open<T>(read: (reader: Reader) => T, outcome: { trailing: Uint8Array | undefined }): T {
    const length = this.length();
    if (this.more || length === 0) return this.#openApart(read, outcome, length);
    const start = this.#advance(length * 8);
    const outerEnd = this.#end;
    const end = start + length * 8;
    this.#at = start;
    this.#end = end;
    const value = read(this);
    const used = (this.#at + 7) & ~7;
    // A NULL takes no bits, but its open type has an octet.
    const usedOctets = Math.max(used, start + 8) >>> 3;
    outcome.trailing = usedOctets < end >>> 3 ? this.#bytes.slice(usedOctets, end >>> 3) : undefined;
    this.#at = end;
    this.#end = outerEnd;
    return value;
  }

  /** An open type in fragments, or an empty one (not allowed, but met). */
  #openApart<T>(read: (reader: Reader) => T, outcome: { trailing: Uint8Array | undefined }, length: number): T {
    const parts = [this.octets(length)];
    while (this.more) parts.push(this.octets(this.length()));
    const whole = joined(parts);
    const inner = new Reader(whole);
    inner.#depth = this.#depth;
    const value = read(inner);
    outcome.trailing = whole.length === 0 ? whole : inner.rest();
    return value;
  }

  /** Whole octets behind what was read, when there are any. */
  rest(): Uint8Array | undefined {
    const from = Math.max((this.#at + 7) >>> 3, this.#at === 0 ? 1 : 0);
    return from < this.#end >>> 3 ? this.#bytes.slice(from, this.#end >>> 3) : undefined;
  }
}

/** The parts of a fragmented value in one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
