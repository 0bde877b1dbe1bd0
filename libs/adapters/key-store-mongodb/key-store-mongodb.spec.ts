import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { mongoKeyContracts } from './testing/mongo-key-contracts.js';

let double: MongoDouble;
beforeAll(async () => { double = await MongoDouble.start(); });
mongoKeyContracts('MongoDB (double)', () => double.url);
// Last, so that the contract has cleared away before.
afterAll(() => double.stop());
