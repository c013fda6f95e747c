import safeRegex from 'safe-regex2';
import type { DialRule } from '../../store/schema/dialplan.ts';

/* Patterns and transformations of dial rules. Pure. */

type Pattern = DialRule['pattern'];

/** What is wrong with a pattern, as a message code; `undefined` when it can be used. */
export function patternFault(pattern: Pattern): 'pattern.syntax' | 'pattern.slow' | undefined {
  if (pattern.type !== 'regex') return undefined;
  try {
    // Nested repetition could hold the gateway up for minutes on one dialled number.
    return safeRegex(new RegExp(pattern.value, 'u')) ? undefined : 'pattern.slow';
  } catch {
    return 'pattern.syntax';
  }
}

/** Captures ($0 the whole, $1…) when the number fits; a prefix captures the rest as $1. */
export function matchPattern(pattern: Pattern, number: string): string[] | undefined {
  switch (pattern.type) {
    case 'exact':
      return number === pattern.value ? [number] : undefined;
    case 'prefix':
      return number.startsWith(pattern.value) ? [number, number.slice(pattern.value.length)] : undefined;
    case 'regex': {
      if (patternFault(pattern) !== undefined) return undefined;
      const match = new RegExp(`^(?:${pattern.value})$`, 'u').exec(number.slice(0, 128));
      return match === null ? undefined : match.map((part) => part ?? '');
    }
  }
}

/** Text with `$0`…`$9` filled in; the number itself when there is no text. */
export function transformed(template: string | undefined, number: string, captures: readonly string[]): string {
  if (template === undefined) return number;
  return template.replace(/\$(\d)/g, (_whole, place: string) => captures[Number(place)] ?? '');
}
