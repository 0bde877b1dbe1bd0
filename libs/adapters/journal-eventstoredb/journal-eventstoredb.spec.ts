import { EventStoreDouble } from '#test/doubles/eventstoredb/event-store-double.js';
import { eventStoreContracts } from './testing/event-store-contracts.js';

let double: EventStoreDouble;
beforeAll(async () => {
  double = await EventStoreDouble.start();
});
afterAll(() => double.stop());

eventStoreContracts('EventStoreDB (double)', () => double.url);
