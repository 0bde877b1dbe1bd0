import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { KeyUnknownError, type KeyStore } from '#event-sourcing/ports/key-store.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';

/** The file of the keys, apart from the log's: it is backed up and destroyed on its own terms. */
export const keyFile = 'keys.db';

/** The store was made under another master key. Nothing in it can be opened, and nothing was changed. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
  constructor(path: string, cause: unknown) {
    super(`主密钥打不开密钥库 ${path}：它是用另一把主密钥建立的；请用 BAOBEI_MASTER_KEY_FILE 指出原来的那一把。 / The master key does not open the key store ${path}: it was made under another one; name that one by BAOBEI_MASTER_KEY_FILE.`, { cause });
  }
}

/** A wrapped key was changed or moved to another name: a damaged file, never an erasure. */
export class KeyBrokenError extends Error {
  override readonly name = 'KeyBrokenError';
  constructor(name: string, cause: unknown) {
    const which = name.replace('\0', ' ');
    super(`密钥库中的 ${which} 已损坏，无法打开；请从备份恢复密钥库。 / In the key store, ${which} is damaged and does not open; restore the key store from a backup.`, { cause });
  }
}

/*
 * A wrapped key is always 60 bytes: nonce (12), the key under AES-256-GCM (32), tag (16), authenticated with the row's name.
 * Rows are only ever added at the end, and a destroyed key is overwritten in place by 60 zero bytes: no row grows, shrinks or moves,
 * so no page split or merge leaves a stale copy of a key that `secure_delete` would not know of.
 */
const wrappedLength = 60;
const schema = `
  CREATE TABLE IF NOT EXISTS keys (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL CHECK (length(wrapped) = ${wrappedLength})) STRICT;
  CREATE TABLE IF NOT EXISTS secrets (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL CHECK (length(wrapped) = ${wrappedLength})) STRICT;`;
const destroyed = Buffer.alloc(wrappedLength);

const wrap = (masterKey: KeyObject, name: string, bytes: Uint8Array): Buffer => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce);
  cipher.setAAD(Buffer.from(name, 'utf8'));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
};

const unwrap = (masterKey: KeyObject, name: string, wrapped: Buffer): KeyObject => {
  const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(name, 'utf8'));
  decipher.setAuthTag(wrapped.subarray(-16));
  try {
    return createSecretKey(Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]));
  } catch (cause) {
    throw new KeyBrokenError(name, cause);
  }
};

/** Ids of one batch share their first bytes, so that they lie together in the index. */
const newIds = (count: number): SubjectKeyId[] => {
  const batch = Buffer.alloc(6);
  batch.writeUIntBE(Date.now(), 0, 6);
  return Array.from({ length: count }, () => Buffer.concat([batch, randomBytes(10)]).toString('base64url') as SubjectKeyId);
};

/** How many keys one question to the database names at most. */
const idsMax = 500;

/** Opens or makes `keys.db` in `folder`. Throws `MasterKeyError` when it was made under another master key. */
export const openSqliteKeyStore = async ({ folder, masterKey }: { readonly folder: string; readonly masterKey: KeyObject }): Promise<KeyStore> => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, keyFile);
  const database = new Database(path, { timeout: 1_000 });
  try {
    prepareDatabase(database);
    const store = storeOn(database, masterKey);
    await proveMasterKey(store, path);
    return store;
  } catch (error) {
    database.close();
    throw error;
  }
};

const prepareDatabase = (database: Database.Database): void => {
  database.pragma('journal_mode = WAL');
  // FULL on purpose: a key that an event names must outlive a power cut just as the event does.
  for (const [name, value] of [['synchronous', 2], ['secure_delete', 1]] as const) {
    database.pragma(`${name} = ${value}`);
    if (database.pragma(name, { simple: true }) !== value) throw new Error(`SQLite did not take ${name} = ${value}`);
  }
  database.exec(schema);
};

/** The store's own first secret opens under the right master key only. */
const proveMasterKey = async (store: KeyStore, path: string): Promise<void> => {
  try {
    await store.secret('master-key-proof');
  } catch (cause) {
    throw cause instanceof KeyBrokenError ? new MasterKeyError(path, cause) : cause;
  }
};

const storeOn = (database: Database.Database, masterKey: KeyObject): KeyStore => {
  const insertKey = database.prepare('INSERT INTO keys (id, wrapped) VALUES (?, ?)');
  const destroyKey = database.prepare('INSERT INTO keys (id, wrapped) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped');
  const insertSecret = database.prepare('INSERT INTO secrets (name, wrapped) VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
  const findSecret = database.prepare<[string], { wrapped: Buffer }>('SELECT wrapped FROM secrets WHERE name = ?');
  const findKeys = database.prepare<[string], { id: SubjectKeyId; wrapped: Buffer }>('SELECT id, wrapped FROM keys WHERE id IN (SELECT value FROM json_each(?))');
  const insertKeys = database.transaction((rows: readonly { id: string; wrapped: Buffer }[]) => { for (const { id, wrapped } of rows) insertKey.run(id, wrapped); });
  const overwriteKeys = database.transaction((ids: readonly SubjectKeyId[]) => { for (const id of ids) destroyKey.run(id, destroyed); });

  return {
    async makeKeys(count) {
      const made = newIds(count).map((id) => ({ id, bytes: randomBytes(32) }));
      insertKeys.immediate(made.map(({ id, bytes }) => ({ id, wrapped: wrap(masterKey, `key\0${id}`, bytes) })));
      return made.map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) }));
    },
    async openKeys(ids) {
      const opened = new Map<SubjectKeyId, KeyObject | undefined>();
      for (let from = 0; from < ids.length; from += idsMax) {
        for (const { id, wrapped } of findKeys.all(JSON.stringify(ids.slice(from, from + idsMax)))) {
          opened.set(id, wrapped.equals(destroyed) ? undefined : unwrap(masterKey, `key\0${id}`, wrapped));
        }
      }
      const unknown = ids.find((id) => !opened.has(id));
      if (unknown !== undefined) throw new KeyUnknownError(unknown);
      return opened;
    },
    async destroyKeys(ids) {
      overwriteKeys.immediate(ids);
      // Also when there was nothing to overwrite: an earlier call may have been cut off between the two.
      const [checkpoint] = database.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
      if (checkpoint.busy !== 0) throw new Error('The keys are overwritten, but their journal is still being read by another process: destroy them again');
    },
    async secret(name) {
      const kept = findSecret.get(name);
      if (kept !== undefined) return unwrap(masterKey, `secret\0${name}`, kept.wrapped);
      insertSecret.run(name, wrap(masterKey, `secret\0${name}`, randomBytes(32)));
      return unwrap(masterKey, `secret\0${name}`, findSecret.get(name)!.wrapped); // Another process may have been first.
    },
    async close() { if (database.open) database.close(); },
  };
};
