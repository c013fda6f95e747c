import { isMessageCode, type Language, say } from '../../platform/messages/messages.ts';
import { applies } from '../entries.ts';
import type { DeviceSettings } from '../settings.ts';
import { accountValues, deviceValues } from '../values.ts';
import type { Sheet, SheetItem } from './sheet.ts';

/** One line on paper. `value` absent: to be written there by hand. */
export interface SheetRow {
  name: string;
  meaning: string;
  value?: string;
}

/** A sheet with a device's settings, in words. */
export interface FilledSheet {
  title: string;
  /** What stands above: label and text. */
  head: [string, string][];
  sections: { title: string; where: string; rows: SheetRow[] }[];
  notes: string[];
}

/** Whom a sheet is for. `printedOn`: as it is to be read. */
export interface SheetDevice {
  name: string;
  model: string;
  mac?: string;
  printedOn: string;
}

/** Fills a sheet in; parts of protocols that the device does not use here are left out. Passwords are never on it. */
export function fill(sheet: Sheet, settings: DeviceSettings, device: SheetDevice, language: Language): FilledSheet {
  const values: Record<string, string | undefined> = {
    ...deviceValues(undefined, settings),
    ...(settings.accounts[0] ? accountValues(settings.accounts[0], deviceValues(undefined, settings)) : {}),
  };
  const uses = { sip: settings.accounts.length > 0, h323: settings.h323 !== undefined };
  const text = (value: string) => (isMessageCode(value) ? say(language, value) : value);
  const rowOf = (item: SheetItem): SheetRow[] => {
    const row = { name: item.name ?? say(language, 'sheet.unnamed'), meaning: say(language, item.meaning) };
    if (!applies(item, values)) return [];
    if (item.secret) return [row];
    const given = item.from === undefined ? undefined : values[item.from];
    if (item.from !== undefined && given === undefined) return [];
    const value = item.fixed ?? (given === undefined ? undefined : (item.values?.[given] ?? given));
    return value === undefined ? [] : [{ ...row, value: text(value) }];
  };
  const sections = sheet.sections
    .filter(({ protocol }) => protocol === undefined || uses[protocol])
    .map(({ title, menu, items }) => ({
      title: say(language, title),
      where: menu ? say(language, 'sheet.where', { menu: menu.join(' › ') }) : say(language, 'sheet.where-unknown'),
      rows: items.flatMap(rowOf),
    }));
  const keys = settings.speedDials.map(({ key, label, number }) => ({
    name: say(language, 'sheet.unnamed'),
    meaning: say(language, 'sheet.speed-dial', { key, label }),
    value: number,
  }));
  sections.find(({ title }) => title === say(language, 'sheet.section-call'))?.rows.push(...keys);
  return {
    title: say(language, 'sheet.title'),
    head: [
      [say(language, 'sheet.device'), device.name],
      [say(language, 'sheet.model'), `${sheet.vendor} ${device.model}`],
      ...(device.mac === undefined ? [] : [[say(language, 'sheet.mac'), device.mac] as [string, string]]),
      [say(language, 'sheet.printed'), device.printedOn],
    ],
    sections: sections.filter(({ rows }) => rows.length > 0),
    notes: [
      say(language, 'sheet.test'),
      ...(sheet.source === undefined ? [] : [say(language, 'sheet.source', { source: sheet.source })]),
    ],
  };
}
