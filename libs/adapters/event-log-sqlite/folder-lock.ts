import Database from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '#event-sourcing/vocabulary.js';

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
  const lock = new Database(join(folder, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new FolderLockedError(folder, holderOf(holderFile));
  }
  writeFileSync(holderFile, `${process.pid} ${now}\n`);
  return {
    release: () => {
      lock.close();
    },
  };
};

const holderOf = (file: string): string => {
  try {
    const [pid = '', since = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return pid === '' ? '' : `${pid} (${since})`;
  } catch {
    return '';
  }
};
