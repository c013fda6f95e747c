import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';

/*
 * The one place where PDF files are made: Tinos, whose letters are as wide as Times New Roman's, which the decree asks for,
 * and DejaVu Sans (both with every Vietnamese mark; they lie in packages), A4 with the margins of administrative documents
 * (Decree 30/2020/NĐ-CP, appendix I: 20 mm above and below, 30 mm left, 15 mm right), page numbers from the second page
 * on, in the middle above.
 */

const require = createRequire(import.meta.url);
const sans = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
const serif = dirname(require.resolve('@expo-google-fonts/tinos/package.json'));
const tinos = (style: string): string => join(serif, style, `Tinos_${style}.ttf`);

pdfmake.setFonts({
  Serif: {
    normal: tinos('400Regular'),
    bold: tinos('700Bold'),
    italics: tinos('400Regular_Italic'),
    bolditalics: tinos('700Bold_Italic'),
  },
  Sans: {
    normal: join(sans, 'DejaVuSansCondensed.ttf'),
    bold: join(sans, 'DejaVuSansCondensed-Bold.ttf'),
    italics: join(sans, 'DejaVuSansCondensed-Oblique.ttf'),
    bolditalics: join(sans, 'DejaVuSansCondensed-BoldOblique.ttf'),
  },
});
// A document never reaches beyond our own fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(sans) || path.startsWith(serif));

/** A document in pdfmake's terms. */
export type PdfDefinition = Parameters<typeof pdfmake.createPdf>[0];

/** Points of a length in mm. */
export const mm = (length: number): number => (length * 72) / 25.4;

/** A4 pages of a document in pdfmake's terms (lengths in points); fonts are `Serif` (when nothing is said) and `Sans`. */
export async function pdf(definition: PdfDefinition): Promise<Buffer> {
  const document = pdfmake.createPdf({
    pageSize: 'A4',
    pageMargins: [mm(30), mm(20), mm(15), mm(20)],
    header: (page) =>
      page === 1 ? '' : { text: String(page), alignment: 'center', fontSize: 13, margin: [0, mm(9), 0, 0] },
    ...definition,
    defaultStyle: { font: 'Serif', fontSize: 12, lineHeight: 1.15, ...definition.defaultStyle },
  });
  return Buffer.from(await document.getBuffer());
}
