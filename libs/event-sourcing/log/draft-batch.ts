import { fillFrame } from './frame.js';
import {
  CommitRefusedError,
  type AppendResult,
  type Commit,
  type Conflict,
  type ExpectedRevision,
  type StoredEvent,
} from '../ports/event-log.js';
import type { LogIndex } from '../ports/log-index.js';
import type { CommandId, Instant, Position, Revision, StreamName } from '../vocabulary.js';

/** One command: bounded, so that every reader can hold a whole one, and every journal take it in one append. */
export const commitEventsMax = 1_000;
/** Bytes of one batch and so of one command: an EventStoreDB append ends at 1 MiB, and names and ids need room too. */
export const batchBytesMax = 900 * 1024;
export const bytesBesideData = 256;

/** What will be answered once the batch is durable, or what was wrong with the commit. */
export type CommitAnswer = { readonly result: AppendResult } | { readonly refused: unknown };

export interface DraftedBatch {
  /** The batch in journal order, positions from the index's head on. */
  readonly events: readonly StoredEvent[];
  /** One per commit, in order; shorter than the commits when the batch is full: the others wait for the next. */
  readonly answers: readonly CommitAnswer[];
}

/**
 * Decides commits one after the other, each against the index and those in front of it. A commit that conflicts,
 * repeats or
 * cannot be encoded is left out alone; its neighbours go on. Pure but for the index it reads.
 */
export const draftBatch = (
  index: LogIndex,
  commits: readonly Commit[],
  bytesMax: number = batchBytesMax,
): DraftedBatch => {
  const draft = new Draft(index);
  const answers: CommitAnswer[] = [];
  for (const commit of commits) {
    const answer = draft.add(commit, bytesMax);
    if (answer === 'full') break;
    answers.push(answer);
  }
  return { events: draft.events, answers };
};

class Draft {
  readonly events: StoredEvent[] = [];
  readonly #streams = new Map<StreamName, Revision>();
  readonly #commands = new Map<CommandId, readonly StoredEvent[]>();
  #bytes = 0;
  #head: Position;
  #lastRecordedAt: Instant | undefined;

  constructor(private readonly index: LogIndex) {
    this.#head = index.head();
    this.#lastRecordedAt = index.lastRecordedAt();
  }

  add(commit: Commit, bytesMax: number): CommitAnswer | 'full' {
    const before = this.#commands.get(commit.commandId) ?? this.index.findCommand(commit.commandId);
    if (before !== undefined) return { result: { outcome: 'repeated', events: before } };
    const conflicts = this.#conflicts(commit);
    if (conflicts.length > 0) return { result: { outcome: 'conflict', conflicts } };
    const recordedAt =
      this.#lastRecordedAt !== undefined && this.#lastRecordedAt > commit.now ? this.#lastRecordedAt : commit.now;
    let stamped: readonly StoredEvent[];
    try {
      stamped = this.#stamp(commit, recordedAt);
    } catch (refused) {
      return { refused };
    }
    const bytes = stamped.reduce((sum, event) => sum + event.data.length + bytesBesideData, 0);
    if (bytes > bytesMax)
      return {
        refused: new CommitRefusedError(
          `Command ${commit.commandId} has ${bytes} bytes; one command may have ${bytesMax}`,
        ),
      };
    if (this.#bytes + bytes > bytesMax) return 'full';
    this.#take(commit.commandId, stamped, bytes, recordedAt);
    return { result: { outcome: 'appended', events: stamped } };
  }

  #take(commandId: CommandId, stamped: readonly StoredEvent[], bytes: number, recordedAt: Instant): void {
    for (const event of stamped) {
      this.events.push(event);
      this.#streams.set(event.stream, event.revision);
    }
    this.#commands.set(commandId, stamped);
    this.#bytes += bytes;
    this.#head += stamped.length;
    this.#lastRecordedAt = recordedAt;
  }

  #revision(stream: StreamName): Revision | 'none' {
    return this.#streams.get(stream) ?? this.index.revision(stream);
  }

  #conflicts(commit: Commit): readonly Conflict[] {
    const conflicts: Conflict[] = [];
    const expect = (stream: StreamName, expected: ExpectedRevision): void => {
      if (expected === 'any') return;
      const actual = this.#revision(stream);
      if (actual !== expected) conflicts.push({ stream, expected, actual });
    };
    for (const { stream, expected } of commit.writes) expect(stream, expected);
    for (const { stream, expected } of commit.checks) expect(stream, expected);
    return conflicts;
  }

  #stamp({ commandId, writes }: Commit, recordedAt: Instant): readonly StoredEvent[] {
    const of = writes.reduce((sum, { events }) => sum + events.length, 0);
    const stamped: StoredEvent[] = [];
    for (const { stream, events } of writes) {
      const last = this.#revision(stream);
      let revision = last === 'none' ? 0 : last + 1;
      for (const { id, type, frame } of events) {
        const step = stamped.length + 1;
        const data = fillFrame(frame, { stream, revision, recordedAt, step, of });
        stamped.push({
          position: this.#head + stamped.length,
          stream,
          revision,
          id,
          type,
          commandId,
          step,
          of,
          recordedAt,
          data,
        });
        revision += 1;
      }
    }
    return stamped;
  }
}

const wellFormed = {
  /** The sender's id as it was sent, in front of it the sender since ids are each sender's own. */
  commandId: /^(?:[^\p{Cc}\p{Cs}]{1,192}\/)?[A-Za-z0-9._:-]{1,64}$/u,
  eventId: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  stream: /^[^\p{Cc}\p{Cs}]{1,256}$/u,
  type: /^[A-Za-z][A-Za-z0-9]{0,99}$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
};

/** Throws `CommitRefusedError` for what no storage should ever have to hold. */
export const checkCommit = ({ commandId, now, writes, checks }: Commit): void => {
  const refuse = (problem: string): never => {
    throw new CommitRefusedError(`Command ${commandId}: ${problem}`);
  };
  if (!wellFormed.commandId.test(commandId))
    refuse('its id is not 1 to 64 characters of A-Z a-z 0-9 . _ : -, or such an id behind a sender and /');
  if (!wellFormed.instant.test(now) || Number.isNaN(Date.parse(now))) refuse(`${now} is not an instant`);
  const streams = new Set<StreamName>();
  let count = 0;
  for (const { stream, events } of writes) {
    if (!wellFormed.stream.test(stream)) refuse(`${JSON.stringify(stream)} is not a stream name`);
    if (streams.has(stream)) refuse(`it writes ${stream} twice`);
    if (events.length === 0) refuse(`it writes no events to ${stream}`);
    streams.add(stream);
    count += events.length;
    for (const { id, type } of events) {
      if (!wellFormed.eventId.test(id)) refuse(`${id} is not a lower-case UUID`);
      if (!wellFormed.type.test(type)) refuse(`${JSON.stringify(type)} is not an event type`);
    }
  }
  if (count === 0) refuse('it has no events, and nothing would remember its id');
  if (count > commitEventsMax) refuse(`it has ${count} events; one command may have ${commitEventsMax}`);
  for (const { stream } of checks)
    if (!wellFormed.stream.test(stream)) refuse(`${JSON.stringify(stream)} is not a stream name`);
};
