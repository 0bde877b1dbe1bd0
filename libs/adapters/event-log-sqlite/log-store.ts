import type Database from 'better-sqlite3';
import { recentlyUsed } from '#event-sourcing/recently-used.js';
import { StorageFullError, type EventFilter, type StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { LogIndex } from '#event-sourcing/ports/log-index.js';
import {
  categoryOf,
  type CommandId,
  type Instant,
  type Position,
  type Revision,
  type StreamName,
} from '#event-sourcing/vocabulary.js';
import { eventOf, idBytes, sumOf } from './event-row.js';
import { copyWal, endReading, isFull, openLogDatabase, type Durability } from './log-database.js';
import { preparedStatements } from './statements.js';

interface StreamPlace {
  readonly id: number;
  revision: Revision;
}
interface Kind {
  readonly id: number;
  readonly category: string;
  readonly type: string;
}
const streamsCachedMax = 100_000;

/** The store in a file, made when there is none. Closes the file again when it cannot be read. */
export const openLogStore = (file: string, durability: Durability, journalId: () => string): SqliteLogStore => {
  const database = openLogDatabase(file, durability, journalId);
  try {
    return new SqliteLogStore(database);
  } catch (error) {
    database.close();
    throw error;
  }
};

/** A log's events in one SQLite database, found by position, stream, command, category and type. */
export class SqliteLogStore implements LogIndex {
  readonly journalId: string;
  /** Hears that the write-ahead log has grown. */
  onWritten: () => void = () => undefined;
  readonly #sql: ReturnType<typeof preparedStatements>;
  readonly #streams = recentlyUsed<StreamName, StreamPlace>(streamsCachedMax);
  /**
   * Names asked for that no stream has: a new customer's keys are looked up before they are bound. Only this connection
   * makes streams.
   */
  readonly #absent = new Set<StreamName>();
  readonly #kinds = new Map<string, Kind>();
  #head: Position = 0;
  #lastRecordedAt: Instant | undefined;
  #written: { readonly recordedAt: Instant; readonly milliseconds: number } | undefined;

  constructor(readonly database: Database.Database) {
    this.#sql = preparedStatements(database);
    this.journalId = this.#reading().journalId.get()!;
    this.#readKinds();
    const last = this.#reading().lastEvent.get();
    if (last !== undefined) this.#standAt(eventOf(last));
    endReading(database);
  }

  /**
   * What reads between two writes shares one transaction: to take and give back SQLite's lock costs several times what
   * a question does.
   * Only this connection writes, so it never reads anything old.
   */
  #reading(): ReturnType<typeof preparedStatements> {
    if (!this.database.inTransaction) this.#sql.beginReading.run();
    return this.#sql;
  }

  head(): Position {
    return this.#head;
  }
  lastRecordedAt(): Instant | undefined {
    return this.#lastRecordedAt;
  }
  revision(stream: StreamName): Revision | 'none' {
    return this.#place(stream)?.revision ?? 'none';
  }

  findCommand(commandId: CommandId): readonly StoredEvent[] | undefined {
    const first = this.#reading().commandPlace.get(commandId);
    return first === undefined ? undefined : this.readRange(first.position, first.position + first.steps);
  }

  readStream(stream: StreamName, first: Revision, last: Revision): readonly StoredEvent[] {
    const place = this.#place(stream);
    return place === undefined ? [] : this.#reading().stream.all(place.id, first, last).map(eventOf);
  }

  readRange(from: Position, to: Position, { categories, types }: EventFilter = {}): readonly StoredEvent[] {
    if (categories === undefined && types === undefined) return this.#reading().range.all(from, to).map(eventOf);
    const kinds = [...this.#kinds.values()]
      .filter(
        ({ category, type }) =>
          (categories === undefined || categories.includes(category)) && (types === undefined || types.includes(type)),
      )
      .map(({ id }) => id);
    return kinds.length === 0 ? [] : this.#reading().rangeOfKinds.all(JSON.stringify(kinds), from, to).map(eventOf);
  }

  commandBoundary(position: Position): Position {
    const place = this.#reading().commandStep.get(position);
    if (place === undefined) return this.#head;
    return place.step === 1 ? position : position + place.steps - place.step + 1;
  }

  apply(events: readonly StoredEvent[]): void {
    const fresh = events[0]?.position === this.#head ? events : events.filter(({ position }) => position >= this.#head);
    if (fresh.length > 0) this.write(fresh);
  }

  /**
   * Writes the next events in one transaction, all or none. `StorageFullError` is certain: the frame that would have
   * made it valid
   * is missing. Any other error leaves open what the disk holds: after a failed sync the events are back at the next
   * start.
   */
  write(events: readonly StoredEvent[]): void {
    if (this.database.inTransaction) this.#sql.commit.run();
    this.#sql.begin.run();
    try {
      for (const event of events) this.#insert(event);
      this.#sql.commit.run();
    } catch (error) {
      this.#forgetUncommitted();
      throw isFull(error)
        ? new StorageFullError('磁盘已满，没有写入任何内容。 / The disk is full; nothing was stored.', { cause: error })
        : error;
    }
    this.#standAt(events.at(-1)!);
    this.onWritten();
  }

  /** Copies the write-ahead log first: SQLite would do it while closing, and keep a failed sync to itself. */
  close(): void {
    if (!this.database.open) return;
    try {
      copyWal(this.database, 'TRUNCATE');
    } finally {
      this.database.close();
    }
  }

  #standAt(last: StoredEvent): void {
    this.#head = last.position + 1;
    this.#lastRecordedAt = last.recordedAt;
  }

  #forgetUncommitted(): void {
    if (this.database.inTransaction) this.#sql.rollback.run();
    this.#streams.clear();
    this.#absent.clear();
    this.#readKinds();
  }

  #insert(event: StoredEvent): void {
    const place = event.revision === 0 ? this.#newPlace(event.stream) : this.#place(event.stream)!;
    this.#sql.insertEvent.run(
      event.position,
      place.id,
      event.revision,
      this.#kindOf(event),
      event.step,
      event.of,
      this.#milliseconds(event.recordedAt),
      idBytes(event.id),
      event.commandId,
      event.data,
      sumOf(event.position, event.data),
    );
    place.revision = event.revision;
  }

  /** A batch has few different times. */
  #milliseconds(recordedAt: Instant): number {
    if (this.#written?.recordedAt !== recordedAt) this.#written = { recordedAt, milliseconds: Date.parse(recordedAt) };
    return this.#written.milliseconds;
  }

  #place(stream: StreamName): StreamPlace | undefined {
    const known = this.#streams.get(stream);
    if (known !== undefined) return known;
    if (this.#absent.has(stream)) return undefined;
    const stored = this.#reading().streamPlace.get(stream);
    if (stored !== undefined) return this.#remember(stream, stored);
    if (this.#absent.size >= streamsCachedMax) this.#absent.clear();
    this.#absent.add(stream);
    return undefined;
  }

  #newPlace(stream: StreamName): StreamPlace {
    return this.#remember(stream, { id: Number(this.#sql.insertStream.run(stream).lastInsertRowid), revision: 0 });
  }

  #remember(stream: StreamName, place: StreamPlace): StreamPlace {
    this.#absent.delete(stream);
    this.#streams.set(stream, place);
    return place;
  }

  #kindOf({ stream, type }: StoredEvent): number {
    const category = categoryOf(stream);
    const name = `${category} ${type}`;
    const known = this.#kinds.get(name);
    if (known !== undefined) return known.id;
    const id = Number(this.#sql.insertKind.run(category, type).lastInsertRowid);
    this.#kinds.set(name, { id, category, type });
    return id;
  }

  #readKinds(): void {
    this.#kinds.clear();
    for (const kind of this.#reading().kinds.all()) this.#kinds.set(`${kind.category} ${kind.type}`, kind);
  }
}
