import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { mongoReadStoreContract } from './testing/mongo-read-store-contract.js';
import { mongoSeveralContract } from './testing/mongo-several-contract.js';

let double: MongoDouble;
beforeAll(async () => {
  double = await MongoDouble.start({ replicaSet: 'rs0' });
});
// The double shares this process: beside other work it may be silent for seconds while it takes a document of 14 MiB.
const patient = (): string => `${double.url}&connectTimeoutMS=60000&socketTimeoutMS=60000`;
mongoReadStoreContract('MongoDB (double)', patient);
mongoSeveralContract('MongoDB (double)', patient);
// Last, so that the contracts have cleared away before.
afterAll(() => double.stop());
