import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { mongoReadStoreContract } from './testing/mongo-read-store-contract.js';
import { mongoSeveralContract } from './testing/mongo-several-contract.js';

let double: MongoDouble;
beforeAll(async () => { double = await MongoDouble.start({ replicaSet: 'rs0' }); });
mongoReadStoreContract('MongoDB (double)', () => double.url);
mongoSeveralContract('MongoDB (double)', () => double.url);
// Last, so that the contracts have cleared away before.
afterAll(() => double.stop());
