import { crc32 } from 'node:zlib';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { CommandId, EventId, Instant, Position, Revision, StreamName } from '#event-sourcing/vocabulary.js';

/**
 * An event as its statement answers it: names instead of numbers, the id as its 16 bytes, the time as milliseconds
 * since 1970.
 */
export interface EventRow {
  readonly position: Position;
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly type: string;
  readonly step: number;
  readonly steps: number;
  readonly recordedAt: number;
  readonly id: Buffer;
  readonly command: CommandId;
  readonly data: Buffer;
  /** Null where a version of this program wrote it that made none. */
  readonly sum: number | null;
}

/** The file says something that we never wrote: a flipped bit, or another program's hand. Reading stops here. */
export class RowDamagedError extends Error {
  override readonly name = 'RowDamagedError';
  constructor(readonly position: Position) {
    super(
      `日志位置 ${position} 的记录已损坏；请运行 \`baobei check\` 查看范围，并从备份恢复。 / The record at position ${position} of the log is damaged; run \`baobei check\` to see how far, and restore it from a backup.`,
    );
  }
}

/**
 * SQLite's types belong to values, so one flipped bit turns text into bytes that still look alike: every type is looked
 * at.
 */
export const eventOf = ({
  position,
  stream,
  revision,
  type,
  step,
  steps,
  recordedAt,
  id,
  command,
  data,
  sum,
}: EventRow): StoredEvent => {
  const sound =
    typeof stream === 'string' &&
    typeof type === 'string' &&
    typeof command === 'string' &&
    typeof recordedAt === 'number' &&
    Buffer.isBuffer(id) &&
    id.length === 16 &&
    Buffer.isBuffer(data) &&
    step >= 1 &&
    step <= steps &&
    (sum === null || sum === sumOf(position, data));
  if (!sound) throw new RowDamagedError(position);
  return {
    position,
    stream,
    revision,
    id: idOf(id),
    type,
    commandId: command,
    step,
    of: steps,
    recordedAt: new Date(recordedAt).toISOString() as Instant,
    data,
  };
};

/** Finds a flipped bit, and bytes that stand at another event's place. It proves nothing against a person. */
export const sumOf = (position: Position, data: Uint8Array): number => crc32(data, position % 2 ** 32);

export const idBytes = (id: EventId): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

const idOf = (bytes: Buffer): EventId => {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as EventId;
};
