import { PerError, within } from './error.ts';
import { formOf, setForm } from './form.ts';
import { constrained } from './number.ts';
import type { Reader } from './reader.ts';
import type { Extensions, Infer, Schema } from './schema.ts';
import type { Writer } from './writer.ts';

export type Alternatives = Readonly<Record<string, Schema<unknown>>>;

/** An alternative that our version of the Recommendation does not know: its place behind the marker, and its octets. */
export interface UnknownChoice {
  index: number;
  bytes: Uint8Array;
}

type OneOf<A> = {
  [K in keyof A]: { -readonly [P in K]: Infer<A[P]> } & { [P in Exclude<keyof A, K>]?: undefined };
}[keyof A];
type Known<A> = { [K in keyof A]: A[K] };

/** The value of a CHOICE: an object with one key, the alternative's name. */
export type ChoiceValue<A extends Alternatives> = OneOf<Known<A>>;
export type ExtensibleChoiceValue<R extends Alternatives, A extends Alternatives> =
  | (OneOf<Known<R & A>> & { unknownChoice?: undefined })
  | ({ unknownChoice: UnknownChoice } & { [P in keyof (R & A)]?: undefined });

type Value = Record<string, unknown>;

/** CHOICE under automatic tags (X.691 23). */
export function choice<const R extends Alternatives>(root: R): Schema<ChoiceValue<R>>;
export function choice<const R extends Alternatives, const A extends Alternatives>(
  root: R,
  extensions: Extensions<A>,
): Schema<ExtensibleChoiceValue<R, A>>;
export function choice(root: Alternatives, extensions?: Extensions<Alternatives>): Schema<unknown> {
  const names = Object.keys(root);
  const schemas = Object.values(root);
  const index = constrained(0, names.length - 1);
  const places = new Map(names.map((name, place) => [name, place]));
  const additionNames = Object.keys(extensions?.additions ?? {});
  const additions = Object.values(extensions?.additions ?? {});
  const additionPlaces = new Map(additionNames.map((name, place) => [name, place]));
  const extensible = extensions !== undefined;
  const minBits =
    (extensible ? 1 : index.minBits) + (extensible ? 0 : Math.min(...schemas.map((schema) => schema.minBits)));

  const readAddition = (reader: Reader): Value => {
    const place = reader.smallNumber();
    const schema = additions[place];
    if (schema === undefined) return { unknownChoice: { index: place, bytes: reader.lengthAndOctets() } };
    const name = additionNames[place];
    try {
      const outcome: { trailing: Uint8Array | undefined } = { trailing: undefined };
      const value: Value = { [name]: reader.open(schema.read, outcome) };
      if (outcome.trailing !== undefined) setForm(value, { trailing: new Map([[0, outcome.trailing]]) });
      return value;
    } catch (error) {
      throw within(error, name);
    }
  };

  const read = (reader: Reader): Value => {
    if (extensible && reader.bit()) return readAddition(reader);
    const place = index.read(reader);
    const schema = schemas[place];
    if (schema === undefined) throw new PerError('index', `no alternative ${place} of ${schemas.length}`);
    const name = names[place];
    try {
      return { [name]: schema.read(reader) };
    } catch (error) {
      throw within(error, name);
    }
  };

  const writeAddition = (writer: Writer, value: Value, name: string): void => {
    if (name === 'unknownChoice') {
      const unknown = value.unknownChoice as UnknownChoice;
      writer.smallNumber(unknown.index);
      writer.lengthAndOctets(unknown.bytes);
      return;
    }
    const place = additionPlaces.get(name);
    if (place === undefined) throw new PerError('value', `no alternative "${name}"`);
    writer.smallNumber(place);
    try {
      writer.open(additions[place].write, value[name], formOf(value)?.trailing?.get(0));
    } catch (error) {
      throw within(error, name);
    }
  };

  const write = (writer: Writer, value: Value): void => {
    const name = chosen(value);
    const place = places.get(name);
    if (extensible) writer.bit(place === undefined);
    if (place === undefined) {
      if (!extensible) throw new PerError('value', `no alternative "${name}"`);
      writeAddition(writer, value, name);
      return;
    }
    index.write(writer, place);
    try {
      schemas[place].write(writer, value[name]);
    } catch (error) {
      throw within(error, name);
    }
  };
  return { minBits, read, write: write as Schema<unknown>['write'] };
}

/** The one key that has a value. */
function chosen(value: Value): string {
  if (typeof value !== 'object' || value === null) throw new PerError('value', 'no object');
  let name: string | undefined;
  for (const key in value) {
    if (value[key] === undefined) continue;
    if (name !== undefined) throw new PerError('value', `both "${name}" and "${key}" chosen`);
    name = key;
  }
  if (name === undefined) throw new PerError('value', 'nothing chosen');
  return name;
}
