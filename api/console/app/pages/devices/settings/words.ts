import { number } from '../../../words/format.ts';
import { say, sayOf } from '../../../words/words.ts';
import type { Key, Value } from './draft.ts';

/** A setting in words, as part of a sentence: `dtmf`, `account.srtp`, `speedDials.7`. */
export function settingName(name: string): string {
  const [group = '', n = ''] = name.split('.');
  return sayOf('setting', name, sayOf('setting', group, name, { n }), { n }).trim();
}

/** The same at the head of a field. */
export function settingTitle(name: string): string {
  const text = settingName(name);
  return text.charAt(0).toLocaleUpperCase(document.documentElement.lang) + text.slice(1);
}

/** A value in words. */
export function valueText(name: string, value: Value | undefined): string {
  if (value === undefined) return say('settings.unset');
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return sayOf('setting-choice', `${name}.${value}`, value);
  if (value.length === 0) return say('settings.unset');
  return value.map((one: string | Key) => (typeof one === 'string' ? one : `${one.key}: ${one.label}`)).join(', ');
}
