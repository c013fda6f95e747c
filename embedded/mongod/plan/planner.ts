import { BSONRegExp, Code, DBRef } from 'bson';
import { type Doc, isDoc } from '../document.ts';
import { encodeValue, inverted, rank } from '../order/keyEncoding.ts';
import type { SortPattern } from '../order/sorting.ts';

/* Filter and sort → which index, which part of it, in which direction. Pure: knows nothing of the store. */

/** What the planner needs to know of an index; the collection's own order by `_id` is one too. */
export interface PlannableIndex {
  readonly name: string;
  readonly pattern: SortPattern;
  readonly sparse: boolean;
  readonly partialFilter?: Doc;
  readonly multikey: boolean;
  readonly truncated: boolean;
}

/** Encoded fields from `start` (included) up to `end` (left out); `end` undefined: to the end of the index. */
export interface KeyRange {
  readonly start: Buffer;
  readonly end?: Buffer;
}

export interface Plan<I extends PlannableIndex = PlannableIndex> {
  /** Undefined: every document is looked at. */
  readonly index?: I;
  /** In index order, none overlapping. */
  readonly ranges: readonly KeyRange[];
  readonly reverse: boolean;
  /** The scan delivers the wanted order; nothing is sorted afterwards. */
  readonly sorted: boolean;
  /** The ranges hold exactly what the filter asks for; documents need not be tested. */
  readonly exact: boolean;
}

/** What a filter says of one field: one of several values, or a stretch of one type. */
interface Bounds {
  readonly points?: readonly Buffer[];
  readonly low?: Buffer;
  readonly lowExcluded?: boolean;
  readonly high?: Buffer;
  readonly highExcluded?: boolean;
  /** Whether the bounds say all that the filter says of the field. */
  readonly exact: boolean;
  readonly excludesNull: boolean;
}

const maxPoints = 1_000;

function isIndexable(value: unknown): boolean {
  if (value === undefined || Array.isArray(value) || isDoc(value)) return false;
  return !(value instanceof RegExp || value instanceof BSONRegExp || value instanceof Code || value instanceof DBRef);
}

function point(value: unknown): Buffer | undefined {
  return isIndexable(value) ? encodeValue(value) : undefined;
}

/** Comparison operators compare within one type: the first byte bounds the other side. */
function comparable(encoded: Buffer): boolean {
  return encoded[0] !== rank.null && encoded[0] !== rank.minKey && encoded[0] !== rank.maxKey;
}

function boundsOf(condition: unknown): Bounds | undefined {
  if (!isDoc(condition) || !Object.keys(condition).some((key) => key.startsWith('$'))) {
    const only = point(condition);
    return only === undefined ? undefined : { points: [only], exact: true, excludesNull: only[0] !== rank.null };
  }
  let points: Buffer[] | undefined;
  let low: { key: Buffer; excluded: boolean } | undefined;
  let high: { key: Buffer; excluded: boolean } | undefined;
  let exact = true;
  for (const [operator, value] of Object.entries(condition)) {
    if (operator === '$eq' || operator === '$in') {
      const wanted = operator === '$eq' ? [value] : value;
      const encoded = Array.isArray(wanted) ? wanted.map(point) : [undefined];
      if (points !== undefined || encoded.length > maxPoints || encoded.some((key) => key === undefined)) exact = false;
      else points = unique(encoded as Buffer[]);
    } else if (operator === '$gt' || operator === '$gte' || operator === '$lt' || operator === '$lte') {
      const key = point(value);
      const side = { key: key ?? Buffer.alloc(0), excluded: operator === '$gt' || operator === '$lt' };
      if (key === undefined || !comparable(key)) exact = false;
      else if (operator.startsWith('$g') && low === undefined) low = side;
      else if (operator.startsWith('$l') && high === undefined) high = side;
      else exact = false;
    } else exact = false;
  }
  if (points !== undefined) {
    const whole = exact && low === undefined && high === undefined;
    return { points, exact: whole, excludesNull: points.every((key) => key[0] !== rank.null) };
  }
  if (low === undefined && high === undefined) return undefined;
  // Nothing is of two types at once: the filter matches nothing, which the test of the documents finds too.
  const type = (low ?? high)!.key[0]!;
  if (low !== undefined && high !== undefined && high.key[0] !== type)
    return { points: [], exact: true, excludesNull: true };
  return {
    low: low?.key ?? Buffer.from([type]),
    lowExcluded: low?.excluded ?? false,
    high: high?.key ?? Buffer.from([type + 1]),
    highExcluded: high?.excluded ?? true,
    // NaN is stored below all numbers but is neither less nor greater than any.
    exact: exact && !(type === rank.number && low === undefined),
    excludesNull: true,
  };
}

function unique(keys: readonly Buffer[]): Buffer[] {
  const sorted = [...keys].sort(Buffer.compare);
  return sorted.filter((key, at) => at === 0 || !key.equals(sorted[at - 1]!));
}

/** The filter's conditions by field; `$and` is taken apart, anything else stays for the test of the documents. */
function conditionsOf(filter: Doc): { fields: Map<string, Bounds>; rest: boolean } {
  const fields = new Map<string, Bounds>();
  let rest = false;
  const visit = (part: Doc): void => {
    for (const [key, value] of Object.entries(part)) {
      if (key === '$and' && Array.isArray(value)) {
        for (const inner of value) if (isDoc(inner)) visit(inner);
      } else if (key.startsWith('$')) rest = true;
      else {
        const bounds = boundsOf(value);
        const before = fields.get(key);
        if (bounds === undefined) rest = true;
        else if (before === undefined) fields.set(key, bounds);
        else {
          rest = true;
          if (before.points === undefined && bounds.points !== undefined) fields.set(key, bounds);
        }
      }
    }
  };
  visit(filter);
  return { fields, rest };
}

/** The smallest key after all that begin with `bytes`. */
function behind(bytes: Buffer): Buffer | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end--;
  if (end === 0) return undefined;
  const key = Buffer.from(bytes.subarray(0, end));
  key[end - 1]!++;
  return key;
}

function stretch(prefix: Buffer, bounds: Bounds, direction: 1 | -1, multikey: boolean): KeyRange {
  // With several entries a document, one may satisfy the lower bound and another the upper: only one side may cut.
  const free = multikey && bounds.low!.length > 1 && bounds.high!.length > 1;
  const low = bounds.low!;
  const high = free ? Buffer.from([low[0]! + 1]) : bounds.high!;
  const highExcluded = free ? true : bounds.highExcluded;
  const join = (part: Buffer): Buffer => Buffer.concat([prefix, direction === 1 ? part : inverted(part)]);
  if (direction === 1) {
    const start = bounds.lowExcluded ? behind(join(low))! : join(low);
    const end = highExcluded ? join(high) : behind(join(high));
    return end === undefined ? { start } : { start, end };
  }
  // Turned round: the high bound comes first. A one-byte bound names a type, and all of that type lies behind it.
  const start = highExcluded ? behind(join(high)) : join(high);
  const end = bounds.lowExcluded ? join(low) : behind(join(low));
  return end === undefined ? { start: start ?? prefix } : { start: start ?? prefix, end };
}

function covers(index: PlannableIndex, filter: Doc, fields: Map<string, Bounds>): boolean {
  if (index.sparse) {
    // Documents without the field are not in it.
    const sure = index.pattern.some(([path]) => fields.get(path)?.excludesNull === true);
    if (!sure) return false;
  }
  if (index.partialFilter === undefined) return true;
  return Object.entries(index.partialFilter).every(([key, wanted]) => {
    if (isDoc(wanted) && wanted.$exists === true && Object.keys(wanted).length === 1)
      return fields.get(key)?.excludesNull === true;
    if (isDoc(wanted) && wanted.$type === 'string' && Object.keys(wanted).length === 1) {
      const bounds = fields.get(key);
      const told = bounds?.points ?? (bounds?.low === undefined ? [] : [bounds.low]);
      return told.length > 0 && told.every((bytes) => bytes[0] === rank.string);
    }
    return Object.hasOwn(filter, key) && encodeValue(filter[key]).equals(encodeValue(wanted));
  });
}

/** How the wanted order relates to the index behind the first `fixed` fields: as it is, reversed, or not at all. */
function orderOf(
  pattern: SortPattern,
  fixed: number,
  sort: SortPattern,
  single: ReadonlySet<string>,
): 'forward' | 'reverse' | 'none' {
  const wanted = sort.filter(([path]) => !single.has(path));
  if (wanted.length === 0) return 'forward';
  const rest = pattern.slice(fixed);
  let turn: number | undefined;
  let at = 0;
  for (const [path, direction] of wanted) {
    const [indexed, own] = rest[at++] ?? [];
    if (indexed !== path || own === undefined) return 'none';
    turn ??= direction * own;
    if (direction * own !== turn) return 'none';
  }
  return turn === -1 ? 'reverse' : 'forward';
}

interface Candidate<I extends PlannableIndex> extends Plan<I> {
  readonly score: number;
}

function consider<I extends PlannableIndex>(
  index: I,
  filter: Doc,
  sort: SortPattern,
  conditions: ReturnType<typeof conditionsOf>,
): Candidate<I> | undefined {
  const { fields, rest } = conditions;
  if (!covers(index, filter, fields)) return undefined;
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let ranges: KeyRange[] | undefined;
  let used = 0;
  let score = 0;
  let exact = !rest && !index.multikey && !index.truncated;
  const single = new Set<string>();
  let fixed = 0;
  for (const [path, direction] of index.pattern) {
    const bounds = fields.get(path);
    if (bounds === undefined) break;
    exact &&= bounds.exact;
    used++;
    if (bounds.points === undefined) {
      ranges = prefixes.map((prefix) => stretch(prefix, bounds, direction, index.multikey));
      score += 2;
      break;
    }
    if (prefixes.length * bounds.points.length > maxPoints) {
      used--;
      break;
    }
    const points = direction === 1 ? bounds.points : bounds.points.map(inverted).sort(Buffer.compare);
    prefixes = prefixes.flatMap((prefix) => points.map((key) => Buffer.concat([prefix, key])));
    score += points.length === 1 ? 4 : 3;
    if (points.length === 1 && fixed === used - 1) {
      fixed = used;
      if (!index.multikey) single.add(path);
    }
  }
  ranges ??= prefixes.map((prefix) => {
    const end = behind(prefix);
    return end === undefined ? { start: prefix } : { start: prefix, end };
  });
  const order = index.multikey || index.truncated ? 'none' : orderOf(index.pattern, fixed, sort, single);
  if (used === 0 && (order === 'none' || sort.length === 0)) return undefined;
  const sorted = sort.length === 0 || order !== 'none';
  const reverse = sort.length > 0 && order === 'reverse';
  if (sorted && sort.length > 0) score += 3;
  // Every condition on a field of the index was used, and there is no other.
  return { index, ranges, reverse, sorted, exact: exact && used === fields.size, score };
}

/** The best way to find what `filter` asks for, in the order of `sort`. */
export function plan<I extends PlannableIndex>(indexes: readonly I[], filter: Doc, sort: SortPattern): Plan<I> {
  const conditions = conditionsOf(filter);
  let best: Candidate<I> | undefined;
  for (const index of indexes) {
    const candidate = consider(index, filter, sort, conditions);
    if (candidate !== undefined && (best === undefined || candidate.score > best.score)) best = candidate;
  }
  if (best !== undefined) return best;
  return {
    ranges: [{ start: Buffer.alloc(0) }],
    reverse: false,
    sorted: sort.length === 0,
    exact: Object.keys(filter).length === 0,
  };
}
