import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Binary } from 'mongodb';
import type { KeyStore } from '#event-sourcing/ports/key-store.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';
import { keyStoreContract } from '#event-sourcing/testing/key-store-contract.js';
import { openSqliteKeyStore } from '../../key-store-sqlite/key-store-sqlite.js';
import { KeyBrokenError, MasterKeyError, type WrappedKey, type WrappedKeys } from '../../key-wrapping/key-wrapping.js';
import { dropDatabase, freshDatabase } from '../../read-store-mongodb/testing/mongo-read-store-contract.js';
import { mongoKeyStoreExists, openMongoKeyStore } from '../key-store-mongodb.js';

const exportedWhole = async (store: WrappedKeys): Promise<readonly WrappedKey[]> => {
  const keys: WrappedKey[] = [];
  for (;;) {
    const page = await store.exportWrapped(keys.at(-1), 7);
    if (page.length === 0) return keys;
    keys.push(...page);
  }
};

/** Keys on a server, each case on a database of its own. */
export const mongoKeyContracts = (name: string, url: () => string): void => {
  const databases: string[] = [];
  const fresh = (): string => {
    databases.push(freshDatabase());
    return databases.at(-1)!;
  };
  afterAll(async () => {
    for (const database of databases) await dropDatabase(url(), database);
  });
  const masterKey = createSecretKey(randomBytes(32));
  const open = (database: string, key = masterKey) => openMongoKeyStore({ url: url(), database, masterKey: key });

  keyStoreContract(name, async () => {
    const database = fresh();
    const opened: KeyStore[] = [];
    const store = await open(database);
    return {
      store,
      reopen: async () => {
        await store.close();
        opened.push(await open(database));
        return opened.at(-1)!;
      },
    };
  });

  describe(`keys in ${name}`, () => {
    it('open under their master key alone, and say whether there are any', async () => {
      const database = fresh();
      expect(await mongoKeyStoreExists({ url: url(), database })).toBe(false);
      await (await open(database)).close();
      expect(await mongoKeyStoreExists({ url: url(), database })).toBe(true);
      await expect(open(database, createSecretKey(randomBytes(32)))).rejects.toBeInstanceOf(MasterKeyError);
    });

    it('give the same secret to servers that ask for it first at the same moment', async () => {
      const database = fresh();
      const stores = await Promise.all([open(database), open(database), open(database)]);
      const secrets = await Promise.all(stores.map((store) => store.secret('key-epoch-e1')));
      expect(new Set(secrets.map((secret) => secret.export().toString('hex'))).size).toBe(1);
      for (const store of stores) await store.close();
    });

    it('leave zeros where a destroyed key was, and the document in its place', async () => {
      const database = fresh();
      const store = await open(database);
      const [made] = await store.makeKeys(1);
      await store.destroyKeys([made!.id, 'never-had' as SubjectKeyId]);
      const client = new MongoClient(url());
      const rows = await client.db(database).collection<{ _id: string; wrapped: Binary }>('keys').find({}).toArray();
      expect(
        rows.map(({ _id, wrapped }) => [_id, wrapped.buffer.every((byte) => byte === 0), wrapped.position]),
      ).toEqual(
        expect.arrayContaining([
          [made!.id, true, 60],
          ['never-had', true, 60],
        ]),
      );
      await client.close();
      await store.close();
    });

    it('are handed on in one order, page by page, the proof of the master key left out', async () => {
      const store = await open(fresh());
      await store.makeKeys(10);
      for (const secret of ['b', 'a', 'c']) await store.secret(secret);
      const whole = await exportedWhole(store);
      expect(whole.map(({ kind }) => kind)).toEqual([
        ...Array<string>(10).fill('key'),
        ...Array<string>(3).fill('secret'),
      ]);
      expect(whole.slice(10).map((key) => key.name)).toEqual(['a', 'b', 'c']);
      expect(whole.map((key) => key.name)).toEqual((await store.exportWrapped(undefined, 100)).map((key) => key.name));
      await store.close();
    });

    it('move from SQLite and back as they are; what was destroyed on either side stays destroyed', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'keys-'));
      const here = await openSqliteKeyStore({ folder, masterKey });
      const there = await open(fresh());
      const made = await here.makeKeys(20);
      const secret = await here.secret('key-epoch-e1');
      await here.destroyKeys([made[3]!.id]);
      await there.importWrapped(await exportedWhole(here));
      await there.importWrapped(await exportedWhole(here));
      expect((await there.secret('key-epoch-e1')).equals(secret)).toBe(true);
      await there.destroyKeys([made[5]!.id]);
      await there.importWrapped(await exportedWhole(here));
      await here.importWrapped(await exportedWhole(there));
      for (const store of [here, there]) {
        const opened = await store.openKeys(made.map(({ id }) => id));
        expect(made.map(({ id, key }) => opened.get(id)?.equals(key) ?? 'destroyed')).toEqual(
          made.map((_, place) => (place === 3 || place === 5 ? 'destroyed' : true)),
        );
      }
      await expect(
        there.importWrapped([{ kind: 'key', name: made[0]!.id as SubjectKeyId, wrapped: Buffer.alloc(60, 7) }]),
      ).rejects.toBeInstanceOf(KeyBrokenError);
      await here.close();
      await there.close();
      rmSync(folder, { recursive: true });
    });
  });
};
