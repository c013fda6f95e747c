import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** How one test ended. */
export interface Result {
  /** From the repository's root; empty when a hook failed of which mocha does not tell the file. */
  file: string;
  outcome: 'passed' | 'failed' | 'skipped';
  name: string;
}

/** What the reporter wrote; nothing when mocha ended before its first test. */
export function readResults(path: string): Result[] {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result)
    .map((result) => ({ ...result, file: result.file === '' ? '' : relative(process.cwd(), result.file) }));
}

/** `N passed, N failed, N skipped`. */
export function summary(results: readonly Result[]): string {
  const count = (outcome: Result['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

/** Files to try once more: those with failures, unless there are so many that the fault is no chance. */
export function worthAnotherTry(results: readonly Result[], most: number): string[] {
  const files = new Set(results.filter(({ outcome }) => outcome === 'failed').map(({ file }) => file));
  return files.has('') || files.size > most ? [] : [...files].sort();
}
