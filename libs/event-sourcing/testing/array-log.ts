import type { Recorded } from '../event.js';
import type { EventLog, LogSlice, StoredEvent } from '../ports/event-log.js';
import type { CommandId, EventId, Instant, OrganisationId, Position, StreamName } from '../vocabulary.js';

/** One event of a log that is written by hand: no envelope, no sealing, only what folds look at. */
export interface WrittenEvent {
  readonly type: string;
  readonly stream: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A log in an array for what only reads: grows by `write`, delivers live to subscribers. */
export interface ArrayLog extends Pick<EventLog, 'readAll' | 'subscribe' | 'head'> {
  /** Appends events as one command. */
  write(...events: readonly WrittenEvent[]): void;
  readonly written: readonly WrittenEvent[];
  /** Slices read so far, of all readers. */
  readonly reads: number;
}

const at = '2026-03-02T01:00:00.000Z' as Instant;

export const arrayLog = (): ArrayLog => {
  const events: StoredEvent[] = [];
  const all: WrittenEvent[] = [];
  const revisions = new Map<string, number>();
  let listeners: (() => void)[] = [];
  let reads = 0;
  const slice = (from: Position, max: number): LogSlice => {
    reads += 1;
    let next = Math.min(from + max, events.length);
    while (next < events.length && (events[next] as StoredEvent).step > 1) next += 1;
    return { events: events.slice(from, next), next: Math.max(next, from) };
  };
  return {
    write: (...written) => {
      for (const [index, { type, stream, body }] of written.entries()) {
        const revision = (revisions.get(stream) ?? -1) + 1;
        revisions.set(stream, revision);
        const position = events.length;
        events.push({
          position,
          stream: stream as StreamName,
          revision,
          id: `event-${position}` as EventId,
          type,
          commandId: `command-${position - index}` as CommandId,
          step: index + 1,
          of: written.length,
          recordedAt: at,
          data: Buffer.from(JSON.stringify(body)),
        });
      }
      all.push(...written);
      for (const listener of listeners) listener();
      listeners = [];
    },
    written: all,
    get reads() {
      return reads;
    },
    head: async () => events.length,
    readAll: async (from, { max = 1_000 } = {}) => slice(from, max),
    subscribe: async function* (from, { signal }) {
      for (let position = from; !signal.aborted;) {
        const found = slice(position, 1_000);
        if (found.next > position) {
          yield found;
          position = found.next;
        } else {
          await new Promise<void>((resolve) => {
            listeners.push(resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
      }
    },
  };
};

/** Reads what `arrayLog` wrote. */
export const decodeWritten = (stored: StoredEvent): Recorded => ({
  event: { ...(JSON.parse(Buffer.from(stored.data).toString('utf8')) as object), type: stored.type },
  kind: 'fact',
  id: stored.id,
  stream: stored.stream,
  revision: stored.revision,
  position: stored.position,
  organisation: 'organisation' as OrganisationId,
  command: { id: stored.commandId, name: 'Write' as Recorded['command']['name'], step: stored.step, of: stored.of },
  actor: { party: 'party' as Recorded['actor']['party'] },
  times: { occurredAt: at, receivedAt: at, receivedBy: 'edge' as Recorded['times']['receivedBy'], recordedAt: at },
  boxes: {},
});
