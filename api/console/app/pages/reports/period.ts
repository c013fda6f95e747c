import { dayOf } from '../../words/format.ts';

/** Spans that reports are made for, as the API names them: `2026-05`, `2026-Q2`, `2026`. */
export type PeriodKind = 'month' | 'quarter' | 'year' | 'span';

export const periodKinds: readonly PeriodKind[] = ['month', 'quarter', 'year', 'span'];

/** The kind that a name is of. */
export const kindOf = (of: string): PeriodKind =>
  of === '' ? 'span' : of.includes('Q') ? 'quarter' : of.includes('-') ? 'month' : 'year';

/** The period of a kind in which today lies. */
export function presentOf(kind: PeriodKind): string {
  const [year = '', month = '01'] = dayOf(Date.now()).split('-');
  if (kind === 'month') return `${year}-${month}`;
  if (kind === 'quarter') return `${year}-Q${Math.ceil(Number(month) / 3)}`;
  return kind === 'year' ? year : '';
}

/** The period some steps before or after another of its kind. */
export function shifted(of: string, by: number): string {
  const kind = kindOf(of);
  const [year = '', rest = '1'] = of.split('-');
  if (kind === 'year') return String(Number(year) + by);
  const parts = kind === 'quarter' ? 4 : 12;
  const at = Number(year) * parts + Number(rest.replace('Q', '')) - 1 + by;
  const part = (at % parts) + 1;
  return `${Math.floor(at / parts)}-${kind === 'quarter' ? `Q${part}` : String(part).padStart(2, '0')}`;
}
