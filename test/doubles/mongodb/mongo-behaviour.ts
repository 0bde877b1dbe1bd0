import { randomUUID } from 'node:crypto';
import { MongoBulkWriteError, MongoClient, type Collection, type Db } from 'mongodb';
import { mongoClient, mongoDatabase } from '#adapters/read-store-mongodb/connection.js';

interface Doc {
  readonly _id: string;
  readonly position?: number;
  readonly live?: boolean;
  readonly count?: number;
  readonly value?: unknown;
}

/**
 * What our adapters rely on, asked of whatever says that it is MongoDB: so that the double is no kinder than a server.
 */
export const mongoBehaviour = (name: string, url: () => string): void => {
  describe(`MongoDB as ${name} has it`, () => {
    let [client, database, docs] = [undefined, undefined, undefined] as unknown as [MongoClient, Db, Collection<Doc>];
    beforeEach(async () => {
      client = mongoClient(url());
      database = mongoDatabase(client, `baobei-test-${randomUUID().slice(0, 13)}`);
      docs = database.collection<Doc>('docs');
      await docs.insertMany([
        { _id: 'a', position: 5 },
        { _id: 'b', position: 7 },
      ]);
    });
    afterEach(async () => {
      await database.dropDatabase();
      await client.close();
    });

    it('refuses an id that is taken with 11000, and goes on behind it where the order does not count', async () => {
      await expect(docs.insertOne({ _id: 'a' })).rejects.toMatchObject({ code: 11_000 });
      await expect(
        docs.insertMany([{ _id: 'c' }, { _id: 'a' }, { _id: 'd' }], { ordered: false }),
      ).rejects.toMatchObject({ code: 11_000 });
      await expect(docs.insertMany([{ _id: 'e' }, { _id: 'a' }, { _id: 'f' }])).rejects.toMatchObject({ code: 11_000 });
      expect((await docs.find({}, { sort: { _id: 1 } }).toArray()).map(({ _id }) => _id)).toEqual([
        'a',
        'b',
        'c',
        'd',
        'e',
      ]);
    });

    it('answers an upsert whose guard meets a newer document with 11000, and does the others', async () => {
      const write = (id: string, position: number) => ({
        updateOne: {
          filter: { _id: { $eq: id }, position: { $lt: position } },
          update: { $set: { position } },
          upsert: true,
        },
      });
      const refused = await docs
        .bulkWrite([write('a', 6), write('b', 6), write('new', 6)], { ordered: false })
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(MongoBulkWriteError);
      expect([(refused as MongoBulkWriteError).writeErrors].flat().map(({ code, index }) => [code, index])).toEqual([
        [11_000, 1],
      ]);
      expect((await docs.find({}, { sort: { _id: 1 } }).toArray()).map(({ _id, position }) => [_id, position])).toEqual(
        [
          ['a', 6],
          ['b', 7],
          ['new', 6],
        ],
      );
    });

    it('says how many an update met, changed and made', async () => {
      const counts = async (filter: object, update: object, upsert = false) => {
        const { matchedCount, modifiedCount, upsertedCount } = await docs.updateOne(filter, update, { upsert });
        return [matchedCount, modifiedCount, upsertedCount];
      };
      expect(await counts({ _id: { $eq: 'a' }, position: { $eq: 5 } }, { $set: { position: 6 } })).toEqual([1, 1, 0]);
      expect(await counts({ _id: { $eq: 'a' }, position: { $eq: 5 } }, { $set: { position: 7 } })).toEqual([0, 0, 0]);
      expect(await counts({ _id: { $eq: 'a' } }, { $set: { position: 6 } })).toEqual([1, 0, 0]);
      expect(await counts({ _id: { $eq: 'n' } }, { $inc: { count: 2 }, $setOnInsert: { live: true } }, true)).toEqual([
        0, 0, 1,
      ]);
      expect(await counts({ _id: { $eq: 'n' } }, { $inc: { count: 2 }, $setOnInsert: { live: false } }, true)).toEqual([
        1, 1, 0,
      ]);
      expect(await counts({ _id: { $eq: 'a' } }, { $unset: { position: '' } })).toEqual([1, 1, 0]);
      expect(await docs.find({ _id: { $in: ['a', 'n'] } }, { sort: { _id: 1 } }).toArray()).toEqual([
        { _id: 'a' },
        { _id: 'n', count: 4, live: true },
      ]);
    });

    it('changes one document and shows it as it was or as it is', async () => {
      const change = (returnDocument: 'before' | 'after', id: string, upsert = false) =>
        docs.findOneAndUpdate({ _id: { $eq: id } }, { $inc: { count: 1 } }, { returnDocument, upsert });
      expect([
        await change('before', 'a'),
        await change('after', 'a'),
        await change('before', 'none'),
        await change('after', 'made', true),
      ]).toEqual([{ _id: 'a', position: 5 }, { _id: 'a', position: 5, count: 2 }, null, { _id: 'made', count: 1 }]);
    });

    it('keeps a unique index, and finds nothing by one that is not there', async () => {
      await docs.createIndexes([
        { name: 'i0', key: { live: 1, position: 1, _id: 1 } },
        { name: 'once', key: { position: 1 }, unique: true },
      ]);
      await docs.createIndexes([{ name: 'i0', key: { live: 1, position: 1, _id: 1 } }]);
      await expect(docs.insertOne({ _id: 'c', position: 5 })).rejects.toMatchObject({ code: 11_000 });
      await expect(docs.updateOne({ _id: { $eq: 'a' } }, { $set: { position: 7 } })).rejects.toMatchObject({
        code: 11_000,
      });
      expect(await docs.find({ position: { $eq: 5 } }, { hint: 'i0' }).toArray()).toHaveLength(1);
      expect((await docs.indexes()).map((index) => index.name).toSorted()).toEqual(['_id_', 'i0', 'once']);
    });

    it('compares a bound with values of its own kind alone, and sorts kinds as BSON does', async () => {
      await docs.deleteMany({});
      await docs.insertMany([
        { _id: 't', value: 'x' },
        { _id: 'n', value: 3 },
        { _id: 'z', value: null },
        { _id: 'y', value: true },
        { _id: 'x' },
        { _id: 'e', value: '' },
      ]);
      const ids = async (filter: object) =>
        (await docs.find(filter, { sort: { value: 1, _id: 1 } }).toArray()).map(({ _id }) => _id);
      expect(await ids({})).toEqual(['x', 'z', 'n', 'e', 't', 'y']);
      expect([
        await ids({ value: { $gte: '' } }),
        await ids({ value: { $lt: 9 } }),
        await ids({ value: { $eq: null } }),
      ]).toEqual([['e', 't'], ['n'], ['x', 'z']]);
    });

    it('gives a long answer in several batches, in order', async () => {
      await docs.deleteMany({});
      await docs.insertMany(
        Array.from({ length: 1_234 }, (_, count) => ({
          _id: String((count * 7) % 1_234).padStart(4, '0'),
          position: 1,
        })),
      );
      const found = await docs.find({}, { sort: { _id: 1 }, batchSize: 100 }).toArray();
      expect(found.map(({ _id }) => Number(_id))).toEqual(Array.from({ length: 1_234 }, (_, count) => count));
      const page = await docs
        .find(
          {
            $and: [
              { position: { $eq: 1 } },
              { $or: [{ position: { $gt: 1 } }, { position: { $eq: 1 }, _id: { $lt: '0500' } }] },
            ],
          },
          { sort: { _id: -1 }, limit: 3, singleBatch: true },
        )
        .toArray();
      expect(page.map(({ _id }) => _id)).toEqual(['0499', '0498', '0497']);
      expect([
        await docs.countDocuments({ _id: { $gte: '1000' } }),
        await docs.countDocuments({ _id: { $eq: 'none' } }),
      ]).toEqual([234, 0]);
    });

    it('keeps text with NUL and beyond the basic plane, numbers, bytes and dates as they are', async () => {
      const value = {
        text: 'a\u0000b 🀄',
        small: -1.5,
        large: 2 ** 53 - 1,
        when: new Date(123),
        yes: true,
        nothing: null,
        list: [1, 'x', []],
        inner: { deep: '' },
      };
      await docs.insertOne({ _id: 'v', value });
      expect((await docs.findOne({ _id: { $eq: 'v' } }))?.value).toEqual(value);
    });

    it('lists and drops collections', async () => {
      await database.collection('other').insertOne({});
      expect(
        (await database.listCollections({}, { nameOnly: true }).toArray()).map((each) => each.name).toSorted(),
      ).toEqual(['docs', 'other']);
      await database.collection('other').drop();
      await database
        .collection('other')
        .drop()
        .catch((error: Error) => {
          expect(error.message).toMatch(/ns not found/);
        });
      expect((await database.listCollections().toArray()).map((each) => each.name)).toEqual(['docs']);
    });
  });
};
