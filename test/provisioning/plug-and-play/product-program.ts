import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Product } from '../../peers/product.ts';

/*
 * The product in a network namespace of `plug-and-play.e2e.test.ts`; the phones are in another, at the end of a cable.
 * Prints what the phones were told, whom the product found, and what a phone was told at a cable that was changed.
 */

const [host = '', network = '', phones = '', sipHost = '', sipPort = ''] = process.argv.slice(2);
const product = await Product.start({
  host,
  environment: {
    SIP_HOST: sipHost,
    SIP_PORT: sipPort,
    PROVISIONING_PORT: '8081',
    ...(network === '' ? {} : { PLUG_AND_PLAY: network }),
  },
});

function run(command: string, ...rest: string[]): string {
  const done = spawnSync(command, rest, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} ${rest.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

const inPhones = (...command: string[]): string => run('nsenter', `--net=/proc/${phones}/ns/net`, ...command);

/** What each phone was told; `only` that one. */
function ask(address: string, tries: number, only = ''): Record<string, unknown> {
  const program = 'test/provisioning/plug-and-play/phone-program.ts';
  return JSON.parse(
    inPhones(process.execPath, '--import', 'tsx', program, address, String(tries), `${host}:${sipPort}`, only),
  );
}

try {
  const site = await product.post<{ id: string }>('/sites', { name: 'Hội trường', kind: 'commune' });
  const devices: [mac: string, model: string, siteId?: string][] = [
    ['000413aabb01', 'D785', site.id],
    ['805ec0aabb02', 'SIP-T46S', site.id],
    ['0c383eaabb03', 'X4U', site.id],
    ['000b82aabb04', 'GXP1760', site.id],
    ['000413aabb09', 'D785'],
  ];
  const ids: string[] = [];
  for (const [mac, model, siteId] of devices) {
    const { id } = await product.post<{ id: string }>('/endpoints', {
      name: model,
      kind: 'sip',
      username: mac,
      secret: 'mat-khau',
      siteId,
      device: { model, mac },
    });
    ids.push(id);
  }
  await product.post('/provisioning/windows', { siteId: site.id, minutes: 10, most: 10 });
  const told = ask('10.9.2.9', network === '' ? 1 : 5);
  let found: { items: object[] } = { items: [] };
  let state: { refusals?: number; lastRefusedFrom?: string } = {};
  for (let turn = 0; turn < (network === '' ? 1 : 40); turn++) {
    await pause(100);
    found = await product.get('/discovered');
    state = await product.get(`/endpoints/${ids[4]}/device`);
    if (found.items.length > 0 && (state.refusals ?? 0) > 0) break;
  }
  let changed: Record<string, unknown> = {};
  if (network === 'all') {
    // The cable is drawn and another put in, with addresses of another network.
    run('ip', 'link', 'del', 'v0');
    run('ip', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', phones);
    run('ip', 'addr', 'add', '10.9.3.1/24', 'dev', 'v0');
    run('ip', 'link', 'set', 'v0', 'up');
    inPhones('ip', 'addr', 'add', '10.9.3.9/24', 'dev', 'v1');
    inPhones('ip', 'link', 'set', 'v1', 'up');
    changed = ask('10.9.3.9', 20, 'yealink');
  }
  console.log(JSON.stringify({ told, found: found.items, state, changed }));
} finally {
  await product.stop();
}
