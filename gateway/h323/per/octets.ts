import { PerError } from './error.ts';
import { joined, type Reader } from './reader.ts';
import type { Schema } from './schema.ts';
import { lengthField, type Size } from './size.ts';
import type { Writer } from './writer.ts';

/** OCTET STRING (X.691 17). Values are copies: they outlive the buffer they came in. */
export function octetString(size?: Size): Schema<Uint8Array> {
  const field = lengthField(size);
  const { fixed } = field;
  const unaligned = fixed !== undefined && fixed <= 2;
  return {
    minBits: field.minBits + (fixed ?? 0) * 8,
    read(reader) {
      const count = field.read(reader);
      if (unaligned) return unalignedOctets(reader, count);
      if (!reader.more) return reader.octets(count);
      const parts = [reader.octets(count)];
      do parts.push(reader.octets(reader.length()));
      while (reader.more);
      return joined(parts);
    },
    write(writer, value) {
      if (!(value instanceof Uint8Array)) throw new PerError('value', 'no octets');
      if (!field.write(writer, value.length)) {
        writer.fragments(value.length, (from, to) => writer.octets(value.subarray(from, to)));
      } else if (unaligned) for (const octet of value) writer.bits(octet, 8);
      else writer.octets(value);
    },
  };
}

/** An open type whose content is left as it is (TYPE-IDENTIFIER.&Type). */
export const openType = octetString();

function unalignedOctets(reader: Reader, count: number): Uint8Array {
  const octets = new Uint8Array(count);
  for (let i = 0; i < count; i++) octets[i] = reader.bits(8);
  return octets;
}

/** A BIT STRING's value: `length` bits, the first being the highest of `bytes[0]`. */
export interface Bits {
  bytes: Uint8Array;
  length: number;
}

/** BIT STRING (X.691 16). */
export function bitString(size?: Size): Schema<Bits> {
  const field = lengthField(size);
  const { fixed } = field;
  const unaligned = fixed !== undefined && fixed <= 16;
  return {
    minBits: field.minBits + (fixed ?? 0),
    read(reader) {
      let length = field.read(reader);
      if (!reader.more) return { bytes: bitsOf(reader, length, unaligned), length };
      // Fragments hold multiples of 16 K bits, so that all but the last end on an octet.
      const parts = [bitsOf(reader, length, false)];
      let total = length;
      do {
        length = reader.length();
        parts.push(bitsOf(reader, length, false));
        total += length;
      } while (reader.more);
      return { bytes: joined(parts), length: total };
    },
    write(writer, value) {
      const { bytes, length } = value;
      if (!Number.isInteger(length) || length < 0 || length > bytes.length * 8) {
        throw new PerError('value', `${length} bits in ${bytes.length} octets`);
      }
      if (field.write(writer, length)) putBits(writer, bytes, 0, length, unaligned);
      else writer.fragments(length, (from, to) => putBits(writer, bytes, from, to, false));
    },
  };
}

function bitsOf(reader: Reader, length: number, unaligned: boolean): Uint8Array {
  if (length > 0 && !unaligned) reader.align();
  if (length > reader.left) throw new PerError('truncated', `${length} bits wanted, ${reader.left} left`);
  if ((length & 7) === 0 && !unaligned) return reader.octets(length >>> 3);
  const bytes = new Uint8Array((length + 7) >>> 3);
  for (let i = 0; i < length >>> 3; i++) bytes[i] = reader.bits(8);
  if ((length & 7) > 0) bytes[bytes.length - 1] = reader.bits(length & 7) << (8 - (length & 7));
  return bytes;
}

function putBits(writer: Writer, bytes: Uint8Array, from: number, to: number, unaligned: boolean): void {
  if (to > from && !unaligned) writer.align();
  const last = to >>> 3;
  for (let i = from >>> 3; i < last; i++) writer.bits(bytes[i], 8);
  if ((to & 7) > 0) writer.bits(bytes[last] >>> (8 - (to & 7)), to & 7);
}
