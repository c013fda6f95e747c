import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/* The command that people and service managers use: what reaches npm must reach the product. */

describe('npm start', function () {
  this.timeout(60_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'diemcau-npm-start-'));
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  it('prints where the console is and the first password, and ends properly when npm is told to', async () => {
    const free = Object.fromEntries(
      ['HTTP_PORT', 'SIP_PORT', 'SIPS_PORT', 'H323_PORT', 'RAS_PORT', 'PROVISIONING_PORT', 'PROVISIONING_TLS_PORT'].map(
        (name) => [name, '0'],
      ),
    );
    const hosts = Object.fromEntries(
      ['PUBLIC_HOST', 'HTTP_HOST', 'PROVISIONING_HOST', 'SIP_HOST', 'H323_HOST'].map((name) => [name, '127.0.0.1']),
    );
    const npm = spawn('npm', ['start'], {
      env: { ...process.env, ...free, ...hosts, DATA_DIR: dataDir, LOG_FORMAT: 'json', LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: string[] = [];
    for await (const line of createInterface({ input: npm.stdout })) {
      said.push(line);
      if (line.startsWith('First log-in')) npm.kill('SIGTERM');
    }
    if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'exit');
    assert.ok(said.some((line) => /^Console: http:\/\/127\.0\.0\.1:\d+\//.test(line)));
    assert.equal((JSON.parse(said.at(-1) ?? '') as { msg: string }).msg, 'ended');
  });
});
