import { request } from 'node:http';
import { openFileHouse } from '../test/provisioning/server/house.ts';
import { machine, percentile } from './load/figures.ts';

/*
 * A day of 3,000 devices at 100 sites, compressed: in the morning all start and fetch (whole files), in the night all ask
 * whether something changed (one in twenty it did), and somebody tries MAC addresses all the while.
 * `npm run bench -- provisioning [devices]`. The devices are played in the process of the server; the store is its own.
 */

const devices = Number(process.argv[2] ?? 3_000);
const sites = 100;
const atOnce = 32;
const mostSeconds = 400;
const daySeconds = 86_400;
const model = { name: 'SIP-T46S', agent: 'Yealink SIP-T46S 66.86.0.15' };

const house = await openFileHouse('warn', { headersMs: 10_000, readerMs: 10_000 });
const startedAt = performance.now();
const outOfTime = (): boolean => (performance.now() - startedAt) / 1_000 > mostSeconds;

/** One request on a connection of its own; a site's devices share an address, as behind a router. */
function fetchFile(site: number, path: string, etag?: string): Promise<{ status: number; etag: string; ms: number }> {
  const sentAt = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: house.server.ports.http,
      path,
      localAddress: `127.1.${site}.1`,
      agent: false,
      headers: { 'User-Agent': model.agent, ...(etag === undefined ? {} : { 'If-None-Match': etag }) },
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        const ms = performance.now() - sentAt;
        resolve({ status: response.statusCode ?? 0, etag: response.headers.etag ?? '', ms });
      });
    });
    asked.end();
  });
}

/** Does a piece of work for each, so many at once. */
async function each(count: number, work: (n: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count && !outOfTime()) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - began) / 1_000;
}

interface Phone {
  id: string;
  mac: string;
  folder: string;
  site: number;
  etag: string;
}
const phones: Phone[] = [];
await each(devices, async (n) => {
  const mac = `001565${n.toString(16).padStart(6, '0')}`;
  const { id } = await house.device(model.name, mac);
  phones.push({ id, mac, folder: await house.keyed({ id }, ''), site: n % sites, etag: '' });
});
const readyMb = process.memoryUsage().rss / 2 ** 20;

const wrong: string[] = [];
const times: Record<'whole' | 'unchanged', number[]> = { whole: [], unchanged: [] };
let requests = 0;
const expect = (what: string, status: number, wanted: number): void => {
  requests++;
  if (status !== wanted) wrong.push(`${what}: ${status}`);
};

const morning = await each(phones.length, async (n) => {
  const phone = phones[n] as Phone;
  expect('common', (await fetchFile(phone.site, `${phone.folder}y000000000066.boot`)).status, 404);
  for (const file of [`${phone.mac}.boot`, `${phone.mac}.cfg`]) {
    const { etag, ms, status } = await fetchFile(phone.site, phone.folder + file);
    expect(file, status, 200);
    times.whole.push(ms);
    phone.etag = etag;
  }
  // One in thirty tries: a stranger's request, from an address of its own.
  if (n % 30 === 0) {
    const stranger = await fetchFile(sites + (n % 50), `/001565ff${n.toString(16).padStart(4, '0')}.cfg`);
    expect('stranger', stranger.status, 404);
  }
});
const night = await each(phones.length, async (n) => {
  const phone = phones[n] as Phone;
  const changes = n % 20 === 0;
  if (changes) await house.store.endpoints.update(phone.id, { name: `Renamed ${n}` });
  const { ms, status } = await fetchFile(phone.site, `${phone.folder}${phone.mac}.cfg`, phone.etag);
  expect('again', status, changes ? 200 : 304);
  if (!changes) times.unchanged.push(ms);
});

const fullMb = process.memoryUsage().rss / 2 ** 20;
await house.close();

const seconds = morning + night;
const sorted = (list: number[]): number[] => [...list].sort((a, b) => a - b);
const [whole, unchanged] = [sorted(times.whole), sorted(times.unchanged)];
const perSecond = Math.round(requests / seconds);
console.log(`${devices} devices made; then ${requests} requests in ${seconds.toFixed(1)} s, ${atOnce} at once`);
console.log(`whole files: p50 ${percentile(whole, 0.5)} ms, p99 ${percentile(whole, 0.99)} ms`);
console.log(`unchanged: p50 ${percentile(unchanged, 0.5)} ms, p99 ${percentile(unchanged, 0.99)} ms`);
console.log(`memory, with the devices played in it: ${Math.round(readyMb)} → ${Math.round(fullMb)} MiB`);
console.log(`not as it should be: ${wrong.length} ${wrong.slice(0, 5).join(', ')}`);
console.log(
  JSON.stringify({
    name: 'provisioning',
    value: Math.round(daySeconds / seconds),
    unit: 'times as fast as the day',
    requests,
    perSecond,
    p99Ms: { whole: percentile(whole, 0.99), unchanged: percentile(unchanged, 0.99) },
    wrong: wrong.length,
    machine: machine(),
  }),
);
process.exit(wrong.length === 0 && !outOfTime() ? 0 : 1);
