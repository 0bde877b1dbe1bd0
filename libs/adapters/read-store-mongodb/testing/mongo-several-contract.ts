import { MongoClient } from 'mongodb';
import type { Collection, ReadStore } from '#event-sourcing/ports/read-store.js';
import { claims, put, type Claim } from '#event-sourcing/testing/claims-model.js';
import { openMongoReadStore, RebuildOvertakenError } from '../read-store-mongodb.js';
import { dropDatabase, freshDatabase } from './mongo-read-store-contract.js';

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
const idsOf = async (live: Collection<Claim>): Promise<readonly string[]> =>
  (await live.page({ where: {}, order: [], first: 100 })).rows.map(({ id }) => id);

/** What several servers of one installation may rely on; each store stands for a process. */
export const mongoSeveralContract = (name: string, url: () => string): void => {
  describe(`several servers on ${name}`, () => {
    let [database, client] = ['', undefined as unknown as MongoClient];
    const opened: ReadStore[] = [];
    const open = (): ReadStore => {
      opened.push(openMongoReadStore({ url: url(), database }));
      return opened.at(-1)!;
    };
    beforeEach(() => {
      [database, client] = [freshDatabase(), new MongoClient(url())];
    });
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
      await client.close();
      await dropDatabase(url(), database);
    });
    const generations = () => client.db(database).collection<{ _id: number; retiredAt?: number }>('generations');
    const numbers = async () =>
      (
        await generations()
          .find({}, { sort: { _id: 1 } })
          .toArray()
      ).map(({ _id }) => _id);
    const collections = async () =>
      (await client.db(database).listCollections().toArray())
        .map((each) => each.name)
        .filter((each) => each.startsWith('documents_'))
        .toSorted();

    it('begin a new read model together and end with one generation', async () => {
      const stores = Array.from({ length: 6 }, open);
      const lives = await Promise.all(stores.map((store) => store.live<Claim>(claims)));
      await lives[0]!.apply({ from: 0, to: 1, changes: [put('a', { owner: 'wang' })] });
      expect(await Promise.all(lives.map((live) => live.get('a')))).toEqual(lives.map(() => ({ owner: 'wang' })));
      expect(await numbers()).toHaveLength(1);
      expect(await collections()).toHaveLength(1);
    });

    it('see what another one projects at once, and what it swaps in within the second; a cursor goes on', async () => {
      const [projecting, reading] = [open(), open()];
      const [live, seen] = [await projecting.live<Claim>(claims), await reading.live<Claim>(claims)];
      await live.apply({ from: 0, to: 2, changes: [put('a', { stage: 1 }), put('b', { stage: 1 })] });
      expect([await idsOf(seen), await seen.checkpoint()]).toEqual([['a', 'b'], 2]);
      const request = { where: {}, order: [{ field: 'stage', direction: 'ascending' }], first: 1 } as const;
      const cursor = (await seen.page(request)).rows[0]!.cursor;
      const { collection, swap } = await projecting.rebuild<Claim>({ ...claims, version: 2 });
      await collection.apply({
        from: 0,
        to: 3,
        changes: [put('a', { stage: 1 }), put('b', { stage: 1 }), put('c', { stage: 2 })],
      });
      await swap();
      expect(await idsOf(live)).toEqual(['a', 'b', 'c']);
      // Until it asks again it reads the old one, which is still whole.
      expect([
        ['a', 'b'],
        ['a', 'b', 'c'],
      ]).toContainEqual(await idsOf(seen));
      await sleep(1_050);
      expect([
        await idsOf(seen),
        await seen.version(),
        (await seen.page({ ...request, after: cursor })).rows.map(({ id }) => id),
      ]).toEqual([['a', 'b', 'c'], 2, ['b']]);
      expect(await numbers()).toHaveLength(2);
    });

    it('let the rebuild that began last be the one that is read, and never one that was dropped', async () => {
      const [frozen, next] = [open(), open()];
      const live = await frozen.live<Claim>(claims);
      await live.apply({ from: 0, to: 1, changes: [put('old', {})] });
      const first = await frozen.rebuild<Claim>({ ...claims, version: 2 });
      await first.collection.apply({ from: 0, to: 1, changes: [put('first', {})] });
      const second = await next.rebuild<Claim>({ ...claims, version: 2 });
      await second.collection.apply({ from: 0, to: 2, changes: [put('second', {})] });
      await expect(first.collection.apply({ from: 1, to: 2, changes: [put('late', {})] })).rejects.toThrow(
        'was dropped',
      );
      await expect(first.swap()).rejects.toBeInstanceOf(RebuildOvertakenError);
      await first.abandon();
      expect(await idsOf(live)).toEqual(['old']);
      await second.swap();
      await sleep(1_050);
      expect([await idsOf(live), await live.checkpoint()]).toEqual([['second'], 2]);
      // A swap of the frozen one that comes even later.
      await expect(first.swap()).rejects.toBeInstanceOf(RebuildOvertakenError);
      expect(await idsOf(await open().live<Claim>({ ...claims, version: 2 }))).toEqual(['second']);
    });

    it('drop what was replaced, once nobody reads it any more, when they open it', async () => {
      const store = open();
      await store.live<Claim>(claims);
      const { swap } = await store.rebuild<Claim>(claims);
      await swap();
      const [old, current] = await numbers();
      const building = await open().rebuild<Claim>(claims);
      await open().live<Claim>(claims);
      expect(await numbers()).toEqual([old, current, expect.any(Number)]);
      await generations().updateOne({ _id: old! }, { $set: { retiredAt: Date.now() - 31_000 } });
      await open().live<Claim>(claims);
      expect(await numbers()).toEqual([current, expect.any(Number)]);
      expect(await collections()).not.toContain(`documents_${old}`);
      await building.collection.apply({ from: 0, to: 1, changes: [put('a', {})] });
    });

    it('drop at the next rebuild what a dead one left: its generation, and documents that lost theirs', async () => {
      const store = open();
      const live = await store.live<Claim>(claims);
      const other = await store.live<Claim>({ ...claims, name: 'other-claims' });
      const left = await open().rebuild<Claim>(claims);
      await left.collection.apply({ from: 0, to: 1, changes: [put('half', {})] });
      await client.db(database).collection('documents_999').insertOne({});
      await store.rebuild<Claim>(claims);
      expect(await numbers()).toHaveLength(3);
      expect(await collections()).not.toContain('documents_999');
      await expect(left.collection.checkpoint()).rejects.toThrow('was dropped');
      expect([await live.checkpoint(), await other.checkpoint()]).toEqual([0, 0]);
    });

    it('never share a generation, also when the counter was put back to an earlier time', async () => {
      const first = await open().live<Claim>(claims);
      await first.apply({ from: 0, to: 1, changes: [put('first', {})] });
      await client.db(database).collection<{ _id: string }>('counters').deleteOne({ _id: 'generations' });
      const others = await Promise.all(
        ['second', 'third'].map((model) => open().live<Claim>({ ...claims, name: model })),
      );
      const rebuilt = await open().rebuild<Claim>({ ...claims, version: 2 });
      for (const [place, one] of [...others, rebuilt.collection].entries())
        await one.apply({ from: 0, to: 1, changes: [put(`other-${place}`, {})] });
      expect([await idsOf(first), await idsOf(others[0]!), await idsOf(others[1]!)]).toEqual([
        ['first'],
        ['other-0'],
        ['other-1'],
      ]);
      await rebuilt.swap();
      expect(await idsOf(await open().live<Claim>({ ...claims, version: 2 }))).toEqual(['other-2']);
      expect(await numbers()).toHaveLength(4);
    });

    it('refuse a document that MongoDB could not take, before anything is written', async () => {
      const live = await open().live<Claim>({ ...claims, indexes: [['owner']] });
      const long = 'x'.repeat(8 * 1024 * 1024);
      const tooLong = [
        { id: 'by-its-text', claim: { nested: { city: long + long } } },
        { id: 'with-its-sort-key', claim: { owner: long } },
      ];
      for (const { id, claim } of tooLong)
        await expect(
          live.apply({ from: 0, to: 1, changes: [put<Claim>('good', {}), put<Claim>(id, claim)] }),
        ).rejects.toThrow(new RegExp(`^Document ${id} of read model claims has \\d+ bytes`));
      expect([await live.get('good'), await live.checkpoint()]).toEqual([undefined, 0]);
      await live.apply({
        from: 0,
        to: 1,
        changes: [put<Claim>('fits', { nested: { city: 'x'.repeat(14 * 1024 * 1024) } })],
      });
      expect((await live.get('fits'))?.nested?.city).toHaveLength(14 * 1024 * 1024);
    });
  });
};
