import assert from 'node:assert/strict';
import mongoose from 'mongoose';
import { startServer, temporaryFolder } from './server.ts';

const { MongoClient } = mongoose.mongo;

describe('acknowledged writes', () => {
  it('survive SIGKILL in the middle of 10,000, with their index entries', async function () {
    this.timeout(60_000);
    const folder = await temporaryFolder();
    const server = await startServer(folder.path);
    const acknowledged = new Set<number>();
    const client = new MongoClient(server.url, { maxPoolSize: 20, serverSelectionTimeoutMS: 500 });
    const written = client.db().collection<{ _id: number; even: boolean }>('written');
    await written.createIndex({ even: 1 });
    let next = 0;
    const write = async (): Promise<void> => {
      while (next < 10_000) {
        const n = next++;
        try {
          await written.insertOne({ _id: n, even: n % 2 === 0 });
          if (n % 10 === 0) await written.updateOne({ _id: n }, { $set: { changed: true } });
        } catch {
          return;
        }
        acknowledged.add(n);
        if (acknowledged.size === 5_000) await server.stop('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: 20 }, write));
    await client.close();
    assert.ok(acknowledged.size >= 5_000 && acknowledged.size < 10_000, `killed in the middle: ${acknowledged.size}`);

    const again = await startServer(folder.path);
    const reader = await MongoClient.connect(again.url);
    const kept = reader.db().collection<{ _id: number; even: boolean; changed?: boolean }>('written');
    const docs = new Map((await kept.find().toArray()).map((doc) => [doc._id, doc]));
    for (const n of acknowledged) {
      assert.equal(docs.get(n)?.even, n % 2 === 0, `document ${n}`);
      assert.equal(docs.get(n)?.changed, n % 10 === 0 ? true : undefined, `change of ${n}`);
    }
    const evens = await kept.find({ even: true }).hint('even_1').toArray();
    assert.equal(evens.length, [...docs.values()].filter((doc) => doc.even).length);
    assert.equal((await reader.db().command({ validate: 'written' })).valid, true);
    await reader.close();
    await again.stop();
    await folder.remove();
  });
});
