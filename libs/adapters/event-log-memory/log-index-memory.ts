import type { EventFilter, StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { LogIndex } from '#event-sourcing/ports/log-index.js';
import {
  categoryOf,
  type CommandId,
  type Instant,
  type Position,
  type Revision,
  type StreamName,
} from '#event-sourcing/vocabulary.js';

export const memoryLogIndex = (): LogIndex => new MemoryLogIndex();

class MemoryLogIndex implements LogIndex {
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<StreamName, StoredEvent[]>();
  readonly #commands = new Map<CommandId, readonly StoredEvent[]>();

  head(): Position {
    return this.#events.length;
  }
  lastRecordedAt(): Instant | undefined {
    return this.#events.at(-1)?.recordedAt;
  }
  revision(stream: StreamName): Revision | 'none' {
    return this.#streams.get(stream)?.at(-1)?.revision ?? 'none';
  }
  findCommand(commandId: CommandId): readonly StoredEvent[] | undefined {
    return this.#commands.get(commandId);
  }

  readStream(stream: StreamName, first: Revision, last: Revision): readonly StoredEvent[] {
    return this.#streams.get(stream)?.slice(first, last + 1) ?? [];
  }

  readRange(from: Position, to: Position, { categories, types }: EventFilter): readonly StoredEvent[] {
    return this.#events
      .slice(from, to)
      .filter(
        ({ stream, type }) =>
          (categories === undefined || categories.includes(categoryOf(stream))) &&
          (types === undefined || types.includes(type)),
      );
  }

  commandBoundary(position: Position): Position {
    const event = this.#events[position];
    if (event === undefined) return this.#events.length;
    return event.step === 1 ? position : position + event.of - event.step + 1;
  }

  apply(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (event.position < this.#events.length) continue;
      this.#events.push(event);
      const stream = this.#streams.get(event.stream);
      if (stream === undefined) this.#streams.set(event.stream, [event]);
      else stream.push(event);
      if (event.step === event.of) this.#commands.set(event.commandId, this.#events.slice(-event.of));
    }
  }

  close(): void {
    /* Nothing to give back. */
  }
}
