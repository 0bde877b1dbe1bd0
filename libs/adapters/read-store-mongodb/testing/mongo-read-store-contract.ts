import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import type { ReadStore } from '#event-sourcing/ports/read-store.js';
import { readStoreContract } from '#event-sourcing/testing/read-store-contract.js';
import type { ReadStoreTraits } from '#event-sourcing/testing/read-store-pages-contract.js';
import { openMongoReadStore } from '../read-store-mongodb.js';

export const freshDatabase = (): string => `baobei-test-${randomUUID().slice(0, 13)}`;
export const dropDatabase = async (url: string, database: string): Promise<void> => {
  const client = new MongoClient(url);
  try {
    await client.db(database).dropDatabase();
  } finally {
    await client.close();
  }
};

/** The whole contract on a server, each case on a database of its own. */
export const mongoReadStoreContract = (name: string, url: () => string, traits: ReadStoreTraits = {}): void => {
  readStoreContract(
    name,
    async () => {
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
    },
    traits,
  );
};

/** Whether a server orders text as UTF-16 does; MongoDB itself orders by code point. */
export const ordersByCodeUnit = async (url: string): Promise<boolean> => {
  const client = new MongoClient(url);
  try {
    const texts = client.db(freshDatabase()).collection<{ _id: string }>('texts');
    await texts.insertMany([{ _id: '🀄' }, { _id: '￥' }]);
    const [first] = await texts.find().sort({ _id: 1 }).toArray();
    await texts.drop();
    return first?._id === '🀄';
  } finally {
    await client.close();
  }
};
