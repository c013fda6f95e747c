import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Product } from '../../peers/product.ts';

/*
 * The product in a network namespace of `plug-and-play.e2e.test.ts`; the phones are in another, at the end of a cable.
 * Prints what the phones were told, and whom the product found.
 */

const [host = '', network = '', phones = ''] = process.argv.slice(2);
const product = await Product.start({
  host,
  environment: {
    SIP_HOST: '0.0.0.0',
    SIP_PORT: '5060',
    PROVISIONING_PORT: '8081',
    ...(network === '' ? {} : { PLUG_AND_PLAY: network }),
  },
});
try {
  const devices: [mac: string, model: string][] = [
    ['000413aabb01', 'D785'],
    ['805ec0aabb02', 'SIP-T46S'],
    ['0c383eaabb03', 'X4U'],
    ['000b82aabb04', 'GXP1760'],
  ];
  for (const [mac, model] of devices)
    await product.post('/endpoints', {
      name: model,
      kind: 'sip',
      username: mac,
      secret: 'mat-khau',
      device: { model, mac },
    });
  const program = 'test/provisioning/plug-and-play/phone-program.ts';
  const done = spawnSync(
    'nsenter',
    [
      `--net=/proc/${phones}/ns/net`,
      process.execPath,
      '--import',
      'tsx',
      program,
      '10.9.2.9',
      network === '' ? '1' : '5',
    ],
    { encoding: 'utf8' },
  );
  if (done.status !== 0) throw new Error(done.stderr);
  let found: { items: object[] } = { items: [] };
  for (let turn = 0; turn < (network === '' ? 1 : 40) && found.items.length === 0; turn++) {
    await pause(100);
    found = await product.get('/discovered');
  }
  console.log(JSON.stringify({ told: JSON.parse(done.stdout), found: found.items }));
} finally {
  await product.stop();
}
