import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Mocha's own "spec" output, and the counts added to the file that COUNTS_FILE names. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      if (process.env.COUNTS_FILE) appendFileSync(process.env.COUNTS_FILE, `${passes} ${failures} ${pending}\n`);
    });
  }
}
