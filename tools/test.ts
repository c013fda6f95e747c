import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { glob } from 'tinyglobby';
import { type Result, readResults, summary, worthAnotherTry } from './test/results.ts';

/*
 * `npm test [-- FILE…]`: unit tests side by side, then the files with real peers, each in a process of its own, two at a
 * time: they wait for calls most of their time, and more at once would disturb the sound that they measure. Files in
 * which something failed are run once more, alone, and what failed the first time is named at the end: such a test is
 * to be looked at. The last line counts all.
 */

/** The slowest file takes about two minutes. */
const fileWithinMs = 6 * 60_000;
/** Files that are run again at most; with more, it is not chance. */
const mostAgain = 4;

const asked = process.argv.slice(2);
const all = asked.length > 0 ? asked : (await glob(['test/**/*.test.ts'])).sort();
/** Real programs are started by these: calls, sound, load. */
const withPeers = (file: string) => file.startsWith('test/e2e/') || file.endsWith('.e2e.test.ts');
const folder = mkdtempSync(join(tmpdir(), 'diemcau-test-'));
const running = new Set<ChildProcess>();
let runs = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(128);
  });
}

const units = all.filter((file) => !withPeers(file));
const peers = all.filter(withPeers);
const jobs = Math.max(2, Math.min(4, availableParallelism()));
const first = units.length === 0 ? [] : await mocha(units, ['--parallel', '--jobs', String(jobs)], 'whole');
first.push(...(await inTurns(peers, 2)));

let results = first;
const failed = first.filter(({ outcome }) => outcome === 'failed');
const again = worthAnotherTry(first, mostAgain);
if (again.length > 0) {
  console.log(`\nTried again, alone: ${again.join(', ')}`);
  results = [...first.filter(({ file }) => !again.includes(file)), ...(await inTurns(again, 1))];
}
for (const { file, name } of failed) console.log(`failed ${again.length > 0 ? 'at first' : ''}: ${file}: ${name}`);
for (const { file, name } of again.length > 0 ? results.filter(({ outcome }) => outcome === 'failed') : [])
  console.log(`failed again: ${file}: ${name}`);
rmSync(folder, { recursive: true, force: true });
console.log(summary(results));
process.exit(results.length === 0 || results.some(({ outcome }) => outcome === 'failed') ? 1 : 0);

/** Each file in a process of its own, so many at once; what a file prints comes in one piece. */
async function inTurns(files: readonly string[], atOnce: number): Promise<Result[]> {
  const waiting = [...files];
  const done: Result[] = [];
  const take = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      done.push(...(await mocha([file], ['--exit'], 'pieces')));
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return done;
}

/** One run of mocha. That it fails without a failed test (a file that does not load, one that does not end) is one. */
async function mocha(files: readonly string[], args: string[], print: 'whole' | 'pieces'): Promise<Result[]> {
  runs += 1;
  const resultsFile = join(folder, String(runs));
  const only = files.length === 1 ? (files[0] ?? '') : '';
  const child = spawn(
    process.execPath,
    ['node_modules/mocha/bin/mocha.js', '--reporter', './tools/test/reporter.mjs', ...args, ...files],
    {
      stdio: print === 'whole' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, RESULTS_FILE: resultsFile, ...(only === '' ? {} : { TEST_FILE: only }) },
      ...(only === '' ? {} : { timeout: fileWithinMs }),
    },
  );
  running.add(child);
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => printed.push(data));
  const closed = once(child, 'close');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  // What a test left running may hold the pipes open for good.
  await Promise.race([closed, pause(1_000)]);
  running.delete(child);
  process.stdout.write(Buffer.concat(printed));
  const results = readResults(resultsFile);
  if (child.exitCode !== 0 && !results.some(({ outcome }) => outcome === 'failed'))
    results.push({ file: only, outcome: 'failed', name: `mocha ended with ${child.exitCode ?? child.signalCode}` });
  return results;
}
