import { createEventLog, type EventLogParts } from '#event-sourcing/log/event-log.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { EventLog } from '#event-sourcing/ports/event-log.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import { memoryJournal } from '../journal-memory/journal-memory.js';
import { memoryLogIndex } from './log-index-memory.js';

export interface MemoryEventLogOptions extends Pick<EventLogParts, 'onFatal' | 'limits' | 'turn'> {
  /** Not read: times come with the commits. Every event log is opened with the same options. */
  readonly clock?: Clock;
  /** Shared by several logs when given. */
  readonly journal?: Journal;
}

export const memoryEventLog = ({
  journal = memoryJournal(),
  onFatal,
  limits,
  turn,
}: MemoryEventLogOptions = {}): EventLog =>
  createEventLog({
    index: memoryLogIndex(),
    journal,
    ...(onFatal === undefined ? {} : { onFatal }),
    ...(limits === undefined ? {} : { limits }),
    ...(turn === undefined ? {} : { turn }),
  });
