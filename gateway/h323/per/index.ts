import { formOf, setForm } from './form.ts';
import { Reader } from './reader.ts';
import type { Schema } from './schema.ts';
import { Writer } from './writer.ts';

export { choice, type UnknownChoice } from './choice.ts';
export { PerError, type PerFault } from './error.ts';
export { lazy, sequenceOf, setOf } from './list.ts';
export { BOOLEAN, enumerated, extensibleEnumerated, integer, NULL, OBJECT_IDENTIFIER } from './number.ts';
export { type Bits, bitString, octetString, openType } from './octets.ts';
export { extensions, type Infer, optional, type Schema, type UnknownExtension } from './schema.ts';
export { sequence } from './sequence.ts';
export { type Size, size } from './size.ts';
export {
  BMPString,
  GeneralString,
  IA5String,
  NumericString,
  PrintableString,
  VisibleString,
} from './strings.ts';

/**
 * Reads one value in aligned PER (X.691). Octets behind it are kept and written back by `encode`.
 * @throws PerError with the path of the field at fault
 */
export function decode<T>(schema: Schema<T>, bytes: Uint8Array): T {
  const reader = new Reader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const value = schema.read(reader);
  const rest = reader.rest();
  if (rest !== undefined && typeof value === 'object' && value !== null) setForm(value, { rest });
  return value;
}

/**
 * Writes one value in aligned PER (X.691), whole octets.
 * @throws PerError with the path of the field at fault
 */
export function encode<T>(schema: Schema<T>, value: T): Uint8Array {
  const writer = new Writer();
  schema.write(writer, value);
  const rest = typeof value === 'object' && value !== null ? formOf(value)?.rest : undefined;
  if (rest !== undefined) writer.octets(rest);
  return writer.finish();
}
