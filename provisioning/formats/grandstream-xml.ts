import type { Content } from './formats.ts';
import { escapeXml, xmlHead } from './xml.ts';

/** Grandstream: `gs_provision` with one element for each P-value. */
export function grandstreamXml({ entries, mac }: Content): string {
  const elements = entries.map(({ name, value }) => `    <${name}>${escapeXml(value)}</${name}>\n`);
  return `${xmlHead}<gs_provision version="1">\n  <mac>${mac}</mac>\n  <config version="1">\n${elements.join('')}  </config>\n</gs_provision>\n`;
}
