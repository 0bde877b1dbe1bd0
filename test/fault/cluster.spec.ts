import { clusterPromises } from '#test/cluster/cluster-promises.js';
import { EventStoreDouble } from '#test/doubles/eventstoredb/event-store-double.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';

/**
 * The short form, on the doubles; `npm run soak:cluster` is the long one, `npm run test:live` the one on real servers.
 */
describe('several servers', () => {
  let [eventStore, mongo]: [EventStoreDouble | undefined, MongoDouble | undefined] = [undefined, undefined];
  beforeAll(async () => {
    [eventStore, mongo] = [await EventStoreDouble.start(), await MongoDouble.start()];
  });
  afterAll(async () => {
    await eventStore!.stop();
    await mongo!.stop();
  });
  clusterPromises(async () => ({ eventStore: eventStore!.url, mongo: mongo!.url }), {
    operations: 400,
    customers: 80,
    disturbEvery: 1_500,
    frozenFor: 11_000,
  });
});
