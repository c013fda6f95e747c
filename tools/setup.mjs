// What a fresh Debian machine with Node.js and npm lacks, and how it is brought. Plain JavaScript: it runs before any
// package is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const oldestNode = [20, 19];
const marker = join('node_modules', '.diemcau-installed');

/** Ends with a plain message when Node.js is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  console.error(`Node.js ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs the npm packages when they are missing or package-lock.json changed since. */
export function installPackages() {
  const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.log('Installing npm packages …');
  // ffmpeg-static downloads a binary when it is installed: on a closed network the rest must come without it.
  const done = npm(['ci']) || npm(['ci', '--omit=optional']);
  if (!done) {
    console.error('npm could not install the packages; its messages above say why.');
    process.exit(1);
  }
  writeFileSync(marker, wanted);
}

/**
 * Makes sure of programs from Debian packages. Root installs what is missing with apt; others are told the command.
 * @param {Record<string, string>} programs program → package that brings it; a name with a slash is a file, one with `.so.` a shared library
 * @returns {string[]} the packages that are still missing
 */
export function installDebianPackages(programs) {
  const missing = () => [
    ...new Set(
      Object.keys(programs)
        .filter((name) => !present(name))
        .map((name) => programs[name]),
    ),
  ];
  let lacking = missing();
  if (lacking.length === 0) return [];
  if (process.getuid?.() === 0 && present('apt-get')) {
    console.log(`Installing Debian packages: ${lacking.join(' ')} …`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (args) => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
    apt(['-qq', 'update']);
    apt(['-qq', 'install', '-y', '--no-install-recommends', ...lacking]);
    lacking = missing();
  }
  if (lacking.length > 0) {
    console.error(
      `Missing: ${lacking.join(', ')}. As root: apt-get install --no-install-recommends ${lacking.join(' ')}`,
    );
  }
  return lacking;
}

function present(name) {
  if (name.includes('/')) return existsSync(name);
  if (name.includes('.so.')) return libraryFolders().some((folder) => existsSync(join(folder, name)));
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** Where Debian puts shared libraries, whatever the machine's architecture. */
function libraryFolders() {
  return ['/usr/lib', '/lib'].flatMap((root) => [
    root,
    ...readdirSync(root)
      .filter((name) => name.includes('-linux-gnu'))
      .map((name) => join(root, name)),
  ]);
}

function npm(args) {
  // node-av would look for FFmpeg's programs on the network; we use its libraries, which come with the package.
  const env = { ...process.env, SKIP_FFMPEG: 'true' };
  return (
    spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit', env }).status === 0
  );
}
