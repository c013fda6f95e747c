import type { Item } from '../../../client/http.ts';

/* What is set otherwise while it is edited: flat, by the names that the API lists (`dtmf`, `account.transport`). */

export type Setting = Item<'GET /provisioning/settings'>;
export type Scope = 'device' | 'model' | 'site';
export type Value = NonNullable<Setting['value']>;
export type Draft = Record<string, Value>;
export type Key = { label: string; number: string; key: number };

/** Overrides as the API keeps them, flat. */
export function flat(overrides: object, prefix = ''): Draft {
  return Object.fromEntries(
    Object.entries(overrides).flatMap(([own, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(flat(value, `${prefix}${own}.`))
        : [[prefix + own, value as Value]],
    ),
  );
}

/** The way back. */
export function nested(draft: Draft): Record<string, unknown> {
  const overrides: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(draft)) {
    const [group = '', own] = name.split('.');
    if (own === undefined) overrides[name] = value;
    else overrides[group] = { ...(overrides[group] as object | undefined), [own]: value };
  }
  return overrides;
}

/** What a setting begins with when it is taken up. */
export function beginning(setting: Setting): Value {
  if (setting.value !== undefined) return setting.value;
  switch (setting.kind) {
    case 'choice':
      return setting.choices?.[0] ?? '';
    case 'number':
      return setting.least ?? 0;
    case 'order':
    case 'lines':
    case 'keys':
      return [];
    default:
      return '';
  }
}

/** Whether a device of this kind has the setting at all, and there is something to choose. */
export function concerns(setting: Setting, protocol: 'sip' | 'h323' | undefined): boolean {
  if (setting.kind === 'choice' && setting.choices?.length === 1) return false;
  if (protocol === undefined) return true;
  const other = protocol === 'sip' ? 'h323.' : 'account.';
  return !setting.name.startsWith(other);
}
