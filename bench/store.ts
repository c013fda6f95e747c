import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mongoose from 'mongoose';

/* Pages of the session log read from the embedded store with a million entries in it: `npm run bench -- store [entries]`. */

const entries = Number(process.argv[2] ?? 1_000_000);
const sessions = 500;
const pages = 2_000;
const pageSize = 50;
const { MongoClient } = mongoose.mongo;

const folder = await mkdtemp(join(tmpdir(), 'bench-store-'));
const engine = spawn(process.execPath, ['--import', 'tsx', 'embedded/mongod/main.ts'], {
  env: { ...process.env, DATA_DIR: folder, MONGOD_PORT: '0', EXIT_WITH_PARENT: '1' },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [ready] = await once(createInterface({ input: engine.stdout }), 'line');
const { ports } = JSON.parse(String(ready)) as { ports: { mongod: number } };
const client = await MongoClient.connect(`mongodb://127.0.0.1:${ports.mongod}`, { maxPoolSize: 64 });

const log = client.db('bench').collection('log');
await log.createIndexes([
  { key: { sequence: 1 }, unique: true },
  { key: { session: 1, sequence: -1 } },
  { key: { kind: 1, at: -1 } },
]);
const kinds = [
  'call.started',
  'call.ended',
  'leg.joined',
  'leg.left',
  'floor.taken',
  'operator.action',
  'quality.fault',
];
const entry = (sequence: number) => ({
  sequence,
  session: `s${(sequence * 7919) % sessions}`,
  kind: kinds[sequence % kinds.length],
  at: new Date(1_700_000_000_000 + sequence * 1_000),
  actor: { kind: 'device', name: `codec-${sequence % 300}` },
  cause: { sip: 200, q850: 16 },
  address: '192.0.2.17:5060',
  previous: sequence.toString(16).padStart(64, '0'),
  hash: (sequence + 1).toString(16).padStart(64, '0'),
});
const fillStarted = performance.now();
for (let at = 0; at < entries; at += 5_000) {
  await log.insertMany(Array.from({ length: Math.min(5_000, entries - at) }, (_, n) => entry(at + n)));
}
const fillSeconds = (performance.now() - fillStarted) / 1_000;

function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! * 100) / 100;
}

const random = (limit: number): number => Math.floor(Math.random() * limit);
const readers = {
  newest: () => log.find().sort({ sequence: -1 }).limit(pageSize),
  after: () =>
    log
      .find({ sequence: { $lt: 1 + random(entries) } })
      .sort({ sequence: -1 })
      .limit(pageSize),
  session: () =>
    log
      .find({ session: `s${random(sessions)}` })
      .sort({ sequence: -1 })
      .skip(pageSize * random(5))
      .limit(pageSize),
  kind: () => {
    const at = { $lt: new Date(1_700_000_000_000 + (1 + random(entries)) * 1_000) };
    return log
      .find({ kind: kinds[random(kinds.length)], at })
      .sort({ at: -1 })
      .limit(pageSize);
  },
};
const all: number[] = [];
const figures: Record<string, { p50: number; p99: number }> = {};
for (const [name, page] of Object.entries(readers)) {
  const times: number[] = [];
  for (let n = 0; n < pages; n++) {
    const started = performance.now();
    await page().toArray();
    times.push(performance.now() - started);
  }
  all.push(...times);
  times.sort((a, b) => a - b);
  figures[name] = { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
all.sort((a, b) => a - b);

// Single inserts, each acknowledged after its fsync, from as many clients at once.
const writesBy = async (clients: number, total: number): Promise<number> => {
  let next = 0;
  const own = client.db('bench').collection(`writes${clients}`);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < total) await own.insertOne(entry(next++));
    }),
  );
  return Math.round(total / ((performance.now() - started) / 1_000));
};
const writes = { oneClient: await writesBy(1, 500), sixtyFourClients: await writesBy(64, 10_000) };

await client.close();
engine.kill('SIGTERM');
await once(engine, 'exit');
await rm(folder, { recursive: true, force: true });
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
console.log(
  JSON.stringify({
    name: 'store',
    value: percentile(all, 0.99),
    unit: 'ms',
    what: `p99 of reading a page of ${pageSize} entries out of ${entries}`,
    p50: percentile(all, 0.5),
    pages: figures,
    fillPerSecond: Math.round(entries / fillSeconds),
    writesPerSecond: writes,
    machine,
    node: process.version,
  }),
);
