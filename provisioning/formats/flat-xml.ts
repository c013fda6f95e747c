import type { Content } from './formats.ts';
import { escapeXml, xmlHead } from './xml.ts';

/** Poly: every parameter an attribute of one element; the device's master file lists the files with parameters. */
export function polyXml({ entries, pointsTo }: Content): string {
  if (pointsTo !== undefined) return `${xmlHead}<APPLICATION CONFIG_FILES="${escapeXml(pointsTo)}"/>\n`;
  const attributes = entries.map(({ name, value }) => `\n    ${name}="${escapeXml(value)}"`);
  return `${xmlHead}<PHONE_CONFIG>\n  <ALL${attributes.join('')}/>\n</PHONE_CONFIG>\n`;
}

/** Cisco with multiplatform firmware, and SPA: `flat-profile` with one element for each parameter. */
export function ciscoXml({ entries }: Content): string {
  const elements = entries.map(({ name, value }) => `  <${name} ua="na">${escapeXml(value)}</${name}>\n`);
  return `${xmlHead}<flat-profile>\n${elements.join('')}</flat-profile>\n`;
}
