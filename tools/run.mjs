// The one entry behind every npm script: sets up what is missing, then runs the command.
import { spawn, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDebianPackages, installPackages, requireNode } from './setup.mjs';

const debianForTests = {
  sipp: 'sip-tester',
  baresip: 'baresip-core',
  '/usr/lib/baresip/modules/avcodec.so': 'baresip-ffmpeg',
  tshark: 'tshark',
  sox: 'sox',
  ffmpeg: 'ffmpeg',
  'espeak-ng': 'espeak-ng',
  ip: 'iproute2',
  dnsmasq: 'dnsmasq-base',
  pdftoppm: 'poppler-utils',
  zbarimg: 'zbar-tools',
  chromium: 'chromium',
  // What the unpacked Asterisk (the H.323 peer) links against.
  'libcap.so.2': 'libcap2',
  'libedit.so.2': 'libedit2',
  'libjansson.so.4': 'libjansson4',
  'libsqlite3.so.0': 'libsqlite3-0',
  'libsystemd.so.0': 'libsystemd0',
  'libuuid.so.1': 'libuuid1',
  'libxml2.so.2': 'libxml2',
  'libxslt.so.1': 'libxslt1.1',
};

/** Command → what it needs from Debian, and the program that does it. */
const commands = {
  start: { debian: { ffmpeg: 'ffmpeg' }, script: 'start.ts', console: true },
  demo: { debian: { ffmpeg: 'ffmpeg' }, script: 'tools/demo.ts', console: true },
  test: { debian: debianForTests, script: 'tools/test.ts', strict: true, console: true },
  bench: { debian: debianForTests, script: 'bench/run.ts', console: true },
  screens: { debian: debianForTests, script: 'tools/screens.ts', strict: true, console: true },
  check: { debian: {}, script: 'tools/check.ts' },
  'verify-log': { debian: {}, script: 'tools/verify-log.ts' },
  'verify-bundle': { debian: {}, script: 'tools/verify-bundle.ts' },
  backup: { debian: {}, script: 'tools/backup.ts' },
  restore: { debian: {}, script: 'tools/restore.ts' },
  'provisioning:dhcp': { debian: {}, script: 'tools/provisioning-dhcp.ts' },
  'verify-recordings': { debian: {}, script: 'tools/verify-recordings.ts' },
  'h323:decode': { debian: {}, script: 'tools/h323-decode.ts' },
};

const [name, ...rest] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  console.error(`Commands: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
requireNode();
installPackages();
const lacking = installDebianPackages(command.debian);
if (lacking.length > 0 && command.strict) process.exit(1);

if (command.console) {
  const built = spawnSync(process.execPath, ['--import', 'tsx', 'api/console/build.ts'], { stdio: 'inherit' });
  if (built.status !== 0) process.exit(1);
}

// In a process group of its own, so that Ctrl-C reaches it once, through us.
const child = spawn(process.execPath, ['--import', 'tsx', command.script, ...rest], {
  stdio: 'inherit',
  detached: true,
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
