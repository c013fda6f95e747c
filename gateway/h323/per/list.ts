import { PerError, within } from './error.ts';
import type { Reader } from './reader.ts';
import type { Schema } from './schema.ts';
import { lengthField, type Size } from './size.ts';
import type { Writer } from './writer.ts';

/** SEQUENCE OF (X.691 20). */
export function sequenceOf<T>(item: Schema<T>, size?: Size): Schema<T[]> {
  const field = lengthField(size);
  // An item of no bits would let a short input ask for a long list; the Recommendations have none.
  const itemBits = Math.max(1, item.minBits);

  const take = (reader: Reader, count: number, items: T[]): void => {
    if (count * itemBits > reader.left)
      throw new PerError('truncated', `${count} items wanted, ${reader.left} bits left`);
    try {
      for (let i = 0; i < count; i++) items.push(item.read(reader));
    } catch (error) {
      throw within(error, `[${items.length}]`);
    }
  };
  const put = (writer: Writer, items: readonly T[], from: number, to: number): void => {
    let i = from;
    try {
      for (; i < to; i++) item.write(writer, items[i]);
    } catch (error) {
      throw within(error, `[${i}]`);
    }
  };

  return {
    minBits: field.minBits + (field.fixed ?? 0) * item.minBits,
    read(reader) {
      const items: T[] = [];
      let count = field.read(reader);
      let { more } = reader;
      take(reader, count, items);
      while (more) {
        count = reader.length();
        more = reader.more;
        take(reader, count, items);
      }
      return items;
    },
    write(writer, items) {
      if (!Array.isArray(items)) throw new PerError('value', 'no array');
      if (field.write(writer, items.length)) put(writer, items, 0, items.length);
      else writer.fragments(items.length, (from, to) => put(writer, items, from, to));
    },
  };
}

/** SET OF: on the wire the same, in the order given. */
export const setOf = sequenceOf;

/** A type that contains itself: resolved when first used, and bounded in depth. */
export function lazy<T>(resolve: () => Schema<T>): Schema<T> {
  let schema: Schema<T> | undefined;
  return {
    minBits: 1,
    read(reader) {
      schema ??= resolve();
      reader.enter();
      const value = schema.read(reader);
      reader.leave();
      return value;
    },
    write(writer, value) {
      schema ??= resolve();
      writer.enter();
      schema.write(writer, value);
      writer.leave();
    },
  };
}
