import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { encodeDecimal, encodeDouble, encodeLong } from './numbers.ts';

/*
 * A BSON value as bytes that sort (memcmp) as MongoDB's comparison order sorts the values: MinKey, null, numbers,
 * strings, objects, arrays, binary data, ObjectId, booleans, dates, timestamps, regular expressions, code, MaxKey.
 * Every encoding ends itself, so encodings can be joined, and inverting all bytes of one turns its order round.
 */

/** First byte of an encoding: the value's place among the types. Gaps leave room between neighbours. */
export const rank = {
  minKey: 0x02,
  emptyArray: 0x04,
  null: 0x08,
  number: 0x10,
  string: 0x20,
  object: 0x30,
  array: 0x38,
  binary: 0x40,
  objectId: 0x48,
  boolean: 0x50,
  date: 0x58,
  timestamp: 0x60,
  regex: 0x68,
  code: 0x70,
  codeWithScope: 0x74,
  maxKey: 0x7e,
} as const;

function escaped(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  let zeros = 0;
  for (const byte of bytes) if (byte === 0) zeros++;
  const out = Buffer.alloc(bytes.length + zeros + 2);
  let at = 0;
  for (const byte of bytes) {
    out[at++] = byte;
    if (byte === 0) out[at++] = 0xff;
  }
  return out;
}

function tagged(first: number, ...parts: Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([first]), ...parts]);
}

function encodeFields(first: number, doc: object): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(doc)) {
    if (typeof value === 'function') continue;
    const encoded = encodeValue(value);
    // Fields compare by type, then by name, then by value.
    parts.push(encoded.subarray(0, 1), escaped(name), encoded);
  }
  return tagged(first, ...parts, Buffer.from([0]));
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** Sortable bytes of one BSON value; `undefined` (a missing field) counts as null. */
export function encodeValue(value: unknown): Buffer {
  switch (typeof value) {
    case 'number':
      return tagged(rank.number, encodeDouble(value));
    case 'string':
      return tagged(rank.string, escaped(value));
    case 'boolean':
      return Buffer.from([rank.boolean, value ? 1 : 0]);
    case 'bigint':
      return tagged(rank.number, encodeLong(Long.fromBigInt(value)));
    case 'undefined':
      return Buffer.from([rank.null]);
    default:
  }
  if (value === null) return Buffer.from([rank.null]);
  if (value instanceof ObjectId) return tagged(rank.objectId, value.id);
  if (value instanceof Date) {
    const ms = value.getTime();
    return tagged(rank.date, uint64(BigInt.asUintN(64, BigInt(Number.isNaN(ms) ? 0 : ms)) ^ (1n << 63n)));
  }
  if (value instanceof Int32 || value instanceof Double) return tagged(rank.number, encodeDouble(value.valueOf()));
  // A Timestamp is a Long too: it must be asked first.
  if (value instanceof Timestamp) return tagged(rank.timestamp, uint64(BigInt.asUintN(64, value.toBigInt())));
  if (Long.isLong(value)) return tagged(rank.number, encodeLong(value));
  if (value instanceof Decimal128) return tagged(rank.number, encodeDecimal(value));
  if (Array.isArray(value)) return tagged(rank.array, ...value.map(encodeValue), Buffer.from([0]));
  if (value instanceof Binary) {
    const bytes = value.buffer.subarray(0, value.position);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(bytes.length);
    head[4] = value.sub_type;
    return tagged(rank.binary, head, bytes);
  }
  if (value instanceof Uint8Array) return encodeValue(new Binary(value));
  if (value instanceof BSONRegExp) return tagged(rank.regex, escaped(value.pattern), escaped(value.options));
  if (value instanceof RegExp) return tagged(rank.regex, escaped(value.source), escaped(value.flags));
  if (value instanceof BSONSymbol) return tagged(rank.string, escaped(value.valueOf()));
  if (value instanceof Code) {
    if (value.scope === null || value.scope === undefined) return tagged(rank.code, escaped(value.code));
    return tagged(rank.codeWithScope, escaped(value.code), encodeValue(value.scope));
  }
  if (value instanceof MinKey) return Buffer.from([rank.minKey]);
  if (value instanceof MaxKey) return Buffer.from([rank.maxKey]);
  if (value instanceof DBRef) return encodeFields(rank.object, value.toJSON());
  return encodeFields(rank.object, value as object);
}

/** What an array without elements leaves in an index: below null. */
export const emptyArrayKey: Buffer = Buffer.from([rank.emptyArray]);

/** The encoding with its order turned round, for a descending index field. */
export function inverted(bytes: Uint8Array): Buffer {
  const out = Buffer.alloc(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = ~bytes[i]! & 0xff;
  return out;
}
