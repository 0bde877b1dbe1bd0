import type { CommandId, Instant, Position, Revision, StreamName } from '../vocabulary.js';
import type { EventFilter, StoredEvent } from './event-log.js';

/**
 * Where the event log finds things. It lies in this process and answers at once: between two calls nothing else can
 * change it.
 * Everything in it can be made again from the journal, so it never decides what is durable.
 */
export interface LogIndex {
  /** Position of the next event. */
  head(): Position;
  /** That of the last event; `undefined` in an empty log. */
  lastRecordedAt(): Instant | undefined;
  revision(stream: StreamName): Revision | 'none';
  /** The events of a command, in its order. */
  findCommand(commandId: CommandId): readonly StoredEvent[] | undefined;
  /** Revisions from `first` to `last`, both included, oldest first. */
  readStream(stream: StreamName, first: Revision, last: Revision): readonly StoredEvent[];
  /** Those of positions `from` to `to` (excluded) that pass the filter, oldest first. */
  readRange(from: Position, to: Position, filter: EventFilter): readonly StoredEvent[];
  /**
   * The first position at or after `position` that begins a command, so that a slice can end there. At most the head.
   */
  commandBoundary(position: Position): Position;
  /** Takes the journal's next events, whole commands only. Those it has already change nothing. */
  apply(events: readonly StoredEvent[]): void;
  close(): void;
}
