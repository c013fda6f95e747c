import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Mocha's own "spec" output, the counts added to the file that COUNTS_FILE names, and, by name, what passed only when
 * it was tried again: such a test is to be looked at.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const again = new Set();
    runner.on('retry', (test, error) => again.add(`${test.fullTitle()}: ${error.message.split('\n')[0]}`));
    runner.once('end', () => {
      for (const one of again) console.log(`tried again: ${one}`);
      const { passes, failures, pending } = this.stats;
      if (process.env.COUNTS_FILE) appendFileSync(process.env.COUNTS_FILE, `${passes} ${failures} ${pending}\n`);
    });
  }
}
