import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';

const inside =
  'ip link set lo up && ip addr add 10.9.0.1/24 dev lo && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo';

describe('discovery by multicast', function () {
  this.timeout(60_000);

  it('finds our gatekeeper on 224.0.1.41, in a network of the test', function () {
    const possible = spawnSync('unshare', ['--net', 'sh', '-c', inside], { encoding: 'utf8' });
    if (possible.status !== 0) {
      console.log(`      no network of its own here: ${possible.stderr?.trim() ?? String(possible.error)}`);
      this.skip();
    }
    const program = `${process.execPath} --import tsx test/gateway/h323/ras/multicast-program.ts`;
    const done = spawnSync('unshare', ['--net', 'sh', '-c', `${inside} && exec ${program}`], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(JSON.parse(done.stdout.trim().split('\n').at(-1)!), {
      registered: '10.9.0.1:1720',
      stranger: 'silence',
      foreign: 'silence',
    });
  });
});
