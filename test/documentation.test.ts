import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { settingNames } from '../platform/config.ts';

/* What the documents promise is there: settings, commands, pages that they lead to. */

const notOurs = new Set(['node_modules', 'dist', 'data']);
const documents = readdirSync('.')
  .filter((name) => !name.startsWith('.') && !notOurs.has(name))
  .flatMap((name) =>
    statSync(name).isDirectory()
      ? readdirSync(name, { recursive: true }).map((below) => join(name, String(below)))
      : [name],
  )
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const textOf = (path: string): string => documents.find((one) => one.path === path)?.text ?? '';
/** All that fits, each once. */
const all = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, found = '']) => found)),
];

describe('documents', () => {
  for (const path of ['README.md', 'README.vi.md']) {
    it(`${path} names every setting, and none that is not there`, () => {
      const table = textOf(path)
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .map((line) => line.split('|')[1] ?? '')
        .join(' ');
      const told = all(table, /`([A-Z][A-Z0-9_]*\*?)`/g);
      const covers = (name: string) => (one: string) =>
        one === name || (one.endsWith('*') && name.startsWith(one.slice(0, -1)));
      assert.deepEqual(
        settingNames.filter((name) => !told.some(covers(name))),
        [],
        'untold',
      );
      assert.deepEqual(
        told.filter((one) => !settingNames.some((name) => covers(name)(one))),
        [],
        'unknown',
      );
    });
  }

  it('lead to files that are there', () => {
    const broken = documents.flatMap(({ path, text }) =>
      all(text, /\]\(([^)#\s]+)(?:#[^)]*)?\)/g)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(path), target)))
        .map((target) => `${path}: ${target}`),
    );
    assert.deepEqual(broken, []);
  });

  it('name commands and benchmarks that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const text = documents.map((one) => one.text).join('\n');
    assert.deepEqual(
      all(text, /npm run ([\w:-]+)/g).filter((name) => scripts[name] === undefined),
      [],
    );
    assert.deepEqual(
      all(text, /bench -- ([a-z][\w-]*)/g).filter((name) => !existsSync(`bench/${name}.ts`)),
      [],
    );
  });
});
