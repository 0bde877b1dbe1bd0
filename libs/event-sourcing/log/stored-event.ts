import { JournalDamagedError } from '../ports/journal.js';
import type { StoredEvent } from '../ports/event-log.js';
import type { CommandId, EventId, Instant, Position, StreamName } from '../vocabulary.js';

/**
 * An event of a journal that keeps bytes alone: all that the log wants to know of it stands in its envelope, and
 * nothing that a server
 * keeps beside the bytes is believed. Throws `JournalDamagedError` for bytes that are no envelope.
 */
export const storedEventOf = (position: Position, data: Uint8Array): StoredEvent => {
  const { id, type, stream, revision, command, times } = parsed(position, data);
  const sound =
    isText(id) &&
    isText(type) &&
    isText(stream) &&
    isCount(revision) &&
    isText(command?.id) &&
    isCount(command.step) &&
    isCount(command.of) &&
    command.step >= 1 &&
    command.step <= command.of &&
    isText(times?.recordedAt);
  if (!sound) throw new JournalDamagedError(position, 'it is no envelope of ours');
  return {
    position,
    id: id as EventId,
    type,
    stream: stream as StreamName,
    revision,
    commandId: command.id as CommandId,
    step: command.step,
    of: command.of,
    recordedAt: times.recordedAt as Instant,
    data,
  };
};

interface Outline {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly stream?: unknown;
  readonly revision?: unknown;
  readonly command?: { readonly id?: unknown; readonly step?: unknown; readonly of?: unknown };
  readonly times?: { readonly recordedAt?: unknown };
}

const parsed = (position: Position, data: Uint8Array): Outline => {
  try {
    const outline: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
    return typeof outline === 'object' && outline !== null ? outline : {};
  } catch (cause) {
    throw new JournalDamagedError(position, 'it is not JSON', { cause });
  }
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
