import { createHash } from 'node:crypto';
import { Fault } from '../../platform/fault.ts';
import { type Language, say } from '../../platform/messages/messages.ts';
import { columns, type Field, plain, wordFor } from '../../provisioning/bulk/columns.ts';
import { type Problem, type Row, readSheetRows } from '../../provisioning/bulk/rows.ts';
import type { Endpoint, Site } from '../../store/schema/places.ts';
import { difference } from '../audit.ts';
import { check, errorBody } from '../errors.ts';
import type { Resource } from '../resources/crud.ts';
import { endpointResource, newPassword } from '../resources/places.ts';
import { takenNow } from '../resources/taken.ts';
import type { Services } from '../services.ts';

/** What a row of a sheet would do. */
export type Step =
  | { action: 'create'; row: number; thing: Endpoint }
  | { action: 'change'; row: number; before: Endpoint; change: Record<string, unknown>; thing: Endpoint }
  | { action: 'same'; row: number; before: Endpoint };

/** A fault of a row as it is told. */
export interface ToldProblem {
  row: number;
  column?: string;
  code: string;
  text: string;
}

export interface ImportPlan {
  steps: Step[];
  problems: ToldProblem[];
  /** Stands for everything that would be done: another sheet, or another state of the store, has another. */
  digest: string;
}

/** Fields of an endpoint and the columns that they came from, so that a fault is told at the right place. */
const columnOf: Record<string, Field> = {
  name: 'name',
  number: 'number',
  kind: 'kind',
  siteId: 'site',
  'device.model': 'model',
  'device.mac': 'mac',
  'device.serial': 'serial',
  username: 'username',
  secret: 'password',
  address: 'address',
  srtp: 'srtp',
  enabled: 'enabled',
};

/** Works out what a table would do, and everything that is wrong with it. Changes nothing. */
export async function planImport(
  services: Services,
  table: readonly (readonly string[])[],
  language: Language,
): Promise<ImportPlan> {
  const { store } = services;
  const { headingRow, headings, problems: found, rows } = readSheetRows(table, language);
  const problems: ToldProblem[] = found.map((problem) => told(problem, language));
  const faulty = new Set(found.map(({ row }) => row));
  const steps: Step[] = [];
  const sites = await store.sites.find();
  // Asked of memory: thousands of rows would ask the store ten thousand times.
  const taken = await takenNow(store);
  const resource = endpointResource(services, taken);
  for (const row of rows) {
    const complain = (code: Problem['code'], field: Field, values: Problem['values']): void => {
      const column = headings[field];
      faulty.add(row.row);
      problems.push(told({ row: row.row, ...(column === undefined ? {} : { column }), code, values }, language));
    };
    const site = siteOf(row, sites, complain);
    const before = row.cells.id === undefined ? undefined : taken.device(row.cells.id);
    if (row.cells.id !== undefined && before === undefined) complain('import.id-unknown', 'id', { id: row.cells.id });
    if (faulty.has(row.row) || faulty.has(headingRow)) continue;
    try {
      steps.push(await stepOf(services, resource, row, before, site));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const field = error.field === undefined ? undefined : columnOf[error.field];
      const column = field === undefined ? undefined : headings[field];
      const text = errorBody(language, error).error.message;
      problems.push({ row: row.row, ...(column === undefined ? {} : { column }), code: error.code, text });
    }
  }
  problems.sort((a, b) => a.row - b.row);
  return { steps, problems, digest: digestOf(table, steps) };
}

function told({ code, column, row, values }: Problem, language: Language): ToldProblem {
  return { row, ...(column === undefined ? {} : { column }), code, text: say(language, code, values) };
}

function siteOf(
  { cells: { site: wanted } }: Row,
  sites: readonly Site[],
  complain: (code: Problem['code'], field: Field, values: Problem['values']) => void,
): string | undefined {
  if (wanted === undefined) return undefined;
  const named = sites.filter(({ name }) => plain(name) === plain(wanted));
  if (named.length === 0) complain('import.site-unknown', 'site', { site: wanted });
  if (named.length > 1) complain('import.site-ambiguous', 'site', { site: wanted });
  return named[0]?.id;
}

/** One row: sealed, checked, judged as a single device would be. @throws Fault */
async function stepOf(
  { clock, ids }: Services,
  resource: Resource<Endpoint>,
  { cells, row }: Row,
  before: Endpoint | undefined,
  siteId: string | undefined,
): Promise<Step> {
  const kind = cells.kind ?? before?.kind ?? 'sip';
  const registers = kind === 'sip' || kind === 'h323';
  const device =
    cells.model === undefined && cells.mac === undefined && cells.serial === undefined
      ? undefined
      : {
          ...before?.device,
          ...picked(cells, 'model', 'mac', 'serial'),
        };
  const username = cells.username ?? (before === undefined && registers ? (cells.number ?? cells.mac) : undefined);
  const secret = cells.password ?? (before === undefined && kind === 'sip' ? newPassword() : undefined);
  const sent: Record<string, unknown> = {
    ...picked(cells, 'name', 'number', 'address', 'srtp'),
    ...(before === undefined || cells.kind !== undefined ? { kind } : {}),
    ...(siteId === undefined ? {} : { siteId }),
    ...(username === undefined ? {} : { username }),
    ...(secret === undefined ? {} : { secret }),
    ...(cells.enabled === undefined ? {} : { enabled: cells.enabled === 'true' }),
    ...(device === undefined ? {} : { device }),
  };
  const change = (await resource.toStored?.(sent, before)) ?? sent;
  const now = clock.now();
  const thing = check(resource.schema, { id: ids(), createdAt: now, updatedAt: now, ...before, ...change });
  await resource.judge?.(thing, before);
  if (before === undefined) return { action: 'create', row, thing };
  const [differs] = difference(before, thing) as [object | undefined, unknown];
  if (differs === undefined || Object.keys(differs).length === 0) return { action: 'same', row, before };
  return { action: 'change', row, before, change, thing };
}

const picked = (cells: Row['cells'], ...fields: Field[]): Record<string, string> =>
  Object.fromEntries(fields.flatMap((field) => (cells[field] === undefined ? [] : [[field, cells[field]]])));

function digestOf(table: readonly (readonly string[])[], steps: readonly Step[]): string {
  const done = steps.map((step) =>
    step.action === 'create' ? [step.row, step.thing.siteId] : [step.row, step.before.id, step.before.updatedAt],
  );
  return createHash('sha256')
    .update(JSON.stringify([table, done]))
    .digest('hex');
}

/** What a step does, for who decides whether it is to be done: in the words of the sheet. `sites`: names by id. */
export function shownStep(
  step: Step,
  language: Language,
  sites: ReadonlyMap<string, string>,
): {
  row: number;
  action: Step['action'];
  name: string;
  changes?: { field: string; label: string; before: string; after: string }[];
} {
  if (step.action !== 'change') {
    const { name } = step.action === 'create' ? step.thing : step.before;
    return { row: step.row, action: step.action, name };
  }
  const flat = ({ device, secret: _secret, ...rest }: Endpoint): Record<string, unknown> => ({
    ...rest,
    ...Object.fromEntries(Object.entries(device ?? {}).map(([key, value]) => [`device.${key}`, value])),
  });
  const [old, now] = difference(flat(step.before), flat(step.thing)) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const words = (field: string, value: unknown): string => {
    if (value === null || value === undefined) return '';
    if (field === 'siteId') return sites.get(String(value)) ?? '';
    const column = columnOf[field];
    return column === undefined ? String(value) : wordFor(column, String(value), language);
  };
  const label = (field: string): string => columns.find((one) => one.field === columnOf[field])?.[language] ?? field;
  const changes = Object.keys(now).map((field) => ({
    field,
    label: label(field),
    before: words(field, old[field]),
    after: words(field, now[field]),
  }));
  // A password is told of, and never shown.
  if (step.before.secret !== step.thing.secret)
    changes.push({ field: 'secret', label: label('secret'), before: '…', after: '…' });
  return { row: step.row, action: 'change', name: step.thing.name, changes };
}
