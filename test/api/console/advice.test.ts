import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { en } from '../../../api/console/app/words/en.ts';
import { vi } from '../../../api/console/app/words/vi.ts';
import { en as told } from '../../../platform/messages/en.ts';

/** Incidents that are told in several sentences, by what was found, and answered by one piece of advice. */
const manySentences = ['rehearsal.failed'];

describe('what the console says to do about an incident', () => {
  const incidents = Object.keys(told).flatMap((code) => (code.startsWith('incident.') ? code.slice(9) : []));

  for (const incident of incidents) {
    it(`${incident}`, () => {
      const code = `advice.${manySentences.find((one) => incident.startsWith(`${one}.`)) ?? incident}`;
      for (const words of [vi, en] as Record<string, string>[]) assert.ok((words[code] ?? '').length > 20, code);
    });
  }

  it('is about incidents that there are', () => {
    const known = new Set([...incidents, ...manySentences]);
    const stale = Object.keys(vi).filter((code) => code.startsWith('advice.') && !known.has(code.slice(7)));
    assert.deepEqual(stale, []);
  });
});
