import type { CommandId, EventId, Instant, Position, Revision, StreamName } from '../vocabulary.js';

/** `'none'`: the stream must not exist. `'any'`: no expectation. A number: the revision of its last event. */
export type ExpectedRevision = Revision | 'none' | 'any';

/** What only the log knows, given to the event when its place is certain; it becomes part of the bytes. */
export interface Stamp {
  readonly stream: StreamName;
  readonly revision: Revision;
  /** Never before that of the event in front. */
  readonly recordedAt: Instant;
  /** 1-based place in the command, and how many it has: no reader ever sees half a command. */
  readonly step: number;
  readonly of: number;
}

export interface PendingEvent {
  readonly id: EventId;
  readonly type: string;
  readonly frame: Frame;
}

/**
 * The bytes of an event but for its stamp: text, or bytes where it is none, with the stamp's fields as JSON in between.
 * Data and no closure, so that another server can finish it; filled again when the batch must be made anew.
 */
export type Frame = readonly (string | Uint8Array | { readonly stamp: keyof Stamp })[];

/** Everything one command writes and everything its decision read: all or nothing. */
export interface Commit {
  readonly commandId: CommandId;
  /** Our clock when it was decided; the log raises it to the last event's when that is later. */
  readonly now: Instant;
  readonly writes: readonly {
    readonly stream: StreamName;
    readonly expected: ExpectedRevision;
    readonly events: readonly PendingEvent[];
  }[];
  /** Streams that the decision read but does not write. */
  readonly checks: readonly { readonly stream: StreamName; readonly expected: Revision | 'none' }[];
}

export interface StoredEvent {
  readonly position: Position;
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly id: EventId;
  readonly type: string;
  readonly commandId: CommandId;
  readonly step: number;
  readonly of: number;
  readonly recordedAt: Instant;
  /** The exact bytes that were given, for ever. */
  readonly data: Uint8Array;
}

export interface Conflict {
  readonly stream: StreamName;
  readonly expected: ExpectedRevision;
  readonly actual: Revision | 'none';
}

export type AppendResult =
  | { readonly outcome: 'appended'; readonly events: readonly StoredEvent[] }
  /** This command id stands in the log already: its events, as they were stored then. */
  | { readonly outcome: 'repeated'; readonly events: readonly StoredEvent[] }
  /** Nothing was stored. */
  | { readonly outcome: 'conflict'; readonly conflicts: readonly Conflict[] };

export interface EventFilter {
  readonly categories?: readonly string[];
  readonly types?: readonly string[];
}

export interface LogSlice {
  readonly events: readonly StoredEvent[];
  /** Where to read on: the position after the last one *seen*, also when the filter passed none of them. */
  readonly next: Position;
}

/**
 * All events of one organisation. Total order by position, gapless; per stream by revision, gapless.
 * `append` throws `IndeterminateError` when it cannot know whether the events were stored; `StorageFullError`,
 * `LogBusyError`, `LogClosedError`
 * and `CommitRefusedError` when it knows they were not.
 */
export interface EventLog {
  append(commit: Commit): Promise<AppendResult>;
  /** The events of a command id, if it was recorded. */
  findCommand(commandId: CommandId): Promise<readonly StoredEvent[] | undefined>;
  /**
   * Forwards from `from` (default 0), or backwards from `from` (default the last). At most `max` (default and limit
   * 1,000). Empty when the stream does not exist.
   */
  readStream(
    stream: StreamName,
    options?: { readonly from?: Revision; readonly direction?: 'forwards' | 'backwards'; readonly max?: number },
  ): Promise<readonly StoredEvent[]>;
  /** Where streams stand, in the order asked. */
  revisions(streams: readonly StreamName[]): Promise<readonly (Revision | 'none')[]>;
  /** From position `from` on, oldest first, never ending inside a command. `max` counts events seen, default 1,000. */
  readAll(from: Position, options?: EventFilter & { readonly max?: number }): Promise<LogSlice>;
  /**
   * Everything from `from` on, then live: misses nothing, repeats nothing; ends when `signal` aborts. Back-pressure is
   * the consumer's pace.
   */
  subscribe(from: Position, options: EventFilter & { readonly signal: AbortSignal }): AsyncIterable<LogSlice>;
  /** Position of the next event: how many there are. */
  head(): Promise<Position>;
  /** Identity of this journal, part of every position token. */
  readonly journalId: string;
  close(): Promise<void>;
}

/**
 * Nobody knows yet whether the command was stored; the retry with the same command id settles it. Never called a
 * refusal.
 */
export class IndeterminateError extends Error {
  override readonly name = 'IndeterminateError';
  constructor(
    readonly commandId: CommandId,
    cause: unknown,
  ) {
    super(`It is not known whether command ${commandId} was stored`, { cause });
  }
}
/** Certain: nothing was stored. The same command may be sent again once there is space. */
export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';
}
/**
 * Certain: nothing was stored. Too many commits wait already, other servers were faster again and again, or the journal
 * does not answer; the same command may be sent again.
 */
export class LogBusyError extends Error {
  override readonly name = 'LogBusyError';
}
/** Certain: nothing was stored. The log was closed, or has stopped after a failure that only a restart can settle. */
export class LogClosedError extends Error {
  override readonly name = 'LogClosedError';
}
/**
 * A bug of the caller, found before anything was stored: no events, a stream named twice, malformed names or ids, more
 * events or bytes than one command may have.
 */
export class CommitRefusedError extends Error {
  override readonly name = 'CommitRefusedError';
}
