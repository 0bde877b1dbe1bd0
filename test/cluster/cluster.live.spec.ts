import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { clusterPromises } from './cluster-promises.js';

const [eventStore, mongo] = [process.env['EVENTSTOREDB_URL'], process.env['MONGODB_URL']];
describe('several servers on real storage', () => {
  if (
    isMissing({
      skipUnless: eventStore !== undefined && mongo !== undefined,
      because: 'EVENTSTOREDB_URL and MONGODB_URL are not both set',
    })
  )
    return;
  clusterPromises(async () => ({ eventStore: eventStore!, mongo: mongo! }), {
    operations: 1_500,
    customers: 250,
    disturbEvery: 3_000,
    frozenFor: 30_000,
  });
});
