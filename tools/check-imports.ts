import { readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { glob } from 'tinyglobby';

/*
 * The import rules of the house: console → api → gateway, provisioning → freeswitch/media, store → platform. Nothing
 * points back; the house never reaches into `embedded`; an engine reaches into nothing; a protocol knows nothing of the
 * next.
 */

/** A part of the house, and the parts that it may import from besides itself. The longest matching name counts. */
const mayImport: Record<string, readonly string[]> = {
  platform: [],
  store: ['platform', 'store/schema'],
  'store/schema': [],
  'freeswitch/media': ['platform', 'store/schema', 'freeswitch/prompts'],
  'freeswitch/prompts': ['store/schema'],
  gateway: ['platform', 'store', 'store/schema', 'freeswitch/media', 'freeswitch/prompts', '*gateway'],
  'gateway/sip': ['platform', 'store', 'store/schema', 'gateway-contracts'],
  'gateway/dialplan': ['platform', 'store', 'store/schema', 'gateway-contracts'],
  'gateway/legs': ['platform', 'store', 'store/schema', 'freeswitch/media', 'gateway-contracts'],
  'gateway/rooms': [
    'platform',
    'store',
    'store/schema',
    'freeswitch/media',
    'freeswitch/prompts',
    'gateway/legs',
    'gateway-contracts',
  ],
  'gateway/ivr': [
    'platform',
    'store',
    'store/schema',
    'freeswitch/media',
    'freeswitch/prompts',
    'gateway/legs',
    'gateway/rooms',
    'gateway-contracts',
  ],
  'gateway/h323': ['platform', 'store', 'store/schema', 'gateway-contracts', '*gateway/h323'],
  'gateway/h323/per': [],
  'gateway/h323/h245': ['gateway/h323/per'],
  'gateway/h323/h225': ['gateway/h323/per', 'gateway/h323/h245'],
  'gateway/h323/interwork': [
    'gateway/h323/h245',
    'gateway/h323/h225',
    'gateway/h323/per',
    'gateway-contracts',
    'store/schema',
  ],
  'gateway/h323/ras': [
    'gateway/h323/per',
    'gateway/h323/h225',
    'platform',
    'store',
    'store/schema',
    'gateway-contracts',
  ],
  'gateway/h323/call': [
    'gateway/h323/per',
    'gateway/h323/h225',
    'gateway/h323/h245',
    'gateway/h323/interwork',
    'gateway/h323/ras',
    'platform',
    'store/schema',
    'gateway-contracts',
  ],
  provisioning: ['platform', 'store', 'store/schema'],
  api: ['platform', 'store', 'store/schema', 'gateway', 'gateway/dialplan', 'gateway-contracts', 'provisioning'],
  'api/console': ['api', 'platform'],
  launcher: [
    'platform',
    'store',
    'store/schema',
    'freeswitch/media',
    'freeswitch/prompts',
    'provisioning',
    'api',
    'api/console',
    '*gateway',
  ],
  'embedded/drachtio': [],
  'embedded/freeswitch': [],
  'embedded/mongod': [],
};

/** What both sides of a boundary in the gateway agree on: seen by all of its folders. */
const contracts = new Set(['gateway/call.ts', 'gateway/gateway.ts', 'gateway/cause.ts']);

/** Places that wire or try everything. */
const free = /^(start\.ts|tools\/|test\/|bench\/|deploy\/)/;

/** The part of the house in which a file lies. */
export function partOf(file: string): string | undefined {
  if (contracts.has(file)) return 'gateway-contracts';
  const parts = Object.keys(mayImport).filter((part) => file.startsWith(`${part}/`));
  return parts.sort((a, b) => b.length - a.length)[0];
}

/** Judges one import: `undefined` when it is allowed, else what is wrong with it. */
export function judge(from: string, to: string): string | undefined {
  if (free.test(from)) return undefined;
  const here = partOf(from);
  const there = partOf(to);
  if (here === undefined) return `${from} lies in no part of the house`;
  if (there === undefined) return `${from} imports ${to}, which lies in no part of the house`;
  if (here === there) return undefined;
  if (here === 'gateway-contracts')
    return there === 'store/schema' ? undefined : `${from} imports ${to}: ${here} may not know ${there}`;
  const allowed = mayImport[here]?.some(
    (name) =>
      name === there ||
      (name.startsWith('*') && `${there}/`.startsWith(`${name.slice(1)}/`)) ||
      (name === 'gateway' && there === 'gateway-contracts') ||
      (name === '*gateway' && there === 'gateway-contracts'),
  );
  return allowed === true ? undefined : `${from} imports ${to}: ${here} may not know ${there}`;
}

const importSpecifier =
  /(?:^|[\s;])(?:import|export)\s(?:[^'"]*?\sfrom\s)?\s*['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]/gm;

/** Relative imports of a source text, as paths from the repository's root. */
export function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(importSpecifier)].map((match) => normalize(join(dirname(file), match[1] ?? match[2] ?? '')));
}

/** All breaches below a folder. */
export async function breaches(root: string): Promise<string[]> {
  const files = await glob(['**/*.{ts,tsx,mts}'], {
    cwd: root,
    ignore: ['node_modules/**', 'data/**', 'dist/**', '.peers/**', 'fixtures/**'],
  });
  return files
    .map((file) => relative('.', file))
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')).map((target) => judge(file, target)))
    .filter((fault) => fault !== undefined);
}
