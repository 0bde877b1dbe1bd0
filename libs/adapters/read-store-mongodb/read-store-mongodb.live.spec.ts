import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { mongoReadStoreContract } from './testing/mongo-read-store-contract.js';

const url = process.env['MONGODB_URL'];
describe('read store on a real server', () => {
  if (!isMissing({ skipUnless: url, because: 'MONGODB_URL is not set' })) mongoReadStoreContract('MongoDB', () => url!);
});
