import { z } from 'zod';
import { searchWords } from '../../platform/search.ts';
import type { Role } from '../../store/schema/account.ts';
import { type Case, caseStep, reception } from '../../store/schema/case.ts';
import { openSteps } from './progress.ts';

/* What of a case is shown to whom, found by, and written into the log. */

export const caseView = reception.omit({ words: true }).extend({
  /** The steps that may be taken now, each by `POST /cases/{id}/steps`. */
  nextSteps: z.array(caseStep),
});
export type CaseView = z.input<typeof caseView>;

/** A case as a role sees it: who only looks sees citizens by name and year, without address, phone and card. */
export function viewOf({ words: _words, ...shown }: Case, role: Role): CaseView {
  const citizens =
    role === 'viewer'
      ? shown.citizens.map(({ name, birthYear }) => ({ name, ...(birthYear === undefined ? {} : { birthYear }) }))
      : shown.citizens;
  return { ...shown, citizens, nextSteps: openSteps(shown) };
}

/** What a case is found by: its number, title, citizens, texts. */
export function wordsOf(one: Omit<Case, 'words' | 'createdAt' | 'updatedAt'>): string[] {
  const people = one.citizens.flatMap(({ name, phone, address, idNumber }) => [name, phone, idNumber, address]);
  return searchWords(one.code, one.code.replaceAll('-', ''), one.title, ...people, one.summary, one.note, one.outcome);
}

/** Fields that may tell about persons. */
const personal = ['title', 'citizens', 'summary', 'note', 'outcome', 'notice', 'decision', 'history'] as const;

/**
 * A case as the log keeps it for years, where nothing can be taken out again: no personal data, only which of those
 * fields were there and how often each was changed since; the case itself keeps their content.
 */
export function forLog(one: Case, changed: readonly string[] = []): Record<string, unknown> {
  const { words: _words, createdAt: _created, updatedAt: _updated, ...rest } = one;
  const kept = Object.entries(rest).filter(([name]) => !(personal as readonly string[]).includes(name));
  const withheld = personal.filter((name) => changed.includes(name) && name !== 'history');
  return {
    ...Object.fromEntries(kept),
    citizenCount: one.citizens.length,
    ...(one.decision === undefined ? {} : { verdict: one.decision.verdict }),
    ...(withheld.length === 0 ? {} : { withheld }),
  };
}

/** The fields in which two states of a case differ. */
export const changedFields = (before: Case, after: Case): string[] =>
  Object.keys({ ...before, ...after }).filter(
    (name) => JSON.stringify(before[name as keyof Case]) !== JSON.stringify(after[name as keyof Case]),
  );
