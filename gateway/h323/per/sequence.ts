import { PerError, within } from './error.ts';
import { type Form, formOf, setForm } from './form.ts';
import type { Reader } from './reader.ts';
import type { Component, Components, Extensions, Optional, Schema, UnknownExtension, ValueOf } from './schema.ts';
import type { Writer } from './writer.ts';

type Flat<T> = { [K in keyof T]: T[K] };
type OptionalKeys<C> = { [K in keyof C]: C[K] extends Optional<unknown> ? K : never }[keyof C];

/** The value of a SEQUENCE without extension marker. */
export type SequenceValue<R extends Components> = Flat<
  { -readonly [K in Exclude<keyof R, OptionalKeys<R>>]: ValueOf<R[K]> } & {
    -readonly [K in OptionalKeys<R>]?: ValueOf<R[K]>;
  }
>;

/** The value of a SEQUENCE with extension marker: every addition may be absent. */
export type ExtensibleValue<R extends Components, A extends Components> = Flat<
  SequenceValue<R> & { -readonly [K in keyof A]?: ValueOf<A[K]> } & { unknownExtensions?: UnknownExtension[] }
>;

type Value = Record<string, unknown>;

interface Field {
  readonly name: string;
  readonly schema: Schema<unknown>;
  readonly optional: boolean;
}

function fieldsOf(components: Readonly<Record<string, Component>>): Field[] {
  return Object.entries(components).map(([name, component]) =>
    'optional' in component
      ? { name, schema: component.optional, optional: true }
      : { name, schema: component, optional: false },
  );
}

/** SEQUENCE, and SET under automatic tags (X.691 19, 21). */
export function sequence<const R extends Components>(root: R): Schema<SequenceValue<R>>;
export function sequence<const R extends Components, const A extends Components>(
  root: R,
  extensions: Extensions<A>,
): Schema<ExtensibleValue<R, A>>;
export function sequence(root: Components, extensions?: Extensions<Components>): Schema<unknown> {
  const fields = fieldsOf(root);
  const optionals = fields.filter((field) => field.optional).length;
  const additions = extensions === undefined ? undefined : fieldsOf(extensions.additions);
  const minBits =
    (additions === undefined ? 0 : 1) +
    optionals +
    fields.reduce((sum, { schema, optional }) => sum + (optional ? 0 : schema.minBits), 0);

  const read = (reader: Reader): Value => {
    const extended = additions !== undefined && reader.bit();
    const value: Value = {};
    // Presence bits come first; more than 32 of them are read in two halves.
    let present = reader.bits(Math.min(optionals, 32));
    let bit = Math.min(optionals, 32);
    let later = optionals > 32 ? reader.bits(optionals - 32) : 0;
    let current = '';
    try {
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i];
        if (field.optional) {
          if (bit === 0) {
            bit = optionals - 32;
            present = later;
            later = 0;
          }
          bit--;
          if (((present >>> bit) & 1) === 0) continue;
        }
        current = field.name;
        value[current] = field.schema.read(reader);
      }
    } catch (error) {
      throw within(error, current);
    }
    if (extended) readAdditions(reader, additions, value);
    return value;
  };

  const write = (writer: Writer, value: Value): void => {
    if (typeof value !== 'object' || value === null) throw new PerError('value', 'no object');
    const announced = additions === undefined ? 0 : announcedAdditions(additions, value);
    if (additions !== undefined) writer.bit(announced > 0);
    if (optionals > 0) {
      for (const { name, optional } of fields) if (optional) writer.bit(value[name] !== undefined);
    }
    for (const { name, schema, optional } of fields) {
      const component = value[name];
      if (component === undefined) {
        if (optional) continue;
        throw within(new PerError('value', 'missing'), name);
      }
      try {
        schema.write(writer, component);
      } catch (error) {
        throw within(error, name);
      }
    }
    if (additions !== undefined && announced > 0) writeAdditions(writer, additions, value, announced);
  };
  return { minBits, read, write: write as Schema<unknown>['write'] };
}

function readAdditions(reader: Reader, additions: readonly Field[], value: Value): void {
  const announced = reader.smallLength();
  if (announced > reader.left) throw new PerError('truncated', `${announced} extension additions announced`);
  const present: number[] = [];
  for (let place = 0; place < announced; place++) if (reader.bit()) present.push(place);
  let unknown: UnknownExtension[] | undefined;
  let trailing: Map<number, Uint8Array> | undefined;
  for (const place of present) {
    const field = additions[place];
    if (field === undefined) {
      unknown ??= [];
      unknown.push({ index: place, bytes: reader.lengthAndOctets() });
      continue;
    }
    try {
      const outcome: { trailing: Uint8Array | undefined } = { trailing: undefined };
      value[field.name] = reader.open(field.schema.read, outcome);
      if (outcome.trailing !== undefined) {
        trailing ??= new Map();
        trailing.set(place, outcome.trailing);
      }
    } catch (error) {
      throw within(error, field.name);
    }
  }
  if (unknown !== undefined) value.unknownExtensions = unknown;
  const form: Form = {};
  if (announced !== additions.length || present.length === 0) form.announced = announced;
  if (present.length === 0) form.emptyAnnounced = true;
  if (trailing !== undefined) form.trailing = trailing;
  if (form.announced !== undefined || form.trailing !== undefined) setForm(value, form);
}

/** How many additions the bitmap tells of: all that we know (X.691 19.8), or as many as the sender did. 0: none is there. */
function announcedAdditions(additions: readonly Field[], value: Value): number {
  let needed = 0;
  for (let place = 0; place < additions.length; place++) {
    if (value[additions[place].name] !== undefined) needed = place + 1;
  }
  for (const { index } of (value.unknownExtensions ?? []) as UnknownExtension[]) needed = Math.max(needed, index + 1);
  const form = formOf(value);
  if (needed === 0) return form?.emptyAnnounced === true ? (form.announced ?? 0) : 0;
  const announced = form?.announced ?? additions.length;
  return announced >= needed ? announced : Math.max(needed, additions.length);
}

function writeAdditions(writer: Writer, additions: readonly Field[], value: Value, announced: number): void {
  const unknown = (value.unknownExtensions ?? []) as UnknownExtension[];
  const trailing = formOf(value)?.trailing;
  writer.smallLength(announced);
  for (let place = 0; place < announced; place++) {
    const field = additions[place];
    writer.bit(field === undefined ? unknown.some(({ index }) => index === place) : value[field.name] !== undefined);
  }
  for (let place = 0; place < announced; place++) {
    const field = additions[place];
    if (field === undefined) {
      const extension = unknown.find(({ index }) => index === place);
      if (extension !== undefined) writer.lengthAndOctets(extension.bytes);
    } else if (value[field.name] !== undefined) {
      try {
        writer.open(field.schema.write, value[field.name], trailing?.get(place));
      } catch (error) {
        throw within(error, field.name);
      }
    }
  }
}
