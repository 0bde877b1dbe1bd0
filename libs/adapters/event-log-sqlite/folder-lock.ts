import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { aboutFile, FileUnusableError, openDatabase } from '../folder/folder.js';

/** Another process writes to this folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  constructor(
    readonly folder: string,
    readonly holder: string,
  ) {
    super(
      `数据目录 ${folder} 正由${holder === '' ? '另一个进程' : `进程 ${holder}`} 使用，请先停止它。 / The data folder ${folder} is in use by ${holder === '' ? 'another process' : `process ${holder}`}; stop that one first.`,
    );
  }
}

/**
 * Keeps a second process out of a folder. The lock is an open transaction on a database of its own: the kernel drops it
 * with the
 * process, however that ends, and our own readers of the log never meet it.
 * The holder's number stands in a file beside it, because nobody can read inside a database that is locked this way.
 */
export const lockFolder = (folder: string, now: Instant): { release(): void } => {
  const holderFile = join(folder, 'lock.holder');
  const lock = lockedDatabase(folder, () => holderOf(holderFile));
  try {
    aboutFile(holderFile, () => {
      writeFileSync(holderFile, `${process.pid} ${now}\n`, { mode: 0o600 });
    });
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    release: () => {
      lock.close();
    },
  };
};

const lockedDatabase = (folder: string, holder: () => string): ReturnType<typeof openDatabase> => {
  const file = join(folder, 'lock.db');
  try {
    return openDatabase(file, (database) => {
      database.exec('BEGIN EXCLUSIVE');
    });
  } catch (error) {
    const cause = error instanceof FileUnusableError ? error.cause : error;
    const { code } = cause as { code?: string };
    if (code === 'SQLITE_BUSY') throw new FolderLockedError(folder, holder());
    if (code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT') === true)
      throw new FileUnusableError(
        file,
        '不是锁文件；其中没有数据，确认没有服务器在使用此目录后删除它即可。',
        'is no lock; it holds nothing, so delete it when no server runs on this folder.',
        { cause },
      );
    throw error;
  }
};

const holderOf = (file: string): string => {
  try {
    const [pid = '', since = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return pid === '' ? '' : `${pid} (${since})`;
  } catch {
    return '';
  }
};
