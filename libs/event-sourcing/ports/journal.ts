import type { Position } from '../vocabulary.js';
import type { StoredEvent } from './event-log.js';

export type JournalResult =
  | { readonly outcome: 'appended' }
  /** Somebody else appended first: the journal's head is `head`, read on from ours and decide the others again. */
  | { readonly outcome: 'behind'; readonly head: Position };

/**
 * What makes a batch durable. Embedded: one SQLite transaction with its fsync. Cluster: one append to one EventStoreDB stream.
 * An append that gets no answer is repeated with the same events at the same head and then says what happened the first time.
 * Throws when it cannot know; the event log turns that into `IndeterminateError` for every command of the batch.
 */
export interface Journal {
  readonly journalId: string;
  append(batch: readonly StoredEvent[], expectedHead: Position): Promise<JournalResult>;
  read(from: Position, max: number): Promise<readonly StoredEvent[]>;
  head(): Promise<Position>;
  /** Calls back, soon, whenever there may be more to read; more often than needed does no harm. Returns the way to stop. */
  wake(listener: () => void): () => void;
  close(): Promise<void>;
}
