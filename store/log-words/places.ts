/*
 * Which places of a block an entry with a term stands at: a set of numbers from 0 to 4,095, as a bit each, or, where they
 * are few, as a list of two bytes each. Pure.
 */

/** Places of the log that one document of the index is about. */
export const blockSize = 4_096;
const setBytes = blockSize / 8;

/** The block of a place, from 0. */
export const blockOf = (seq: number): number => Math.floor((seq - 1) / blockSize);
/** Where in its block a place is. */
export const offsetOf = (seq: number): number => (seq - 1) % blockSize;
export const seqOf = (block: number, offset: number): number => block * blockSize + offset + 1;

/** A set of places, a bit each. */
export type Places = Uint8Array;

export function placesAt(offsets: Iterable<number>): Places {
  const set = new Uint8Array(setBytes);
  for (const offset of offsets) set[offset >> 3]! |= 1 << (offset & 7);
  return set;
}

/** As few bytes as it takes. */
export function packed(offsets: readonly number[]): Uint8Array {
  if (offsets.length * 2 >= setBytes) return placesAt(offsets);
  const list = Buffer.alloc(offsets.length * 2);
  for (const [at, offset] of offsets.entries()) list.writeUInt16LE(offset, at * 2);
  return list;
}

/** Adds what was packed to a set. */
export function addPacked(set: Places, bytes: Uint8Array): void {
  if (bytes.length === setBytes) {
    for (let at = 0; at < setBytes; at += 1) set[at]! |= bytes[at]!;
    return;
  }
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const offset = bytes[at]! | (bytes[at + 1]! << 8);
    if (offset < blockSize) set[offset >> 3]! |= 1 << (offset & 7);
  }
}

/** What is in both; whether that is anything. */
export function keepCommon(set: Places, other: Places): boolean {
  let any = 0;
  for (let at = 0; at < setBytes; at += 1) any |= set[at]! &= other[at]!;
  return any !== 0;
}

/** The members, in order. */
export function offsetsIn(set: Places): number[] {
  const found: number[] = [];
  for (const [at, byte] of set.entries())
    for (let bit = 0; byte >> bit !== 0; bit += 1) if ((byte >> bit) & 1) found.push(at * 8 + bit);
  return found;
}
