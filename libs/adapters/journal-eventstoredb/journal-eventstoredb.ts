import {
  BACKWARDS,
  binaryEvent,
  END,
  FORWARDS,
  MaxAppendSizeExceededError,
  NO_STREAM,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type BinaryEventType,
  type EventData,
} from '@kurrent/kurrentdb-client';
import type { Ids, Stopwatch, Timers } from '#event-sourcing/ports/clock.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import {
  BatchTooLargeError,
  JournalDamagedError,
  type Journal,
  type JournalResult,
} from '#event-sourcing/ports/journal.js';
import { storedEventOf } from '#event-sourcing/log/stored-event.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import { answered, patienceByDefault, ReadingCutError, type Patience } from './answered.js';
import { openClients, readAddress, type EventStoreClients } from './connection.js';
import { identityOf } from './identity.js';
import { watchStream } from './wake.js';

export interface EventStoreJournalOptions {
  /** `esdb://user:password@host:2113,…?tls=true`, with the client's options. */
  readonly url: string;
  readonly organisation: string;
  readonly timers: Timers;
  readonly stopwatch: Stopwatch;
  readonly ids: Ids;
  /** That of a journal which is being copied here. Throws `OtherJournalError` where another one stands. */
  readonly journalId?: string;
  readonly patience?: Partial<Pick<Patience, 'answerMax' | 'settleMax'>>;
}

export const journalStream = (organisation: string): string => `baobei-${organisation}`;
/** Events of one reading: bounded, because the client keeps them all. */
const pageMax = 1_000;
/**
 * Milliseconds between two looks for what others appended: whoever appends is told so by its own next append, whoever
 * hands on by the answer.
 */
const restTold = 250;
const restReading = 40;
const toldFor = 250;

/**
 * The journal in one EventStoreDB stream: a position is the event's revision there. Appends name the exact revision
 * they expect, always, so
 * that a repeated append is answered as the first time and two servers never both succeed.
 */
export const openEventStoreJournal = async (options: EventStoreJournalOptions): Promise<Journal> => {
  const clients = openClients(readAddress(options.url));
  const patience: Patience = {
    timers: options.timers,
    stopwatch: options.stopwatch,
    ...patienceByDefault,
    ...options.patience,
    renew: () => {
      clients.renew();
    },
  };
  try {
    const journalId = await identityOf(clients, options, patience);
    return new EventStoreJournal(journalId, journalStream(options.organisation), clients, patience);
  } catch (error) {
    await clients.dispose();
    throw error;
  }
};

class EventStoreJournal implements Journal {
  readonly #life = new AbortController();
  readonly #listeners = new Set<() => void>();
  #watch: { stop(): Promise<void> } | undefined;
  /** As far as this journal's owner knows of it, and as far as the server has told: only more than that is news. */
  #known: Position = 0;
  #told: Position = 0;
  #appending = 0;
  #newsAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly journalId: string,
    private readonly stream: string,
    private readonly clients: EventStoreClients,
    private readonly patience: Patience,
  ) {}

  async append(batch: readonly StoredEvent[], expectedHead: Position): Promise<JournalResult> {
    this.#appending += 1;
    try {
      const result = await this.#answered('unknown', (attempt) => this.#appendOnce(batch, expectedHead, attempt));
      if (result.outcome === 'appended') this.#know(expectedHead + batch.length);
      return result;
    } finally {
      this.#appending -= 1;
      this.#newsAt = this.patience.stopwatch.elapsed();
      this.#tell();
    }
  }

  async #appendOnce(batch: readonly StoredEvent[], expectedHead: Position, attempt: number): Promise<JournalResult> {
    try {
      const { nextExpectedRevision } = await this.clients.leader.appendToStream(this.stream, batch.map(eventData), {
        streamState: expectedHead === 0 ? NO_STREAM : BigInt(expectedHead - 1),
        requiresLeader: true,
        deadline: this.patience.answerMax,
      });
      const isOurs =
        nextExpectedRevision === BigInt(expectedHead + batch.length - 1) &&
        (attempt === 1 || (await this.#has(batch, expectedHead)));
      if (isOurs) return { outcome: 'appended' };
      throw new JournalDamagedError(
        expectedHead,
        `the server says it stored ${batch.length} events up to ${nextExpectedRevision}`,
      );
    } catch (error) {
      if (error instanceof MaxAppendSizeExceededError) throw new BatchTooLargeError(error.maxAppendSize);
      if (!(error instanceof WrongExpectedVersionError)) throw error;
      // Our own earlier attempt may be what stands there.
      return (await this.#has(batch, expectedHead))
        ? { outcome: 'appended' }
        : { outcome: 'behind', head: await this.#headOnce() };
    }
  }

  /** Whether exactly this batch stands there. A reading that ended early is no answer. */
  async #has(batch: readonly StoredEvent[], from: Position): Promise<boolean> {
    let place = 0;
    try {
      for await (const { event } of this.clients.leader.readStream(this.stream, {
        direction: FORWARDS,
        fromRevision: BigInt(from),
        maxCount: batch.length,
        requiresLeader: true,
      })) {
        if (event?.id !== batch[place]!.id || Number(event.revision) !== from + place) return false;
        place += 1;
      }
    } catch (error) {
      if (error instanceof StreamNotFoundError) return false;
      throw error;
    }
    if (place < batch.length && (await this.#headOnce()) >= from + batch.length) throw new ReadingCutError();
    return place === batch.length;
  }

  async read(from: Position, max: number): Promise<readonly StoredEvent[]> {
    const events = await this.#answered('nothing', () => this.#readOnce(from, max)).catch(emptyWhereMissing);
    // Only what was handed over is known: an attempt that was given up may still end, unheard.
    this.#know(from + events.length);
    return events;
  }

  async #readOnce(from: Position, max: number): Promise<readonly StoredEvent[]> {
    const [events, limit]: [StoredEvent[], number] = [[], Math.min(max, pageMax)];
    for await (const { event } of this.clients.reader.readStream<BinaryEventType>(this.stream, {
      direction: FORWARDS,
      fromRevision: BigInt(from),
      maxCount: limit,
    })) {
      const position = from + events.length;
      if (event === undefined || Number(event.revision) !== position)
        throw new JournalDamagedError(
          position,
          event === undefined ? 'it is not there' : `revision ${event.revision} stands there`,
        );
      events.push(storedEventOf(position, bytesOf(event.data, position)));
    }
    const last = events.at(-1);
    // A command is stored whole, and what the server once told of is there.
    if (events.length < limit && (from + events.length < this.#told || (last !== undefined && last.step !== last.of)))
      throw new ReadingCutError();
    return events;
  }

  async head(): Promise<Position> {
    const head = await this.#answered('nothing', () => this.#headOnce());
    this.#told = Math.max(this.#told, head);
    return head;
  }

  async #headOnce(): Promise<Position> {
    try {
      for await (const { event } of this.clients.leader.readStream(this.stream, {
        direction: BACKWARDS,
        fromRevision: END,
        maxCount: 1,
        requiresLeader: true,
      }))
        if (event !== undefined) return Number(event.revision) + 1;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return 0;
      throw error;
    }
    throw new ReadingCutError();
  }

  wake(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#watch ??= watchStream({
      clients: this.clients,
      stream: this.stream,
      patience: this.patience,
      rest: () => (this.patience.stopwatch.elapsed() - this.#newsAt < toldFor ? restTold : restReading),
      onMoved: (head) => {
        if (head === undefined) this.#call();
        this.#told = Math.max(this.#told, head ?? 0);
        this.#tell();
      },
    });
    return () => {
      this.#listeners.delete(listener);
    };
  }

  heard(head: Position): void {
    this.#know(head);
    this.#newsAt = this.patience.stopwatch.elapsed();
  }

  /** What we have just appended comes back by the subscription, often before its own answer: no news. */
  #tell(): void {
    if (this.#appending === 0 && this.#told > this.#known) this.#call();
  }
  #call(): void {
    for (const listener of this.#listeners) listener();
  }
  #know(head: Position): void {
    this.#known = Math.max(this.#known, head);
  }

  #answered<T>(stored: 'nothing' | 'unknown', ask: (attempt: number) => Promise<T>): Promise<T> {
    return answered(ask, stored, this.patience, this.#life.signal);
  }

  async close(): Promise<void> {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    this.#listeners.clear();
    await this.#watch?.stop();
    await this.clients.dispose();
  }
}

/** The bytes alone are the event; what stands beside them is a copy for the server's own filters. */
const eventData = ({ id, type, data, stream, commandId }: StoredEvent): EventData =>
  binaryEvent({ id, type, data, metadata: utf8.encode(JSON.stringify({ stream, commandId })) });
/** The client takes bytes as they are, of this very class; an object it would write as JSON and base64 and back. */
const utf8 = new TextEncoder();

const bytesOf = (data: unknown, position: Position): Uint8Array => {
  if (data instanceof Uint8Array) return data;
  throw new JournalDamagedError(position, 'its content type is not ours');
};

const emptyWhereMissing = (error: unknown): readonly StoredEvent[] => {
  if (error instanceof StreamNotFoundError) return [];
  throw error;
};
