import { createSecretKey, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { keyStoreContract } from '#event-sourcing/testing/key-store-contract.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';
import { MasterKeyError } from '../key-wrapping/key-wrapping.js';
import { keyFile, openSqliteKeyStore } from './key-store-sqlite.js';

const folders: string[] = [];
const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const masterKey = createSecretKey(randomBytes(32));

keyStoreContract('sqlite', async () => {
  const folder = temporaryFolder();
  const store = await openSqliteKeyStore({ folder, masterKey });
  return {
    store,
    reopen: async () => {
      await store.close();
      return openSqliteKeyStore({ folder, masterKey });
    },
  };
});

describe('keys on disk', () => {
  const everything = (folder: string): Buffer =>
    Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  const wrappedOf = (folder: string): ReadonlyMap<SubjectKeyId, Buffer> => {
    const database = new Database(join(folder, keyFile), { readonly: true });
    const rows = database.prepare('SELECT id, wrapped FROM keys').all() as { id: SubjectKeyId; wrapped: Buffer }[];
    database.close();
    return new Map(rows.map(({ id, wrapped }) => [id, wrapped]));
  };

  it('no byte of a destroyed key is left in the file or its journal, wherever it lay', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ make: fc.integer({ min: 1, max: 120 }), destroy: fc.array(fc.nat(400), { maxLength: 20 }) }),
          { minLength: 1, maxLength: 5 },
        ),
        async (rounds) => {
          const folder = temporaryFolder();
          const store = await openSqliteKeyStore({ folder, masterKey });
          const live: SubjectKeyId[] = [];
          for (const { make, destroy } of rounds) {
            live.push(...(await store.makeKeys(make)).map(({ id }) => id));
            const wrapped = wrappedOf(folder);
            const gone = [...new Set(destroy.map((index) => live[index % live.length]!))];
            expect(gone.every((id) => everything(folder).includes(wrapped.get(id)!.subarray(0, 16)))).toBe(true);
            await store.destroyKeys(gone);
            const left = everything(folder);
            // Any 16 bytes in a row would be most of a key or all of a tag.
            for (const id of gone)
              for (const from of [0, 12, 28, 44])
                expect(left.includes(wrapped.get(id)!.subarray(from, from + 16))).toBe(false);
            for (const id of gone) live.splice(live.indexOf(id), 1);
            if (live.length === 0) break;
          }
          expect([...(await store.openKeys(live)).values()].every((key) => key !== undefined)).toBe(true);
          await store.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  it('no key lies there unwrapped', async () => {
    const folder = temporaryFolder();
    const store = await openSqliteKeyStore({ folder, masterKey });
    const made = await store.makeKeys(20);
    const secret = await store.secret('epoch-1');
    const bytes = everything(folder);
    for (const key of [...made.map(({ key }) => key), secret]) expect(bytes.includes(key.export())).toBe(false);
    await store.close();
  });

  it('another master key is refused in one sentence, and changes nothing', async () => {
    const folder = temporaryFolder();
    const store = await openSqliteKeyStore({ folder, masterKey });
    const [made] = await store.makeKeys(1);
    await store.close();
    const wrong = openSqliteKeyStore({ folder, masterKey: createSecretKey(randomBytes(32)) });
    await expect(wrong).rejects.toBeInstanceOf(MasterKeyError);
    await expect(wrong).rejects.toThrow(/打不开密钥库.*does not open the key store/);
    const again = await openSqliteKeyStore({ folder, masterKey });
    expect((await again.openKeys([made!.id])).get(made!.id)?.equals(made!.key)).toBe(true);
    await again.close();
  });

  it('a wrapped key that was moved to another name does not open', async () => {
    const folder = temporaryFolder();
    const store = await openSqliteKeyStore({ folder, masterKey });
    const [one, other] = await store.makeKeys(2);
    const database = new Database(join(folder, keyFile));
    database
      .prepare('UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE id = ?) WHERE id = ?')
      .run(one!.id, other!.id);
    database.close();
    await expect(store.openKeys([other!.id])).rejects.toThrow(`key ${other!.id} is damaged`);
    await store.close();
  });

  it('says so when another reader still holds the journal that has the key', async () => {
    const folder = temporaryFolder();
    const store = await openSqliteKeyStore({ folder, masterKey });
    const [made] = await store.makeKeys(1);
    const reader = new Database(join(folder, keyFile), { readonly: true });
    reader.exec('BEGIN; SELECT count(*) FROM keys;');
    await expect(store.destroyKeys([made!.id])).rejects.toThrow('destroy them again');
    reader.close();
    await store.destroyKeys([made!.id]);
    const journal = join(folder, `${keyFile}-wal`);
    expect(existsSync(journal) ? readFileSync(journal).length : 0).toBe(0);
    await store.close();
  });
});
