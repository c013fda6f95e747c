import assert from 'node:assert/strict';
import { en } from '../../../api/console/app/words/en/index.ts';
import { vi } from '../../../api/console/app/words/vi/index.ts';
import { logEvents } from '../../../store/schema/log.ts';

describe('console: what the log says', () => {
  for (const [language, words] of Object.entries({ vi, en }) as [string, Record<string, string>][]) {
    it(`is a sentence for every kind of entry, and for no other (${language})`, () => {
      const told = Object.keys(words).filter((key) => key.startsWith('event.'));
      assert.deepEqual(told.toSorted(), logEvents.map((event) => `event.${event}`).toSorted());
    });
  }
});
