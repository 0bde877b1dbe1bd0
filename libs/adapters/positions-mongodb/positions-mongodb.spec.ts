import { positionsContract } from '#event-sourcing/testing/positions-contract.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { freshDatabase } from '../read-store-mongodb/testing/mongo-read-store-contract.js';
import { openMongoPositions } from './positions-mongodb.js';

let double: MongoDouble;
beforeAll(async () => {
  double = await MongoDouble.start({ replicaSet: 'rs0' });
});
positionsContract('MongoDB (double)', async () => {
  const database = freshDatabase();
  return async () => openMongoPositions({ url: double.url, setting: 'MONGODB_KEYS_URL', database });
});
// Last, so that the contract has cleared away before.
afterAll(() => double.stop());
