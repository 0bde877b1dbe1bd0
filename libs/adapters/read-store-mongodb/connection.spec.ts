import { createSecretKey, randomBytes } from 'node:crypto';
import { claims, put, type Claim } from '#event-sourcing/testing/claims-model.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { openMongoHeartbeats } from '../heartbeats-mongodb/heartbeats-mongodb.js';
import { openMongoKeyStore } from '../key-store-mongodb/key-store-mongodb.js';
import { mongoClient, MongoUrlError } from './connection.js';
import { openMongoReadStore } from './read-store-mongodb.js';

const writes = new Set(['insert', 'update', 'delete', 'findAndModify', 'createIndexes', 'drop']);
const reads = new Set(['find', 'aggregate']);

describe('T46 the connection to MongoDB', () => {
  it("asks a majority's disks for every write and a majority for every reading, whatever its address says", async () => {
    const double = await MongoDouble.start({ replicaSet: 'rs0' });
    const url = `${double.url}&w=1&journal=false&readConcernLevel=local&readPreference=secondaryPreferred`;
    const heard = new Map<string, number>();
    const wrong: string[] = [];
    double.listen = (name, { writeConcern, readConcern, $readPreference }) => {
      if (!writes.has(name) && !reads.has(name)) return;
      heard.set(name, (heard.get(name) ?? 0) + 1);
      const promised = JSON.stringify(
        writes.has(name) ? writeConcern : (readConcern as { level?: unknown } | undefined)?.level,
      );
      if (promised !== (writes.has(name) ? '{"w":"majority","j":true}' : '"majority"'))
        wrong.push(`${name} ${promised}`);
      // On a connection to one named server the driver says `primaryPreferred` for `primary`.
      if (($readPreference as { mode?: string } | undefined)?.mode?.startsWith('secondary') === true)
        wrong.push(`${name} of a secondary`);
    };
    const store = openMongoReadStore({ url, database: 'read' });
    const live = await store.live<Claim>(claims);
    const { collection, swap } = await store.rebuild<Claim>(claims);
    await collection.apply({ from: 0, to: 1, changes: [put('a', { stage: 1 })] });
    await swap();
    await (await store.rebuild<Claim>(claims)).abandon();
    await live.page({ where: {}, order: [], first: 1 });
    expect([await live.count({}), (await live.load(['a'])).size, (await live.digest()).length]).toEqual([1, 1, 64]);
    const keys = await openMongoKeyStore({ url, database: 'keys', masterKey: createSecretKey(randomBytes(32)) });
    const [made] = await keys.makeKeys(3);
    await keys.destroyKeys([made!.id]);
    await keys.importWrapped(await keys.exportWrapped(undefined, 10));
    const beats = openMongoHeartbeats({ url, database: 'read' });
    await beats.beat('pen', 'a', 1);
    await beats.look();
    for (const opened of [store, keys, beats]) await opened.close();
    await double.stop();
    expect(wrong).toEqual([]);
    expect([...heard.keys()].toSorted()).toEqual([...writes, ...reads].toSorted());
  });

  it('names the setting of an address that is none, and never the address', () => {
    const open = () => mongoClient('postgres://somebody:secret@host', 'MONGODB_KEYS_URL');
    expect(open).toThrow(MongoUrlError);
    expect(open).toThrow(/^MONGODB_KEYS_URL 应形如/);
    expect(open).not.toThrow(/secret/);
  });
});
