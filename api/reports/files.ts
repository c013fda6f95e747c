import { stringify } from 'csv-stringify/sync';
import writeXlsxFile, { type Row, type Sheet } from 'write-excel-file/node';
import { type Language, say } from '../../platform/messages/messages.ts';
import type { Office } from '../../store/schema/office.ts';
import { zone } from '../cases/cases.ts';
import { type Block, frameOf, type OfficialDocument } from '../documents/official.ts';
import type { Cell, Report } from './report.ts';

/* A report as files. */

const locales: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

/** A figure as people write it: “1.234”, “4,21”, “0,5 %”. */
export function written({ value, unit }: Cell, language: Language): string {
  const digits = unit === 'count' ? 0 : unit === 'minutes' || unit === 'megabytes' ? 1 : 2;
  const text = new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value);
  return unit === 'percent' ? `${text} %` : text;
}

/** One sheet a section; figures are numbers, so that they can be reckoned with. */
export async function reportXlsx(report: Report): Promise<Buffer> {
  const sheets = report.sections.map(({ title, columns, rows }): Sheet<Buffer> => {
    const head: Row = columns.map((value) => ({ value, fontWeight: 'bold', wrap: true }));
    const body = rows.map(
      ({ label, cells }): Row => [
        { value: label, type: String, wrap: true },
        ...cells.map(({ value, unit }) => ({
          value,
          type: Number,
          format: unit === 'count' ? '#,##0' : '#,##0.0#',
        })),
      ],
    );
    return {
      sheet: sheetName(title),
      data: [[{ value: report.title, fontWeight: 'bold' }], [{ value: title, fontWeight: 'bold' }], head, ...body],
      columns: [{ width: 60 }, ...columns.slice(1).map(() => ({ width: 18 }))],
    };
  });
  return writeXlsxFile(sheets).toBuffer();
}

/** What Excel takes as a name: at most 31 letters, none of `\ / ? * [ ] :`. */
const sheetName = (title: string): string =>
  title
    .replace(/[\\/?*[\]:]/g, ' ')
    .slice(0, 31)
    .trim();

/** RFC 4180 with a byte order mark, which Excel needs to see UTF-8; a cell that would be a formula is made plain text. */
export function reportCsv(report: Report): string {
  const rows = report.sections.flatMap(({ title, columns, rows: lines }) => [
    [title],
    columns,
    ...lines.map(({ label, cells }) => [label, ...cells.map(({ value }) => value)]),
    [],
  ]);
  return stringify([[report.title], [], ...rows], { bom: true, escape_formulas: true, record_delimiter: 'windows' });
}

/** The report in the form of administrative documents, for the province. */
export function reportDocument(report: Report, office: Office, date: Date): OfficialDocument {
  const language = 'vi';
  const tables = report.sections
    .filter(({ rows }) => rows.length > 0)
    .flatMap(({ title, columns, rows }, at): Block[] => [
      { kind: 'heading', text: `${at + 1}. ${title}` },
      {
        kind: 'table',
        head: columns,
        widths: [columns.length > 3 ? 3 : 5, ...columns.slice(1).map(() => 1)],
        rows: rows.map(({ label, cells }) => [label, ...cells.map((one) => written(one, language))]),
      },
    ]);
  return {
    ...frameOf(office, { type: 'BC', number: undefined, date, zone }),
    name: say(language, 'report.name'),
    subject: report.title,
    draft: false,
    body: [{ kind: 'paragraph', text: say(language, 'report.opening', { period: report.period.name }) }, ...tables],
  };
}
