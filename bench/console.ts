import { cpus } from 'node:os';
import { ensureConsole } from '../api/console/build.ts';
import { closeBrowser, logIn, openWindow } from '../test/console/browser.ts';
import { Product } from '../test/peers/product.ts';

/*
 * The console's first view in Chromium with nothing cached: from the request until Today shows the system's state and the
 * sessions of the day; and what crossed the network for it. `npm run bench -- console [runs]`.
 */

const runs = Number(process.argv[2] ?? 9);

await ensureConsole();
const product = await Product.start();
const viewer = { username: 'bench', password: 'mat-khau-bench', name: 'Bench', role: 'operator' };
await product.post('/users', viewer);
const origin = `http://127.0.0.1:${product.ports.http}`;

/** One cold visit: ms until everything stands, and bytes received. */
async function visit(): Promise<{ ms: number; bytes: number; requests: number }> {
  const window = await openWindow(origin);
  await logIn(window, viewer.username, viewer.password);
  const state = await window.context.storageState();
  await window.context.close();

  const cold = await openWindow(origin, { storageState: state });
  const network = await cold.context.newCDPSession(cold.page);
  await network.send('Network.enable');
  let bytes = 0;
  let requests = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await cold.page.goto('/', { waitUntil: 'commit' });
  await cold.page.locator('.stat-word b', { hasText: /\p{L}/u }).waitFor();
  await cold.page.waitForFunction(() => document.querySelector('.waiting') === null);
  const ms = await cold.page.evaluate(() => performance.now());
  // Letters that are still on their way count too.
  await cold.page.waitForLoadState('load');
  await cold.page.evaluate(() => document.fonts.ready.then(() => undefined));
  await cold.context.close();
  return { ms, bytes, requests };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const visits = [];
try {
  for (let count = 0; count < runs; count += 1) visits.push(await visit());
} finally {
  await closeBrowser();
  await product.stop();
}
const bytes = Math.max(...visits.map((one) => one.bytes));
console.log(`${runs} cold visits: ${visits.map(({ ms }) => Math.round(ms)).join(', ')} ms`);
console.log(`transferred: ${(bytes / 1000).toFixed(1)} kB in ${visits[0]?.requests} requests`);
console.log(
  JSON.stringify({
    name: 'console',
    value: Math.round(median(visits.map(({ ms }) => ms))),
    unit: 'ms until the first view stands',
    transferredBytes: bytes,
    runs,
    machine: `${cpus().length} × ${cpus()[0]?.model}`,
  }),
);
