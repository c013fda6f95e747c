import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';

/* Phones that were just unpacked ask 224.0.1.75: two network namespaces of the test, joined by a cable of their own. */

const inside = `
set -e
ip link set lo up
unshare --net sleep 100 & phones=$!
while [ "$(readlink /proc/$phones/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
ip link add v0 type veth peer name v1 netns $phones
ip addr add 10.9.2.1/24 dev v0
ip link set v0 up
nsenter --net=/proc/$phones/ns/net sh -c "ip addr add 10.9.2.9/24 dev v1; ip link set v1 up; ip link set lo up"
until nsenter --net=/proc/$phones/ns/net ip -br link show v1 | grep -qE "UP +"; do sleep 0.05; done
until ip -br link show v0 | grep -qE "UP +"; do sleep 0.05; done
status=0
"$0" --import tsx test/provisioning/plug-and-play/product-program.ts 10.9.2.1 "$1" $phones || status=$?
kill $phones
exit $status`;

interface Seen {
  told: Record<string, { status: number; url?: string; event?: string; state?: string; type?: string }>;
  found: { seen: string; mac?: string; vendor?: string; source: string; count: number }[];
}

describe('plug-and-play', function () {
  this.timeout(120_000);
  const run = (network: string): Seen | undefined => {
    const possible = spawnSync('unshare', ['--net', 'ip', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1']);
    if (possible.status !== 0) return undefined;
    const done = spawnSync('unshare', ['--net', 'sh', '-c', inside, process.execPath, network], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as Seen;
  };

  it('tells the devices that are known where to fetch, in every vendor’s way of asking; others are noted', function () {
    const seen = run('v0');
    if (seen === undefined) this.skip();
    for (const vendor of ['snom', 'yealink', 'fanvil', 'grandstream']) {
      const { event, ...rest } = seen.told[vendor]!;
      assert.deepEqual(
        rest,
        {
          status: 200,
          url: 'http://10.9.2.1:8081/',
          state: 'terminated;reason=timeout',
          type: 'application/url',
        },
        vendor,
      );
      assert.match(event ?? '', /^ua-profile;profile-type="device";vendor=/);
    }
    assert.deepEqual(seen.told.stranger, { status: 404 });
    assert.deepEqual(seen.told.presence, { status: 489 });
    assert.deepEqual(
      seen.found.map(({ mac, seen: how, source, vendor }) => ({ mac, how, source, vendor })),
      [{ mac: '000413ffffff', how: 'pnp', source: '10.9.2.9', vendor: 'Snom' }],
    );
  });

  it('is off until an interface is named: nobody is answered, and nobody noted', function () {
    const seen = run('');
    if (seen === undefined) this.skip();
    assert.deepEqual(seen, { told: {}, found: [] });
  });
});
