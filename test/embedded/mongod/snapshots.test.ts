import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { MongoClient } from 'mongodb';
import { type Server, startServer, temporaryFolder } from './server.ts';

describe('embedded store: reads of one state', function () {
  this.timeout(30_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: Server;
  let client: MongoClient;
  before(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder.path, { MAX_CURSORS: '3', CURSOR_TIMEOUT_MS: '600', TTL_INTERVAL_MS: '100' });
    client = await MongoClient.connect(`${server.url}?directConnection=true`);
  });
  after(async () => {
    await client?.close();
    await server?.stop();
    await folder?.remove();
  });

  it('several collections are read as they were at the first read, whatever is written meanwhile', async () => {
    const db = client.db();
    const rows = Array.from({ length: 300 }, (_one, _id) => ({ _id: _id as never, state: 'before' }));
    await db.collection('one').insertMany(rows);
    await db.collection('two').insertMany(rows);
    const session = client.startSession({ snapshot: true });
    const cursor = db.collection('one').find({}, { session, batchSize: 10 });
    const read = [await cursor.next()];
    for (const name of ['one', 'two']) {
      await db.collection(name).updateMany({}, { $set: { state: 'after' } });
      await db.collection(name).deleteMany({ _id: { $gte: 100 } as never });
      await db.collection(name).insertOne({ _id: 1000 as never, state: 'after' });
    }
    for await (const row of cursor) read.push(row);
    const two = await db.collection('two').find({}, { session, batchSize: 10 }).toArray();
    for (const found of [read, two]) {
      assert.equal(found.length, 300);
      assert.ok(found.every((row) => row?.state === 'before'));
    }
    assert.deepEqual(await db.collection('two').distinct('state', {}, { session }), ['before']);
    await assert.rejects(db.collection('two').countDocuments({}, { session }), /read concern/);
    await session.endSession();
    assert.deepEqual(await db.collection('two').distinct('state'), ['after']);
  });

  it('a state that nobody reads is given up, and there are only so many', async () => {
    const two = client.db().collection('two');
    const sessions = [1, 2, 3, 4, 5].map(() => client.startSession({ snapshot: true }));
    const answers = await Promise.allSettled(sessions.map((session) => two.findOne({}, { session })));
    const refused = answers.filter(({ status }) => status === 'rejected');
    assert.ok(refused.length >= 2, 'at most three are kept');
    const kept = sessions[answers.findIndex(({ status }) => status === 'fulfilled')];
    assert.ok(kept);
    // Each try would keep it: only after its idle time is asked again.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await assert.rejects(two.findOne({}, { session: kept }), { codeName: 'SnapshotTooOld' });
    await two.findOne({}, { session: client.startSession({ snapshot: true }) });
  });
});
