import { randomUUID } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createEventLog, type EventLogParts } from '#event-sourcing/log/event-log.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import { StorageFullError, type EventLog } from '#event-sourcing/ports/event-log.js';
import { makeFolder } from '../folder/folder.js';
import { localJournal } from '../journal-local/journal-local.js';
import { Checkpoints, checkpointsByDefault, type CheckpointPolicy } from './checkpoints.js';
import { lockFolder } from './folder-lock.js';
import { LogMarker } from './log-mark.js';
import { logFile } from './look-at-log.js';
import { openLogStore } from './log-store.js';

export interface SqliteEventLogOptions extends Pick<EventLogParts, 'onFatal' | 'limits' | 'turn'> {
  /** Made when it does not exist. Holds `log.db` with its write-ahead log, and the lock. */
  readonly folder: string;
  /** Says since when the folder is held. */
  readonly clock: Clock;
  /**
   * Space that commits leave free, so that checkpoints, erasures and the end of the process still find some. 64 MB by
   * default.
   */
  readonly reserveBytes?: number;
  readonly checkpoints?: Partial<CheckpointPolicy>;
  /** Asked when the folder is ours and no file in it was touched; throws when the log must not be opened. */
  readonly beforeOpening?: (folder: string) => void;
}

const reserveByDefault = 64 * 1024 * 1024;

/**
 * The event log of one data folder, durable on this machine. Throws `FolderLockedError` when another process has the
 * folder.
 * `onFatal` means that the disk failed and only a restart can tell what it holds: stop the process.
 */
export const openSqliteEventLog = async ({
  folder: path,
  clock,
  onFatal,
  limits,
  turn,
  reserveBytes = reserveByDefault,
  checkpoints: policy,
  beforeOpening,
}: SqliteEventLogOptions): Promise<EventLog> => {
  const folder = resolve(path);
  makeFolder(folder);
  const lock = lockFolder(folder, clock.now());
  try {
    beforeOpening?.(folder);
    const store = openLogStore(join(folder, logFile), 'durable', randomUUID);
    const fatal = once(onFatal);
    const checkpoints = new Checkpoints(store.database, { ...checkpointsByDefault, ...policy }, fatal);
    const marker = new LogMarker(folder, store.journalId);
    marker.standAt(store.head());
    store.onWritten = () => {
      marker.standAt(store.head());
      checkpoints.afterWrite();
    };
    const journal = localJournal(store, {
      beforeWrite: () => {
        checkpoints.mustBeSound();
        mustHaveSpace(folder, reserveBytes);
      },
      afterClose: () => {
        checkpoints.stop();
        marker.close();
        lock.release();
      },
    });
    return createEventLog({
      index: store,
      journal,
      onFatal: fatal,
      ...(limits === undefined ? {} : { limits }),
      ...(turn === undefined ? {} : { turn }),
    });
  } catch (error) {
    lock.release();
    throw error;
  }
};

const mustHaveSpace = (folder: string, reserveBytes: number): void => {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < reserveBytes)
    throw new StorageFullError(
      `磁盘剩余空间不足 ${reserveBytes} 字节，没有写入任何内容。 / Less than ${reserveBytes} bytes are free on the disk; nothing was stored.`,
    );
};

/** A failed sync may be met by a checkpoint and by the next commit. */
export const once = (onFatal: ((error: Error) => void) | undefined): ((error: Error) => void) => {
  let heard = false;
  return (error) => {
    if (!heard) onFatal?.(error);
    heard = true;
  };
};
