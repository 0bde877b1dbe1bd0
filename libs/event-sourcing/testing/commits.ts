import { randomUUID } from 'node:crypto';
import { fillFrame } from '../log/frame.js';
import type { Commit, EventLog, ExpectedRevision, PendingEvent, Stamp, StoredEvent } from '../ports/event-log.js';
import type { CommandId, EventId, Instant, Position, Revision, StreamName } from '../vocabulary.js';

/** Commits and events for tests of the log itself, which never looks into an event. */
export const stream = (name: string): StreamName => name as StreamName;
export const at = (instant: string): Instant => instant as Instant;
export const noon = at('2026-03-02T04:00:00.000Z');
export const freshCommandId = (): CommandId => randomUUID() as string as CommandId;

/** Where `commit` writes its command's id into the bytes. */
const commandPlace = '<command id>';

/**
 * An event whose bytes say what it was stamped with, shaped like an envelope: a journal that keeps bytes alone finds
 * everything in them.
 */
export const pending = (type = 'Registered', note = ''): PendingEvent => {
  const id = randomUUID() as string as EventId;
  return {
    id,
    type,
    frame: [
      '{"command":{"id":',
      commandPlace,
      ',"of":',
      { stamp: 'of' },
      ',"step":',
      { stamp: 'step' },
      `},"id":"${id}","note":${JSON.stringify(note)},"revision":`,
      { stamp: 'revision' },
      ',"stream":',
      { stamp: 'stream' },
      ',"times":{"recordedAt":',
      { stamp: 'recordedAt' },
      `},"type":"${type}","v":1}`,
    ],
  };
};
export const stampIn = ({
  data,
}: Pick<StoredEvent, 'data'>): Stamp & { readonly id: string; readonly note: string } => {
  const {
    id,
    note,
    stream: name,
    revision,
    command,
    times,
  } = JSON.parse(Buffer.from(data).toString('utf8')) as {
    id: string;
    note: string;
    stream: StreamName;
    revision: number;
    command: { step: number; of: number };
    times: { recordedAt: Instant };
  };
  return { id, note, stream: name, revision, recordedAt: times.recordedAt, step: command.step, of: command.of };
};
/** An event of exactly these bytes, whatever they are. */
export const pendingBytes = (data: Uint8Array, type = 'Registered'): PendingEvent => ({
  id: randomUUID() as string as EventId,
  type,
  frame: [data],
});

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
export const commit = ({
  to = 'dossier-1',
  expected = 'any',
  events = [pending()],
  writes = [{ stream: stream(to), expected, events }],
  checks = [],
  commandId = freshCommandId(),
  now = noon,
}: CommitParts = {}): Commit => ({
  commandId,
  now,
  writes: writes.map((write) => ({ ...write, events: write.events.map((event) => named(event, commandId)) })),
  checks,
});

const named = (event: PendingEvent, commandId: CommandId): PendingEvent => ({
  ...event,
  frame: event.frame.map((part) => (part === commandPlace ? `"${commandId}"` : part)),
});

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
export const storedBatch = (from: Position, count: number, note = ''): readonly StoredEvent[] =>
  Array.from({ length: count }, (_, offset) => {
    const [commandId, stamp] = [
      freshCommandId(),
      { stream: stream('dossier-1'), revision: (from + offset) as Revision, recordedAt: noon, step: 1, of: 1 },
    ];
    const { id, type, frame } = named(pending('Registered', note), commandId);
    return { position: from + offset, ...stamp, id, type, commandId, data: fillFrame(frame, stamp) };
  });

/** Bytes compared as bytes, whatever class carries them. */
export const plain = (events: readonly StoredEvent[]): readonly object[] =>
  events.map((event) => ({ ...event, data: Buffer.from(event.data).toString('base64') }));

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
