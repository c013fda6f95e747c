import { spawnSync } from 'node:child_process';
import { breaches } from './check-imports.ts';

/* `npm run check`: types, lint and format, dead code, import rules. Ends with 1 when any of them finds a fault. */

const programs: [name: string, file: string, ...args: string[]][] = [
  ['types', 'node_modules/typescript/bin/tsc', '-p', '.'],
  ["types of the console's API", 'node_modules/tsx/dist/cli.mjs', 'tools/console-types.ts'],
  ['types of the console', 'node_modules/typescript/bin/tsc', '-p', 'api/console/app'],
  ['lint and format', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['dead code', 'node_modules/knip/bin/knip.js', '--no-progress'],
];

let failed = false;
for (const [name, file, ...args] of programs) {
  const done = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' });
  console.log(`${done.status === 0 ? 'ok  ' : 'FAIL'}  ${name}`);
  failed ||= done.status !== 0;
}
const faults = await breaches('.');
for (const fault of faults) console.log(`      ${fault}`);
console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'}  import rules`);
process.exit(failed || faults.length > 0 ? 1 : 0);
