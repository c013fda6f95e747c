import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { glob } from 'tinyglobby';

/*
 * `npm test [-- FILE…]`: unit tests side by side, then the tests with real peers, two at a time: they wait for calls most
 * of their time, and more at once would disturb the sound that they measure. The last line counts all.
 */

const asked = process.argv.slice(2);
const all = asked.length > 0 ? asked : (await glob(['test/**/*.test.ts'])).sort();
/** Real programs are started by these: calls, sound, load. */
const withPeers = (file: string) => file.startsWith('test/e2e/') || file.endsWith('.e2e.test.ts');
const folder = mkdtempSync(join(tmpdir(), 'diemcau-test-'));
const countsFile = join(folder, 'counts');

const jobs = Math.max(2, Math.min(4, availableParallelism()));
const stages: { files: string[]; args: string[] }[] = [
  { files: all.filter((file) => !withPeers(file)), args: ['--parallel', '--jobs', String(jobs)] },
  // Real programs on a loaded machine: what fails once is tried once more, and named at the end.
  { files: all.filter(withPeers), args: ['--parallel', '--jobs', '2', '--retries', '1'] },
];

let status = 0;
for (const { files, args } of stages) {
  if (files.length === 0) continue;
  const mocha = spawnSync(
    process.execPath,
    ['node_modules/mocha/bin/mocha.js', '--reporter', './tools/mocha-reporter.mjs', ...args, ...files],
    { stdio: 'inherit', env: { ...process.env, COUNTS_FILE: countsFile } },
  );
  status ||= mocha.status ?? 1;
}

const total = [0, 0, 0];
try {
  for (const line of readFileSync(countsFile, 'utf8').trim().split('\n')) {
    line.split(' ').forEach((count, place) => {
      total[place] = (total[place] ?? 0) + Number(count);
    });
  }
} catch {
  status ||= 1;
}
rmSync(folder, { recursive: true, force: true });
console.log(`${total[0]} passed, ${total[1]} failed, ${total[2]} skipped`);
process.exit(status);
