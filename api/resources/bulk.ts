import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '../../platform/fault.ts';
import type { Language } from '../../platform/messages/messages.ts';
import { columns, type Field, wordFor } from '../../provisioning/bulk/columns.ts';
import { limits, readTable, TableError, writeCsv, writeXlsx } from '../../provisioning/bulk/table.ts';
import { id } from '../../store/schema/names.ts';
import type { Endpoint } from '../../store/schema/places.ts';
import { applyImport } from '../bulk/apply.ts';
import { planImport, shownStep } from '../bulk/plan.ts';
import { flag } from '../fields.ts';
import { takeSmallUpload } from '../files/small-upload.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { turnOf } from './crud.ts';
import { endpointResource, equal } from './places.ts';

const report = z.object({
  /** Done, or only looked at. */
  applied: z.boolean(),
  /** To be sent with the same file, to do what is shown here; absent while something is wrong, and once it is done. */
  token: z.string().optional(),
  create: z.number().int(),
  change: z.number().int(),
  same: z.number().int(),
  rows: z.array(
    z.object({
      row: z.number().int(),
      action: z.enum(['create', 'change', 'same']),
      name: z.string(),
      changes: z
        .array(
          z.object({
            field: z.string(),
            /** Heading of its column. */
            label: z.string(),
            before: z.string(),
            after: z.string(),
          }),
        )
        .optional(),
    }),
  ),
  problems: z.array(
    z.object({ row: z.number().int(), column: z.string().optional(), code: z.string(), text: z.string() }),
  ),
});

const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** More than any installation has; a sheet of them is still a sheet. */
const mostExported = 20_000;
const widths: Partial<Record<Field, number>> = { id: 38, name: 34, site: 28, model: 16, mac: 16, username: 20 };

/** Devices by the sheet: in and out. */
export function bulk(services: Services): Route[] {
  const { store } = services;
  const resource = endpointResource(services);
  const key = randomBytes(32);
  const tokenFor = (digest: string, userId: string): string =>
    createHmac('sha256', key).update(`${userId} ${digest}`).digest('base64url');

  return [
    route({
      method: 'POST',
      path: '/endpoints/import',
      tag: 'endpoints',
      access: 'admin',
      summary:
        'Look at a sheet of devices (CSV or XLSX): what it would do, and what is wrong, row by row. With the token of ' +
        'that look and the same file, do it: all or nothing',
      query: z.strictObject({ token: z.string().max(100).optional() }),
      upload: true,
      answer: report,
      handle: async (exchange) => {
        const { language, query } = exchange;
        const table = await tableOf(await takeSmallUpload(exchange.context, limits.bytes));
        return turnOf(store.endpoints)(async () => {
          const { digest, problems, steps } = await planImport(services, table, language);
          const count = (action: string): number => steps.filter((step) => step.action === action).length;
          const token = tokenFor(digest, exchange.caller().user.id);
          const sites = new Map((await store.sites.find()).map(({ id, name }) => [id, name]));
          const shown = {
            create: count('create'),
            change: count('change'),
            same: count('same'),
            rows: steps.map((step) => shownStep(step, language, sites)),
            problems,
          };
          if (query.token === undefined)
            return { applied: false, ...shown, ...(problems.length === 0 ? { token } : {}) };
          const given = Buffer.from(query.token);
          const wanted = Buffer.from(token);
          if (problems.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted))
            throw new Fault('conflict', 'import.not-what-was-looked-at');
          await applyImport(services, resource, steps, exchange);
          return { applied: true, ...shown };
        });
      },
    }),
    route({
      method: 'GET',
      path: '/endpoints/export',
      tag: 'endpoints',
      access: 'operator',
      summary: 'The devices as a sheet (CSV or XLSX) that can be changed and imported again; never with passwords',
      query: z.strictObject({
        format: z.enum(['csv', 'xlsx']).default('xlsx'),
        siteId: id.optional(),
        /** Only the headings: a sheet to fill in. */
        empty: flag.default(false),
      }),
      answer: { mediaType: mediaTypes.xlsx, description: 'The sheet; `text/csv` when that was asked for' },
      handle: async ({ context, language, query }) => {
        const devices = query.empty
          ? []
          : await store.endpoints.find(equal(query, ['siteId']), { sort: { name: 1, _id: 1 }, limit: mostExported });
        const sites = new Map((await store.sites.find()).map(({ id, name }) => [id, name]));
        // A password is only ever put in; an empty sheet has its column, and needs no identifiers.
        const fields = columns.filter(({ field }) => field !== (query.empty ? 'id' : 'password'));
        const rows = [
          fields.map((column) => column[language]),
          ...devices.map((device) => fields.map(({ field }) => cellOf(device, field, sites, language))),
        ];
        const { format } = query;
        context.set(
          'Content-Disposition',
          `attachment; filename="${language === 'vi' ? 'thiet-bi' : 'devices'}.${format}"`,
        );
        context.type = mediaTypes[format];
        context.body =
          format === 'csv'
            ? writeCsv(rows)
            : await writeXlsx(
                rows,
                fields.map(({ field }) => widths[field] ?? 14),
              );
      },
    }),
  ];
}

/** @throws Fault where the file is no sheet that can be read. */
async function tableOf(content: Buffer): Promise<string[][]> {
  try {
    return await readTable(content);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    throw new Fault('invalid', error.code, { field: 'file', values: { rows: limits.rows, columns: limits.columns } });
  }
}

function cellOf(device: Endpoint, field: Field, sites: ReadonlyMap<string, string>, language: Language): string {
  switch (field) {
    case 'site':
      return sites.get(device.siteId ?? '') ?? '';
    case 'model':
    case 'mac':
    case 'serial':
      return device.device?.[field] ?? '';
    case 'enabled':
      return wordFor(field, String(device.enabled), language);
    case 'kind':
    case 'srtp':
      return wordFor(field, device[field], language);
    case 'password':
      return '';
    default:
      return device[field] ?? '';
  }
}
