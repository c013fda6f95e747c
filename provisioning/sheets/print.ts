import { mm, type PdfDefinition, pdf } from '../../platform/documents/pdf.ts';
import { type Language, say } from '../../platform/messages/messages.ts';
import { escapeXml } from '../formats/xml.ts';
import type { FilledSheet } from './fill.ts';

/** The sheet as a PDF file, A4, a box to tick at every line. */
export function sheetPdf(sheet: FilledSheet, language: Language): Promise<Buffer> {
  const head = (text: string) => ({ text, bold: true, fillColor: '#eeeeee' });
  const content: PdfDefinition['content'] = [
    { text: sheet.title, bold: true, fontSize: 15, alignment: 'center', margin: [0, 0, 0, 8] },
    ...sheet.head.map(([label, text]) => ({ text: [{ text: `${label}: `, bold: true }, text] })),
    ...sheet.sections.map(({ title, where, rows }) => [
      { text: title, bold: true, fontSize: 12, margin: [0, 10, 0, 1] as [number, number, number, number] },
      { text: where, italics: true, margin: [0, 0, 0, 3] as [number, number, number, number] },
      {
        table: {
          headerRows: 1,
          dontBreakRows: true,
          widths: [mm(10), mm(52), mm(52), '*'],
          body: [
            (['sheet.done', 'sheet.on-device', 'sheet.meaning', 'sheet.value'] as const).map((code) =>
              head(say(language, code)),
            ),
            ...rows.map(({ name, meaning, value }) => [
              { text: '☐', alignment: 'center' as const },
              name,
              meaning,
              value === undefined
                ? { text: `………………… (${say(language, 'sheet.by-hand')})` }
                : { text: value, bold: true },
            ]),
          ],
        },
      },
    ]),
    ...sheet.notes.map((text) => ({ text, fontSize: 9, margin: [0, 6, 0, 0] as [number, number, number, number] })),
  ];
  return pdf({ info: { title: sheet.title }, defaultStyle: { font: 'Sans', fontSize: 10 }, content });
}

/** The same as a page that prints well. */
export function sheetHtml(sheet: FilledSheet, language: Language): string {
  const cells = (tag: 'td' | 'th', texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${text}</${tag}>`).join('')}</tr>`;
  const columns = (['sheet.done', 'sheet.on-device', 'sheet.meaning', 'sheet.value'] as const).map((code) =>
    escapeXml(say(language, code)),
  );
  const byHand = `………………… (${escapeXml(say(language, 'sheet.by-hand'))})`;
  const sections = sheet.sections.map(
    ({ title, where, rows }) =>
      `<h2>${escapeXml(title)}</h2><p><i>${escapeXml(where)}</i></p><table>${cells('th', columns)}${rows
        .map(({ name, meaning, value }) =>
          cells('td', [
            '☐',
            escapeXml(name),
            escapeXml(meaning),
            value === undefined ? byHand : `<b>${escapeXml(value)}</b>`,
          ]),
        )
        .join('')}</table>`,
  );
  const head = sheet.head.map(([label, text]) => `<p><b>${escapeXml(label)}:</b> ${escapeXml(text)}</p>`);
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${escapeXml(sheet.title)}</title><style>
@page{size:A4;margin:20mm 15mm 20mm 30mm}body{font:11pt "DejaVu Sans",sans-serif;margin:0}h1{font-size:15pt;text-align:center}
h2{font-size:12pt;margin:12pt 0 0}p{margin:2pt 0}table{border-collapse:collapse;width:100%}th,td{border:1px solid #000;
padding:2pt 4pt;text-align:left;vertical-align:top}tr{break-inside:avoid}th{background:#eee}td:first-child{text-align:center}
</style></head><body><h1>${escapeXml(sheet.title)}</h1>${head.join('')}${sections.join('')}${sheet.notes
    .map((text) => `<p><small>${escapeXml(text)}</small></p>`)
    .join('')}</body></html>
`;
}
