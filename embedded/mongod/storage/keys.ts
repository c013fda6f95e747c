import { createHash } from 'node:crypto';
import type { Doc } from '../document.ts';
import { emptyArrayKey, encodeValue, inverted } from '../order/keyEncoding.ts';
import { valuesAt } from '../order/sorting.ts';
import type { Index } from './catalog.ts';

/*
 * Keys in the store. A document lies under its collection's number and its encoded _id; an index entry under the
 * index's number, the encoded fields, and the document's key (so that equal fields stay apart). LMDB takes keys up to
 * 1,978 bytes: longer ones are cut, and a digest of the whole keeps a document's key unique.
 */

/** Bytes of encoded fields kept in a key. */
export const keptBytes = 1_400;
const digestBytes = 32;

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

export function numbered(id: number, bytes: Uint8Array = Buffer.alloc(0)): Buffer {
  const key = Buffer.alloc(4 + bytes.length);
  key.writeUInt32BE(id);
  key.set(bytes, 4);
  return key;
}

/** The smallest key after all that begin with `bytes`; `bytes` must not be all 0xff. */
export function after(bytes: Uint8Array): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end--;
  const key = Buffer.from(bytes.subarray(0, end));
  key[end - 1]!++;
  return key;
}

export function documentKey(collectionId: number, id: unknown): Buffer {
  const encoded = encodeValue(id);
  if (encoded.length <= keptBytes) return numbered(collectionId, encoded);
  return numbered(collectionId, Buffer.concat([encoded.subarray(0, keptBytes - digestBytes), digest(encoded)]));
}

export function isCut(encoded: Uint8Array): boolean {
  return encoded.length > keptBytes;
}

export function entryKey(indexId: number, fields: Buffer, docKey: Buffer): Buffer {
  const tail = docKey.length > 200 ? digest(docKey) : docKey;
  return numbered(indexId, Buffer.concat([fields.subarray(0, keptBytes), tail]));
}

interface FieldKeys {
  /** One encoding of all fields for every entry of the document. */
  readonly keys: Buffer[];
  readonly many: boolean;
}

/** The encoded fields a document has in an index, whether or not they fit. Empty: a sparse index leaves it out. */
export function fieldKeys(index: Pick<Index, 'pattern' | 'sparse'>, doc: Doc): FieldKeys {
  let keys: Buffer[] = [Buffer.alloc(0)];
  let anyArray = false;
  let anyPresent = false;
  for (const [path, direction] of index.pattern) {
    const { values, many } = valuesAt(doc, path);
    anyArray ||= many;
    anyPresent ||= values.some((value) => value !== undefined);
    const encodings = values.map((value) => {
      const encoded = many && Array.isArray(value) && value.length === 0 ? emptyArrayKey : encodeValue(value);
      return direction === 1 ? encoded : inverted(encoded);
    });
    keys = keys.flatMap((key) => encodings.map((encoded) => Buffer.concat([key, encoded])));
  }
  if (index.sparse && !anyPresent) return { keys: [], many: anyArray };
  if (keys.length > 1) keys = [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()];
  return { keys, many: anyArray };
}
