import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Mocha's own "spec" output, and one line of JSON for each test in the file that RESULTS_FILE names: of which file, how
 * it ended and what it is called. A hook that fails counts as a failed test.
 */
export default class RecordingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const results = process.env.RESULTS_FILE;
    if (results === undefined) return;
    const fileOf = (test) => test.file ?? test.ctx?.currentTest?.file ?? process.env.TEST_FILE ?? '';
    for (const [event, outcome] of [
      ['pass', 'passed'],
      ['fail', 'failed'],
      ['pending', 'skipped'],
    ]) {
      runner.on(event, (test) => {
        appendFileSync(results, `${JSON.stringify({ file: fileOf(test), outcome, name: test.fullTitle() })}\n`);
      });
    }
  }
}
