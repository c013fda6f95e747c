import { BSONRegExp, BSONSymbol, calculateObjectSize, Double, deserialize, Int32, Long, serialize } from 'bson';
import { CommandError } from './errors.ts';

/** A BSON document or subdocument as a plain object. */
export type Doc = Record<string, unknown>;

/** Bytes of the largest document that may be stored. */
export const maxDocumentBytes = 16 * 1024 * 1024;

/** A plain subdocument: neither array nor one of the BSON value classes. */
export function isDoc(value: unknown): value is Doc {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Every number keeps its BSON class (Int32, Double, Long), so that it is written back as it was read. */
export function readTyped(bytes: Uint8Array): Doc {
  return deserialize(bytes, { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true });
}

/** Numbers become JavaScript numbers, as query and update operators need them; a Long beyond 2^53 stays a Long. */
export function readPlain(bytes: Uint8Array): Doc {
  return deserialize(bytes, { promoteValues: true, promoteLongs: true, promoteBuffers: false, bsonRegExp: true });
}

/** @throws CommandError BSONObjectTooLarge beyond 16 MiB */
export function write(doc: Doc): Buffer {
  const size = calculateObjectSize(doc);
  if (size > maxDocumentBytes) {
    throw new CommandError(
      'BSONObjectTooLarge',
      `object to insert too large. size in bytes: ${size}, max size: ${maxDocumentBytes}`,
    );
  }
  return Buffer.from(serialize(doc, { ignoreUndefined: false }));
}

function plainNumber(value: unknown): unknown {
  if (value instanceof Int32 || value instanceof Double) return value.valueOf();
  if (Long.isLong(value)) {
    const number = value.toNumber();
    return Number.isSafeInteger(number) ? number : value;
  }
  return value;
}

/** Deep copy of a typed value with plain numbers. `twins` collects plain object → typed object. */
export function toPlain(value: unknown, twins?: Map<object, object>): unknown {
  if (Array.isArray(value)) {
    const copy = value.map((item) => toPlain(item, twins));
    twins?.set(copy, value);
    return copy;
  }
  if (isDoc(value)) {
    const copy: Doc = {};
    for (const key of Object.keys(value)) setOwn(copy, key, toPlain(value[key], twins));
    twins?.set(copy, value);
    return copy;
  }
  if (value instanceof BSONSymbol) return value.valueOf();
  return plainNumber(value);
}

/** Sets a key as an own property, `__proto__` too. */
function setOwn(doc: Doc, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(doc, key, { value, writable: true, enumerable: true, configurable: true });
  else doc[key] = value;
}

/** The same with regular expressions as JavaScript's: what a filter is matched with. */
export function toCriteria(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCriteria);
  if (isDoc(value)) {
    const copy: Doc = {};
    for (const key of Object.keys(value)) {
      if (key === '__proto__') throw new CommandError('BadValue', "a filter may not name '__proto__'");
      copy[key] = toCriteria(value[key]);
    }
    if (typeof copy.$regex === 'string' || copy.$regex instanceof RegExp) {
      const options =
        typeof copy.$options === 'string' ? copy.$options : copy.$regex instanceof RegExp ? copy.$regex.flags : '';
      copy.$regex = regularExpression(copy.$regex instanceof RegExp ? copy.$regex.source : copy.$regex, options);
      delete copy.$options;
    }
    return copy;
  }
  if (value instanceof BSONRegExp) return regularExpression(value.pattern, value.options);
  return toPlain(value);
}

function regularExpression(pattern: string, options: string): RegExp {
  const flags = [...new Set(options)].filter((flag) => flag !== 'l' && flag !== 'u').join('');
  if (!/^[ims]*$/.test(flags)) throw new CommandError('BadValue', `invalid flag in regex options: ${options}`);
  try {
    return new RegExp(pattern, flags);
  } catch {
    throw new CommandError('BadValue', 'Regular expression is invalid');
  }
}

/**
 * A number class that the serialiser would not choose by itself for the value: Long, or a Double with an integer in
 * int32 range. Those are what an update must carry through.
 */
function isUnusual(value: unknown): value is Long | Double {
  if (Long.isLong(value)) return true;
  return value instanceof Double && Number.isInteger(value.value) && Math.abs(value.value) < 2 ** 31;
}

/** The arguments of `$set` and the like: plain numbers where the serialiser chooses the same class anyway. */
export function toAssignable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toAssignable);
  if (isDoc(value)) {
    const copy: Doc = {};
    for (const key of Object.keys(value)) setOwn(copy, key, toAssignable(value[key]));
    return copy;
  }
  return isUnusual(value) ? value : plainNumber(value);
}

function withClassOf(number: number, typed: unknown): unknown {
  if (Long.isLong(typed) && Number.isInteger(number)) return Long.fromNumber(number);
  if (typed instanceof Double) return new Double(number);
  // An int32 that grew out of its range becomes an int64, not a double.
  if (typed instanceof Int32 && Number.isSafeInteger(number) && Math.abs(number) >= 2 ** 31)
    return Long.fromNumber(number);
  return number;
}

/**
 * Gives numbers back the BSON classes that they had: `twins` (from `toPlain`) knows the typed twin of each object that
 * an update left in place; a new array or object takes the twin of the value it replaced.
 */
export function restoreClasses(value: unknown, twins: Map<object, object>, replaced?: unknown): unknown {
  if (Array.isArray(value)) {
    const typed = twins.get(value) ?? replaced;
    const before = Array.isArray(typed) ? typed : [];
    return value.map((item, index) => {
      if (typeof item !== 'number') return restoreClasses(item, twins, before[index]);
      const same =
        plainNumber(before[index]) === item ? before[index] : before.find((old) => plainNumber(old) === item);
      return same ?? item;
    });
  }
  if (isDoc(value)) {
    const typed = twins.get(value) ?? replaced;
    const before = isDoc(typed) ? typed : {};
    const copy: Doc = {};
    for (const key of Object.keys(value)) {
      const old = Object.hasOwn(before, key) ? before[key] : undefined;
      const item = value[key];
      setOwn(copy, key, typeof item === 'number' ? withClassOf(item, old) : restoreClasses(item, twins, old));
    }
    return copy;
  }
  return value;
}
