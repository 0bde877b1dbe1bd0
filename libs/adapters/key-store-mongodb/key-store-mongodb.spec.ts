import { createSecretKey, randomBytes } from 'node:crypto';
import { KeyUnknownError } from '#event-sourcing/ports/key-store.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { freshDatabase } from '../read-store-mongodb/testing/mongo-read-store-contract.js';
import { openMongoKeyStore } from './key-store-mongodb.js';
import { mongoKeyContracts } from './testing/mongo-key-contracts.js';

let double: MongoDouble;
beforeAll(async () => {
  double = await MongoDouble.start({ replicaSet: 'rs0' });
});
mongoKeyContracts('MongoDB (double)', () => double.url);

describe('keys on a replica set whose primary changed without any error', () => {
  it('are not called lost because the new one does not show them yet', async () => {
    const database = freshDatabase();
    const masterKey = createSecretKey(randomBytes(32));
    const [one, other] = [
      await openMongoKeyStore({ url: double.url, database, masterKey }),
      await openMongoKeyStore({ url: double.url, database, masterKey }),
    ];
    double.fallBehind();
    // The write that asks for sure makes the new primary show everything.
    double.listen = (name, command) => {
      if (name === 'update' && command['update'] === 'secrets') double.catchUp();
    };
    const [made] = await one.makeKeys(1);
    expect((await other.openKeys([made!.id])).get(made!.id)?.equals(made!.key)).toBe(true);
    expect(double.readBehind).toBe(1);
    await expect(other.openKeys(['nobody' as SubjectKeyId])).rejects.toBeInstanceOf(KeyUnknownError);
    double.listen = () => {};
    for (const store of [one, other]) await store.close();
  });
});
// Last, so that the contract has cleared away before.
afterAll(() => double.stop());
