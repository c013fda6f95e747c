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
"$0" --import tsx test/provisioning/plug-and-play/product-program.ts 10.9.2.1 "$1" $phones "$2" "$3" || status=$?
kill $phones
exit $status`;

interface Told {
  status: number;
  url?: string;
  event?: string;
  state?: string;
  type?: string;
}

interface Seen {
  told: Record<string, Told>;
  found: { seen: string; mac?: string; vendor?: string; source: string; count: number }[];
  /** Of the device that was entered, and that nothing is open to. */
  state: { refusals?: number; lastRefusedFrom?: string };
  changed: Record<string, Told>;
}

const address = {
  status: 200,
  url: 'http://10.9.2.1:8081/',
  state: 'terminated;reason=timeout',
  type: 'application/url',
};

describe('plug-and-play', function () {
  this.timeout(120_000);
  const run = (network: string, sipHost: string, sipPort: number): Seen | undefined => {
    const possible = spawnSync('unshare', ['--net', 'ip', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1']);
    if (possible.status !== 0) return undefined;
    const command = ['--net', 'sh', '-c', inside, process.execPath, network, sipHost, String(sipPort)];
    const done = spawnSync('unshare', command, { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as Seen;
  };

  const places: [what: string, network: string, sipHost: string, sipPort: number][] = [
    ['SIP has the same port of all addresses', 'v0', '0.0.0.0', 5060],
    ['SIP has the same port of one address', 'v0', '10.9.2.1', 5060],
    ['SIP has another port; the interface is changed meanwhile', 'all', '0.0.0.0', 5070],
  ];
  for (const [what, network, sipHost, sipPort] of places)
    it(`tells devices that a window is open to where to fetch, in every vendor’s way of asking: ${what}`, function () {
      const seen = run(network, sipHost, sipPort);
      if (seen === undefined) this.skip();
      for (const vendor of ['snom', 'yealink', 'fanvil', 'grandstream']) {
        const { event, ...rest } = seen.told[vendor] ?? {};
        assert.deepEqual(rest, address, vendor);
        assert.match(event ?? '', /^ua-profile;profile-type="device";vendor=/);
      }
      assert.equal(seen.told.stranger, undefined, 'who is not known hears nothing');
      assert.equal(seen.told.closed, undefined, 'nor does who is known, and nothing is open to');
      assert.deepEqual(seen.told.sip, { status: 200 }, 'the SIP server is reached as ever');
      assert.deepEqual(
        seen.found.map(({ mac, seen: how, source, vendor }) => ({ mac, how, source, vendor })),
        [{ mac: '000413ffffff', how: 'pnp', source: '10.9.2.9', vendor: 'Snom' }],
      );
      assert.equal(seen.state.refusals, 1, 'its page tells that it asked in vain; what it repeats is one question');
      assert.equal(seen.state.lastRefusedFrom, '10.9.2.9');
      if (network === 'all') assert.equal(seen.changed.yealink?.url, address.url, 'at the other cable too');
    });

  it('is off until an interface is named: nobody is answered, and nobody noted', function () {
    const seen = run('', '0.0.0.0', 5060);
    if (seen === undefined) this.skip();
    assert.deepEqual(seen.told, { sip: { status: 200 } });
    assert.deepEqual(seen.found, []);
  });
});
