import type {
  AppendResult,
  Commit,
  EventFilter,
  EventLog,
  LogSlice,
  StoredEvent,
} from '#event-sourcing/ports/event-log.js';
import type { CommandId, Position, Revision, StreamName } from '#event-sourcing/vocabulary.js';
import { inSpan } from './span.js';

/** An event log with a span around every append: from asking until the batch that carries it is durable. */
export class TracedEventLog implements EventLog {
  constructor(private readonly log: EventLog) {}

  append(commit: Commit): Promise<AppendResult> {
    const events = commit.writes.reduce((sum, write) => sum + write.events.length, 0);
    return inSpan(
      'append',
      { 'baobei.streams': commit.writes.length, 'baobei.events': events, 'baobei.checks': commit.checks.length },
      async (span) => {
        const result = await this.log.append(commit);
        span.setAttribute('baobei.outcome', result.outcome);
        return result;
      },
    );
  }

  // ---- Everything else is the log's own.

  get journalId(): string {
    return this.log.journalId;
  }
  findCommand(commandId: CommandId): Promise<readonly StoredEvent[] | undefined> {
    return this.log.findCommand(commandId);
  }
  readStream(stream: StreamName, options?: Parameters<EventLog['readStream']>[1]): Promise<readonly StoredEvent[]> {
    return this.log.readStream(stream, options);
  }
  revisions(streams: readonly StreamName[]): Promise<readonly (Revision | 'none')[]> {
    return this.log.revisions(streams);
  }
  readAll(from: Position, options?: EventFilter & { readonly max?: number }): Promise<LogSlice> {
    return this.log.readAll(from, options);
  }
  subscribe(from: Position, options: EventFilter & { readonly signal: AbortSignal }): AsyncIterable<LogSlice> {
    return this.log.subscribe(from, options);
  }
  head(): Promise<Position> {
    return this.log.head();
  }
  close(): Promise<void> {
    return this.log.close();
  }
}
