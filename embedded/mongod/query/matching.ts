import { Query } from 'mingo';
import { type Doc, toCriteria } from '../document.ts';
import { CommandError, errorText } from '../errors.ts';

/* Queries are mingo's; this is the way in, with errors in the protocol's terms. */

const forbidden = new Set([
  '$where',
  '$function',
  '$accumulator',
  '$text',
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
]);

/** Refuses what would run a caller's code here, or what is not offered. @throws CommandError BadValue */
export function refuseForbidden(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) refuseForbidden(item);
  else if (typeof value === 'object' && value !== null && value.constructor === Object) {
    for (const [key, item] of Object.entries(value)) {
      if (forbidden.has(key)) throw new CommandError('BadValue', `${key} is not supported`);
      refuseForbidden(item);
    }
  }
}

const cache = new WeakMap<Doc, (doc: Doc) => boolean>();

/** A test for documents read with plain numbers. @throws CommandError BadValue for a filter that is not understood */
export function matcher(filter: Doc): (doc: Doc) => boolean {
  const known = cache.get(filter);
  if (known !== undefined) return known;
  let test: (doc: Doc) => boolean;
  if (Object.keys(filter).length === 0) test = () => true;
  else {
    refuseForbidden(filter);
    const query = understood(() => new Query<Doc>(toCriteria(filter) as Doc, { scriptEnabled: false }));
    test = (doc) => understood(() => query.test(doc));
  }
  cache.set(filter, test);
  return test;
}

/** Runs mingo; what it throws is the caller's mistake. */
export function understood<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('BadValue', errorText(error));
  }
}
