import { randomUUID } from 'node:crypto';
import type { Commit, EventLog, ExpectedRevision, PendingEvent, Stamp, StoredEvent } from '../ports/event-log.js';
import type { CommandId, EventId, Instant, Position, Revision, StreamName } from '../vocabulary.js';

/** Commits and events for tests of the log itself, which never looks into an event. */
export const stream = (name: string): StreamName => name as StreamName;
export const at = (instant: string): Instant => instant as Instant;
export const noon = at('2026-03-02T04:00:00.000Z');
export const freshCommandId = (): CommandId => randomUUID() as string as CommandId;

/** An event whose bytes say what it was stamped with. */
export const pending = (type = 'Registered', note = ''): PendingEvent => {
  const id = randomUUID() as string as EventId;
  return { id, type, encode: (stamp) => Buffer.from(JSON.stringify({ id, note, ...stamp }), 'utf8') };
};
export const stampIn = ({ data }: Pick<StoredEvent, 'data'>): Stamp & { readonly id: string; readonly note: string } =>
  JSON.parse(Buffer.from(data).toString('utf8')) as Stamp & { id: string; note: string };
export const pendingBytes = (data: Uint8Array, type = 'Registered'): PendingEvent => ({ id: randomUUID() as string as EventId, type, encode: () => data });

export interface CommitParts {
  readonly to?: string;
  readonly expected?: ExpectedRevision;
  readonly events?: readonly PendingEvent[];
  readonly writes?: Commit['writes'];
  readonly checks?: Commit['checks'];
  readonly commandId?: CommandId;
  readonly now?: Instant;
}
/** One event to one stream unless said otherwise. */
export const commit = ({ to = 'dossier-1', expected = 'any', events = [pending()], writes = [{ stream: stream(to), expected, events }], checks = [], commandId = freshCommandId(), now = noon }: CommitParts = {}): Commit =>
  ({ commandId, now, writes, checks });

/** Appends and insists that it was stored now. */
export const append = async (log: EventLog, parts: CommitParts = {}): Promise<readonly StoredEvent[]> => {
  const result = await log.append(commit(parts));
  if (result.outcome !== 'appended') throw new Error(`Not appended: ${JSON.stringify(result)}`);
  return result.events;
};

/** Reads everything by pages. */
export const readWhole = async (log: EventLog, max = 1_000): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (let from: Position = 0; ;) {
    const slice = await log.readAll(from, { max });
    if (slice.next === from) return events;
    events.push(...slice.events);
    from = slice.next;
  }
};

/** Whole commands as a journal takes them, one event each to `dossier-1`, positions and revisions from `from` on. */
export const storedBatch = (from: Position, count: number, data: Uint8Array = Buffer.from('{}')): readonly StoredEvent[] =>
  Array.from({ length: count }, (_, offset) => ({
    position: from + offset, stream: stream('dossier-1'), revision: (from + offset) as Revision, id: randomUUID() as string as EventId, type: 'Registered',
    commandId: freshCommandId(), step: 1, of: 1, recordedAt: noon, data,
  }));

/** Bytes compared as bytes, whatever class carries them. */
export const plain = (events: readonly StoredEvent[]): readonly object[] => events.map((event) => ({ ...event, data: Buffer.from(event.data).toString('base64') }));

/** The same numbers for the same seed (mulberry32): a failure is played again from the seed it prints. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
