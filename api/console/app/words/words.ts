import { signal } from '@preact/signals';
import { en } from './en/index.ts';
import { vi } from './vi/index.ts';

/* What the console says: every text by its key, in Vietnamese and English. */

export type WordKey = keyof typeof vi;
export type Words = Record<WordKey, string>;
export type Language = 'vi' | 'en';

const catalogues: Record<Language, Words> = { vi, en };
const kept = 'diemcau.language';

export const language = signal<Language>('vi');

/** The language used before on this browser; Vietnamese when none was. */
export function startLanguage(): void {
  let before: string | null = null;
  try {
    before = localStorage.getItem(kept);
  } catch {
    // A browser that keeps nothing starts in Vietnamese each time.
  }
  useLanguage(before === 'en' ? 'en' : 'vi');
}

export function useLanguage(wanted: Language): void {
  language.value = wanted;
  document.documentElement.lang = wanted;
  try {
    localStorage.setItem(kept, wanted);
  } catch {
    // As above.
  }
}

/** A text in the language of now, its `{name}` filled in. */
export function say(key: WordKey, values: Record<string, string | number> = {}): string {
  return catalogues[language.value][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A text whose key is put together from data; the fallback when the catalogue has no such key. */
export function sayOf(
  prefix: string,
  name: string,
  fallback = name,
  values: Record<string, string | number> = {},
): string {
  const key = `${prefix}.${name}`;
  return isWordKey(key) ? say(key, values) : fallback;
}

export const isWordKey = (key: string): key is WordKey => Object.hasOwn(vi, key);
