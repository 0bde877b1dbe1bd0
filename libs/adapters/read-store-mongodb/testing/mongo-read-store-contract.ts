import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import type { ReadStore } from '#event-sourcing/ports/read-store.js';
import { readStoreContract } from '#event-sourcing/testing/read-store-contract.js';
import { openMongoReadStore } from '../read-store-mongodb.js';

export const freshDatabase = (): string => `baobei-test-${randomUUID().slice(0, 13)}`;
export const dropDatabase = async (url: string, database: string): Promise<void> => {
  const client = new MongoClient(url);
  try { await client.db(database).dropDatabase(); } finally { await client.close(); }
};

/** The whole contract on a server, each case on a database of its own. */
export const mongoReadStoreContract = (name: string, url: () => string): void => {
  readStoreContract(name, async () => {
    const database = freshDatabase();
    const opened: ReadStore[] = [];
    return {
      open: async (crashPoint) => {
        const store = openMongoReadStore({ url: url(), database, ...(crashPoint && { crashPoint }) });
        opened.push(store);
        return store;
      },
      dispose: async () => {
        for (const store of opened) await store.close();
        await dropDatabase(url(), database);
      },
    };
  });
};
