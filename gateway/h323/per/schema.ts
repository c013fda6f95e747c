import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** An ASN.1 type: how its values are read and written in aligned PER. Built once, when the module loads. */
export interface Schema<T> {
  /** @throws PerError */
  read(reader: Reader): T;
  /** @throws PerError */
  write(writer: Writer, value: T): void;
  /** The fewest bits that a value takes: lets a list refuse a count that the input cannot hold. */
  readonly minBits: number;
}

/** The TypeScript type of a schema's values. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** A component that may be absent. */
export interface Optional<T> {
  readonly optional: Schema<T>;
}

export type Component = Schema<unknown> | Optional<unknown>;
export type Components = Readonly<Record<string, Component>>;

/** What follows the extension marker: the additions in the order in which the Recommendation added them. */
export interface Extensions<A extends Components> {
  readonly additions: A;
}

/** An extension addition that our version of the Recommendation does not know, as it came. */
export interface UnknownExtension {
  /** Place among the additions, from 0. */
  index: number;
  bytes: Uint8Array;
}

/** OPTIONAL, and DEFAULT (a default is written when it is given, and left undefined when it is absent). */
export function optional<T>(schema: Schema<T>): Optional<T> {
  return { optional: schema };
}

/** The extension marker, with the additions that stand behind it. */
export function extensions(): Extensions<Record<never, never>>;
export function extensions<const A extends Components>(additions: A): Extensions<A>;
export function extensions(additions: Components = {}): Extensions<Components> {
  return { additions };
}

export type ValueOf<C> = C extends Optional<infer T> ? T : C extends Schema<infer T> ? T : never;
