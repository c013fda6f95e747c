import { modelNamed } from '../catalogue.ts';
import { macIn } from '../discovery/recognise.ts';
import { dateIn, lossyNumberIn } from './cells.ts';
import { choicesOf, type Field, fieldOf, isPassedOver, meaningOf } from './columns.ts';

/* From a sheet to devices as they are wanted, and what is wrong with it, row by row. Pure. */

/** Something wrong: a code of the message catalogues, and where. */
export interface Problem {
  /** Row as a spreadsheet counts. */
  row: number;
  /** Heading of the column. */
  column?: string;
  code: ProblemCode;
  values: Record<string, string | number>;
}

export type ProblemCode =
  | 'import.no-name-column'
  | 'import.column-unknown'
  | 'import.column-twice'
  | 'import.column-unnamed'
  | 'import.date'
  | 'import.digits-lost'
  | 'import.mac-number'
  | 'import.name-missing'
  | 'import.word-unknown'
  | 'import.mac-wrong'
  | 'import.model-unknown'
  | 'import.model-without-mac'
  | 'import.twice'
  | 'import.site-unknown'
  | 'import.site-ambiguous'
  | 'import.id-unknown';

/** One device of a sheet; only the columns that the sheet has. */
export interface Row {
  row: number;
  cells: Partial<Record<Field, string>>;
}

export interface Sheet {
  rows: Row[];
  problems: Problem[];
  /** Field → its heading in this sheet. */
  headings: Partial<Record<Field, string>>;
  /** Row of the headings. */
  headingRow: number;
}

/** Each of these is given to one device alone. */
const single: readonly Field[] = ['id', 'number', 'mac', 'username'];

/** A title, a date, the name of the office: so many rows may stand above the headings. */
const mostAbove = 10;

/** The place of the headings: of the first rows, the one with the most names of columns. */
function headingsAt(table: readonly (readonly string[])[]): number {
  const known = table.slice(0, mostAbove).map((row) => row.filter((cell) => fieldOf(cell) !== undefined).length);
  const most = Math.max(0, ...known);
  return most === 0 ? 0 : known.indexOf(most);
}

/** Reads a table. Empty cells are absent; words are put into their meaning, MAC addresses and models into their form. */
export function readSheetRows(table: readonly (readonly string[])[], language: 'vi' | 'en'): Sheet {
  const above = headingsAt(table);
  const headingRow = above + 1;
  const first = table[above] ?? [];
  const body = table.slice(headingRow);
  const problems: Problem[] = [];
  const headings: Partial<Record<Field, string>> = {};
  const places = new Map<number, Field>();
  for (const [place, heading] of first.entries()) {
    if (heading === '' || isPassedOver(heading)) continue;
    const field = fieldOf(heading);
    if (field === undefined)
      problems.push({ row: headingRow, column: heading, code: 'import.column-unknown', values: { heading } });
    else if (headings[field] !== undefined)
      problems.push({ row: headingRow, column: heading, code: 'import.column-twice', values: { heading } });
    else {
      headings[field] = heading;
      places.set(place, field);
    }
  }
  if (headings.name === undefined && headings.id === undefined)
    problems.push({ row: headingRow, code: 'import.no-name-column', values: {} });
  const rows: Row[] = [];
  for (const [index, cells] of body.entries()) {
    if (cells.every((cell) => cell === '')) continue;
    const row: Row = { row: headingRow + index + 1, cells: {} };
    const stray = cells.find((cell, place) => cell !== '' && (first[place] ?? '') === '');
    if (stray !== undefined)
      problems.push({
        row: row.row,
        code: 'import.column-unnamed',
        values: { cell: dateIn(stray) ?? lossyNumberIn(stray) ?? stray },
      });
    for (const [place, field] of places) {
      const cell = cells[place] ?? '';
      if (cell !== '') row.cells[field] = cell;
    }
    rows.push(row);
    problems.push(...normalise(row, headings, language));
  }
  problems.push(...repeated(rows, headings));
  return { rows, problems, headings, headingRow };
}

/** Puts a row's cells into their form; tells what cannot be. */
function normalise({ cells, row }: Row, headings: Sheet['headings'], language: 'vi' | 'en'): Problem[] {
  const problems: Problem[] = [];
  const wrong = (field: Field, code: ProblemCode, values: Problem['values'] = {}): void => {
    const column = headings[field];
    problems.push({ row, ...(column === undefined ? {} : { column }), code, values });
  };
  for (const [field, cell] of Object.entries(cells) as [Field, string][]) {
    const date = dateIn(cell);
    const number = lossyNumberIn(cell);
    if (date !== undefined) wrong(field, 'import.date', { date });
    else if (number !== undefined) wrong(field, 'import.digits-lost', { number });
  }
  // The rest would complain of what the spreadsheet did.
  if (problems.length > 0) return problems;
  if (cells.name === undefined && cells.id === undefined) wrong('name', 'import.name-missing');
  for (const field of ['kind', 'srtp', 'enabled'] as const) {
    const cell = cells[field];
    if (cell === undefined) continue;
    const meaning = meaningOf(field, cell);
    if (meaning === undefined) wrong(field, 'import.word-unknown', { cell, choices: choicesOf(field, language) });
    else cells[field] = meaning;
  }
  if (cells.mac !== undefined) {
    const mac = macIn(cells.mac.replace(/^mac\b/i, '').replace(/[\s.:_-]/g, ''));
    // Digits alone, or digits with an E between them, are a number to a spreadsheet.
    const number = /^\d{1,11}$|^\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(cells.mac) && mac === undefined;
    if (mac === undefined) wrong('mac', number ? 'import.mac-number' : 'import.mac-wrong', { cell: cells.mac });
    else cells.mac = mac;
  }
  if (cells.model !== undefined) {
    const known = modelNamed(cells.model);
    if (known === undefined) wrong('model', 'import.model-unknown', { model: cells.model });
    else cells.model = known.model.name;
  }
  if (cells.id === undefined && (cells.model === undefined) !== (cells.mac === undefined))
    wrong(cells.model === undefined ? 'model' : 'mac', 'import.model-without-mac');
  return problems;
}

/** The same number, MAC address or name on two rows. */
function repeated(rows: readonly Row[], headings: Sheet['headings']): Problem[] {
  return single.flatMap((field) => {
    const first = new Map<string, number>();
    const problems: Problem[] = [];
    for (const { cells, row } of rows) {
      const cell = cells[field];
      if (cell === undefined) continue;
      const before = first.get(cell);
      if (before === undefined) first.set(cell, row);
      else
        problems.push({
          row,
          column: headings[field] ?? field,
          code: 'import.twice',
          values: { cell, row: before },
        });
    }
    return problems;
  });
}
