import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { mongoReadStoreContract } from './testing/mongo-read-store-contract.js';

let double: MongoDouble;
beforeAll(async () => { double = await MongoDouble.start(); });
afterAll(() => double.stop());

mongoReadStoreContract('MongoDB (double)', () => double.url);
