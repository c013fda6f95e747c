/* Text that a spreadsheet would take for a formula is made harmless on the way out, and itself again on the way in. Pure. */

/** A cell that begins so is worked out by Excel, LibreOffice and others (OWASP, CSV injection). */
const dangerous = /^[=+\-@\t\r]/;

/** A cell for a CSV file. */
export const harmless = (cell: string): string => (dangerous.test(cell) ? `'${cell}` : cell);

/** A cell as it was meant: without the mark that `harmless` puts before it. */
export const meant = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell).trim();
