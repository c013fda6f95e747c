import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { consoleFolder } from './built.ts';

/*
 * Bundles the console at set-up: everything that a browser loads, under names that carry a hash of their content, beside
 * copies already compressed. Run as a program it builds into `dist/console`.
 */

const here = dirname(fileURLToPath(import.meta.url));
/** Browsers of the last four years: office PCs are not always up to date. */
const target = ['chrome100', 'firefox100', 'safari15.4'];

/** Bundles into a folder, which is there whole or not at all. @throws when a source does not compile. */
export async function buildConsole(folder = consoleFolder): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  try {
    const { metafile } = await build({
      entryPoints: [join(here, 'app', 'main.tsx')],
      absWorkingDir: here,
      bundle: true,
      splitting: true,
      format: 'esm',
      target,
      minify: true,
      metafile: true,
      outdir: join(fresh, 'assets'),
      entryNames: '[name]-[hash]',
      chunkNames: '[name]-[hash]',
      assetNames: '[name]-[hash]',
      publicPath: '/assets',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      loader: { '.woff2': 'file', '.svg': 'file' },
      legalComments: 'linked',
      logLevel: 'warning',
    });
    writeFileSync(join(fresh, 'index.html'), page(metafile));
    for (const file of textFiles(fresh)) compress(file);
    chmodSync(fresh, 0o755);
    const old = `${fresh}-old`;
    try {
      renameSync(folder, old);
    } catch {
      // The first build: there is no older one.
    }
    renameSync(fresh, folder);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The first view's scripts: what the entry and the page of today stand on, to be fetched at once. */
function firstScripts({ outputs }: Metafile): string[] {
  const names = Object.keys(outputs);
  const wanted = names.filter((name) => /\/(main|today)-\w+\.js$/.test(name));
  for (const name of wanted) {
    for (const { kind, path } of outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && !wanted.includes(path)) wanted.push(path);
    }
  }
  return wanted.map((name) => basename(name));
}

function page(metafile: Metafile): string {
  const made = Object.keys(metafile.outputs).map((path) => basename(path));
  const named = (pattern: RegExp): string => made.find((name) => pattern.test(name)) ?? '';
  const fonts = [/^be-vietnam-pro-latin-400.*woff2$/, /^be-vietnam-pro-vietnamese-400.*woff2$/].map(named);
  return `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#12324f">
<title>Điểm cầu</title>
<link rel="icon" type="image/svg+xml" href="/assets/${named(/^mark-.*svg$/)}">
<link rel="stylesheet" href="/assets/${named(/^main-.*css$/)}">
${fonts.map((font) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="/assets/${font}">`).join('\n')}
${firstScripts(metafile)
  .map((name) => `<link rel="modulepreload" href="/assets/${name}">`)
  .join('\n')}
</head>
<body>
<div id="console"></div>
<noscript>Trang này cần JavaScript. This page needs JavaScript.</noscript>
<script type="module" src="/assets/${named(/^main-.*js$/)}"></script>
</body>
</html>
`;
}

const textFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(html|js|css|svg|txt)$/.test(name))
    .map((name) => join(folder, name));

function compress(file: string): void {
  const bytes = readFileSync(file);
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  );
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}

/** Changes when any source of the console does. */
export function sourcesHash(): string {
  const hash = createHash('sha256');
  const names = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(here, name)));
  return hash.update(readFileSync(join(here, '..', '..', 'package-lock.json'))).digest('hex');
}

/** Builds when a source changed since the last build. */
export async function ensureConsole(): Promise<void> {
  const marker = join(consoleFolder, 'sources');
  const wanted = sourcesHash();
  try {
    if (readFileSync(marker, 'utf8') === wanted) return;
  } catch {
    // Never built.
  }
  await buildConsole();
  writeFileSync(marker, wanted);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureConsole();
