import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * The H.323 peer: Debian 11's Asterisk 16 with chan_ooh323, unpacked below `.peers/` and run from there. Debian 12 has
 * no H.323 software of its own. apt fetches it from the mirror that the machine is set up with and checks Debian's
 * signatures; the machine's package lists and installed packages stay as they are.
 */

const release = 'bullseye';
const packages = ['asterisk', 'asterisk-modules', 'asterisk-ooh323', 'libssl1.1', 'liburiparser1'];
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const cache = '.peers';

/** Where an unpacked Asterisk lies, and what its programs need in LD_LIBRARY_PATH. */
export interface AsteriskProgram {
  root: string;
  program: string;
  modules: string;
  libraryPath: string;
}

/**
 * Asterisk with chan_ooh323: what `AST_ROOT` names, else the copy below `.peers/`, fetched when it is not there yet
 * (10 MB). @throws when it can neither be found nor fetched.
 */
export function asteriskProgram(): AsteriskProgram {
  const named = process.env.AST_ROOT;
  if (named !== undefined && named !== '') return programIn(named);
  const root = join(process.cwd(), cache, `asterisk-${release}`);
  if (!existsSync(root)) unpackTo(root);
  return programIn(root);
}

function programIn(root: string): AsteriskProgram {
  const program = join(root, 'usr/sbin/asterisk');
  const modules = join(root, 'usr/lib/asterisk/modules');
  if (!existsSync(program) || !existsSync(join(modules, 'chan_ooh323.so'))) {
    throw new Error(`no Asterisk with chan_ooh323 below ${root}`);
  }
  const libraries = readdirSync(join(root, 'usr/lib'))
    .filter((name) => name.includes('-linux-gnu'))
    .map((name) => join(root, 'usr/lib', name));
  const libraryPath = [...libraries, join(root, 'usr/lib')].join(':');
  const linked = run('ldd', [program, join(modules, 'chan_ooh323.so'), join(modules, 'res_rtp_asterisk.so')], {
    LD_LIBRARY_PATH: libraryPath,
  });
  const missing = [...new Set(linked.match(/\S+(?= => not found)/g) ?? [])];
  if (missing.length > 0) throw new Error(`Asterisk lacks libraries: ${missing.join(', ')} (see tools/run.mjs)`);
  return { root, program, modules, libraryPath };
}

/** Fetches and unpacks; two test runs at once both end with a whole copy, because the last step is one rename. */
function unpackTo(root: string): void {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(process.cwd(), cache, 'fetch-'));
  try {
    const folder = (...names: string[]) => {
      const path = join(work, ...names);
      mkdirSync(path, { recursive: true });
      return path;
    };
    folder('state', 'lists', 'partial');
    folder('cache', 'archives', 'partial');
    const archives = folder('archives');
    const unpacked = folder('unpacked');
    const sources = join(work, 'sources.list');
    const status = join(work, 'status');
    const settings = join(work, 'apt.conf');
    writeFileSync(sources, `deb [signed-by=${keyring}] ${mirror()} ${release} main\n`);
    writeFileSync(status, '');
    const values: Record<string, string> = {
      'Dir::State': join(work, 'state'),
      'Dir::State::status': status,
      'Dir::Cache': join(work, 'cache'),
      'Dir::Etc::sourcelist': sources,
      'Dir::Etc::sourceparts': '/dev/null',
      'Dir::Etc::preferencesparts': '/dev/null',
      'Acquire::Languages': 'none',
      'Acquire::Retries': '3',
    };
    // Without root there is nobody to hand the download to.
    if (process.getuid?.() === 0) values['APT::Sandbox::User'] = 'root';
    writeFileSync(
      settings,
      Object.entries(values)
        .map(([name, value]) => `${name} "${value}";\n`)
        .join(''),
    );
    run('apt-get', ['-qq', 'update'], { APT_CONFIG: settings });
    run('apt-get', ['-qq', 'download', ...packages], { APT_CONFIG: settings }, archives);
    for (const archive of readdirSync(archives)) run('dpkg-deb', ['-x', join(archives, archive), unpacked]);
    try {
      renameSync(unpacked, root);
    } catch (error) {
      if (!existsSync(root)) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The Debian mirror in the machine's own sources. */
function mirror(): string {
  const targets = run('apt-get', ['indextargets', '--format', '$(RELEASE) $(COMPONENT) $(LABEL) $(REPO_URI)']);
  const rows = targets
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row.includes('main') && !/security/i.test(row.join(' ')));
  const debian = rows.filter((row) => row.includes('Debian'));
  // Before the first `apt-get update` no label is known: then the repository's path has to do.
  const uri = (debian.length > 0 ? debian : rows.filter((row) => /\/debian\/?$/.test(row.at(-1) ?? '')))[0]?.at(-1);
  if (uri === undefined) throw new Error('no Debian mirror in the sources of apt');
  return uri;
}

function run(program: string, args: string[], environment: Record<string, string> = {}, cwd?: string): string {
  const done = spawnSync(program, args, { encoding: 'utf8', cwd, env: { ...process.env, ...environment } });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${program} ${args[1] ?? args[0]} failed (${done.status}): ${done.stderr}`);
  return done.stdout;
}
