import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, readResults, summary, worthAnotherTry } from '../../tools/test/results.ts';

describe('results of a run of tests', () => {
  const result = (file: string, outcome: Result['outcome']): Result => ({ file, outcome, name: `${file} ${outcome}` });

  it('are read from what the reporter wrote, files named from the root', () => {
    const folder = mkdtempSync(join(tmpdir(), 'diemcau-results-'));
    const path = join(folder, 'results');
    deepEqual(readResults(path), []);
    const line = { file: join(process.cwd(), 'test/a.test.ts'), outcome: 'passed', name: 'a' };
    writeFileSync(path, `${JSON.stringify(line)}\n${JSON.stringify({ ...line, file: '' })}\n`);
    deepEqual(
      readResults(path).map(({ file }) => file),
      ['test/a.test.ts', ''],
    );
    rmSync(folder, { recursive: true });
  });

  it('are counted', () => {
    equal(
      summary([result('a', 'passed'), result('a', 'failed'), result('b', 'passed')]),
      '2 passed, 1 failed, 0 skipped',
    );
  });

  for (const { why, results, again } of [
    { why: 'nothing failed', results: [result('a', 'passed')], again: [] },
    { why: 'a file has two failures', results: [result('b', 'failed'), result('b', 'failed')], again: ['b'] },
    { why: 'too many files failed', results: ['a', 'b', 'c'].map((file) => result(file, 'failed')), again: [] },
    { why: 'no file is known', results: [result('', 'failed'), result('a', 'failed')], again: [] },
  ]) {
    it(`are worth another try of ${again.length} files when ${why}`, () =>
      deepEqual(worthAnotherTry(results, 2), again));
  }
});
