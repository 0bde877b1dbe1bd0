import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { KeyUnknownError, type KeyStore } from '#event-sourcing/ports/key-store.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';
import { belongTo, makeFolder, openDatabase, syncFolder } from '../folder/folder.js';
import {
  destroyed,
  isDestroyed,
  merged,
  newKeys,
  proofName,
  proveMasterKey,
  unwrap,
  wrap,
  wrappedLength,
  type WrappedKey,
  type WrappedKeys,
} from '../key-wrapping/key-wrapping.js';

/** The file of the keys, apart from the log's: it is backed up and destroyed on its own terms. */
export const keyFile = 'keys.db';

/*
 * Rows are only ever added at the end, and a destroyed key is overwritten in place by as many zero bytes: no row grows,
 * shrinks or moves,
 * so no page split or merge leaves a stale copy of a key that `secure_delete` would not know of.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS keys (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL CHECK (length(wrapped) = ${wrappedLength})) STRICT;
  CREATE TABLE IF NOT EXISTS secrets (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL CHECK (length(wrapped) = ${wrappedLength})) STRICT;
  CREATE TABLE IF NOT EXISTS belongs (journal TEXT NOT NULL) STRICT;`;

/** Milliseconds that a copy of the keys may hold up a write. */
const busyTimeout = 1_000;
/** How many keys one question to the database names at most. */
const idsMax = 500;

/**
 * Opens or makes `keys.db` in `folder`, and writes into it whose keys they are when that is known. Throws
 * `MasterKeyError` when it was made under another master key.
 */
export const openSqliteKeyStore = async ({
  folder,
  masterKey,
  journalId,
}: {
  readonly folder: string;
  /** Of the log that names these keys. */
  readonly journalId?: string;
  readonly masterKey: KeyObject;
}): Promise<KeyStore & WrappedKeys> => {
  makeFolder(folder);
  const path = join(folder, keyFile);
  const database = openDatabase(path, prepareDatabase, busyTimeout);
  try {
    // The names of its files too, before the first event names a key in it.
    syncFolder(folder);
    const store = storeOn(database, masterKey);
    await proveMasterKey(store, path);
    if (journalId !== undefined) belongTo(database, journalId);
    return store;
  } catch (error) {
    database.close();
    throw error;
  }
};

const prepareDatabase = (database: Database.Database): void => {
  database.pragma('journal_mode = WAL');
  // FULL on purpose: a key that an event names must outlive a power cut just as the event does.
  for (const [name, value] of [
    ['synchronous', 2],
    ['secure_delete', 1],
  ] as const) {
    database.pragma(`${name} = ${value}`);
    if (database.pragma(name, { simple: true }) !== value) throw new Error(`SQLite did not take ${name} = ${value}`);
  }
  database.exec(schema);
};

const storeOn = (database: Database.Database, masterKey: KeyObject): KeyStore & WrappedKeys => {
  const insertKey = database.prepare('INSERT INTO keys (id, wrapped) VALUES (?, ?)');
  const destroyKey = database.prepare(
    'INSERT INTO keys (id, wrapped) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped',
  );
  const insertSecret = database.prepare(
    'INSERT INTO secrets (name, wrapped) VALUES (?, ?) ON CONFLICT (name) DO NOTHING',
  );
  const findSecret = database.prepare<[string], { wrapped: Buffer }>('SELECT wrapped FROM secrets WHERE name = ?');
  const findKeys = database.prepare<[string], { id: SubjectKeyId; wrapped: Buffer }>(
    'SELECT id, wrapped FROM keys WHERE id IN (SELECT value FROM json_each(?))',
  );
  const insertKeys = database.transaction((rows: readonly { id: string; wrapped: Buffer }[]) => {
    for (const { id, wrapped } of rows) insertKey.run(id, wrapped);
  });
  const overwriteKeys = database.transaction((ids: readonly SubjectKeyId[]) => {
    for (const id of ids) destroyKey.run(id, destroyed);
  });

  const exported = database.prepare<[{ kind: string; name: string; proof: string; max: number }], WrappedKey>(`
    SELECT kind, name, wrapped FROM (SELECT 'key' AS kind, id AS name, wrapped FROM keys UNION ALL SELECT 'secret', name, wrapped FROM secrets WHERE name <> @proof)
    WHERE (kind, name) > (@kind, @name) ORDER BY kind, name LIMIT @max`);
  const importKeys = database.transaction((keys: readonly WrappedKey[]) => {
    for (const key of keys) {
      const wrapped = Buffer.from(key.wrapped);
      const kept = key.kind === 'key' ? findKeys.get(JSON.stringify([key.name])) : findSecret.get(key.name);
      if (kept === undefined) (key.kind === 'key' ? insertKey : insertSecret).run(key.name, wrapped);
      else if (merged(key, kept.wrapped) === 'destroyed') destroyKey.run(key.name, destroyed);
    }
  });

  return {
    async makeKeys(count) {
      const made = newKeys(count);
      insertKeys.immediate(
        made.map(({ id, bytes, nonce }) => ({ id, wrapped: wrap(masterKey, 'key', id, bytes, nonce) })),
      );
      return made.map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) }));
    },
    async openKeys(ids) {
      const opened = new Map<SubjectKeyId, KeyObject | undefined>();
      for (let from = 0; from < ids.length; from += idsMax) {
        for (const { id, wrapped } of findKeys.all(JSON.stringify(ids.slice(from, from + idsMax)))) {
          opened.set(id, isDestroyed(wrapped) ? undefined : unwrap(masterKey, 'key', id, wrapped));
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
      if (checkpoint.busy !== 0)
        throw new Error(
          'The keys are overwritten, but their journal is still being read by another process: destroy them again',
        );
    },
    async secret(name) {
      const kept = findSecret.get(name);
      if (kept !== undefined) return unwrap(masterKey, 'secret', name, kept.wrapped);
      insertSecret.run(name, wrap(masterKey, 'secret', name, randomBytes(32)));
      return unwrap(masterKey, 'secret', name, findSecret.get(name)!.wrapped); // Another process may have been first.
    },
    async exportWrapped(after, max) {
      return exported.all({ kind: after?.kind ?? '', name: after?.name ?? '', proof: proofName, max });
    },
    async importWrapped(keys) {
      importKeys.immediate(keys);
    },
    async close() {
      if (database.open) database.close();
    },
  };
};
