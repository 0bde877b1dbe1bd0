import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { heartbeatsContract } from '#event-sourcing/testing/heartbeats-contract.js';
import { dropDatabase, freshDatabase } from '../read-store-mongodb/testing/mongo-read-store-contract.js';
import { openMongoHeartbeats } from './heartbeats-mongodb.js';

const url = process.env['MONGODB_URL'] ?? '';
describe('heartbeats on a real server', () => {
  if (isMissing({ skipUnless: url, because: 'MONGODB_URL is not set' })) return;
  const databases: string[] = [];
  afterAll(async () => {
    for (const database of databases) await dropDatabase(url, database);
  });
  heartbeatsContract('MongoDB', async () => {
    databases.push(freshDatabase());
    return openMongoHeartbeats({ url, database: databases.at(-1)! });
  });
});
