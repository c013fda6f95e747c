import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import readXlsxFile from 'read-excel-file/node';
import { written } from '../../../api/reports/files.ts';
import type { Report } from '../../../api/reports/report.ts';

/* Reports as files, read back by readers that did not write them, and held against the figures of the API. */

/** Title, columns and rows of a section as they stand in a sheet. */
const linesOf = ({ columns, rows, title }: Report['sections'][number]): (string | number)[][] => [
  [title],
  columns,
  ...rows.map(({ label, cells }) => [label, ...cells.map(({ value }) => value)]),
];

export async function sameInXlsx(file: Buffer, report: Report): Promise<void> {
  const sheets = await readXlsxFile(file);
  assert.equal(sheets.length, report.sections.length, 'a sheet for each section');
  for (const [at, section] of report.sections.entries()) {
    const { data, sheet } = sheets[at]!;
    assert.ok(section.title.startsWith(sheet.slice(0, 20)), `${sheet} is ${section.title}`);
    const read = data.map((row) => row.filter((cell) => cell !== null));
    assert.deepEqual(read, [[report.title], ...linesOf(section)]);
  }
}

export function sameInCsv(file: Buffer, report: Report): void {
  const rows = parse(file, { bom: true, relax_column_count: true }) as string[][];
  const wanted = report.sections.flatMap((section) => linesOf(section).map((line) => line.map(String)));
  const told = rows.filter((row) => row.some((cell) => cell !== ''));
  assert.deepEqual(told, [[report.title], ...wanted]);
}

/** What Poppler reads in the PDF: head and foot of the decree, each section and each figure, in one font family. */
export function sameInPdf(file: Buffer, report: Report, signs: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const path = join(folder, 'report.pdf');
    writeFileSync(path, file);
    const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).normalize('NFC');
    const flat = text.replace(/\s+/g, ' ');
    for (const sign of ['CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Độc lập - Tự do - Hạnh phúc', 'BÁO CÁO', ...signs])
      assert.ok(flat.includes(sign), `“${sign}” in the PDF`);
    const lines = text.split('\n').map((line) => line.trim());
    for (const { rows, title } of report.sections) {
      if (rows.length === 0) continue;
      assert.ok(flat.includes(title), title);
      for (const { cells, label } of rows) {
        const figures = cells.map((cell) => written(cell, 'vi')).join(' ');
        // A long label goes on in the next line; its figures stand beside the first.
        const found = lines.some((line) => {
          const flatLine = line.replace(/\s+/g, ' ');
          const name = flatLine.slice(0, -figures.length).trim();
          return flatLine.endsWith(figures) && name !== '' && label.startsWith(name);
        });
        assert.ok(found, `“${label}”: ${figures}\n${text}`);
      }
    }
    const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' }).split('\n').slice(2).filter(Boolean);
    assert.ok(fonts.length >= 3 && fonts.every((font) => /\+Tinos\S* .* yes +yes /.test(font)), fonts.join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
