/* Text that a spreadsheet would take for a formula is made harmless on the way out, and itself again on the way in. Pure. */

/** A cell that begins so is worked out by Excel, LibreOffice and others (OWASP, CSV injection). */
const dangerous = /^[=+\-@\t\r]/;

/** A cell for a CSV file. */
export const harmless = (cell: string): string => (dangerous.test(cell) ? `'${cell}` : cell);

/**
 * A cell as it was meant: without the mark that `harmless` puts before it, without signs that nobody sees (copied from
 * web pages and chats), letters with their marks put together.
 */
export const meant = (cell: string): string =>
  (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell)
    .replace(/\p{Cf}/gu, '')
    .normalize('NFC')
    .trim();

/** Stands before the day of a cell that a spreadsheet holds as a date: no column here takes one. */
const dateMark = '\u0001';

/** A cell that holds a date. */
export const dateCell = (date: Date): string => `${dateMark}${date.toISOString().slice(0, 10)}`;

/** The day of a cell that holds a date, as a spreadsheet in Vietnam shows it. */
export function dateIn(cell: string): string | undefined {
  const [year, month, day] = cell.startsWith(dateMark) ? cell.slice(1).split('-') : [];
  return day === undefined ? undefined : `${day}/${month}/${year}`;
}

const numberMark = '\u0002';

/** A cell that holds a number; spreadsheets keep fifteen digits of one, and make noughts of the others. */
export const numberCell = (value: number): string =>
  Math.abs(value) >= 1e15 ? `${numberMark}${value}` : String(value);

/** The number of a cell that has lost digits. */
export const lossyNumberIn = (cell: string): string | undefined =>
  cell.startsWith(numberMark) ? cell.slice(1) : undefined;
