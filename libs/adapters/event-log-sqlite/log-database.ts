import type Database from 'better-sqlite3';
import { dirname } from 'node:path';
import { FileUnusableError, openDatabase, syncFolder } from '../folder/folder.js';

/**
 * Durable: the only copy, every commit reaches the disk before it is answered. Mirror: can be made again from a journal
 * elsewhere.
 */
export type Durability = 'durable' | 'mirror';

/** "bbei" in a file's header, so that tools know whose it is. */
const applicationId = 0x62626569;
/** 2: each event has a check sum of its own; those that version 1 wrote have none. */
export const schemaVersion = 2;
/** Earlier ones can lose commits when a checkpoint and a commit meet (WAL-reset). */
const sqliteVersionMin = [3, 51, 3] as const;
const walKeptMax = 64 * 1024 * 1024;

const schema = `
  CREATE TABLE journal (id TEXT NOT NULL) STRICT;
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE kinds (id INTEGER PRIMARY KEY, category TEXT NOT NULL, type TEXT NOT NULL, UNIQUE (category, type)) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    step INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    id BLOB NOT NULL,
    command TEXT NOT NULL,
    data BLOB NOT NULL,
    sum INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  CREATE UNIQUE INDEX events_by_command ON events (command) WHERE step = 1;
  CREATE INDEX events_by_kind ON events (kind, position);
`;

/**
 * Opens a log's database, making it when the folder has none. `journalId` is stored in a new one.
 * Throws when the file is of another program or a newer version, and when SQLite would not keep what we promise.
 */
export const openLogDatabase = (file: string, durability: Durability, journalId: () => string): Database.Database =>
  openDatabase(file, (database) => {
    prepareConnection(database, durability);
    if (database.pragma('application_id', { simple: true }) === 0) createSchema(database, journalId());
    if (mustBeLog(database) < schemaVersion) raise(database);
    if (durability === 'durable') settleRecovery(database, file);
  });

/** The version of the file. Throws when it is of another program, or newer than this one. */
export const mustBeLog = (database: Database.Database): number => {
  const file = database.name;
  if (database.pragma('application_id', { simple: true }) !== applicationId)
    throw new FileUnusableError(file, '不是报备日志。', 'is not an event log.');
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > schemaVersion)
    throw new FileUnusableError(
      file,
      `的版本是 ${version}，本程序只认识 ${schemaVersion}；请安装写入它的版本。`,
      `has version ${version}; this program knows ${schemaVersion}: install the version that wrote it.`,
    );
  return version;
};

const raise = (database: Database.Database): void => {
  database
    .transaction(() => {
      database.exec('ALTER TABLE events ADD COLUMN sum INTEGER');
      database.pragma(`user_version = ${schemaVersion}`);
    })
    .immediate();
};

/** Settings that SQLite forgets when a connection closes: every connection to a log goes through here. */
export const prepareConnection = (database: Database.Database, durability: Durability): void => {
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${durability === 'durable' ? 'FULL' : 'OFF'}`);
  // On macOS fsync alone leaves the bytes in the drive's cache.
  database.pragma('fullfsync = ON');
  database.pragma('checkpoint_fullfsync = ON');
  // Checkpoints run by our own timer and size, never inside an unlucky commit.
  database.pragma('wal_autocheckpoint = 0');
  database.pragma(`journal_size_limit = ${walKeptMax}`);
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
  database.pragma('temp_store = MEMORY');
  database.pragma('cache_size = -65536');
  assertSettings(database, durability);
};

/** What SQLite says it will do, not what it was told: an unknown pragma is ignored without a word. */
export const assertSettings = (database: Database.Database, durability: Durability): void => {
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
  if (olderThan(version, sqliteVersionMin))
    throw new Error(
      `SQLite ${version} 太旧，需要 ${sqliteVersionMin.join('.')}。 / SQLite ${version} is too old; ${sqliteVersionMin.join('.')} is needed.`,
    );
  const expected: Readonly<Record<string, string | number>> = {
    journal_mode: 'wal',
    synchronous: durability === 'durable' ? 2 : 0,
    wal_autocheckpoint: 0,
    trusted_schema: 0,
    cell_size_check: 1,
    busy_timeout: 0,
  };
  for (const [pragma, value] of Object.entries(expected)) {
    const actual = database.pragma(pragma, { simple: true });
    if (actual !== value)
      throw new Error(
        `SQLite 的 ${pragma} 应为 ${value}，实为 ${String(actual)}。 / SQLite's ${pragma} must be ${value} and is ${String(actual)}.`,
      );
  }
};

const olderThan = (version: string, min: readonly number[]): boolean => {
  const parts = version.split('.').map(Number);
  const differs = min.findIndex((part, place) => parts[place] !== part);
  return differs !== -1 && (parts[differs] ?? 0) < min[differs]!;
};

const createSchema = (database: Database.Database, journalId: string): void => {
  database
    .transaction(() => {
      if (database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() !== 0)
        throw new FileUnusableError(database.name, '不是报备日志。', 'is not an event log.');
      database.exec(schema);
      database.prepare('INSERT INTO journal (id) VALUES (?)').run(journalId);
      database.pragma(`application_id = ${applicationId}`);
      database.pragma(`user_version = ${schemaVersion}`);
    })
    .immediate();
};

/**
 * A killed process may leave commits that were written but not yet synced. We are about to answer from them,
 * so they reach the disk first, and so do the names of the files.
 */
const settleRecovery = (database: Database.Database, file: string): void => {
  copyWal(database, 'TRUNCATE');
  for (const folder of [dirname(file), dirname(dirname(file))]) syncFolder(folder);
};

/**
 * Syncs the write-ahead log and copies it. Without space for the copy nothing is lost: the log is synced by then, keeps
 * all, and a later copy takes it.
 */
export const copyWal = (database: Database.Database, mode: 'PASSIVE' | 'TRUNCATE'): void => {
  endReading(database);
  try {
    database.pragma(`wal_checkpoint(${mode})`);
  } catch (error) {
    if (!isFull(error)) throw error;
  }
};

/** Ends the transaction that reading has left open: neither a write nor a checkpoint begins inside it. */
export const endReading = (database: Database.Database): void => {
  if (database.inTransaction) database.exec('COMMIT');
};

export const isFull = (error: unknown): boolean => (error as { code?: string }).code === 'SQLITE_FULL';
