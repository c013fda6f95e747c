import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { serialize } from 'bson';
import mongoose from 'mongoose';
import { randomFrom } from './random.ts';
import { startServer, temporaryFolder } from './server.ts';

function message(body: object, sequence?: [string, object[]]): Buffer {
  const parts = [Buffer.from([0, 0, 0, 0, 0]), Buffer.from(serialize(body))];
  if (sequence !== undefined) {
    const inner = Buffer.concat([
      Buffer.from(`${sequence[0]}\0`),
      ...sequence[1].map((doc) => Buffer.from(serialize(doc))),
    ]);
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeInt32LE(inner.length + 4, 1);
    parts.push(head, inner);
  }
  const payload = Buffer.concat(parts);
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + payload.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, payload]);
}

describe('malformed messages', () => {
  it('1,000 of them leave the engine alive, its data whole and its size as before', async function () {
    this.timeout(120_000);
    const random = randomFrom(4_711);
    const folder = await temporaryFolder();
    const server = await startServer(folder.path);
    const client = await mongoose.mongo.MongoClient.connect(server.url);
    const guarded = client.db('kept').collection('guarded');
    await guarded.insertMany(Array.from({ length: 100 }, (_, n) => ({ n })));
    const originals = [
      message({ hello: 1, $db: 'admin' }),
      message({ find: 'guarded', filter: { n: { $gt: 3, $in: [1, 2] } }, sort: { n: -1 }, limit: 3, $db: 'fuzz' }),
      message({ insert: 'fuzzed', ordered: true, $db: 'fuzz' }, [
        'documents',
        [{ a: 1 }, { b: 'text', c: [1, { d: null }] }],
      ]),
      message({
        update: 'fuzzed',
        updates: [{ q: { a: 1 }, u: { $set: { 'a.b': 2 }, $push: { l: 1 } }, upsert: true }],
        $db: 'fuzz',
      }),
      message({
        aggregate: 'fuzzed',
        pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$b', n: { $sum: 1 } } }],
        cursor: {},
        $db: 'fuzz',
      }),
      message({ createIndexes: 'fuzzed', indexes: [{ key: { a: 1 }, name: 'a_1' }], $db: 'fuzz' }),
    ];
    const send = async (bytes: Buffer): Promise<void> => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      const closed = once(socket, 'close');
      socket.on('data', () => socket.destroy());
      // An engine that still waits for the rest of a message is left waiting; ours ends with the sender.
      socket.end(bytes);
      await closed;
    };
    const mutated = (): Buffer => {
      const bytes = Buffer.from(originals[random.below(originals.length)]!);
      for (let times = 1 + random.below(4); times > 0; times--) {
        const at = random.below(4) === 0 ? random.below(26) : random.below(bytes.length);
        if (random.below(5) === 0 && at + 4 <= bytes.length)
          bytes.writeInt32LE(random.below(2) === 0 ? -1 : random.below(2 ** 31), at);
        else bytes[at] = random.below(256);
      }
      return random.below(6) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
    };
    const resident = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]);
    for (let n = 0; n < 200; n++) await send(mutated());
    const before = resident();
    for (let n = 0; n < 1_000; n++) await send(mutated());
    const grown = resident() - before;
    assert.equal(await guarded.countDocuments(), 100);
    assert.equal((await client.db('kept').command({ validate: 'guarded' })).valid, true);
    assert.ok(grown < 64 * 1024, `grown by ${grown} KiB`);
    await client.close();
    await server.stop();
    await folder.remove();
  });
});
