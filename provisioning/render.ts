import { type Entry, entriesOf, withoutSecrets } from './entries.ts';
import { write } from './formats/formats.ts';
import type { DeviceSettings } from './settings.ts';
import type { Model, Template, TemplateFile } from './template.ts';

/** A device's file as it is handed out. */
export interface DeviceFile {
  /** Everything that the device may ask for it by, relative to its folder; the first is its name. */
  paths: string[];
  mediaType: string;
  text: string;
}

/** A device that files are made for. `mac`: 12 small hexadecimal digits. */
export interface Recipient {
  model: Model;
  mac: string;
}

/** The files of a device, in the order in which it asks for them. For eyes, `secrets: 'hidden'`. */
export function filesOf(
  template: Template,
  settings: DeviceSettings,
  recipient: Recipient,
  secrets: 'shown' | 'hidden' = 'shown',
): DeviceFile[] {
  const entries = entriesOf(template, settings);
  return filesWith(template, secrets === 'hidden' ? withoutSecrets(entries) : entries, recipient);
}

/** The same from entries. */
export function filesWith(template: Template, entries: readonly Entry[], recipient: Recipient): DeviceFile[] {
  const ownFileForKeys = template.files.some(({ holds }) => holds === 'keys');
  return template.files.map((file) => {
    const pointsTo = typeof file.holds === 'object' ? pathFor(file.holds.pointerTo, recipient) : undefined;
    const held = entries.filter(({ key }) =>
      ownFileForKeys ? file.holds === (key ? 'keys' : 'settings') : file.holds === 'settings',
    );
    const content = { entries: held, mac: recipient.mac, pointsTo };
    return { paths: pathsOf(file, recipient), ...write(file.format, content) };
  });
}

/** What a device may ask for a file by. */
export function pathsOf(file: TemplateFile, recipient: Recipient): string[] {
  return [...new Set(file.paths.map((path) => pathFor(path, recipient)))];
}

function pathFor(path: string, { mac, model }: Recipient): string {
  return path
    .replaceAll('{mac}', mac)
    .replaceAll('{MAC}', mac.toUpperCase())
    .replaceAll('{model}', model.file ?? model.name);
}
