import { z } from 'zod';
import { isMessageCode, type Language, say } from '../../platform/messages/messages.ts';
import type { Figures } from '../../store/reports/figures.ts';
import { incidentEvents, poorScore } from '../../store/reports/sums.ts';
import { authority, caseKind, caseState } from '../../store/schema/case.ts';
import { nameOf, type Period } from './period.ts';

/*
 * Figures as a report: sections of a table each, every number with the way to the things that it counts. Page, XLSX, CSV
 * and PDF are made of the same. Pure.
 */

const cell = z.object({
  value: z.number(),
  unit: z.enum(['count', 'minutes', 'score', 'percent', 'megabytes']),
  /** Path below `/api/v1` that lists what is counted; absent where the figure counts no things. */
  link: z.string().optional(),
});
export type Cell = z.output<typeof cell>;

export const reportView = z.object({
  title: z.string(),
  period: z.object({ name: z.string(), of: z.string().optional(), from: z.date(), to: z.date() }),
  sections: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      columns: z.array(z.string()),
      rows: z.array(z.object({ key: z.string(), label: z.string(), cells: z.array(cell) })),
    }),
  ),
});
export type Report = z.output<typeof reportView>;
type Section = Report['sections'][number];

const minutes = (ms: number): number => Math.round(ms / 6000) / 10;
const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

/** Makes the report of a period; `siteName` tells how a site is called. */
export function reportOf(
  figures: Figures,
  period: Period,
  { language, siteName }: { language: Language; siteName: (id: string) => string },
): Report {
  const text = (key: string): string => {
    const code = `report.${key}`;
    return isMessageCode(code) ? say(language, code) : key;
  };
  const span = (from: string, to: string) =>
    `${from}=${encodeURIComponent(period.from.toISOString())}&${to}=${encodeURIComponent(period.to.toISOString())}`;
  const things = (path: string, filter = '', [from = 'from', to = 'to']: string[] = []) =>
    `${path}?${filter === '' ? '' : `${filter}&`}${span(from, to)}`;
  const count = (value: number, link?: string): Cell => ({
    value,
    unit: 'count',
    ...(link === undefined ? {} : { link }),
  });
  const row = (section: string, key: string, ...cells: Cell[]) => ({ key, label: text(`${section}.${key}`), cells });
  const section = (key: string, columns: string[], rows: Section['rows']): Section => ({
    key,
    title: text(key),
    columns: [text(`${key}.of`), ...columns.map((column) => text(column))],
    rows,
  });

  const started = ['startedFrom', 'startedTo'];
  const { sessions, cases, legs, incidents, recordings, rehearsals } = figures;
  const ended = sessions.ended === 0 ? 0 : sessions.totalMs / sessions.ended;
  const registered = (kind: string, who: string) => cases.registered[kind]?.[who] ?? 0;
  const authorities = authority.options;
  const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
  const allCases = sum(caseKind.options.flatMap((kind) => authorities.map((who) => registered(kind, who))));
  // The log's `to` is inclusive.
  const entries = (event: string) =>
    `/log?event=${event}&from=${encodeURIComponent(period.from.toISOString())}&to=${encodeURIComponent(new Date(period.to.getTime() - 1).toISOString())}`;

  return {
    title: say(language, 'report.title', { period: nameOf(period, language) }),
    period: {
      name: nameOf(period, language),
      ...(period.of === undefined ? {} : { of: period.of }),
      from: period.from,
      to: period.to,
    },
    sections: [
      section(
        'sessions',
        ['number'],
        [
          row('sessions', 'held', count(sessions.held, things('/sessions', '', started))),
          row(
            'sessions',
            'with-province',
            count(sessions.withProvince, things('/sessions', 'siteKind=province', started)),
          ),
          row(
            'sessions',
            'with-central',
            count(sessions.withCentral, things('/sessions', 'siteKind=central', started)),
          ),
          row('sessions', 'planned', count(sessions.planned, things('/sessions'))),
          row('sessions', 'postponed', count(sessions.postponed, things('/sessions', 'postponed=true'))),
          row('sessions', 'cancelled', count(sessions.cancelled, things('/sessions', 'state=cancelled'))),
          row('sessions', 'total-minutes', {
            value: minutes(sessions.totalMs),
            unit: 'minutes',
            link: things('/sessions', 'state=ended', started),
          }),
          row('sessions', 'mean-minutes', {
            value: minutes(ended),
            unit: 'minutes',
            link: things('/sessions', 'state=ended', started),
          }),
        ],
      ),
      section(
        'cases',
        [...authorities.map((who) => `authority.${who}`), 'all'],
        [
          ...caseKind.options.map((kind) =>
            row(
              'cases',
              kind,
              ...authorities.map((who) =>
                count(registered(kind, who), things('/cases', `kind=${kind}&authority=${who}`)),
              ),
              count(sum(authorities.map((who) => registered(kind, who))), things('/cases', `kind=${kind}`)),
            ),
          ),
          row(
            'cases',
            'sum',
            ...authorities.map((who) =>
              count(sum(caseKind.options.map((kind) => registered(kind, who))), things('/cases', `authority=${who}`)),
            ),
            count(allCases, things('/cases')),
          ),
        ],
      ),
      section(
        'progress',
        ['number'],
        [
          row('progress', 'citizens', count(cases.citizens, things('/cases'))),
          row(
            'progress',
            'accepted',
            count(cases.accepted, things('/cases', 'verdict=accepted', ['decidedFrom', 'decidedTo'])),
          ),
          row(
            'progress',
            'refused',
            count(cases.refused, things('/cases', 'verdict=refused', ['decidedFrom', 'decidedTo'])),
          ),
          row('progress', 'notices', count(cases.notices, things('/cases', '', ['noticedFrom', 'noticedTo']))),
        ],
      ),
      section(
        'states',
        ['number'],
        caseState.options.map((state) =>
          row('states', state, count(cases.states[state] ?? 0, things('/cases', `state=${state}`))),
        ),
      ),
      section(
        'quality',
        ['quality.legs', 'quality.score', 'quality.poor', 'quality.loss'],
        [
          ...Object.entries(legs.sites).map(([id, site]) => {
            const of = `siteId=${encodeURIComponent(id === '' ? 'none' : id)}`;
            const joined = ['joinedFrom', 'joinedTo'];
            return {
              key: id === '' ? 'none' : id,
              label: id === '' ? text('quality.none') : siteName(id),
              cells: [
                count(site.legs, things('/legs', of, joined)),
                { value: site.score, unit: 'score' as const, link: things('/legs', of, joined) },
                count(site.poor, things('/legs', `${of}&scoreBelow=${poorScore}`, joined)),
                { value: site.lossPercent, unit: 'percent' as const, link: things('/legs', of, joined) },
              ],
            };
          }),
        ],
      ),
      section(
        'connections',
        ['number'],
        [
          row('connections', 'joined', count(legs.joined, things('/legs', '', ['joinedFrom', 'joinedTo']))),
          ...(['sip', 'h323'] as const).map((protocol) =>
            row(
              'connections',
              protocol,
              count(legs.protocols[protocol] ?? 0, things('/legs', `protocol=${protocol}`, ['joinedFrom', 'joinedTo'])),
            ),
          ),
          row('connections', 'failed', count(legs.failed, things('/legs', 'neverJoined=true'))),
        ],
      ),
      section(
        'incidents',
        ['number'],
        [...incidentEvents.map((event) => row('incidents', event, count(incidents[event] ?? 0, entries(event))))],
      ),
      section(
        'kept',
        ['number'],
        [
          row('kept', 'recordings', count(recordings.count, things('/recordings', 'kind=room&state=closed'))),
          row('kept', 'recorded-minutes', {
            value: minutes(recordings.totalMs),
            unit: 'minutes',
            link: things('/recordings', 'kind=room&state=closed'),
          }),
          row('kept', 'recorded-size', {
            value: megabytes(recordings.bytes),
            unit: 'megabytes',
            link: things('/recordings', 'kind=room&state=closed'),
          }),
          row('kept', 'rehearsals', count(rehearsals.count, things('/rehearsals'))),
          row('kept', 'rehearsals-failed', count(rehearsals.withFailures, things('/rehearsals', 'failed=true'))),
        ],
      ),
    ],
  };
}
