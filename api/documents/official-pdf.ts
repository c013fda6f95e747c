import type { Content } from 'pdfmake';
import { mm, pdf } from '../../platform/documents/pdf.ts';
import { say } from '../../platform/messages/messages.ts';
import type { Block, OfficialDocument } from './official.ts';

/** A rule of so many points, in the middle of its column. */
const ruleBelow = (width: number, column: number): Content => ({
  canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.7 }],
  margin: [(column - width) / 2, 3, 0, 0],
});

const textWidth = mm(210 - 30 - 15);
const left = textWidth * 0.43;
const right = textWidth * 0.57;
/** As long as the motto, points. */
const mottoWidth = 159;

/** The document as a PDF file: A4, margins and sizes of the decree. */
export function officialPdf(document: OfficialDocument): Promise<Buffer> {
  return pdf({
    info: { title: `${document.name} – ${document.subject}`, author: document.agency },
    defaultStyle: { fontSize: 14, lineHeight: 1.08 },
    content: [
      ...(document.draft
        ? [{ text: say('vi', 'document.draft'), bold: true, alignment: 'right' } satisfies Content]
        : []),
      head(document),
      { text: document.name, bold: true, alignment: 'center', fontSize: 14, margin: [0, 16, 0, 0] },
      { text: document.subject, bold: true, alignment: 'center' },
      ruleBelow(textWidth * 0.18, textWidth),
      { text: '', margin: [0, 0, 0, 10] },
      ...document.body.slice(0, -1).map(block),
      // A page with nothing but the signature could be put behind another text.
      {
        stack: [...document.body.slice(-1).map(block), foot(document)],
        unbreakable: document.body.at(-1)?.kind !== 'table',
      },
    ],
  });
}

function head({ parentAgency, agency, number, placeAndDate }: OfficialDocument): Content {
  const centred = { alignment: 'center' } as const;
  const nation: Content = [
    { text: say('vi', 'document.nation'), ...centred, bold: true, fontSize: 12 },
    { text: say('vi', 'document.motto'), ...centred, bold: true, fontSize: 13 },
    ruleBelow(mottoWidth, right),
  ];
  const own: Content = [
    ...(parentAgency === undefined ? [] : [{ text: parentAgency, ...centred, fontSize: 12 }]),
    { text: agency, ...centred, bold: true, fontSize: 12 },
    ruleBelow(left * 0.38, left),
  ];
  return [
    {
      columns: [
        { width: left, stack: own },
        { width: right, stack: nation },
      ],
    },
    {
      columns: [
        { width: left, text: number, ...centred, fontSize: 13 },
        { width: right, text: placeAndDate, ...centred, italics: true, fontSize: 13 },
      ],
      margin: [0, 10, 0, 0],
    },
  ];
}

function block(one: Block): Content {
  if (one.kind === 'table') {
    const total = one.widths.reduce((sum, width) => sum + width, 0);
    return {
      table: {
        headerRows: 1,
        dontBreakRows: true,
        widths: one.widths.map((width) => `${(width * 100) / total}%`),
        body: [
          one.head.map((text) => ({ text, bold: true, alignment: 'center' as const, fontSize: 12 })),
          ...one.rows.map((row) =>
            row.map((text, at) => ({
              text,
              alignment: at === 0 ? ('left' as const) : ('right' as const),
              fontSize: 12,
            })),
          ),
        ],
      },
      margin: [0, 2, 0, 8],
    };
  }
  const { text, kind } = one;
  if (kind === 'item') return { text: `- ${text}`, alignment: 'justify', margin: [mm(10), 0, 0, 3] };
  return {
    text,
    alignment: 'justify',
    bold: kind === 'heading',
    leadingIndent: mm(10),
    margin: [0, kind === 'heading' ? 3 : 0, 0, 6],
  };
}

function foot({ recipients, signAs, signer }: OfficialDocument): Content {
  return {
    margin: [0, 14, 0, 0],
    columns: [
      {
        width: left,
        stack: [
          { text: say('vi', 'document.recipients'), bold: true, italics: true, fontSize: 12 },
          ...recipients.map((text) => ({ text, fontSize: 12 })),
        ],
      },
      {
        width: right,
        stack: [
          ...signAs.map((text) => ({ text, bold: true, alignment: 'center' as const })),
          { text: signer, bold: true, alignment: 'center', margin: [0, 64, 0, 0] },
        ],
      },
    ],
  };
}
