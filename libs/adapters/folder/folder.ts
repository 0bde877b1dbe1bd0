import Database from 'better-sqlite3';
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';

/** A file or folder cannot be used as it is; the sentence says what to mend. Nothing was changed. */
export class FileUnusableError extends Error {
  override readonly name = 'FileUnusableError';
  constructor(
    readonly path: string,
    zh: string,
    en: string,
    options?: ErrorOptions,
  ) {
    super(`${path} ${zh} / ${path} ${en}`, options);
  }
}

/** What a system says about a file, and what whoever starts the process can do about it. */
const causes: readonly (readonly [codes: RegExp, zh: string, en: string])[] = [
  [/^(EEXIST|ENOTDIR)$/, '不是文件夹，请另指一处。', 'is no folder; name another place.'],
  [
    /^(EACCES|EPERM|SQLITE_PERM)$/,
    '没有读写权限，请改正它的所有者与权限。',
    'may not be read or written by this user; mend its owner and mode.',
  ],
  [
    /^(EROFS|SQLITE_READONLY.*)$/,
    '只能读、不能写，请以可写方式挂载，或另指一处。',
    'is read-only; mount it for writing, or name another place.',
  ],
  [
    /^(ENOSPC|EDQUOT|SQLITE_FULL)$/,
    '所在磁盘已满，请腾出空间后再启动。',
    'lies on a full disk; make space and start again.',
  ],
  [
    /^(SQLITE_CANTOPEN.*|ENOENT|EISDIR|ELOOP|ENAMETOOLONG)$/,
    '打不开，请检查路径与权限。',
    'cannot be opened; look at the path and at its modes.',
  ],
  [
    /^(EIO|SQLITE_IOERR.*)$/,
    '读写出错，请检查磁盘。',
    'cannot be read or written: the system reports a fault; look at the disk.',
  ],
  [/^(SQLITE_NOTADB|SQLITE_CORRUPT.*)$/, '已损坏，请从备份恢复。', 'is damaged; put it back from a backup.'],
];

/** The error as a sentence about `path`; undefined for what is no matter of files. */
export const fileUnusable = (error: unknown, path: string): FileUnusableError | undefined => {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== 'string') return undefined;
  const found = causes.find(([codes]) => codes.test(code));
  return found === undefined ? undefined : new FileUnusableError(path, found[1], found[2], { cause: error });
};

/** Does the work, and says what goes wrong with `path` as a sentence. */
export const aboutFile = <T>(path: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw fileUnusable(error, path) ?? error;
  }
};

/** Made for its owner alone when it is not there; one that is there keeps its mode. */
export const makeFolder = (path: string): void => {
  aboutFile(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
};

/**
 * Opens a database, and makes a new one readable by its owner alone: SQLite gives its write-ahead log the same mode.
 * By default it never waits for another process, because that would hold up everything else here.
 */
export const openDatabase = (file: string, prepare: (database: Database.Database) => void, timeout = 0) =>
  aboutFile(file, () => {
    closeSync(openSync(file, 'a', 0o600));
    const database = new Database(file, { timeout });
    try {
      // SQLite opens a file with the first question, not before.
      prepare(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });

/** Looks into a database and leaves every byte of it and of its write-ahead log where it is. */
export const lookInto = <T>(file: string, look: (database: Database.Database) => T): T =>
  aboutFile(file, () => {
    const from = (readonly: boolean): T => {
      const database = new Database(file, { timeout: 0, readonly });
      try {
        return look(database);
      } finally {
        database.close();
      }
    };
    try {
      return from(true);
    } catch (error) {
      // A power cut while the file was being made, before it had a write-ahead log: SQLite must undo that first.
      if ((error as { code?: string }).code !== 'SQLITE_READONLY_ROLLBACK') throw error;
      return from(false);
    }
  });

/** Writes once whose log a store goes with, into its table `belongs`. */
export const belongTo = (database: Database.Database, journalId: string): void => {
  database.prepare('INSERT INTO belongs (journal) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM belongs)').run(journalId);
};

/** Undefined for a store that was made before there was such a table. */
export const journalOf = (database: Database.Database): string | undefined =>
  hasTable(database, 'belongs') ? database.prepare<[], string>('SELECT journal FROM belongs').pluck().get() : undefined;

export const hasTable = (database: Database.Database, table: string): boolean =>
  database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;

/** Makes the names in a folder durable. */
export const syncFolder = (path: string): void => {
  if (process.platform === 'win32') return; // A folder cannot be synced there; NTFS journals its entries itself.
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
