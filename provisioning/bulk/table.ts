import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { readSheet } from 'read-excel-file/node';
import writeExcelFile from 'write-excel-file/node';
import yauzl from 'yauzl';
import { dateCell, harmless, meant, numberCell } from './cells.ts';

/* Sheets as files: CSV (RFC 4180, as Excel and others write it) and XLSX, read and written within limits. */

export const limits = {
  bytes: 2 * 1024 * 1024,
  rows: 2_000,
  columns: 40,
  /** Characters of a cell. */
  cell: 500,
  /** Bytes of an XLSX file unpacked: a small archive can hold gigabytes. */
  unpacked: 64 * 1024 * 1024,
  entries: 200,
} as const;

export class TableError extends Error {
  readonly code: 'import.unreadable' | 'import.encoding' | 'import.too-many-rows' | 'import.too-wide' | 'import.empty';
  constructor(code: TableError['code']) {
    super(code);
    this.code = code;
  }
}

/** Reads a sheet: rows of cells, the first being the headings. What it is, its content tells. @throws TableError */
export async function readTable(content: Buffer): Promise<string[][]> {
  const packed = content.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]));
  const rows = packed ? await readXlsx(content) : readCsv(content);
  while (rows.length > 0 && rows.at(-1)?.every((cell) => cell === '') === true) rows.pop();
  if (rows.length < 2) throw new TableError('import.empty');
  if (rows.length - 1 > limits.rows) throw new TableError('import.too-many-rows');
  if (rows.some((row) => row.length > limits.columns && row.slice(limits.columns).some((cell) => cell !== '')))
    throw new TableError('import.too-wide');
  return rows.map((row) => row.slice(0, limits.columns).map((cell) => meant(cell.slice(0, limits.cell))));
}

function readCsv(content: Buffer): string[][] {
  const text = decode(content);
  // What Excel is told of the delimiter by is a line of its own, and keeps its place: rows are counted as it shows them.
  const said = /^sep=(.)(?=\r?\n)/i.exec(text)?.[1];
  try {
    return parse(said === undefined ? text : text.slice(5), {
      delimiter: said ?? delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: limits.columns * limits.cell * 4,
      to: limits.rows + 2,
    }) as string[][];
  } catch {
    throw new TableError('import.unreadable');
  }
}

/** UTF-8, or UTF-16 where Excel's "Unicode text" put its mark; anything else would turn Vietnamese letters into rubbish. */
function decode(content: Buffer): string {
  const sixteen = content[0] === 0xff && content[1] === 0xfe;
  try {
    return new TextDecoder(sixteen ? 'utf-16le' : 'utf-8', { fatal: true }).decode(content);
  } catch {
    throw new TableError('import.encoding');
  }
}

/** Excel writes `;` where the comma is the decimal mark, as in Vietnam. */
function delimiterOf(text: string): string {
  const heading = text.slice(0, text.search(/[\r\n]|$/)).replace(/"(?:[^"]|"")*"/g, '');
  const count = (mark: string): number => heading.split(mark).length - 1;
  return [',', ';', '\t'].sort((a, b) => count(b) - count(a))[0] ?? ',';
}

async function readXlsx(content: Buffer): Promise<string[][]> {
  await unpacksWithin(content);
  try {
    return (await readSheet(content)).map((row) => row.map(textOf));
  } catch {
    throw new TableError('import.unreadable');
  }
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return dateCell(cell);
  return typeof cell === 'number' ? numberCell(cell) : String(cell);
}

/** Unpacks everything once, counting: sizes that the archive tells may be lies. @throws TableError */
async function unpacksWithin(content: Buffer): Promise<void> {
  const unreadable = () => new TableError('import.unreadable');
  await new Promise<void>((resolve, reject) => {
    yauzl.fromBuffer(content, { lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
      if (error !== null || zip === undefined) return reject(unreadable());
      let bytes = 0;
      let entries = 0;
      const stop = (): void => {
        zip.close();
        reject(unreadable());
      };
      zip.on('error', stop);
      zip.on('end', resolve);
      zip.on('entry', (entry: yauzl.Entry) => {
        if (++entries > limits.entries || bytes + entry.uncompressedSize > limits.unpacked) return stop();
        zip.openReadStream(entry, (failed, stream) => {
          if (failed !== null || stream === undefined) return stop();
          stream.on('error', stop);
          stream.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes <= limits.unpacked) return;
            stream.destroy();
            stop();
          });
          stream.on('end', () => zip.readEntry());
        });
      });
      zip.readEntry();
    });
  });
}

/** A CSV file: UTF-8 with its mark (Excel reads it as such then), CRLF, no cell that begins a formula. */
export function writeCsv(rows: readonly (readonly string[])[]): Buffer {
  return Buffer.from(
    stringify(
      rows.map((row) => row.map(harmless)),
      { bom: true, record_delimiter: 'windows' },
    ),
  );
}

/** An XLSX file; every cell is text, also a number: leading zeros stay, and nothing is worked out. */
export function writeXlsx(rows: readonly (readonly string[])[], widths: readonly number[]): Promise<Buffer> {
  const cells = rows.map((row, place) =>
    row.map((value) => ({ value, type: String, format: '@', ...(place === 0 ? { fontWeight: 'bold' as const } : {}) })),
  );
  return writeExcelFile(cells, { columns: widths.map((width) => ({ width })), stickyRowsCount: 1 }).toBuffer();
}
