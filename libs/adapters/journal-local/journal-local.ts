import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { Journal, JournalResult } from '#event-sourcing/ports/journal.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import type { SqliteLogStore } from '../event-log-sqlite/log-store.js';

export interface LocalJournalHooks {
  /** Throws `StorageFullError` while there is too little space, or the failure that forbids to write on. */
  readonly beforeWrite?: () => void;
  readonly afterClose?: () => void;
}

/**
 * The journal of a log that has one copy: the transaction that makes a batch durable also makes it found, with one sync
 * of the disk.
 */
export const localJournal = (store: SqliteLogStore, { beforeWrite, afterClose }: LocalJournalHooks = {}): Journal => {
  const listeners = new Set<() => void>();
  const has = (batch: readonly StoredEvent[], from: Position): boolean => {
    const stored = store.readRange(from, from + batch.length);
    return stored.length === batch.length && stored.every(({ id }, place) => id === batch[place]!.id);
  };
  return {
    journalId: store.journalId,
    async append(batch, expectedHead): Promise<JournalResult> {
      if (store.head() !== expectedHead)
        return has(batch, expectedHead) ? { outcome: 'appended' } : { outcome: 'behind', head: store.head() };
      beforeWrite?.();
      store.write(batch);
      for (const listener of listeners) queueMicrotask(listener);
      return { outcome: 'appended' };
    },
    async read(from, max) {
      return store.readRange(from, from + max);
    },
    async head() {
      return store.head();
    },
    wake(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async close() {
      store.close();
      afterClose?.();
    },
  };
};
