import { catchUp, OfferedEvents } from './catch-up.js';
import { batchBytesMax, checkCommit, draftBatch, type DraftedBatch, type CommitAnswer } from './draft-batch.js';
import {
  IndeterminateError,
  LogBusyError,
  LogClosedError,
  StorageFullError,
  type AppendResult,
  type Commit,
  type EventFilter,
  type EventLog,
  type LogSlice,
  type StoredEvent,
} from '../ports/event-log.js';
import { logSlice, readMax, streamPage, wholeNumber, type StreamReading } from './log-reading.js';
import { BatchTooLargeError, JournalUnavailableError, type Journal } from '../ports/journal.js';
import type { LogIndex } from '../ports/log-index.js';
import type { CommandId, Position, Revision, StreamName } from '../vocabulary.js';

export interface EventLogLimits {
  /** Commits in one batch. */
  readonly batchMax: number;
  /** Commits that may wait for a batch; one more is answered `LogBusyError`. */
  readonly waitingMax: number;
  /** How often one batch is decided anew because another server appended first. */
  readonly behindMax: number;
}

export interface EventLogParts {
  readonly index: LogIndex;
  readonly journal: Journal;
  /**
   * Called once, after every waiter has its answer, when nobody can know what the journal holds. The process should
   * stop: only a restart reads the truth.
   */
  readonly onFatal?: (error: Error) => void;
  readonly limits?: Partial<EventLogLimits>;
  /** Lets other work in before a batch is taken, so that commits gather while the one before is written. */
  readonly turn?: () => Promise<void>;
}

const limitsByDefault: EventLogLimits = { batchMax: 512, waitingMax: 20_000, behindMax: 32 };
/** A batch that the journal finds too large comes back this much smaller: names and framing count there too. */
const batchShrink = 0.8;
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

interface Waiter {
  readonly commit: Commit;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** An event log that other servers write to as well. */
export interface JournaledLog extends EventLog {
  /**
   * Reads the journal on until the log holds the event at `position`, or `signal` aborts: then it throws
   * `JournalUnavailableError`.
   */
  reach(position: Position, signal: AbortSignal): Promise<void>;
  /**
   * Events that whoever appends for us has read from the same journal, whole commands from our head or an earlier
   * position on: they are not read again.
   */
  offer(events: readonly StoredEvent[]): void;
  /** Where the journal ends just now, asked there. Throws `JournalUnavailableError`. */
  journalHead(): Promise<Position>;
  /** Commits that wait for a batch. */
  readonly waiting: number;
}

/**
 * The event log over any journal and any index: group commit, expected revisions, command ids, live reading. Closes
 * both when closed.
 */
export const createEventLog = (parts: EventLogParts): JournaledLog => new JournaledEventLog(parts);

class JournaledEventLog implements JournaledLog {
  readonly #index: LogIndex;
  readonly #journal: Journal;
  readonly #limits: EventLogLimits;
  readonly #turn: () => Promise<void>;
  readonly #listeners = new Set<() => void>();
  readonly #stopWaking: () => void;
  readonly #offered = new OfferedEvents();
  #waiting: Waiter[] = [];
  #woken = true;
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();
  #closing = false;
  #failure: Error | undefined;
  /** The journal was read to its end once. */
  #isLevel = false;
  #batchBytesMax = batchBytesMax;
  /** The first reading of the journal: nobody reads the index before it is level. */
  readonly #opened: Promise<void>;

  constructor(private readonly parts: EventLogParts) {
    this.#index = parts.index;
    this.#journal = parts.journal;
    this.#limits = { ...limitsByDefault, ...parts.limits };
    this.#turn = parts.turn ?? nextTurn;
    this.#startWriting();
    this.#opened = this.#written;
    this.#stopWaking = this.#journal.wake(() => {
      this.#woken = true;
      this.#startWriting();
    });
  }

  get journalId(): string {
    return this.#journal.journalId;
  }
  get waiting(): number {
    return this.#waiting.length;
  }
  journalHead(): Promise<Position> {
    return this.#journal.head();
  }

  async reach(position: Position, signal: AbortSignal): Promise<void> {
    await this.#readable();
    while (this.#index.head() <= position) {
      if (signal.aborted)
        throw new JournalUnavailableError('nothing', new Error(`position ${position} was not read in time`));
      this.#mustBeOpen();
      this.#woken = true;
      this.#startWriting();
      // A node that is a moment behind answers with nothing; its wake comes.
      await this.#moved(signal);
    }
  }

  offer(events: readonly StoredEvent[]): void {
    // What comes after the end is nobody's: its index is closed.
    if (this.#closing || (events.at(-1)?.position ?? -1) < this.#index.head()) return;
    this.#offered.offer(events);
    this.#woken = true;
    this.#startWriting();
  }

  append(commit: Commit): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#mustBeOpen();
      checkCommit(commit);
      if (this.#waiting.length >= this.#limits.waitingMax)
        throw new LogBusyError(`${this.#waiting.length} commits wait already`);
      this.#waiting.push({ commit, resolve, reject });
      this.#startWriting();
    });
  }

  #mustBeOpen(): void {
    if (this.#failure !== undefined)
      throw new LogClosedError('The event log has stopped after a failure of its storage', { cause: this.#failure });
    if (this.#closing) throw new LogClosedError('The event log is closed');
  }

  // ---- Writing: one at a time, and only here does the index move.

  #startWriting(): void {
    if (this.#isWriting || this.#failure !== undefined) return;
    this.#isWriting = true;
    this.#written = this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    while (this.#failure === undefined && (this.#woken || this.#waiting.length > 0)) {
      if (this.#woken) await this.#catchUpOrFail();
      if (this.#waiting.length === 0) continue;
      await this.#turn();
      const group = this.#waiting.splice(0, this.#limits.batchMax);
      const left = await this.#commitGroup(group);
      this.#waiting = left.length === 0 ? this.#waiting : [...left, ...this.#waiting];
    }
    // Together with the last look at the queue: whoever comes after this starts the writing again.
    this.#isWriting = false;
  }

  async #catchUpOrFail(): Promise<void> {
    this.#woken = false;
    try {
      await this.#readOn(this.#isLevel ? undefined : await this.#journal.head());
      this.#isLevel = true;
    } catch (error) {
      // A journal that is away for a while makes nothing wrong that was read; one that was never read is another
      // matter.
      if (error instanceof JournalUnavailableError && this.#isLevel) this.#refuse(this.#waiting.splice(0), error);
      else this.#fail([], error);
    }
  }

  #readOn(head?: Position): Promise<void> {
    return catchUp(
      {
        index: this.#index,
        journal: this.#journal,
        offered: this.#offered,
        onRead: () => {
          this.#announce();
        },
      },
      head,
    );
  }

  #refuse(waiters: readonly Waiter[], cause: Error): void {
    for (const { reject } of waiters) reject(new LogBusyError('The journal does not answer', { cause }));
  }

  /** Answers the commits of a group that fit one batch; the others come back. */
  async #commitGroup(group: readonly Waiter[]): Promise<readonly Waiter[]> {
    let answered = group;
    try {
      for (let behind = 0; behind <= this.#limits.behindMax; behind += 1) {
        const draft = draftBatch(
          this.#index,
          group.map(({ commit }) => commit),
          this.#batchBytesMax,
        );
        answered = group.slice(0, draft.answers.length);
        const head = await this.#headBefore(draft);
        if (head === undefined) {
          answered.forEach((waiter, place) => settle(waiter, draft.answers[place]!));
          return group.slice(answered.length);
        }
        await this.#readOn(head);
      }
      for (const { reject } of answered)
        reject(new LogBusyError(`Other servers appended first ${this.#limits.behindMax + 1} times`));
      return group.slice(answered.length);
    } catch (error) {
      return this.#settleFailed(group, answered, error);
    }
  }

  /**
   * Nothing when the draft may be answered: its events are in the journal, or it has none and speaks of the journal as
   * it stands. Else where the journal ends.
   */
  async #headBefore({ events, answers }: DraftedBatch): Promise<Position | undefined> {
    if (events.length === 0) {
      if (!answers.some((answer) => 'result' in answer && answer.result.outcome === 'conflict')) return undefined;
      const head = await this.#journal.head();
      return head === this.#index.head() ? undefined : head;
    }
    const result = await this.#journal.append(events, this.#index.head());
    if (result.outcome === 'behind') return result.head;
    this.#index.apply(events);
    this.#announce();
    return undefined;
  }

  /** The waiters that can still be served come back. */
  #settleFailed(group: readonly Waiter[], answered: readonly Waiter[], error: unknown): readonly Waiter[] {
    const left = group.slice(answered.length);
    if (error instanceof StorageFullError) {
      this.#settleWithoutSpace(answered, error);
      return left;
    }
    if (error instanceof BatchTooLargeError) {
      // Smaller each time, so that it ends: a single command over the limit is refused by the next draft.
      this.#batchBytesMax = Math.floor(Math.min(this.#batchBytesMax, error.bytesMax) * batchShrink);
      return group;
    }
    if (error instanceof JournalUnavailableError) {
      // What the journal took all the same is read before the next batch is drafted, and the retry with the same id
      // finds it.
      this.#woken = true;
      if (error.stored === 'unknown')
        for (const { commit, reject } of answered) reject(new IndeterminateError(commit.commandId, error));
      else this.#refuse(answered, error);
      return left;
    }
    this.#fail(group, error);
    return [];
  }

  /** What the index holds already can be answered without space. */
  #settleWithoutSpace(waiters: readonly Waiter[], full: StorageFullError): void {
    for (const { commit, resolve, reject } of waiters) {
      const events = this.#index.findCommand(commit.commandId);
      if (events === undefined) reject(full);
      else resolve({ outcome: 'repeated', events });
    }
  }

  /**
   * Every waiter of the group hears that nobody knows; those behind it that nothing was stored; then the log is closed
   * for good.
   */
  #fail(group: readonly Waiter[], cause: unknown): void {
    const failure = cause instanceof Error ? cause : new Error(String(cause));
    this.#failure = failure;
    for (const { commit, reject } of group) reject(new IndeterminateError(commit.commandId, failure));
    for (const { reject } of this.#waiting.splice(0))
      reject(new LogClosedError('The event log has stopped after a failure of its storage', { cause: failure }));
    this.#announce();
    this.parts.onFatal?.(failure);
  }

  // ---- Reading

  async findCommand(commandId: CommandId): Promise<readonly StoredEvent[] | undefined> {
    await this.#readable();
    return this.#index.findCommand(commandId);
  }

  async readStream(stream: StreamName, options?: StreamReading): Promise<readonly StoredEvent[]> {
    await this.#readable();
    return streamPage(this.#index, stream, options);
  }

  async revisions(streams: readonly StreamName[]): Promise<readonly (Revision | 'none')[]> {
    await this.#readable();
    return streams.map((stream) => this.#index.revision(stream));
  }

  async readAll(
    from: Position,
    { max = readMax, ...filter }: EventFilter & { readonly max?: number } = {},
  ): Promise<LogSlice> {
    await this.#readable();
    return logSlice(this.#index, wholeNumber('from', from), filter, wholeNumber('max', max));
  }

  async *subscribe(
    from: Position,
    { signal, ...filter }: EventFilter & { readonly signal: AbortSignal },
  ): AsyncGenerator<LogSlice, void, undefined> {
    let next = wholeNumber('from', from);
    while (!signal.aborted && !this.#closing) {
      await this.#readable();
      const slice = logSlice(this.#index, next, filter);
      if (slice.next === next) {
        await this.#moved(signal);
        continue;
      }
      next = slice.next;
      yield slice;
    }
  }

  /**
   * Resolves when there may be more to read, or no more to wait for. Called right after reading, without a pause in
   * between.
   */
  #moved(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#listeners.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted || this.#closing) done();
    });
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }

  async head(): Promise<Position> {
    await this.#readable();
    return this.#index.head();
  }

  async #readable(): Promise<void> {
    await this.#opened;
    this.#mustBeOpen();
  }

  /** Commits that wait are answered first; subscriptions end. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#stopWaking();
    this.#announce();
    while (this.#isWriting) await this.#written;
    this.#index.close();
    await this.#journal.close();
  }
}

const settle = ({ resolve, reject }: Waiter, answer: CommitAnswer): void => {
  if ('result' in answer) resolve(answer.result);
  else reject(answer.refused);
};
