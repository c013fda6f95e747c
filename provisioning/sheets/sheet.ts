import type { MessageCode } from '../../platform/messages/messages.ts';
import type { AccountValue } from '../template.ts';

/** One thing to set by hand. `name`: as the device shows it; absent where no document confirms it. */
export interface SheetItem {
  name?: string;
  /** What it means, for the person with the remote control. */
  meaning: MessageCode;
  /** What to choose there, in the device's own words. */
  fixed?: string;
  /** Or the setting that is entered. Absent settings leave the item out. */
  from?: AccountValue;
  values?: Readonly<Record<string, string>>;
  /** Only where this setting is there. */
  when?: AccountValue;
  /** Only where this one is not. */
  unless?: AccountValue;
  /** Left empty on paper and written there by hand. */
  secret?: true;
}

export interface SheetSection {
  title: MessageCode;
  protocol?: 'sip' | 'h323';
  /** Way through the device's menu, in its own words. */
  menu?: readonly string[];
  items: readonly SheetItem[];
}

/** What is set by hand on models that take no files, or whose files are not documented: data alone. */
export interface Sheet {
  /** Unique: `polycom-hdx`. */
  id: string;
  vendor: string;
  models: readonly string[];
  protocols: readonly ('sip' | 'h323')[];
  /** The document that names come from; absent where there was none. */
  source?: string;
  sections: readonly SheetSection[];
}
