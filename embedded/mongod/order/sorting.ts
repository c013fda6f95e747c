import { isDoc } from '../document.ts';
import { emptyArrayKey, encodeValue, inverted } from './keyEncoding.ts';

/** Field path → 1 or -1, in order of weight. */
export type SortPattern = readonly (readonly [path: string, direction: 1 | -1])[];

/** What stands at a dotted path, through arrays: every value found, and whether an array was on the way or at its end. */
export function valuesAt(doc: unknown, path: string): { values: unknown[]; many: boolean } {
  const values: unknown[] = [];
  let many = false;
  const walk = (value: unknown, parts: readonly string[]): void => {
    const [part, ...rest] = parts;
    if (part === undefined) {
      if (Array.isArray(value)) {
        many = true;
        if (value.length === 0) values.push(value);
        else values.push(...value);
      } else values.push(value);
    } else if (Array.isArray(value)) {
      many = true;
      if (/^\d+$/.test(part)) walk(value[Number(part)], rest);
      else if (value.length === 0) values.push(undefined);
      else for (const item of value) walk(isDoc(item) ? item : undefined, isDoc(item) ? parts : []);
    } else walk(isDoc(value) && Object.hasOwn(value, part) ? value[part] : undefined, rest);
  };
  walk(doc, path.split('.'));
  return { values, many };
}

/** Encodings of all values at a path, as an index holds them. */
function encodingsAt(doc: unknown, path: string): { keys: Buffer[]; many: boolean } {
  const { values, many } = valuesAt(doc, path);
  const keys = values.map((value) =>
    many && Array.isArray(value) && value.length === 0 ? emptyArrayKey : encodeValue(value),
  );
  return { keys, many };
}

/** Bytes by which documents sort under a pattern: an array counts as its smallest element, descending as its largest. */
export function sortKey(doc: unknown, pattern: SortPattern): Buffer {
  return Buffer.concat(
    pattern.map(([path, direction]) => {
      const { keys } = encodingsAt(doc, path);
      const sorted = keys.sort(Buffer.compare);
      return direction === 1 ? sorted[0]! : inverted(sorted[sorted.length - 1]!);
    }),
  );
}
