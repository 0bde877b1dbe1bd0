import { eventStoreContracts } from './testing/event-store-contracts.js';

const url = process.env['EVENTSTOREDB_URL'];
eventStoreContracts('EventStoreDB', () => url!, { skipUnless: url, because: 'EVENTSTOREDB_URL is not set' });
