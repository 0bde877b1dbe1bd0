import type { EventFilter, EventLog, LogSlice, StoredEvent } from '../ports/event-log.js';
import type { LogIndex } from '../ports/log-index.js';
import type { Position, StreamName } from '../vocabulary.js';

export type StreamReading = Parameters<EventLog['readStream']>[1];

/** Events that one reading answers at most. */
export const readMax = 1_000;

/**
 * One page of a stream as `EventLog.readStream` promises it. Throws RangeError for bounds that are no whole numbers.
 */
export const streamPage = (
  index: LogIndex,
  stream: StreamName,
  { from, direction = 'forwards', max = readMax }: StreamReading = {},
): readonly StoredEvent[] => {
  const count = Math.min(wholeNumber('max', max), readMax);
  const last = index.revision(stream);
  if (last === 'none' || count === 0) return [];
  if (direction === 'forwards') {
    const first = wholeNumber('from', from ?? 0);
    // Most folds ask for what came after their cached revision, and mostly nothing did.
    return first > last ? [] : index.readStream(stream, first, Math.min(last, first + count - 1));
  }
  const latest = Math.min(last, wholeNumber('from', from ?? last));
  return index.readStream(stream, Math.max(0, latest - count + 1), latest).toReversed();
};

/** Whole commands from `from` on, as `EventLog.readAll` promises them. */
export const logSlice = (index: LogIndex, from: Position, filter: EventFilter, max = readMax): LogSlice => {
  const head = index.head();
  if (from >= head) return { events: [], next: from };
  const next = index.commandBoundary(Math.min(head, from + Math.max(1, Math.min(max, readMax))));
  return { events: index.readRange(from, next, filter), next };
};

export const wholeNumber = (name: string, value: number): number => {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} must be a whole number from 0 on, not ${value}`);
  return value;
};
