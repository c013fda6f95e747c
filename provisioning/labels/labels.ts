import type { Content, TableCell } from 'pdfmake';
import { mm, pdf } from '../../platform/documents/pdf.ts';
import { type Language, say } from '../../platform/messages/messages.ts';

/** One device on its label. */
export interface Label {
  name: string;
  site?: string;
  number?: string;
  model?: string;
  mac?: string;
  /** What the QR code leads to. */
  link: string;
}

/** Sheets of 24 labels of 70 × 37 mm, as every office shop has them. */
export const sheet = { across: 3, down: 8, width: 70, height: 37 } as const;
const perSheet = sheet.across * sheet.down;
/** A name longer than what fits on the label is cut: the rest must not push the next labels out of their place. */
const mostLetters = 60;

/** A MAC address as it is printed on devices. */
export const printedMac = (mac: string): string => mac.toUpperCase().replace(/(..)(?=.)/g, '$1:');

/** The labels as a PDF file; `skip`: labels of the first sheet that are used already. */
export function labelSheets(labels: readonly Label[], language: Language, skip = 0): Promise<Buffer> {
  const cells: TableCell[] = [
    ...Array.from({ length: skip % perSheet }, () => ({ text: '' })),
    ...labels.map((label) => cellOf(label, language)),
  ];
  while (cells.length % sheet.across !== 0) cells.push({ text: '' });
  const pages: Content[] = [];
  for (let from = 0; from < cells.length; from += perSheet) {
    const body: TableCell[][] = [];
    for (let at = from; at < Math.min(from + perSheet, cells.length); at += sheet.across)
      body.push(cells.slice(at, at + sheet.across));
    pages.push({
      ...(from === 0 ? {} : { pageBreak: 'before' as const }),
      table: {
        widths: Array.from({ length: sheet.across }, () => mm(sheet.width)),
        heights: mm(sheet.height),
        dontBreakRows: true,
        body,
      },
      layout: {
        hLineWidth: () => 0,
        vLineWidth: () => 0,
        paddingLeft: () => 0,
        paddingRight: () => 0,
        paddingTop: () => 0,
        paddingBottom: () => 0,
      },
    });
  }
  return pdf({
    info: { title: say(language, 'labels.title') },
    pageMargins: [0, mm(0.4), 0, 0],
    header: () => '',
    defaultStyle: { font: 'Sans', fontSize: 8, lineHeight: 1 },
    content: pages,
  });
}

function cellOf({ link, mac, model, name, number, site }: Label, language: Language): TableCell {
  const line = (text: string | undefined, style: object = {}): Content[] =>
    text === undefined || text === '' ? [] : [{ text: cut(text, 40), ...style }];
  return {
    margin: [mm(3), mm(4), mm(2), 0],
    columns: [
      { qr: link, fit: mm(27), width: mm(29), eccLevel: 'M' },
      {
        width: mm(sheet.width - 29 - 6),
        stack: [
          { text: cut(name, mostLetters), bold: true, fontSize: 9, margin: [0, 0, 0, 2] },
          ...line(number === undefined ? undefined : say(language, 'labels.number', { number }), { fontSize: 9 }),
          ...line(site),
          ...line(model),
          ...line(mac === undefined ? undefined : printedMac(mac)),
        ],
      },
    ],
  };
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
