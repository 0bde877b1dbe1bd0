import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { localJournal } from '#adapters/journal-local/journal-local.js';
import { Checkpoints } from '#adapters/event-log-sqlite/checkpoints.js';
import { openSqliteEventLog, type SqliteEventLogOptions } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import { openLogStore } from '#adapters/event-log-sqlite/log-store.js';
import { createEventLog } from '#event-sourcing/log/event-log.js';
import { StorageFullError, type EventLog } from '#event-sourcing/ports/event-log.js';
import type { Journal } from '#event-sourcing/ports/journal.js';

/**
 * Known-bad settings. A fault suite that stays green with one of them proves nothing, so each suite runs one and must
 * go red.
 * `synchronousNormal`: SQLite's default in WAL mode · `ackEarly`: answers before the commit (done by the clients) ·
 * `failureRefused`: calls a failed write certain · `fullIgnored`: answers a refusal for want of space as stored (done
 * by the clients) · `noLock`: lets a second process in.
 */
export type Defect = 'synchronousNormal' | 'ackEarly' | 'failureRefused' | 'fullIgnored' | 'noLock';

export const openLog = async (options: SqliteEventLogOptions, defect: Defect | undefined): Promise<EventLog> => {
  if (defect === undefined || defect === 'ackEarly' || defect === 'fullIgnored') return openSqliteEventLog(options);
  mkdirSync(options.folder, { recursive: true });
  const store = openLogStore(join(options.folder, 'log.db'), 'durable', () => 'defective');
  if (defect === 'synchronousNormal') store.database.pragma('synchronous = NORMAL');
  const fatal = options.onFatal ?? (() => undefined);
  const checkpoints = new Checkpoints(
    store.database,
    { walBytes: 64 * 1024 * 1024, idleMilliseconds: 5_000, ...options.checkpoints },
    fatal,
  );
  store.onWritten = () => {
    checkpoints.afterWrite();
  };
  const journal = localJournal(store, {
    afterClose: () => {
      checkpoints.stop();
    },
  });
  return createEventLog({ index: store, journal: defective(journal, defect), onFatal: fatal });
};

const defective = (journal: Journal, defect: Defect): Journal => ({
  ...journal,
  append: async (batch, expectedHead) => {
    try {
      return await journal.append(batch, expectedHead);
    } catch (error) {
      if (defect === 'failureRefused') throw new StorageFullError('called certain', { cause: error });
      throw error;
    }
  },
});
