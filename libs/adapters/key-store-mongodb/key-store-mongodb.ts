import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { Binary, MongoBulkWriteError, type Collection } from 'mongodb';
import { KeyUnknownError, type KeyStore } from '#event-sourcing/ports/key-store.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';
import {
  destroyed,
  isDestroyed,
  merged,
  newKeys,
  proofName,
  proveMasterKey,
  unwrap,
  wrap,
  type WrappedKey,
  type WrappedKeys,
} from '../key-wrapping/key-wrapping.js';
import { mongoClient, mongoDatabase } from '../read-store-mongodb/connection.js';

export interface MongoKeyStoreOptions {
  readonly url: string;
  /** Of the keys alone: it is backed up and destroyed on its own terms. */
  readonly database: string;
  readonly masterKey: KeyObject;
}
interface KeyRow {
  readonly _id: string;
  readonly wrapped: Binary;
  readonly missed?: number;
}

/** How many keys one question to the database names at most. */
const idsMax = 1_000;
const duplicateKey = 11_000;
/**
 * Nothing else went wrong: a lost connection comes as a failed bulk write too, with no error of any single document.
 */
const isTaken = (error: unknown): boolean => {
  const refused = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  return (
    refused.length > 0 &&
    refused.every(({ code }) => code === duplicateKey) &&
    (error as MongoBulkWriteError).result.getWriteConcernError() === undefined
  );
};

/** Whether somebody has made a key store there: then a new master key would open nothing. */
export const mongoKeyStoreExists = async ({
  url,
  database,
}: Pick<MongoKeyStoreOptions, 'url' | 'database'>): Promise<boolean> => {
  const client = mongoClient(url, 'MONGODB_KEYS_URL');
  try {
    return (
      (await mongoDatabase(client, database)
        .collection<KeyRow>('secrets')
        .findOne({ _id: { $eq: proofName } })) !== null
    );
  } finally {
    await client.close();
  }
};

/**
 * Subject keys in a MongoDB database of their own, shared by all servers. A destroyed key's document stays and holds
 * zeros. MongoDB itself
 * forgets later: its journal and its oplog keep what was written until they have gone round (run-a-cluster.md says how
 * long), and its
 * data files write a changed page to another place and use the old one again when they need room. Whoever can read
 * those files and has the
 * master key can open the key until then; without the master key nobody can.
 * Throws `MasterKeyError` when the store was made under another master key, `MongoUrlError` for an address that is
 * none.
 */
export const openMongoKeyStore = async ({
  url,
  database,
  masterKey,
}: MongoKeyStoreOptions): Promise<KeyStore & WrappedKeys> => {
  const client = mongoClient(url, 'MONGODB_KEYS_URL');
  const kept = mongoDatabase(client, database);
  const store = storeOn(kept.collection<KeyRow>('keys'), kept.collection<KeyRow>('secrets'), masterKey, () =>
    client.close(),
  );
  try {
    await proveMasterKey(store, database);
    return store;
  } catch (error) {
    await client.close();
    throw error;
  }
};

const storeOn = (
  keys: Collection<KeyRow>,
  secrets: Collection<KeyRow>,
  masterKey: KeyObject,
  close: () => Promise<void>,
): KeyStore & WrappedKeys => {
  const of = { key: keys, secret: secrets } as const;
  /** Names that are taken are left alone: whoever reads afterwards sees what stands there. */
  const insertMissing = async (
    rows: Collection<KeyRow>,
    missing: readonly { readonly name: string; readonly wrapped: Uint8Array }[],
  ): Promise<void> => {
    if (missing.length === 0) return;
    try {
      await rows.insertMany(
        missing.map(({ name, wrapped }) => ({ _id: name, wrapped: new Binary(wrapped) })),
        { ordered: false },
      );
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  };
  const destroy = (_id: string): Promise<unknown> =>
    keys.updateOne({ _id: { $eq: _id } }, { $set: { wrapped: new Binary(destroyed) } }, { upsert: true });
  const find = async (rows: Collection<KeyRow>, names: readonly string[]): Promise<Map<string, Uint8Array>> => {
    const found = new Map<string, Uint8Array>();
    for (let from = 0; from < names.length; from += idsMax) {
      for await (const row of rows.find({ _id: { $in: names.slice(from, from + idsMax) } }))
        found.set(row._id, bytesOf(row));
    }
    return found;
  };
  /**
   * A server that has just become the primary may for a moment not show what the one before it acknowledged. A write
   * behind all that makes it
   * show everything: only then is what is not there missing.
   */
  const findSurely = async (rows: Collection<KeyRow>, names: readonly string[]): Promise<Map<string, Uint8Array>> => {
    const found = await find(rows, names);
    if (names.every((name) => found.has(name))) return found;
    await secrets.updateOne({ _id: { $eq: proofName } }, { $inc: { missed: 1 } });
    return find(rows, names);
  };

  return {
    async makeKeys(count) {
      const made = newKeys(count);
      await keys.insertMany(
        made.map(({ id, bytes, nonce }) => ({
          _id: id,
          wrapped: new Binary(wrap(masterKey, 'key', id, bytes, nonce)),
        })),
        { ordered: false },
      );
      return made.map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) }));
    },
    async openKeys(ids) {
      const wrapped = await findSurely(keys, ids);
      const unknown = ids.find((id) => !wrapped.has(id));
      if (unknown !== undefined) throw new KeyUnknownError(unknown);
      return new Map(
        [...wrapped].map(([id, bytes]) => [
          id as SubjectKeyId,
          isDestroyed(bytes) ? undefined : unwrap(masterKey, 'key', id, bytes),
        ]),
      );
    },
    async destroyKeys(ids) {
      for (const id of ids) await destroy(id);
    },
    async secret(name) {
      const there = (await find(secrets, [name])).get(name);
      if (there !== undefined) return unwrap(masterKey, 'secret', name, there);
      await insertMissing(secrets, [{ name, wrapped: wrap(masterKey, 'secret', name, randomBytes(32)) }]);
      const kept = (await findSurely(secrets, [name])).get(name); // Another server may have been first.
      if (kept === undefined)
        throw new Error(`The secret ${name} was made and is not there: the key store was changed by somebody else`);
      return unwrap(masterKey, 'secret', name, kept);
    },
    async exportWrapped(after, max) {
      const rows: WrappedKey[] = [];
      for (const kind of ['key', 'secret'] as const) {
        if (after !== undefined && after.kind > kind) continue;
        const from = after?.kind === kind ? { _id: { $gt: after.name, $ne: proofName } } : { _id: { $ne: proofName } };
        for await (const row of of[kind].find(from, { sort: { _id: 1 }, limit: Math.max(1, max - rows.length) }))
          if (rows.length < max) rows.push({ kind, name: row._id, wrapped: bytesOf(row) });
      }
      return rows;
    },
    async importWrapped(wrappedKeys) {
      for (const kind of ['key', 'secret'] as const) {
        const given = wrappedKeys.filter((key) => key.kind === kind);
        const there = await find(
          of[kind],
          given.map(({ name }) => name),
        );
        await insertMissing(
          of[kind],
          given.filter(({ name }) => !there.has(name)),
        );
        // Read again: another process may have brought, made or destroyed some of them meanwhile.
        const kept = await findSurely(
          of[kind],
          given.map(({ name }) => name),
        );
        for (const key of given) if (merged(key, kept.get(key.name)!) === 'destroyed') await destroy(key.name);
      }
    },
    close,
  };
};

const bytesOf = ({ wrapped }: KeyRow): Uint8Array =>
  Buffer.from(wrapped.buffer.buffer, wrapped.buffer.byteOffset, wrapped.position);
