import type { Fault } from '../fault.ts';
import { en } from './en.ts';
import { vi } from './vi.ts';

/** A catalogue holds a sentence for each code. */
export type Catalogue = Record<MessageCode, string>;
export type MessageCode = keyof typeof en;
export type Language = 'vi' | 'en';

const catalogues: Record<Language, Catalogue> = { vi, en };

/** Whether the catalogues know a code. */
export const isMessageCode = (code: string): code is MessageCode => Object.hasOwn(en, code);

/** A sentence in a language, its `{name}` filled in. */
export function say(language: Language, code: MessageCode, values: Record<string, string | number> = {}): string {
  return catalogues[language][code].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A fault's sentence; that of its kind where its code has none. */
export function sayFault(language: Language, fault: Fault): string {
  const values = { code: fault.code, ...(fault.field === undefined ? {} : { field: fault.field }), ...fault.values };
  return say(language, isMessageCode(fault.code) ? fault.code : fault.kind, values);
}

/** The language to speak, from an Accept-Language field (RFC 9110, 12.5.4); Vietnamese when it names neither. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const ranked = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [range = '', weight] = part.trim().split(/\s*;\s*q=/i);
      return { tag: range.toLowerCase().split('-')[0], q: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, q }) => (tag === 'vi' || tag === 'en') && q > 0)
    .sort((a, b) => b.q - a.q);
  return ranked[0]?.tag === 'en' ? 'en' : 'vi';
}
