import assert from 'node:assert/strict';
import mongoose from 'mongoose';
import { type Server, startServer, temporaryFolder } from './server.ts';

const { MongoClient } = mongoose.mongo;

describe('log-in (SCRAM-SHA-256)', () => {
  let server: Server;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const secret = 'pässwörd, with = and ,';

  before(async function () {
    this.timeout(20_000);
    folder = await temporaryFolder();
    server = await startServer(folder.path, { MONGOD_USER: 'gate,way', MONGOD_PASSWORD: secret });
  });
  after(async () => {
    await server?.stop();
    await folder?.remove();
  });

  const connect = (auth?: { username: string; password: string }) =>
    MongoClient.connect(server.url, {
      ...(auth === undefined ? {} : { auth, authSource: 'admin' }),
      serverSelectionTimeoutMS: 2_000,
    });

  it('lets in who knows the password', async () => {
    const client = await connect({ username: 'gate,way', password: secret });
    await client.db().collection('a').insertOne({ a: 1 });
    assert.equal(await client.db().collection('a').countDocuments(), 1);
    await client.close();
  });

  for (const [what, auth] of [
    ['a wrong password', { username: 'gate,way', password: 'guess' }],
    ['an unknown user', { username: 'nobody', password: secret }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(connect(auth), { code: 18 });
    });
  }

  it('answers a stranger nothing but greetings', async () => {
    const client = await connect();
    assert.equal((await client.db().command({ ping: 1 })).ok, 1);
    for (const command of [
      { find: 'a' },
      { insert: 'a', documents: [{}] },
      { listDatabases: 1 },
      { dropDatabase: 1 },
      { nonsense: 1 },
    ]) {
      await assert.rejects(client.db('admin').command(command), { code: 13 });
    }
    await client.close();
  });

  it('keeps the password out of its log', () => {
    assert.ok(!server.log().includes(secret));
  });
});
