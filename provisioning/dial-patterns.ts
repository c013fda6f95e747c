import type { DialDialect } from './template.ts';

/** How a dialect says "more digits, any number of them", and how it joins patterns. */
const dialects: Readonly<
  Record<Exclude<DialDialect, 'snom'>, { more: string; before: string; between: string; after: string }>
> = {
  // `x+`: at least one of the kind.
  grandstream: { more: 'x+', before: '{ ', between: ' | ', after: ' }' },
  // `.` repeats what stands before it, none or more times.
  cisco: { more: 'x.', before: '(', between: '|', after: ')' },
  // As in MGCP (RFC 3435, clause 2.1.5); `T` waits for the digit timer.
  poly: { more: 'x.T', before: '', between: '|', after: '' },
  yealink: { more: 'x.T', before: '', between: '|', after: '' },
};

/** Writes neutral dial patterns (see `dialPlan` of the settings) as a vendor does. */
export function dialPlan(dialect: DialDialect, patterns: readonly string[]): string {
  if (dialect === 'snom') return patterns.map(snomRule).join(' ');
  const { more, before, between, after } = dialects[dialect];
  return `${before}${patterns.map((pattern) => pattern.replace(/\.$/, more)).join(between)}${after}`;
}

/** What is dialled, what becomes of it (`\d`: the registrar), and `d` where it goes off without waiting for a key. */
function snomRule(pattern: string): string {
  const open = pattern.endsWith('.');
  const digits = pattern.replace(/\.$/, '').replaceAll('x', '[0-9]').replaceAll('*', '\\*');
  return `|^(${digits}${open ? '[0-9]*' : ''})$|sip:\\1@\\d|${open ? '' : 'd'}`;
}
