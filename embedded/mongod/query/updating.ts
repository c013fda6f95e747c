import { Timestamp } from 'bson';
import { updateOne } from 'mingo';
import { type Doc, isDoc, readTyped, restoreClasses, toAssignable, toCriteria, toPlain, write } from '../document.ts';
import { CommandError } from '../errors.ts';
import { encodeValue } from '../order/keyEncoding.ts';
import { refuseForbidden, understood } from './matching.ts';

/* Updates are mingo's; here what surrounds them: `_id`, upserts, and that numbers keep their BSON classes. */

export interface Change {
  /** A replacement, update operators, or a pipeline. */
  readonly update: unknown;
  readonly arrayFilters: readonly Doc[];
  readonly filter: Doc;
}

type Kind = 'replacement' | 'operators' | 'pipeline';

/** @throws CommandError FailedToParse, BadValue */
export function kindOf(update: unknown): Kind {
  if (Array.isArray(update)) {
    for (const stage of update) {
      const name = isDoc(stage) ? Object.keys(stage)[0] : undefined;
      if (
        name === undefined ||
        !['$set', '$addFields', '$project', '$unset', '$replaceRoot', '$replaceWith'].includes(name)
      ) {
        throw new CommandError('InvalidOptions', `${name ?? 'stage'} is not allowed to be used within an update`);
      }
    }
    return 'pipeline';
  }
  if (!isDoc(update)) throw new CommandError('FailedToParse', 'Update argument must be either an object or an array');
  const keys = Object.keys(update);
  if (!keys.some((key) => key.startsWith('$'))) return 'replacement';
  for (const key of keys) {
    if (!operators.has(key)) {
      throw new CommandError(
        'FailedToParse',
        `Unknown modifier: ${key}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(update[key])) {
      throw new CommandError('FailedToParse', `Modifiers operate on fields but we found another type for ${key}`);
    }
  }
  return 'operators';
}

/** Operator → what its arguments keep of their number classes. */
const operators: ReadonlyMap<string, 'assign' | 'compute'> = new Map([
  ['$set', 'assign'],
  ['$setOnInsert', 'assign'],
  ['$push', 'assign'],
  ['$unset', 'compute'],
  ['$rename', 'compute'],
  ['$currentDate', 'compute'],
  ['$inc', 'compute'],
  ['$mul', 'compute'],
  ['$min', 'compute'],
  ['$max', 'compute'],
  ['$bit', 'compute'],
  ['$addToSet', 'compute'],
  ['$pull', 'compute'],
  ['$pullAll', 'compute'],
  ['$pop', 'compute'],
]);

function same(a: unknown, b: unknown): boolean {
  return encodeValue(a).equals(encodeValue(b));
}

const immutable = (): CommandError =>
  new CommandError('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'");

/** The value at a plain path (no `$`), or undefined; arrays by number. */
function at(doc: unknown, path: string): unknown {
  let value = doc;
  for (const part of path.split('.')) {
    if (Array.isArray(value)) value = /^\d+$/.test(part) ? value[Number(part)] : undefined;
    else value = isDoc(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/** mingo passes over targets of the wrong type in silence; the protocol says so. */
function checkTargets(operator: string, fields: Doc, doc: Doc): void {
  for (const [path, argument] of Object.entries(fields)) {
    if (path === '' || path.startsWith('$'))
      throw new CommandError('BadValue', `The update path '${path}' is not valid`);
    if (path.includes('$')) continue;
    const target = at(doc, path);
    if (operator === '$inc' || operator === '$mul') {
      if (typeof argument !== 'number') {
        throw new CommandError(
          'TypeMismatch',
          `Cannot ${operator === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${path}: ${JSON.stringify(argument)}}`,
        );
      }
      if (target !== undefined && typeof target !== 'number') {
        throw new CommandError(
          'TypeMismatch',
          `Cannot apply ${operator} to a value of non-numeric type. {_id: ${JSON.stringify(doc._id)}} has the field '${path}' of non-numeric type`,
        );
      }
    }
    if (
      ['$push', '$addToSet', '$pull', '$pullAll', '$pop'].includes(operator) &&
      target !== undefined &&
      !Array.isArray(target)
    ) {
      throw new CommandError(
        'BadValue',
        `The field '${path}' must be an array but is of another type in document {_id: ${JSON.stringify(doc._id)}}`,
      );
    }
  }
}

/** Makes the array that `$push` with modifiers is to find: mingo leaves `$slice` and `$sort` out on a new one. */
function prepareArrays(push: Doc, doc: Doc): void {
  for (const [path, argument] of Object.entries(push)) {
    if (
      path.includes('$') ||
      path.includes('__proto__') ||
      !isDoc(argument) ||
      !Object.hasOwn(argument, '$each') ||
      at(doc, path) !== undefined
    )
      continue;
    let place: Doc = doc;
    const parts = path.split('.');
    for (const part of parts.slice(0, -1)) {
      if (!isDoc(place[part])) {
        if (place[part] !== undefined) return;
        place[part] = {};
      }
      place = place[part] as Doc;
    }
    place[parts[parts.length - 1]!] = [];
  }
}

function applyOperators(doc: Doc, change: Change, inserting: boolean): void {
  const modifier: Record<string, Doc> = {};
  for (const [operator, fields] of Object.entries(change.update as Record<string, Doc>)) {
    if (operator === '$setOnInsert' && !inserting) continue;
    const target = operator === '$setOnInsert' ? '$set' : operator;
    const plain = (
      operators.get(operator) === 'assign'
        ? toAssignable(fields)
        : operator === '$pull'
          ? toCriteria(fields)
          : toPlain(fields)
    ) as Doc;
    if (target === '$set' && Object.hasOwn(plain, '_id')) {
      if (doc._id === undefined && inserting) doc._id = plain._id;
      else if (!same(doc._id, plain._id)) throw immutable();
      delete plain._id;
    }
    if (operator === '$currentDate') {
      for (const [path, kind] of Object.entries(plain)) {
        if (!isDoc(kind) || kind.$type !== 'timestamp') continue;
        delete plain[path];
        modifier.$set = { ...modifier.$set, [path]: new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 }) };
      }
    }
    if (operator === '$pull') refuseForbidden(plain);
    checkTargets(operator, plain, doc);
    if (operator === '$push') prepareArrays(plain, doc);
    modifier[target] = { ...modifier[target], ...plain };
  }
  for (const name of Object.keys(modifier)) if (Object.keys(modifier[name]!).length === 0) delete modifier[name];
  if (Object.keys(modifier).length === 0) return;
  const positional = Object.values(modifier).some((fields) =>
    Object.keys(fields).some((path) => /\.\$(\.|$)/.test(path)),
  );
  const condition = positional ? (toCriteria(change.filter) as Doc) : {};
  const arrayFilters = change.arrayFilters.map((filter) => toCriteria(filter) as Doc);
  run(() =>
    updateOne(
      [doc],
      condition,
      modifier as Parameters<typeof updateOne<Doc>>[2],
      { arrayFilters, cloneMode: 'deep' },
      { scriptEnabled: false },
    ),
  );
}

function run(action: () => unknown): void {
  try {
    understood(action);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (error.message.includes('immutable field')) throw immutable();
    throw error;
  }
}

function applyPipeline(doc: Doc, stages: unknown): Doc {
  const docs = [doc];
  refuseForbidden(stages);
  run(() => updateOne(docs, {}, toPlain(stages) as Parameters<typeof updateOne<Doc>>[2], {}, { scriptEnabled: false }));
  return docs[0]!;
}

function idFirst(doc: Doc): Doc {
  const { _id, ...rest } = doc;
  return { _id, ...rest };
}

/** The document's bytes after the change. @throws CommandError ImmutableField, TypeMismatch, BadValue, FailedToParse */
export function changed(before: Buffer, change: Change): Buffer {
  const typed = readTyped(before);
  const kind = kindOf(change.update);
  if (kind === 'replacement') {
    const replacement = change.update as Doc;
    if (Object.hasOwn(replacement, '_id') && !same(replacement._id, typed._id)) throw immutable();
    return write(idFirst({ ...replacement, _id: typed._id }));
  }
  const twins = new Map<object, object>();
  let doc = toPlain(typed, twins) as Doc;
  if (kind === 'pipeline') doc = applyPipeline(structuredPlain(doc, twins), change.update);
  else applyOperators(doc, change, false);
  if (!same(doc._id, typed._id)) throw immutable();
  return write(restoreClasses(doc, twins, typed) as Doc);
}

/** A pipeline may hand back its input: it works on a top level of its own. */
function structuredPlain(doc: Doc, twins: Map<object, object>): Doc {
  const copy = { ...doc };
  const typed = twins.get(doc);
  if (typed !== undefined) twins.set(copy, typed);
  return copy;
}

/** What an upsert starts from: the filter's equalities. */
function fromFilter(filter: Doc, doc: Doc = {}): Doc {
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(value)) {
      for (const part of value) if (isDoc(part)) fromFilter(part, doc);
      continue;
    }
    if (key.startsWith('$') || key.includes('__proto__')) continue;
    const operatorsOf = isDoc(value) && Object.keys(value).some((name) => name.startsWith('$')) ? value : undefined;
    if (operatorsOf !== undefined && !Object.hasOwn(operatorsOf, '$eq')) continue;
    let place = doc;
    const parts = key.split('.');
    for (const part of parts.slice(0, -1)) {
      if (!isDoc(place[part])) place[part] = {};
      place = place[part] as Doc;
    }
    place[parts[parts.length - 1]!] = operatorsOf === undefined ? value : operatorsOf.$eq;
  }
  return doc;
}

/** The document that an upsert inserts. `newId` is used when neither filter nor update gives an `_id`. */
export function upserted(change: Change, newId: () => unknown): Doc {
  const kind = kindOf(change.update);
  const equalities = fromFilter(change.filter);
  if (kind === 'replacement') {
    const replacement = change.update as Doc;
    if (equalities._id !== undefined && Object.hasOwn(replacement, '_id') && !same(replacement._id, equalities._id))
      throw immutable();
    return idFirst({ ...replacement, _id: replacement._id ?? equalities._id ?? newId() });
  }
  const twins = new Map<object, object>();
  let doc = toPlain(equalities, twins) as Doc;
  if (kind === 'pipeline') doc = applyPipeline(doc, change.update);
  else applyOperators(doc, change, true);
  const restored = restoreClasses(doc, twins, equalities) as Doc;
  return idFirst({ ...restored, _id: restored._id ?? newId() });
}
