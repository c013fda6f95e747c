import assert from 'node:assert/strict';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import mongoose from 'mongoose';
import { type Server, startServer, temporaryFolder } from './server.ts';

/** Resolves when `ready` says so, asked at each call of `poke`. */
function awaited(ready: () => boolean): { poke: () => void; reached: Promise<void> } {
  let resolve = (): void => {};
  const reached = new Promise<void>((done) => {
    resolve = done;
  });
  return { poke: () => void (ready() && resolve()), reached };
}

describe('agenda on the embedded store', () => {
  let server: Server;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const running: Agenda[] = [];

  before(async function () {
    this.timeout(20_000);
    folder = await temporaryFolder();
    server = await startServer(folder.path);
  });
  afterEach(async () => {
    for (const agenda of running.splice(0)) await agenda.stop();
  });
  after(async () => {
    await server?.stop();
    await folder?.remove();
  });

  async function planner(collection: string): Promise<Agenda> {
    const agenda = new Agenda({
      backend: new MongoBackend({ address: server.url, collection }),
      processEvery: 50,
      defaultLockLifetime: 10_000,
    });
    running.push(agenda);
    await agenda.ready;
    return agenda;
  }

  it('runs now, in a moment, and again and again', async function () {
    this.timeout(15_000);
    const agenda = await planner('kinds');
    const runs = { now: 0, soon: 0, often: 0 };
    const { poke, reached } = awaited(() => runs.now === 1 && runs.soon === 1 && runs.often >= 2);
    for (const kind of ['now', 'soon', 'often'] as const) {
      agenda.define(kind, async () => {
        runs[kind]++;
        poke();
      });
    }
    await agenda.start();
    await agenda.now('now', { session: 'x' });
    await agenda.schedule(new Date(Date.now() + 200), 'soon', {});
    await agenda.every(200, 'often');
    await reached;
    assert.deepEqual([runs.now, runs.soon], [1, 1]);
  });

  it('two planners on one store run no job twice', async function () {
    this.timeout(30_000);
    const ran = new Map<number, number>();
    const { poke, reached } = awaited(() => ran.size === 60);
    const planners = [await planner('shared'), await planner('shared')];
    for (const agenda of planners) {
      agenda.define(
        'work',
        async (job: { attrs: { data: { n: number } } }) => {
          const { n } = job.attrs.data;
          ran.set(n, (ran.get(n) ?? 0) + 1);
          poke();
        },
        { concurrency: 10 },
      );
    }
    for (let n = 0; n < 60; n++) await planners[0]!.schedule(new Date(), 'work', { n });
    await Promise.all(planners.map((agenda) => agenda.start()));
    await reached;
    for (const agenda of running.splice(0)) await agenda.stop();
    assert.deepEqual(
      [...ran.values()].filter((times) => times !== 1),
      [],
    );
  });

  it('does after a restart of the store what was planned before', async function () {
    this.timeout(30_000);
    const before = await planner('later');
    before.define('later', async () => {});
    await before.schedule(new Date(Date.now() + 300), 'later', { room: 1 });
    await before.stop();
    running.length = 0;
    await server.stop('SIGKILL');
    server = await startServer(folder.path);
    const after = await planner('later');
    const done = new Promise<unknown>((resolve) => {
      after.define('later', async (job: { attrs: { data: unknown } }) => resolve(job.attrs.data));
    });
    await after.start();
    assert.deepEqual(await done, { room: 1 });
  });

  it('looks for its next job through an index', async () => {
    const client = await mongoose.mongo.MongoClient.connect(server.url);
    const plan = await client
      .db()
      .collection('shared')
      .find({ name: 'work', disabled: { $ne: true }, $or: [{ lockedAt: null, nextRunAt: { $lte: new Date() } }] })
      .explain('queryPlanner');
    assert.match(JSON.stringify(plan), /"stage":"IXSCAN".*findAndLockNextJobIndex/);
    await client.close();
  });
});
