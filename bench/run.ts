import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

/* `npm run bench -- NAME [arguments]`: runs one benchmark; its last line is a JSON object. */

const [name, ...rest] = process.argv.slice(2);
const file = `bench/${name}.ts`;
if (name === undefined || name === 'run' || !/^[a-z0-9-]+$/.test(name) || !existsSync(file)) {
  const names = (await readdir('bench')).filter((entry) => entry.endsWith('.ts') && entry !== 'run.ts');
  console.error(`Benchmarks: ${names.map((entry) => entry.replace(/\.ts$/, '')).join(', ')}`);
  process.exit(2);
}
process.argv = [process.argv[0] ?? 'node', file, ...rest];
await import(`./${name}.ts`);
