export const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Character data of XML 1.0 (clause 2.4), fit for attributes in double quotes too (clause 2.3). */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
