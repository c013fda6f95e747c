import assert from 'node:assert/strict';
import mongoose from 'mongoose';
import { type Server, startServer, temporaryFolder } from './server.ts';

const { Schema, Types } = mongoose;

describe('mongoose on the embedded store', () => {
  let server: Server;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let connection: mongoose.Connection;

  before(async function () {
    this.timeout(20_000);
    folder = await temporaryFolder();
    server = await startServer(folder.path, { TTL_INTERVAL_MS: '50' });
    connection = await mongoose.createConnection(server.url).asPromise();
  });
  after(async () => {
    await connection?.close();
    await server?.stop();
    await folder?.remove();
  });

  const models = () => {
    const site = new Schema(
      { name: { type: String, unique: true }, tags: [String], calls: { type: Number, default: 0 } },
      { timestamps: true },
    );
    const device = new Schema({ alias: String, site: { type: Schema.Types.ObjectId, ref: 'Site' } });
    return {
      Site: connection.models.Site ?? connection.model('Site', site),
      Device: connection.models.Device ?? connection.model('Device', device),
    };
  };

  beforeEach(async () => {
    for (const model of Object.values(models())) {
      await model.init();
      await model.deleteMany({});
    }
  });

  it('creates, reads, changes and removes', async () => {
    const { Site } = models();
    const made = await Site.create({ name: 'xã A', tags: ['a', 'b'] });
    const read = await Site.findById(made._id);
    assert.equal(read?.get('name'), 'xã A');
    read!.set('tags', ['c']);
    await read!.save();
    assert.deepEqual((await Site.findOne({ tags: 'c' }).lean())?.tags, ['c']);
    assert.equal((await Site.updateOne({ _id: made._id }, { $set: { name: 'B' } })).modifiedCount, 1);
    assert.equal(
      (await Site.updateOne({ _id: made._id }, { $set: { name: 'B' } }, { timestamps: false })).modifiedCount,
      0,
    );
    assert.equal((await Site.deleteOne({ _id: made._id })).deletedCount, 1);
    assert.equal(await Site.countDocuments(), 0);
  });

  it('refuses a duplicate with code, pattern and value', async () => {
    const { Site } = models();
    await Site.create({ name: 'one' });
    await assert.rejects(
      Site.create({ name: 'one' }),
      (error: { code?: number; keyPattern?: unknown; keyValue?: unknown }) => {
        assert.equal(error.code, 11000);
        assert.deepEqual(error.keyPattern, { name: 1 });
        assert.deepEqual(error.keyValue, { name: 'one' });
        return true;
      },
    );
    const other = await Site.create({ name: 'two' });
    await assert.rejects(Site.updateOne({ _id: other._id }, { name: 'one' }), { code: 11000 });
  });

  it('populates, sorts, skips, limits and projects', async () => {
    const { Site, Device } = models();
    const site = await Site.create({ name: 'p' });
    await Device.insertMany(
      Array.from({ length: 30 }, (_, n) => ({ alias: `d${String(n).padStart(2, '0')}`, site: site._id })),
    );
    const page = await Device.find({ site: site._id }, { alias: 1 }).sort({ alias: -1 }).skip(5).limit(3).lean();
    assert.deepEqual(
      page.map((each) => Object.keys(each)),
      [
        ['_id', 'alias'],
        ['_id', 'alias'],
        ['_id', 'alias'],
      ],
    );
    assert.deepEqual(
      page.map((each) => each.alias),
      ['d24', 'd23', 'd22'],
    );
    const one = await Device.findOne({ alias: 'd00' }).populate<{ site: { name: string } }>('site');
    assert.equal(one?.site.name, 'p');
  });

  it('counts 100 parallel increments, each seeing another value', async () => {
    const { Site } = models();
    await Site.create({ name: 'race' });
    const seen = await Promise.all(
      Array.from({ length: 100 }, () =>
        Site.findOneAndUpdate({ name: 'race' }, { $inc: { calls: 1 } }, { returnDocument: 'after' }).lean(),
      ),
    );
    assert.deepEqual(
      seen.map((each) => each?.calls).sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, n) => n + 1),
    );
  });

  it('makes one document of 20 parallel upserts on a unique field', async () => {
    const { Site } = models();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        Site.updateOne({ name: 'up' }, { $inc: { calls: 1 }, $setOnInsert: { tags: ['new'] } }, { upsert: true }),
      ),
    );
    const all = await Site.find({ name: 'up' }).lean();
    assert.deepEqual([all.length, all[0]?.calls, all[0]?.tags], [1, 20, ['new']]);
  });

  it('runs bulk writes, ordered and not', async () => {
    const { Site } = models();
    const result = await Site.bulkWrite([
      { insertOne: { document: { name: 'x' } } },
      { insertOne: { document: { name: 'y' } } },
      { updateMany: { filter: {}, update: { $set: { calls: 7 } } } },
      { deleteOne: { filter: { name: 'x' } } },
      { replaceOne: { filter: { name: 'y' }, replacement: { name: 'z', calls: 1 } } },
    ] as mongoose.AnyBulkWriteOperation[]);
    assert.deepEqual([result.insertedCount, result.modifiedCount, result.deletedCount], [2, 3, 1]);
    await assert.rejects(
      connection.collection('sites').insertMany([{ name: 'a' }, { name: 'z' }, { name: 'b' }], { ordered: false }),
      { code: 11000 },
    );
    assert.deepEqual(
      (await Site.find().sort('name').lean()).map((each) => each.name),
      ['a', 'b', 'z'],
    );
  });

  it('aggregates with $match, $group, $lookup, $unwind, $facet', async () => {
    const { Site, Device } = models();
    const [a, b] = await Site.create([{ name: 'a' }, { name: 'b' }]);
    await Device.insertMany([
      { alias: '1', site: a!._id },
      { alias: '2', site: a!._id },
      { alias: '3', site: b!._id },
    ]);
    const rows = await Device.aggregate([
      { $match: { alias: { $gte: '1' } } },
      { $lookup: { from: 'sites', localField: 'site', foreignField: '_id', as: 'at' } },
      { $unwind: '$at' },
      { $group: { _id: '$at.name', devices: { $sum: 1 } } },
      { $sort: { _id: 1 } },
    ]);
    assert.deepEqual(rows, [
      { _id: 'a', devices: 2 },
      { _id: 'b', devices: 1 },
    ]);
    const [facets] = await Device.aggregate([
      {
        $facet: {
          total: [{ $count: 'n' }],
          first: [{ $sort: { alias: 1 } }, { $limit: 1 }, { $project: { _id: 0, alias: 1 } }],
        },
      },
    ]);
    assert.deepEqual(facets, { total: [{ n: 3 }], first: [{ alias: '1' }] });
    await assert.rejects(Device.aggregate([{ $out: 'elsewhere' }]), { code: 115 });
    assert.deepEqual((await Device.distinct('alias')).sort(), ['1', '2', '3']);
  });

  it('reads 10,000 documents through a cursor that keeps its snapshot', async function () {
    this.timeout(30_000);
    const many = connection.collection('many');
    await many.insertMany(Array.from({ length: 10_000 }, (_, n) => ({ n })));
    const cursor = many.find({}).sort({ _id: 1 }).batchSize(500);
    let seen = 0;
    for await (const doc of cursor) {
      assert.equal(doc.n, seen++);
      if (seen === 600) await many.deleteMany({ n: { $gte: 5_000 } });
    }
    assert.equal(seen, 10_000);
    assert.equal(await many.countDocuments({}), 5_000);
    await many.drop();
  });

  it('removes documents past their time', async () => {
    const timed = connection.collection('timed');
    await timed.createIndex({ at: 1 }, { expireAfterSeconds: 1 });
    await timed.insertMany([
      { at: new Date(Date.now() - 5_000) },
      { at: new Date(Date.now() + 60_000) },
      { at: 'not a date' },
      {},
    ]);
    while ((await timed.countDocuments()) > 3) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await timed.countDocuments(), 3);
  });

  it('keeps every BSON type through storage and through updates of other fields', async () => {
    const { Long, Double, Int32, Decimal128, Binary, Timestamp, BSONRegExp, MinKey, MaxKey, UUID } = mongoose.mongo;
    const kept = connection.collection<mongoose.mongo.Document>('kept');
    const _id = new Types.ObjectId();
    const doc = {
      _id,
      z: new Double(3),
      long: Long.fromNumber(5),
      big: Long.fromString('9007199254740993'),
      int: new Int32(7),
      half: new Double(1.5),
      decimal: Decimal128.fromString('1.10'),
      binary: new Binary(Buffer.from([0, 255, 1]), 5),
      uuid: new UUID(),
      stamp: new Timestamp({ t: 1, i: 2 }),
      pattern: new BSONRegExp('^a', 'i'),
      low: new MinKey(),
      high: new MaxKey(),
      date: new Date(0),
      nested: { list: [new Double(1), Long.fromNumber(2), new Int32(3)], none: null },
      a: 1,
    };
    await kept.insertOne(doc);
    await kept.updateOne({ _id }, { $set: { a: Long.fromNumber(2) }, $inc: { long: 1, z: 1 } });
    await kept.updateOne({ _id }, { $pull: { 'nested.list': 3 } } as mongoose.mongo.Document);
    const options = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;
    const read = (await kept.findOne({ _id }, options))!;
    assert.deepEqual(Object.keys(read), Object.keys(doc));
    const nested = read.nested as { list: unknown[] };
    assert.ok(read.z instanceof Double && read.z.value === 4, 'double');
    assert.ok(Long.isLong(read.long) && read.long.toNumber() === 6, 'long');
    assert.equal(String(read.big), '9007199254740993');
    assert.ok(read.int instanceof Int32);
    assert.equal(String(read.decimal), '1.10');
    assert.equal((read.binary as mongoose.mongo.Binary).sub_type, 5);
    assert.ok(Long.isLong(read.a), 'assigned long');
    assert.ok(nested.list[0] instanceof Double && Long.isLong(nested.list[1]) && nested.list.length === 2);
    assert.equal((read.pattern as mongoose.mongo.BSONRegExp).pattern, '^a');
    assert.deepEqual(
      [read.low, read.high].map((key) => (key as { _bsontype: string })._bsontype),
      ['MinKey', 'MaxKey'],
    );
  });

  it('applies update operators as documented', async () => {
    const own = connection.collection<{ _id: number } & mongoose.mongo.Document>('operators');
    const table: [
      string,
      Record<string, unknown>,
      Record<string, unknown> | Record<string, unknown>[],
      Record<string, unknown>,
      Record<string, unknown>?,
    ][] = [
      ['$inc of a missing field', {}, { $inc: { n: 2 } }, { n: 2 }],
      ['$mul', { n: 3 }, { $mul: { n: 2 } }, { n: 6 }],
      ['$min and $max', { a: 5, b: 5 }, { $min: { a: 3 }, $max: { b: 9 } }, { a: 3, b: 9 }],
      ['$unset', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
      ['$rename', { a: 1 }, { $rename: { a: 'c' } }, { c: 1 }],
      [
        '$push with modifiers',
        { l: [3, 1] },
        { $push: { l: { $each: [2, 0], $sort: 1, $slice: 3 } } },
        { l: [0, 1, 2] },
      ],
      ['$push with $slice on a new field', {}, { $push: { l: { $each: [1, 2, 3], $slice: -2 } } }, { l: [2, 3] }],
      ['$addToSet', { l: [1] }, { $addToSet: { l: { $each: [1, 2] } } }, { l: [1, 2] }],
      ['$pull by query', { l: [{ k: 1 }, { k: 2 }] }, { $pull: { l: { k: { $gte: 2 } } } }, { l: [{ k: 1 }] }],
      ['$pop', { l: [1, 2] }, { $pop: { l: -1 } }, { l: [2] }],
      ['deep $set', { a: { b: 1 } }, { $set: { 'a.c.d': 2 } }, { a: { b: 1, c: { d: 2 } } }],
      [
        'array filters',
        { l: [{ k: 1 }, { k: 2 }] },
        { $set: { 'l.$[e].v': 9 } },
        { l: [{ k: 1 }, { k: 2, v: 9 }] },
        { arrayFilters: [{ 'e.k': 2 }] },
      ],
      ['all elements', { l: [1, 2] }, { $inc: { 'l.$[]': 1 } }, { l: [2, 3] }],
      ['pipeline', { a: 1, b: 2 }, [{ $set: { sum: { $add: ['$a', '$b'] } } }, { $unset: 'a' }], { b: 2, sum: 3 }],
    ];
    for (const [what, before, update, after, options] of table) {
      await own.replaceOne({ _id: 1 }, before, { upsert: true });
      await own.updateOne({ _id: 1 }, update, options ?? {});
      const { _id, ...rest } = (await own.findOne({ _id: 1 }))!;
      assert.deepEqual(rest, after, what);
    }
    await own.replaceOne({ _id: 1 }, { l: [{ k: 1 }, { k: 2 }] });
    await own.updateOne({ _id: 1, 'l.k': 2 }, { $set: { 'l.$.v': 'here' } });
    assert.deepEqual((await own.findOne({ _id: 1 }))?.l, [{ k: 1 }, { k: 2, v: 'here' }]);
    await assert.rejects(own.updateOne({ _id: 1 }, { $set: { _id: 2 } }), { code: 66 });
    await assert.rejects(own.updateOne({ _id: 1 }, { $inc: { l: 1 } }), { code: 14 });
    await assert.rejects(own.updateOne({ _id: 1 }, { $nonsense: { l: 1 } }), { code: 9 });
  });

  it('answers in the protocol’s own error codes', async () => {
    const db = connection.db!;
    await db.createCollection('there');
    await assert.rejects(db.command({ create: 'there' }), { code: 48 });
    await assert.rejects(db.command({ drop: 'not there' }), { code: 26 });
    await assert.rejects(db.command({ fortune: 1 }), { code: 59, codeName: 'CommandNotFound' });
    await assert.rejects(db.command({ dropIndexes: 'there', index: 'nope_1' }), { code: 27 });
    await db.collection('there').createIndex({ a: 1 });
    await assert.rejects(db.collection('there').createIndex({ a: 1 }, { name: 'other' }), { code: 85 });
    await assert.rejects(db.collection('there').createIndex({ b: 1 }, { name: 'a_1' }), { code: 86 });
    await assert.rejects(db.command({ getMore: mongoose.mongo.Long.fromNumber(99), collection: 'there' }), {
      code: 43,
    });
    await assert.rejects(
      db
        .collection('there')
        .find({ a: { $bad: 1 } })
        .toArray(),
      { code: 2 },
    );
    await assert.rejects(db.collection('there').find({ $where: 'true' }).toArray(), { code: 2 });
    await assert.rejects(db.collection('there').insertOne({ long: 'x'.repeat(17_000_000) }), { code: 10334 });
    const stream = db.collection('there').watch();
    await assert.rejects(stream.next(), { code: 40573 });
    const session = await connection.startSession();
    session.startTransaction();
    // The driver words the refusal (code 20) itself.
    await assert.rejects(db.collection('there').insertOne({ a: 1 }, { session }), /does not support retryable writes/);
    await session.endSession();
  });

  it('keeps keys apart that are longer than the store’s own', async () => {
    const long = connection.collection<{ _id: string; key?: string }>('long');
    await long.createIndex({ key: 1 }, { unique: true, sparse: true });
    const text = 'w'.repeat(5_000);
    for (const end of ['1', '2']) await long.insertOne({ _id: `${text}${end}`, key: `${text}${end}` });
    await assert.rejects(long.insertOne({ _id: 'short', key: `${text}2` }), { code: 11000 });
    await assert.rejects(long.insertOne({ _id: `${text}1` }), { code: 11000 });
    assert.equal(await long.countDocuments({ _id: `${text}2` }), 1);
    assert.deepEqual(
      (await long.find({ key: { $gt: `${text}1` } }).toArray()).map((doc) => doc._id),
      [`${text}2`],
    );
    assert.deepEqual(
      (await long.find().sort({ key: -1 }).toArray()).map((doc) => doc._id.at(-1)),
      ['2', '1'],
    );
  });

  it('uses indexes, and says so', async () => {
    const log = connection.collection('log');
    await log.createIndex({ session: 1, at: -1 });
    await log.insertMany(Array.from({ length: 500 }, (_, n) => ({ session: n % 5, at: new Date(n * 1000), n })));
    const query = log
      .find({ session: 2, at: { $lt: new Date(400_000) } })
      .sort({ at: -1 })
      .limit(3);
    const plan = (await query.clone().explain('queryPlanner')) as {
      queryPlanner: { winningPlan: { stage: string; inputStage: { stage: string; indexName: string } } };
    };
    assert.equal(plan.queryPlanner.winningPlan.inputStage.stage, 'IXSCAN');
    assert.equal(plan.queryPlanner.winningPlan.inputStage.indexName, 'session_1_at_-1');
    assert.deepEqual(
      (await query.toArray()).map((doc) => doc.n),
      [397, 392, 387],
    );
    assert.deepEqual(
      (await log.find({ session: 2 }).sort({ at: 1 }).skip(2).limit(2).toArray()).map((doc) => doc.n),
      [12, 17],
    );
    assert.equal(await log.countDocuments({ session: { $in: [1, 3] } }), 200);
    const scan = (await log.find({ n: 5 }).explain('queryPlanner')) as {
      queryPlanner: { winningPlan: { stage: string } };
    };
    assert.equal(scan.queryPlanner.winningPlan.stage, 'COLLSCAN');
  });
});
