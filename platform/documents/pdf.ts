import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';

/*
 * The one place where PDF files are made: DejaVu's letters (every Vietnamese mark; they lie in our own packages), A4 with
 * the margins of administrative documents (Decree 30/2020/NĐ-CP, appendix I: 20 mm above and below, 30 mm left, 15 mm
 * right), page numbers from the second page on, in the middle above.
 */

const folder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
const family = (name: string, italic: string) => ({
  normal: join(folder, `${name}.ttf`),
  bold: join(folder, `${name}-Bold.ttf`),
  italics: join(folder, `${name}-${italic}.ttf`),
  bolditalics: join(folder, `${name}-Bold${italic}.ttf`),
});

pdfmake.setFonts({
  Serif: family('DejaVuSerifCondensed', 'Italic'),
  Sans: family('DejaVuSansCondensed', 'Oblique'),
});
// A document never reaches beyond our own fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(folder));

/** A document in pdfmake's terms. */
export type PdfDefinition = Parameters<typeof pdfmake.createPdf>[0];

/** Points of a length in mm. */
export const mm = (length: number): number => (length * 72) / 25.4;

/** A4 pages of a document in pdfmake's terms (lengths in points); fonts are `Serif` (when nothing is said) and `Sans`. */
export async function pdf(definition: PdfDefinition): Promise<Buffer> {
  const document = pdfmake.createPdf({
    pageSize: 'A4',
    pageMargins: [mm(30), mm(20), mm(15), mm(20)],
    header: (page) => (page === 1 ? '' : { text: String(page), alignment: 'center', margin: [0, mm(10), 0, 0] }),
    ...definition,
    defaultStyle: { font: 'Serif', fontSize: 12, lineHeight: 1.15, ...definition.defaultStyle },
  });
  return Buffer.from(await document.getBuffer());
}
