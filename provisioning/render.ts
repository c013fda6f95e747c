import type { Settings } from './settings.ts';
import type { Template } from './template.ts';

/** A line of a device's file. */
export interface Entry {
  name: string;
  value: string;
  secret: boolean;
}

/** A device's file as it is handed out. */
export interface DeviceFile {
  name: string;
  mediaType: string;
  text: string;
}

const hidden = '********';

/** What a template says for these settings, in order. Settings that are absent leave their parameters out. */
export function entriesOf(template: Template, settings: Settings): Entry[] {
  const known: Record<string, unknown> = { ...settings, server: `${settings.sipHost}:${settings.sipPort}` };
  const entries: Entry[] = [];
  for (const parameter of template.parameters) {
    const { name } = parameter;
    if ('fixed' in parameter) {
      entries.push({ name, value: parameter.fixed, secret: false });
      continue;
    }
    const given = known[parameter.setting];
    if (given === undefined) continue;
    const value = parameter.values === undefined ? String(given) : parameter.values[String(given)];
    if (value === undefined) throw new Error(`${name} has no value for ${parameter.setting} ${String(given)}`);
    entries.push({ name, value, secret: parameter.secret === true });
  }
  for (const [place, names] of template.codecPlaces.entries()) {
    // Places beyond the wanted codecs are switched off, or repeat the last one: a default must not come back in there.
    const wanted = settings.codecs[place];
    const codec = wanted ?? settings.codecs.at(-1);
    if (codec === undefined) continue;
    if (names.enable !== undefined) {
      entries.push({ name: names.enable, value: wanted === undefined ? '0' : '1', secret: false });
      if (wanted === undefined) continue;
    }
    entries.push({ name: names.codec, value: template.codecNames[codec], secret: false });
    if (names.priority !== undefined) entries.push({ name: names.priority, value: String(place + 1), secret: false });
  }
  return entries;
}

/** Whether a template has a parameter for a setting. */
export function knows(template: Template, setting: string): boolean {
  const taken = setting === 'sipHost' || setting === 'sipPort' ? [setting, 'server'] : [setting];
  return (
    setting === 'codecs' ||
    template.parameters.some((parameter) => 'setting' in parameter && taken.includes(parameter.setting))
  );
}

/** The same with secrets made unreadable, for eyes. */
export const withoutSecrets = (entries: readonly Entry[]): Entry[] =>
  entries.map((entry) => (entry.secret ? { ...entry, value: hidden } : entry));

/** Writes a device's file. `mac`: 12 lower-case hexadecimal digits. */
export function render(template: Template, mac: string, entries: readonly Entry[]): DeviceFile {
  const name = `${template.file.before}${mac}${template.file.after}`;
  if (template.format === 'yealink-cfg') {
    const lines = entries.map((entry) => `${entry.name} = ${entry.value}\n`);
    return { name, mediaType: 'text/plain', text: `#!version:1.0.0.1\n${lines.join('')}` };
  }
  const elements = entries.map((entry) => `    <${entry.name}>${escapeXml(entry.value)}</${entry.name}>\n`);
  return {
    name,
    mediaType: 'application/xml',
    text: `<?xml version="1.0" encoding="UTF-8"?>\n<gs_provision version="1">\n  <mac>${mac}</mac>\n  <config version="1">\n${elements.join('')}  </config>\n</gs_provision>\n`,
  };
}

/** Character data of XML 1.0 (clause 2.4). */
function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A parameter that another file has otherwise. */
export interface Difference {
  name: string;
  before: string | null;
  after: string | null;
}

/** What changes from one file to another, by parameter. */
export function differences(before: readonly Entry[], after: readonly Entry[]): Difference[] {
  const [old, now] = [before, after].map((list) => new Map(list.map(({ name, value }) => [name, value])));
  return [...new Set([...before, ...after].map(({ name }) => name))]
    .map((name) => ({ name, before: old?.get(name) ?? null, after: now?.get(name) ?? null }))
    .filter((one) => one.before !== one.after);
}
