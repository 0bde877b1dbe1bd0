import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { Binary, MongoBulkWriteError, MongoServerError, type Collection } from 'mongodb';
import { KeyUnknownError, type KeyStore } from '#event-sourcing/ports/key-store.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';
import { destroyed, isDestroyed, merged, newKeyIds, proofName, proveMasterKey, unwrap, wrap, type WrappedKey, type WrappedKeys } from '../key-wrapping/key-wrapping.js';
import { mongoClient } from '../read-store-mongodb/connection.js';

export interface MongoKeyStoreOptions {
  readonly url: string;
  /** Of the keys alone: it is backed up and destroyed on its own terms. */
  readonly database: string;
  readonly masterKey: KeyObject;
}
interface KeyRow { readonly _id: string; readonly wrapped: Binary }

/** How many keys one question to the database names at most. */
const idsMax = 1_000;
const duplicateKey = 11_000;
const isDuplicate = (error: unknown): boolean => (error instanceof MongoServerError || error instanceof MongoBulkWriteError) && error.code === duplicateKey;

/** Whether somebody has made a key store there: then a new master key would open nothing. */
export const mongoKeyStoreExists = async ({ url, database }: Pick<MongoKeyStoreOptions, 'url' | 'database'>): Promise<boolean> => {
  const client = mongoClient(url, 'MONGODB_KEYS_URL');
  try {
    return await client.db(database).collection<KeyRow>('secrets').findOne({ _id: { $eq: proofName } }) !== null;
  } finally {
    await client.close();
  }
};

/**
 * Subject keys in a MongoDB database of their own, shared by all servers. A destroyed key is overwritten in place. The server's own journal and
 * its oplog keep what was written for a while longer: the erasure is whole when both have gone round (run-a-cluster.md says how long).
 * Throws `MasterKeyError` when the store was made under another master key, `MongoUrlError` for an address that is none.
 */
export const openMongoKeyStore = async ({ url, database, masterKey }: MongoKeyStoreOptions): Promise<KeyStore & WrappedKeys> => {
  const client = mongoClient(url, 'MONGODB_KEYS_URL');
  const store = storeOn(client.db(database).collection<KeyRow>('keys'), client.db(database).collection<KeyRow>('secrets'), masterKey, () => client.close());
  try {
    await proveMasterKey(store, database);
    return store;
  } catch (error) {
    await client.close();
    throw error;
  }
};

const storeOn = (keys: Collection<KeyRow>, secrets: Collection<KeyRow>, masterKey: KeyObject, close: () => Promise<void>): KeyStore & WrappedKeys => {
  const of = { key: keys, secret: secrets } as const;
  /** False: the name is taken. */
  const inserted = async (rows: Collection<KeyRow>, _id: string, wrapped: Uint8Array): Promise<boolean> => {
    try {
      await rows.insertOne({ _id, wrapped: new Binary(wrapped) });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  };
  const destroy = (_id: string): Promise<unknown> => keys.updateOne({ _id: { $eq: _id } }, { $set: { wrapped: new Binary(destroyed) } }, { upsert: true });
  const kept = async (rows: Collection<KeyRow>, _id: string): Promise<Uint8Array | undefined> => {
    const row = await rows.findOne({ _id: { $eq: _id } });
    return row === null ? undefined : bytesOf(row);
  };

  return {
    async makeKeys(count) {
      const made = newKeyIds(count).map((id) => ({ id, bytes: randomBytes(32) }));
      await keys.insertMany(made.map(({ id, bytes }) => ({ _id: id, wrapped: new Binary(wrap(masterKey, 'key', id, bytes)) })), { ordered: false });
      return made.map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) }));
    },
    async openKeys(ids) {
      const opened = new Map<SubjectKeyId, KeyObject | undefined>();
      for (let from = 0; from < ids.length; from += idsMax) {
        for await (const row of keys.find({ _id: { $in: ids.slice(from, from + idsMax) } })) {
          const wrapped = bytesOf(row);
          opened.set(row._id as SubjectKeyId, isDestroyed(wrapped) ? undefined : unwrap(masterKey, 'key', row._id, wrapped));
        }
      }
      const unknown = ids.find((id) => !opened.has(id));
      if (unknown !== undefined) throw new KeyUnknownError(unknown);
      return opened;
    },
    async destroyKeys(ids) { for (const id of ids) await destroy(id); },
    async secret(name) {
      const there = await kept(secrets, name);
      if (there !== undefined) return unwrap(masterKey, 'secret', name, there);
      await inserted(secrets, name, wrap(masterKey, 'secret', name, randomBytes(32)));
      return unwrap(masterKey, 'secret', name, (await kept(secrets, name))!); // Another server may have been first.
    },
    async exportWrapped(after, max) {
      const rows: WrappedKey[] = [];
      for (const kind of ['key', 'secret'] as const) {
        if (after !== undefined && after.kind > kind) continue;
        const from = after?.kind === kind ? { _id: { $gt: after.name, $ne: proofName } } : { _id: { $ne: proofName } };
        for await (const row of of[kind].find(from, { sort: { _id: 1 }, limit: Math.max(1, max - rows.length) })) if (rows.length < max) rows.push({ kind, name: row._id, wrapped: bytesOf(row) });
      }
      return rows;
    },
    async importWrapped(wrappedKeys) {
      for (const key of wrappedKeys) {
        if (await inserted(of[key.kind], key.name, key.wrapped)) continue;
        if (merged(key, (await kept(of[key.kind], key.name))!) === 'destroyed') await destroy(key.name);
      }
    },
    close,
  };
};

const bytesOf = ({ wrapped }: KeyRow): Uint8Array => Buffer.from(wrapped.buffer.buffer, wrapped.buffer.byteOffset, wrapped.position);
