import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { mongoKeyContracts } from './testing/mongo-key-contracts.js';

const url = process.env['MONGODB_URL'];
describe('keys on a real server', () => {
  if (!isMissing({ skipUnless: url, because: 'MONGODB_URL is not set' })) mongoKeyContracts('MongoDB', () => url!);
});
