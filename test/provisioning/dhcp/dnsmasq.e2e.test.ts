import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { routerSettings } from '../../../provisioning/dhcp/router-settings.ts';

/*
 * The tool against dnsmasq, a DHCP server that offices run: two network namespaces of the test, joined by a cable of
 * their own (veth). The server sits in one, the tool in the other; nothing reaches the machine's networks.
 */

const url = 'http://10.9.1.9:8081/';

interface Check {
  name: string;
  offers: Record<string, unknown>[];
  findings: { code: string; level: string }[];
}

describe('what a network offers, asked of a real DHCP server', function () {
  this.timeout(60_000);
  let folder: string;
  before(function () {
    folder = mkdtempSync(join(tmpdir(), 'dhcp-'));
    const cable = 'unshare --net sleep 5 & ip link add v0 type veth peer name v1';
    const possible = spawnSync('unshare', ['--net', 'sh', '-c', cable], { encoding: 'utf8' });
    if (possible.status === 0) return;
    console.log(`      no network of its own here: ${possible.stderr?.trim() ?? String(possible.error)}`);
    this.skip();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the tool beside a server with these lines; `undefined`: no server at all. */
  const ask = (lines: string[] | undefined, ...options: string[]) => {
    const configuration = join(folder, 'dnsmasq.conf');
    writeFileSync(configuration, ['port=0', 'interface=v0', 'bind-interfaces', ...(lines ?? [])].join('\n'));
    writeFileSync(
      join(folder, 'inside.sh'),
      [
        'set -e',
        'ip link set lo up',
        'unshare --net sleep 40 & other=$!',
        'while [ "$(readlink /proc/$other/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done',
        'ip link add v0 type veth peer name v1 netns $other',
        'ip addr add 10.9.1.1/24 dev v0',
        'ip link set v0 up',
        'nsenter --net=/proc/$other/ns/net sh -c "ip addr add 10.9.1.9/24 dev v1; ip link set v1 up; ip link set lo up"',
        // The kernel tells of a cable that was plugged in with a delay.
        `until nsenter --net=/proc/$other/ns/net ip -br link show v1 | grep -qE "UP +"; do sleep 0.05; done`,
        ...(lines === undefined
          ? []
          : [
              `dnsmasq --keep-in-foreground --no-resolv --no-hosts --user=root --pid-file=${folder}/pid --dhcp-leasefile=${folder}/leases --log-facility=${folder}/log --log-dhcp -C ${configuration} & server=$!`,
              `i=0; while ! grep -q "DHCP, " ${folder}/log 2>/dev/null; do sleep 0.05; i=$((i+1)); [ $i -lt 200 ]; done`,
            ]),
        'status=0',
        `nsenter --net=/proc/$other/ns/net "$@" || status=$?`,
        `kill $other ${lines === undefined ? '' : '$server'}`,
        'exit $status',
      ].join('\n'),
    );
    rmSync(join(folder, 'log'), { force: true });
    const tool = [process.execPath, '--import', 'tsx', 'tools/provisioning-dhcp.ts', '--url', url, ...options];
    const done = spawnSync('unshare', ['--net', 'sh', join(folder, 'inside.sh'), ...tool], {
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: folder },
    });
    return { status: done.status, said: done.stdout, complained: done.stderr };
  };
  const network = 'dhcp-range=10.9.1.100,10.9.1.150,1h';
  const found = (said: string): Check => (JSON.parse(said) as Check[])[0]!;

  it('with the lines that we advise for dnsmasq, devices find us, and nothing is left to say', () => {
    const advised = routerSettings({ url, ntp: ['10.9.1.1'] }).find(({ system }) => system === 'dnsmasq')!.lines;
    const { said, status, complained } = ask([network, ...advised], '--json');
    assert.equal(status, 0, complained + said);
    const { findings, offers } = found(said);
    assert.deepEqual(findings, [{ code: 'dhcp.found-us', level: 'good', values: { server: '10.9.1.1', value: url } }]);
    assert.equal(offers.length, 1, JSON.stringify(offers));
    const { option2, option42, option66, option100, option101, option160 } = offers[0]!;
    assert.deepEqual(
      { option2, option42, option66, option100, option101, option160 },
      {
        option2: 25200,
        option42: ['10.9.1.1'],
        option66: url,
        option100: '<+07>-7',
        option101: 'Asia/Ho_Chi_Minh',
        option160: url,
      },
    );
    assert.ok(
      (offers[0]!.asked as string[]).includes('yealink'),
      'informs in the name of vendors are answered as well as the discover',
    );
  });

  it('a server that says nothing to devices: in Vietnamese, with the lines for the router', () => {
    const { said, status } = ask([network]);
    assert.equal(status, 1);
    assert.match(said, /✗ 10\.9\.1\.1 chưa cho máy biết nơi lấy cấu hình\. Hãy đặt option 66/);
    assert.match(said, /# MikroTik RouterOS\n.*code=66 value="'http:\/\/10\.9\.1\.9:8081\/'"/);
    assert.match(said, /option 42 ip 10\.9\.1\.1/);
  });

  it('a server that answers each vendor otherwise is seen through', () => {
    const lines = [
      network,
      'dhcp-vendorclass=set:y,yealink',
      `dhcp-option-force=tag:y,66,"${url}"`,
      'dhcp-option-force=tag:!y,66,"http://10.9.1.200/"',
    ];
    const { said } = ask(lines, '--json');
    const { offers } = found(said);
    const told = Object.fromEntries(
      offers.flatMap(({ asked, option66 }) => (asked as string[]).map((name) => [name, option66])),
    );
    assert.equal(told.yealink, url);
    assert.equal(told.Grandstream, 'http://10.9.1.200/');
  });

  it('no server at all, and no such interface', () => {
    const silent = ask(undefined, '--json');
    assert.equal(silent.status, 1);
    assert.deepEqual(
      found(silent.said).findings.map(({ code }) => code),
      ['dhcp.no-answer'],
    );
    const none = ask(undefined, '--interface', 'eth9', '--language', 'en');
    assert.equal(none.status, 2);
    assert.match(none.complained, /no such network interface/);
  });
});
