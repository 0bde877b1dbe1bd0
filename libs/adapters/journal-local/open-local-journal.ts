import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import { makeFolder } from '../folder/folder.js';
import { lockFolder } from '../event-log-sqlite/folder-lock.js';
import { openLogStore } from '../event-log-sqlite/log-store.js';
import { localJournal } from './journal-local.js';

/** The folder holds another journal than the one that is to be copied there. */
export class OtherLocalJournalError extends Error {
  override readonly name = 'OtherLocalJournalError';
  constructor(folder: string) {
    super(
      `数据目录 ${folder} 中已有另一份日志，不能复制到此处；请指定空目录。 / The data folder ${folder} holds another journal; name an empty one.`,
    );
  }
}

/**
 * The journal of a data folder without the log around it, while no server runs on it. Throws `FolderLockedError`, and
 * `OtherLocalJournalError` where `journalId` is not the folder's.
 */
export const openLocalJournal = ({
  folder: path,
  clock,
  journalId,
  beforeOpening,
}: {
  readonly folder: string;
  readonly clock: Clock;
  readonly journalId?: string;
  /** As of the event log. */
  readonly beforeOpening?: (folder: string) => void;
}): Journal => {
  const folder = resolve(path);
  makeFolder(folder);
  const lock = lockFolder(folder, clock.now());
  try {
    beforeOpening?.(folder);
    const store = openLogStore(join(folder, 'log.db'), 'durable', () => journalId ?? randomUUID());
    if (journalId !== undefined && store.journalId !== journalId) {
      store.close();
      throw new OtherLocalJournalError(folder);
    }
    return localJournal(store, {
      afterClose: () => {
        lock.release();
      },
    });
  } catch (error) {
    lock.release();
    throw error;
  }
};
