import { constrained } from './number.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** A size constraint, both ends included; `extensible` sizes may lie outside, in a longer form. */
export interface Size {
  min: number;
  max: number;
  extensible?: boolean;
}

/** SIZE(min..max), or SIZE(min) when only one is given. */
export function size(min: number, max: number = min, options: { extensible?: boolean } = {}): Size {
  return { min, max, ...options };
}

/** The length field in front of octets, bits, characters or items. */
export interface LengthField {
  readonly minBits: number;
  /** The size when it is always the same, and so has no field. */
  readonly fixed: number | undefined;
  /** The largest size that the bounds allow. */
  readonly max: number;
  /** The length of the first part; `reader.more` tells whether other parts follow, each behind `reader.length()`. */
  read(reader: Reader): number;
  /** Writes a length in one piece; `false` when it is too long for that and must go through `writer.fragments`. */
  write(writer: Writer, count: number): boolean;
}

/** X.691 11.9: bounds below 64 K give a field as wide as they need, all else the general length determinant. */
export function lengthField(size: Size | undefined): LengthField {
  if (size === undefined || size.max >= 0x10000) return general;
  const bounded = boundedLength(size, constrained(size.min, size.max));
  if (size.extensible !== true) return bounded;
  return {
    minBits: 1,
    fixed: undefined,
    max: Number.POSITIVE_INFINITY,
    read: (reader) => (reader.bit() ? reader.length() : bounded.read(reader)),
    write(writer, count) {
      const inside = count >= size.min && count <= size.max;
      writer.bit(!inside);
      return (inside ? bounded : general).write(writer, count);
    },
  };
}

const general: LengthField = {
  minBits: 8,
  fixed: undefined,
  max: Number.POSITIVE_INFINITY,
  read: (reader) => reader.length(),
  write(writer, count) {
    if (count >= 0x4000) return false;
    writer.length(count);
    return true;
  },
};

function boundedLength(size: Size, field: ReturnType<typeof constrained>): LengthField {
  return {
    minBits: field.minBits,
    fixed: size.min === size.max ? size.min : undefined,
    max: size.max,
    read(reader) {
      reader.more = false;
      return field.read(reader);
    },
    write(writer, count) {
      field.write(writer, count);
      return true;
    },
  };
}
