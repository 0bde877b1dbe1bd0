import type { Position } from '../vocabulary.js';
import type { StoredEvent } from './event-log.js';

export type JournalResult =
  | { readonly outcome: 'appended' }
  /** Somebody else appended first: the journal's head is `head`, read on from ours and decide the others again. */
  | { readonly outcome: 'behind'; readonly head: Position };

/**
 * What makes a batch durable. Embedded: one SQLite transaction with its fsync. Cluster: one append to one EventStoreDB
 * stream.
 * An append that gets no answer is repeated with the same events at the same head and then says what happened the first
 * time.
 * Throws `JournalUnavailableError` while it does not answer, `BatchTooLargeError` for a batch over its limit, and
 * anything else for a
 * failure that only a restart can settle.
 */
export interface Journal {
  readonly journalId: string;
  append(batch: readonly StoredEvent[], expectedHead: Position): Promise<JournalResult>;
  /** Oldest first, from position `from` on, at most `max`, which is 1,000 at the most; fewer only where it ends. */
  read(from: Position, max: number): Promise<readonly StoredEvent[]>;
  /** Never older than what `append` has answered to anybody. */
  head(): Promise<Position>;
  /**
   * Calls back, soon, whenever there may be more to read; more often than needed does no harm. Returns the way to stop.
   */
  wake(listener: () => void): () => void;
  /** Told that its owner has the events in front of `head` from elsewhere: to be woken for them would be no news. */
  heard?(head: Position): void;
  close(): Promise<void>;
}

/**
 * The journal does not answer now and may later: what was read from it stays true. `unknown`: the batch may have been
 * stored, or may yet be.
 */
export class JournalUnavailableError extends Error {
  override readonly name = 'JournalUnavailableError';
  constructor(
    readonly stored: 'nothing' | 'unknown',
    cause: unknown,
  ) {
    super(`The journal does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
/** Certain: nothing was stored. The journal takes at most `bytesMax` at once, everything counted. */
export class BatchTooLargeError extends Error {
  override readonly name = 'BatchTooLargeError';
  constructor(readonly bytesMax: number) {
    super(`The journal takes at most ${bytesMax} bytes at once`);
  }
}
/** What stands at `position` is none of our events, or not the one that belongs there. Reading stops here. */
export class JournalDamagedError extends Error {
  override readonly name = 'JournalDamagedError';
  constructor(
    readonly position: Position,
    why: string,
    options?: ErrorOptions,
  ) {
    super(
      `日志位置 ${position} 的记录不可用（${why}）。 / The journal's record at position ${position} cannot be used: ${why}.`,
      options,
    );
  }
}
