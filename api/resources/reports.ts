import type { Context } from 'koa';
import { z } from 'zod';
import { readFigures } from '../../store/reports/figures.ts';
import { rehearsal } from '../../store/schema/rehearsal.ts';
import { legRecord } from '../../store/schema/session.ts';
import { officeOf } from '../documents/office.ts';
import { officialPdf } from '../documents/official-pdf.ts';
import { flag, listing, listOf, moment, page, sortBy, spanOf } from '../fields.ts';
import { reportCsv, reportDocument, reportXlsx } from '../reports/files.ts';
import { periodOf, periodsUpTo } from '../reports/period.ts';
import { reportOf, reportView } from '../reports/report.ts';
import { pointOf, type TrendPoint, trendPoint } from '../reports/trend.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { legView } from '../views.ts';

const tag = 'reports';

const query = z.strictObject({
  /** `2026-05`, `2026-Q2` or `2026`; or `from` and `to`. */
  of: z.string().max(10).optional(),
  from: moment.optional(),
  to: moment.optional(),
  language: z.enum(['vi', 'en']).optional(),
});
type Query = z.output<typeof query>;

const mediaTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  pdf: 'application/pdf',
} as const;

/** Reports of any span of time, and the lists that their figures lead to. */
export function reports(services: Services): Route[] {
  const { store, log, clock } = services;
  const made = async (asked: Query, language: 'vi' | 'en') => {
    const period = periodOf(asked);
    const [figures, sites] = await Promise.all([readFigures(store, log, period), store.sites.recall()]);
    const names = new Map(sites.map(({ id, name }) => [id, name]));
    return reportOf(figures, period, { language: asked.language ?? language, siteName: (id) => names.get(id) ?? id });
  };
  const send = async (context: Context, asked: Query, language: 'vi' | 'en', kind: keyof typeof mediaTypes) => {
    // What goes to the province is in Vietnamese.
    const report = await made(kind === 'pdf' ? { ...asked, language: 'vi' } : asked, language);
    const name = report.period.of ?? report.period.from.toISOString().slice(0, 10);
    context.set('Content-Disposition', `attachment; filename="bao-cao-${name}.${kind}"`);
    context.type = kind === 'csv' ? 'text/csv; charset=utf-8' : mediaTypes[kind];
    if (kind === 'csv') context.body = reportCsv(report);
    else if (kind === 'xlsx') context.body = await reportXlsx(report);
    else context.body = await officialPdf(reportDocument(report, await officeOf(store), clock.now()));
  };

  return [
    route({
      method: 'GET',
      path: '/reports',
      tag,
      access: 'viewer',
      summary: 'The report of a month, a quarter, a year or any span; each figure leads to the things it counts',
      query,
      answer: reportView,
      handle: ({ query: asked, language }) => made(asked, language),
    }),
    route({
      method: 'GET',
      path: '/reports/trend',
      tag,
      access: 'viewer',
      summary: 'Some figures of a month, quarter or year and of those before it, oldest first',
      query: z.strictObject({
        /** The last period: `2026-05`, `2026-Q2` or `2026`. */
        of: z.string().max(10),
        periods: z.coerce.number().int().min(1).max(24).default(6),
        language: z.enum(['vi', 'en']).optional(),
      }),
      answer: z.object({ items: z.array(trendPoint) }),
      handle: async ({ query: { of, periods, language: wanted }, language }) => {
        const items: TrendPoint[] = [];
        // One after the other: each reads all of its period, and others ask too.
        for (const period of periodsUpTo(of, periods))
          items.push(pointOf(await readFigures(store, log, period), period, wanted ?? language));
        return { items };
      },
    }),
    ...(Object.keys(mediaTypes) as (keyof typeof mediaTypes)[]).map((kind) =>
      route({
        method: 'GET',
        path: `/reports.${kind}`,
        tag,
        access: 'viewer',
        summary: `The report as ${kind.toUpperCase()}`,
        query,
        answer: { mediaType: mediaTypes[kind], description: 'The file' },
        handle: ({ query: asked, language, context }) => send(context, asked, language, kind),
      }),
    ),
    route({
      method: 'GET',
      path: '/legs',
      tag: 'legs',
      access: 'viewer',
      summary: 'List legs of all sessions: of a site, a protocol, a time, with poor sound, or that never joined',
      query: z.strictObject({
        ...page,
        sort: sortBy('-createdAt', 'createdAt', 'joinedAt', '-joinedAt'),
        joinedFrom: moment.optional(),
        joinedTo: moment.optional(),
        /** Called or arrived. */
        from: moment.optional(),
        to: moment.optional(),
        /** `none`: of no site. */
        siteId: z.string().max(64).optional(),
        protocol: legRecord.shape.protocol.optional(),
        scoreBelow: z.coerce.number().min(1).max(5).optional(),
        neverJoined: flag.optional(),
      }),
      answer: listOf(legView),
      handle: async ({ query: asked }) => {
        const filter = {
          sessionId: { $ne: '' },
          ...spanOf('joinedAt', { from: asked.joinedFrom, to: asked.joinedTo }),
          ...spanOf('createdAt', asked),
          ...(asked.siteId === undefined
            ? {}
            : { siteId: asked.siteId === 'none' ? { $exists: false } : asked.siteId }),
          ...(asked.protocol === undefined ? {} : { protocol: asked.protocol }),
          ...(asked.scoreBelow === undefined ? {} : { 'quality.score': { $lt: asked.scoreBelow } }),
          ...(asked.neverJoined === true ? { joinedAt: { $exists: false }, state: 'ended' } : {}),
        };
        const [items, total] = await Promise.all([store.legs.find(filter, listing(asked)), store.legs.count(filter)]);
        return { items, total };
      },
    }),
    route({
      method: 'GET',
      path: '/rehearsals',
      tag: 'rehearsals',
      access: 'viewer',
      summary: 'List checks of all sessions',
      query: z.strictObject({
        ...page,
        sort: sortBy('-startedAt', 'startedAt'),
        from: moment.optional(),
        to: moment.optional(),
        failed: flag.optional(),
      }),
      answer: listOf(rehearsal),
      handle: async ({ query: asked }) => {
        const filter = {
          ...spanOf('startedAt', asked),
          ...(asked.failed === undefined ? {} : { failures: asked.failed ? { $gt: 0 } : 0 }),
        };
        const [items, total] = await Promise.all([
          store.rehearsals.find(filter, listing(asked)),
          store.rehearsals.count(filter),
        ]);
        return { items, total };
      },
    }),
  ];
}
