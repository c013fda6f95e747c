import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { pino } from 'pino';
import { Engine } from '../../platform/supervisor.ts';

/** A program that listens on the port asked for, says so, and does what `BEHAVIOUR` says. */
const program = `
import { createServer } from 'node:net';
if (process.env.BEHAVIOUR === 'fail') process.exit(3);
const server = createServer();
server.listen(Number(process.env.PORT), '127.0.0.1', () =>
  console.log(JSON.stringify({ event: 'ready', ports: { main: server.address().port } })));
process.stdin.on('end', () => process.exit(0)).resume();
if (process.env.BEHAVIOUR !== 'deaf') process.on('SIGTERM', () => process.exit(0));
else process.on('SIGTERM', () => {});
`;

describe('engine supervisor', () => {
  let folder: string;
  let entry: string;
  const logger = pino({ level: 'silent' });
  const engines: Engine[] = [];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'diemcau-supervisor-'));
    entry = join(folder, 'program.mjs');
    writeFileSync(entry, program);
  });
  after(async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
    rmSync(folder, { recursive: true, force: true });
  });
  const engine = (behaviour: string): Engine => {
    const made = new Engine(
      { name: 'trial', entry, environment: { PORT: '0', BEHAVIOUR: behaviour }, portVariables: { main: 'PORT' } },
      logger,
    );
    engines.push(made);
    return made;
  };

  it('starts the program and tells its ports', async () => {
    const ports = await engine('').start();
    assert.ok((ports.main ?? 0) > 0);
  });

  it('starts it again on the same ports after it was killed', async () => {
    const trial = engine('');
    const first = await trial.start();
    const again = once(trial, 'ready');
    process.kill(trial.pid ?? 0, 'SIGKILL');
    const [second] = await again;
    assert.deepEqual(second, first);
  });

  it('says why a program does not come up', async () => {
    await assert.rejects(engine('fail').start(), /trial did not start: exit code 3/);
  });

  it('ends a program that does not listen to SIGTERM', async () => {
    const trial = engine('deaf');
    await trial.start();
    await trial.stop();
    assert.equal(trial.pid, undefined);
  });
});
