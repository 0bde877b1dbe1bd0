import { MongoNetworkError, MongoServerError, type Collection, type MongoClient } from 'mongodb';
import { mongoClient, mongoDatabase } from '#adapters/read-store-mongodb/connection.js';
import { mongoBehaviour } from './mongo-behaviour.js';
import { MongoDouble } from './mongo-double.js';

let double: MongoDouble;
beforeAll(async () => {
  double = await MongoDouble.start();
});
mongoBehaviour('the double', () => double.url);
afterAll(() => double.stop());

describe.each([
  ['a single server', {}],
  ['a replica set', { replicaSet: 'rs0' }],
])('the double as %s', (_, options) => {
  let [one, client, docs] = [undefined, undefined, undefined] as unknown as [
    MongoDouble,
    MongoClient,
    Collection<{ _id: string; count?: number }>,
  ];
  const isSet = 'replicaSet' in options;
  beforeEach(async () => {
    one = await MongoDouble.start(options);
    client = mongoClient(one.url, undefined, { socketTimeoutMS: 2_000, heartbeatFrequencyMS: 500 });
    docs = mongoDatabase(client, 'faults').collection('docs');
    await docs.insertOne({ _id: 'a', count: 0 });
  });
  afterEach(async () => {
    await client.close();
    await one.stop();
  });
  const add = () => docs.updateOne({ _id: { $eq: 'a' } }, { $inc: { count: 1 } });
  const count = async () => (await docs.findOne({ _id: { $eq: 'a' } }))?.count;
  const strike = (fault: Parameters<MongoDouble['faults']['add']>[0]['fault'], name = 'update', times = 1) => {
    one.faults.add({ matches: (call) => call.name === name && call.collection === 'docs', fault, times });
  };

  it.each([
    ['cut-before', 0, 1],
    ['cut-after', 1, 2],
    ['hang', 0, 1],
    ['refuse', 0, 1],
  ] as const)(
    '%s: the driver repeats the write on a set alone; the double carries it out each time it comes',
    async (fault, single, set) => {
      strike(fault);
      const outcome = await add().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(one.faults.injected).toBe(1);
      if (isSet) expect(outcome).toBeUndefined();
      else expect(outcome).toBeInstanceOf(fault === 'refuse' ? MongoServerError : MongoNetworkError);
      one.faults.clear();
      expect(await count()).toBe(isSet ? set : single);
    },
  );

  it('does a write twice, and another late', async () => {
    strike('duplicate');
    await add();
    one.faults.clear();
    strike(150);
    const began = performance.now();
    await add();
    expect([await count(), performance.now() - began > 100, one.faults.injected]).toEqual([3, true, 2]);
  });

  it('repeats a reading once', async () => {
    strike('cut-before', 'find');
    expect([await count(), one.faults.injected]).toEqual([0, 1]);
  });

  it('keeps what it has when connections are dropped and when it starts again, and no cursor', async () => {
    await docs.insertMany(Array.from({ length: 300 }, (__, number) => ({ _id: `n${number}` })));
    const cursor = docs.find({}, { batchSize: 10 });
    await cursor.next();
    one.dropConnections();
    expect(await docs.countDocuments({})).toBe(301);
    await one.restart();
    await expect(cursor.toArray()).rejects.toThrow(/cursor id|closed|connection/);
    expect(await docs.countDocuments({})).toBe(301);
  });

  it('answers from behind to whoever names no later time', async () => {
    one.fallBehind();
    await add();
    expect([await count(), one.readBehind]).toEqual([0, 1]);
    const session = client.startSession({ causalConsistency: true });
    await docs.updateOne({ _id: { $eq: 'a' } }, { $inc: { count: 1 } }, { session });
    expect((await docs.findOne({ _id: { $eq: 'a' } }, { session }))?.count).toBe(isSet ? 2 : 0);
    await session.endSession();
    one.catchUp();
    expect(await count()).toBe(2);
  });
});
