import { isMissing } from '#event-sourcing/testing/event-log-contract.js';
import { positionsContract } from '#event-sourcing/testing/positions-contract.js';
import { dropDatabase, freshDatabase } from '../read-store-mongodb/testing/mongo-read-store-contract.js';
import { openMongoPositions } from './positions-mongodb.js';

const url = process.env['MONGODB_URL'] ?? '';
describe('positions on a real server', () => {
  if (isMissing({ skipUnless: url, because: 'MONGODB_URL is not set' })) return;
  const databases: string[] = [];
  afterAll(async () => {
    for (const database of databases) await dropDatabase(url, database);
  });
  positionsContract('MongoDB', async () => {
    const database = freshDatabase();
    databases.push(database);
    return async () => openMongoPositions({ url, setting: 'MONGODB_URL', database });
  });
});
