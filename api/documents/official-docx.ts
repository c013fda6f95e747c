import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip,
  Document,
  Header,
  type IParagraphOptions,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { say } from '../../platform/messages/messages.ts';
import type { Block, OfficialDocument } from './official.ts';

const font = 'Times New Roman';
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
const noBorders = { top: none, bottom: none, left: none, right: none };
const rule = { style: BorderStyle.SINGLE, size: 6, color: '000000', space: 1 };
const mm = convertMillimetersToTwip;

interface Style {
  /** Points. */
  size?: number;
  bold?: boolean;
  italics?: boolean;
}

const run = (text: string, { size = 14, bold = false, italics = false }: Style = {}): TextRun =>
  new TextRun({ text, font, size: size * 2, bold, italics });

const line = (text: string, style: Style, options: IParagraphOptions = {}): Paragraph =>
  new Paragraph({ alignment: AlignmentType.CENTER, ...options, children: [run(text, style)] });

/** A line under what stands above, indented on both sides by this share (mm). */
const ruleBelow = (indent: number): Paragraph =>
  new Paragraph({
    indent: { left: mm(indent), right: mm(indent) },
    border: { top: rule },
    spacing: { before: 60, line: 80, lineRule: LineRuleType.EXACT },
    run: { size: 4 },
  });

/** The document as a DOCX file that the office edits on: A4, Times New Roman, margins and sizes of the decree. */
export async function officialDocx(document: OfficialDocument): Promise<Buffer> {
  const pageNumber = new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ children: [PageNumber.CURRENT], font, size: 26 })],
  });
  const file = new Document({
    title: `${document.name} – ${document.subject}`,
    creator: document.agency,
    styles: { default: { document: { run: { font, size: 28 } } } },
    sections: [
      {
        properties: {
          titlePage: true,
          page: {
            size: { width: mm(210), height: mm(297) },
            margin: { top: mm(20), bottom: mm(20), left: mm(30), right: mm(15) },
          },
        },
        headers: { default: new Header({ children: [pageNumber] }), first: new Header({ children: [] }) },
        children: [
          ...(document.draft
            ? [line(say('vi', 'document.draft'), { bold: true }, { alignment: AlignmentType.RIGHT })]
            : []),
          head(document),
          line(document.name, { bold: true }, { spacing: { before: 320 } }),
          line(document.subject, { bold: true }),
          ruleBelow(66),
          ...document.body.map((one, at) => block(one, at === document.body.length - 1)),
          foot(document),
        ],
      },
    ],
  });
  return Packer.toBuffer(file);
}

const [leftMm, rightMm] = [71, 94];

function columns(...rows: [left: Paragraph[], right: Paragraph[]][]): Table {
  const margins = { left: 0, right: 0, top: 0, bottom: 0 };
  const cell = (children: Paragraph[], width: number) =>
    new TableCell({ children, borders: noBorders, margins, width: { size: mm(width), type: WidthType.DXA } });
  return new Table({
    width: { size: mm(leftMm + rightMm), type: WidthType.DXA },
    columnWidths: [mm(leftMm), mm(rightMm)],
    borders: { ...noBorders, insideHorizontal: none, insideVertical: none },
    rows: rows.map(
      ([left, right]) => new TableRow({ cantSplit: true, children: [cell(left, leftMm), cell(right, rightMm)] }),
    ),
  });
}

function head({ parentAgency, agency, number, placeAndDate }: OfficialDocument): Table {
  return columns(
    [
      [
        ...(parentAgency === undefined ? [] : [line(parentAgency, { size: 12 })]),
        line(agency, { size: 12, bold: true }),
        ruleBelow(22),
      ],
      [
        line(say('vi', 'document.nation'), { size: 12, bold: true }),
        line(say('vi', 'document.motto'), { size: 13, bold: true }),
        // As long as the motto.
        ruleBelow(19),
      ],
    ],
    [
      [line(number, { size: 13 }, { spacing: { before: 120 } })],
      [line(placeAndDate, { size: 13, italics: true }, { spacing: { before: 120 } })],
    ],
  );
}

/** What stands before the signature stays with it: a page with nothing but a signature could follow another text. */
function block(one: Block, last: boolean): Paragraph | Table {
  if (one.kind === 'table') return table(one);
  const { kind, text } = one;
  return new Paragraph({
    alignment: AlignmentType.BOTH,
    indent: { firstLine: mm(10) },
    spacing: { before: kind === 'item' ? 60 : 120, line: 276, lineRule: LineRuleType.AUTO },
    keepNext: kind === 'heading' || last,
    children: [run(kind === 'item' ? `- ${text}` : text, { bold: kind === 'heading' })],
  });
}

function table({ head, rows, widths }: Extract<Block, { kind: 'table' }>): Table {
  const total = widths.reduce((sum, width) => sum + width, 0);
  const row = (cells: string[], header: boolean) =>
    new TableRow({
      tableHeader: header,
      cantSplit: true,
      children: cells.map(
        (text, at) =>
          new TableCell({
            width: { size: Math.round(((widths[at] ?? 1) * 100) / total), type: WidthType.PERCENTAGE },
            children: [
              line(
                text,
                { size: 12, bold: header },
                header ? {} : { alignment: at === 0 ? AlignmentType.LEFT : AlignmentType.RIGHT },
              ),
            ],
          }),
      ),
    });
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    rows: [row(head, true), ...rows.map((cells) => row(cells, false))],
  });
}

function foot({ recipients, signAs, signer }: OfficialDocument): Table {
  return columns([
    [
      line(
        say('vi', 'document.recipients'),
        { size: 12, bold: true, italics: true },
        { alignment: AlignmentType.LEFT, spacing: { before: 240 } },
      ),
      ...recipients.map((text) => line(text, { size: 11 }, { alignment: AlignmentType.LEFT })),
    ],
    [
      ...signAs.map((text, at) => line(text, { bold: true }, { spacing: { before: at === 0 ? 240 : 0 } })),
      line(signer, { bold: true }, { spacing: { before: 1400 } }),
    ],
  ]);
}
