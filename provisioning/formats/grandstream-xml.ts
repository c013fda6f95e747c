import type { Entry } from '../entries.ts';
import type { Content } from './formats.ts';
import { escapeXml, xmlHead } from './xml.ts';

/** Grandstream: `gs_provision` with one element for each P-value. */
export const grandstreamXml = (content: Content): string =>
  gsProvision('1', content, ({ name, value }) => `<${name}>${escapeXml(value)}</${name}>`);

/** Grandstream, newer firmware: the same with one `item` for each setting, by a name in words. */
export const grandstreamItems = (content: Content): string =>
  gsProvision('2', content, ({ name, value }) => `<item name="${escapeXml(name)}">${escapeXml(value)}</item>`);

function gsProvision(version: '1' | '2', { entries, mac }: Content, element: (entry: Entry) => string): string {
  const elements = entries.map((entry) => `    ${element(entry)}\n`);
  return `${xmlHead}<gs_provision version="1">\n  <mac>${mac}</mac>\n  <config version="${version}">\n${elements.join('')}  </config>\n</gs_provision>\n`;
}
