import { PerError } from './error.ts';
import type { Reader } from './reader.ts';
import type { Schema } from './schema.ts';
import { octetsOf, type Writer } from './writer.ts';

/** `extensible`: values outside the bounds are allowed too, in a longer form. */
export interface IntegerOptions {
  extensible?: boolean;
}

/**
 * INTEGER (X.691 13): unconstrained, from a lower bound on, or between two bounds. A value outside the bounds that the
 * field can nevertheless carry passes, since devices send such.
 */
export function integer(min?: number, max?: number, options: IntegerOptions = {}): Schema<number> {
  if (min === undefined) return unconstrained;
  if (max === undefined) return semiConstrained(min);
  const root = constrained(min, max);
  if (options.extensible !== true) return root;
  return {
    minBits: 1,
    read: (reader) => (reader.bit() ? unconstrained.read(reader) : root.read(reader)),
    write(writer, value) {
      const inside = value >= min && value <= max;
      writer.bit(!inside);
      (inside ? root : unconstrained).write(writer, value);
    },
  };
}

const unconstrained: Schema<number> = {
  minBits: 16,
  read(reader) {
    const count = reader.shortLength();
    if (count < 1 || count > 6) return readLong(reader, count);
    const value = reader.number(count);
    return value >= 2 ** (count * 8 - 1) ? value - 2 ** (count * 8) : value;
  },
  write(writer, value) {
    checkInteger(value);
    let count = 1;
    while (value < -(2 ** (count * 8 - 1)) || value >= 2 ** (count * 8 - 1)) count++;
    writer.length(count);
    if (count <= 6) writer.number(value < 0 ? value + 2 ** (count * 8) : value, count);
    else {
      // Seven octets: more than a double holds once the sign is folded in.
      writer.number(value < 0 ? 0xff + Math.ceil((value + 1) / 2 ** 48) : Math.floor(value / 2 ** 48), 1);
      writer.number(value < 0 ? (value % 2 ** 48) + (value % 2 ** 48 === 0 ? 0 : 2 ** 48) : value % 2 ** 48, 6);
    }
  },
};

/** Integers of seven octets and more, as far as they are exact. */
function readLong(reader: Reader, count: number): number {
  if (count > 16) throw new PerError('range', `integer of ${count} octets`);
  let value = 0n;
  for (const octet of reader.octets(count)) value = (value << 8n) | BigInt(octet);
  const signed = BigInt.asIntN(count * 8, value);
  if (count === 0 || signed > Number.MAX_SAFE_INTEGER || signed < Number.MIN_SAFE_INTEGER) {
    throw new PerError('range', `integer of ${count} octets`);
  }
  return Number(signed);
}

function semiConstrained(min: number): Schema<number> {
  return {
    minBits: 16,
    read(reader) {
      const count = reader.shortLength();
      if (count < 1 || count > 6) throw new PerError('range', `integer of ${count} octets`);
      return min + reader.number(count);
    },
    write(writer, value) {
      const offset = checkRange(value, min, min + 2 ** 48 - 1) - min;
      const count = octetsOf(offset);
      writer.length(count);
      writer.number(offset, count);
    },
  };
}

/** A constrained whole number (X.691 11.5). */
export function constrained(min: number, max: number): Schema<number> {
  const range = max - min + 1;
  if (range === 1) return { minBits: 0, read: () => min, write: (_writer, value) => void checkRange(value, min, max) };
  if (range <= 255) {
    const bits = bitsFor(range);
    const carried = min + 2 ** bits - 1;
    return {
      minBits: bits,
      read: (reader) => min + reader.bits(bits),
      write: (writer, value) => writer.bits(checkRange(value, min, carried) - min, bits),
    };
  }
  if (range <= 0x10000) {
    const count = range === 256 ? 1 : 2;
    const carried = min + 2 ** (count * 8) - 1;
    return {
      minBits: count * 8,
      read: (reader) => min + reader.number(count),
      write: (writer, value) => writer.number(checkRange(value, min, carried) - min, count),
    };
  }
  const most = octetsOf(range - 1);
  const lengthBits = bitsFor(most);
  const carried = min + 2 ** (most * 8) - 1;
  return {
    minBits: lengthBits + 8,
    read(reader) {
      const count = reader.bits(lengthBits) + 1;
      if (count > most) throw new PerError('range', `integer of ${count} octets`);
      return min + reader.number(count);
    },
    write(writer, value) {
      const offset = checkRange(value, min, carried) - min;
      const count = octetsOf(offset);
      writer.bits(count - 1, lengthBits);
      writer.number(offset, count);
    },
  };
}

/** Bits that tell `range` values apart. */
export function bitsFor(range: number): number {
  return range <= 1 ? 0 : 32 - Math.clz32(range - 1);
}

function checkInteger(value: number): number {
  if (!Number.isSafeInteger(value)) throw new PerError('value', `${String(value)} is no integer`);
  return value;
}

function checkRange(value: number, min: number, max: number): number {
  if (checkInteger(value) < min || value > max) throw new PerError('range', `${value} not within ${min} to ${max}`);
  return value;
}

export const BOOLEAN: Schema<boolean> = {
  minBits: 1,
  read: (reader) => reader.bit(),
  write(writer, value) {
    if (typeof value !== 'boolean') throw new PerError('value', `${String(value)} is no boolean`);
    writer.bit(value);
  },
};

export const NULL: Schema<null> = { minBits: 0, read: () => null, write: () => {} };

/** ENUMERATED without extension marker (X.691 14): values by name. */
export function enumerated<const N extends string>(names: readonly N[]): Schema<N> {
  const index = constrained(0, names.length - 1);
  return {
    minBits: index.minBits,
    read: (reader) => nameAt(names, index.read(reader)),
    write: (writer, value) => index.write(writer, indexOf(names, value)),
  };
}

/** ENUMERATED with extension marker; a value of a later version reads as `unknown:N`, N its place behind the marker. */
export function extensibleEnumerated<const N extends string, const A extends string = never>(
  names: readonly N[],
  additions: readonly A[] = [],
): Schema<N | A | `unknown:${number}`> {
  const root = constrained(0, names.length - 1);
  const all: readonly string[] = names;
  return {
    minBits: 1 + root.minBits,
    read(reader: Reader) {
      if (!reader.bit()) return nameAt(names, root.read(reader));
      const place = reader.smallNumber();
      return additions[place] ?? (`unknown:${place}` as const);
    },
    write(writer: Writer, value) {
      const inRoot = all.includes(value);
      writer.bit(!inRoot);
      if (inRoot) root.write(writer, all.indexOf(value));
      else if (value.startsWith('unknown:')) writer.smallNumber(checkRange(Number(value.slice(8)), 0, 0xffff));
      else writer.smallNumber(indexOf(additions, value));
    },
  };
}

function nameAt<N extends string>(names: readonly N[], index: number): N {
  const name = names[index];
  if (name === undefined) throw new PerError('index', `no enumeration value ${index}`);
  return name;
}

function indexOf(names: readonly string[], value: string): number {
  const index = names.indexOf(value);
  if (index < 0) throw new PerError('value', `no enumeration value "${String(value)}"`);
  return index;
}

/** OBJECT IDENTIFIER (X.691 24, X.690 8.19) as a dotted string. Arcs up to 2^53. */
export const OBJECT_IDENTIFIER: Schema<string> = {
  minBits: 16,
  read(reader) {
    const octets = reader.octets(reader.shortLength());
    let arc = 0;
    let text = '';
    let open = true;
    for (const octet of octets) {
      if (arc >= 2 ** 46) throw new PerError('range', 'arc of an object identifier too long');
      arc = arc * 128 + (octet & 0x7f);
      open = octet >= 0x80;
      if (open) continue;
      if (text !== '') text += `.${arc}`;
      else {
        const first = Math.min(2, Math.floor(arc / 40));
        text = `${first}.${arc - first * 40}`;
      }
      arc = 0;
    }
    if (open) throw new PerError('truncated', 'object identifier ends within an arc');
    return text;
  },
  write(writer, value) {
    if (!/^[0-2](\.\d+)+$/.test(value)) throw new PerError('value', `"${String(value)}" is no object identifier`);
    const [first = 0, second = 0, ...others] = value.split('.').map(Number);
    const octets: number[] = [];
    for (const arc of [first * 40 + second, ...others]) {
      checkRange(arc, 0, Number.MAX_SAFE_INTEGER);
      const digits = [arc % 128];
      for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
        digits.unshift(0x80 | (rest % 128));
      octets.push(...digits);
    }
    writer.lengthAndOctets(Uint8Array.from(octets));
  },
};
