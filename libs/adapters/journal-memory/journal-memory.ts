import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { Journal, JournalResult } from '#event-sourcing/ports/journal.js';
import type { Position } from '#event-sourcing/vocabulary.js';

/**
 * A journal that lasts as long as its process. Several event logs may share one, as servers share a journal elsewhere.
 */
export const memoryJournal = (journalId: string = randomUUID()): Journal => new MemoryJournal(journalId);

class MemoryJournal implements Journal {
  readonly #events: StoredEvent[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(readonly journalId: string) {}

  async append(batch: readonly StoredEvent[], expectedHead: Position): Promise<JournalResult> {
    const head = this.#events.length;
    if (head !== expectedHead)
      return this.#has(batch, expectedHead) ? { outcome: 'appended' } : { outcome: 'behind', head };
    for (const event of batch) this.#events.push(event);
    for (const listener of this.#listeners) queueMicrotask(listener);
    return { outcome: 'appended' };
  }

  #has(batch: readonly StoredEvent[], from: Position): boolean {
    return batch.every(({ id }, offset) => this.#events[from + offset]?.id === id);
  }

  async read(from: Position, max: number): Promise<readonly StoredEvent[]> {
    return this.#events.slice(from, from + max);
  }

  async head(): Promise<Position> {
    return this.#events.length;
  }

  wake(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async close(): Promise<void> {
    /* Those who share it go on. */
  }
}
