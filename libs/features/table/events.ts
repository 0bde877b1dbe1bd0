import { defineEvent, type Event, type EventOf, type Personal } from '#event-sourcing/event.js';
import type { Code, DerivedFact, Instant, PartyId, ProgramId, Reasons } from '#event-sourcing/vocabulary.js';

/** The cells of one row that say nothing about a person. */
export type Cells = Readonly<Record<string, DerivedFact>>;

/** A version of a table, whole. A later version that holds by then replaces it for later decisions. */
export type TablePublished = Event<
  'TablePublished',
  'fact',
  {
    readonly programId: ProgramId;
    readonly table: Code;
    readonly version: number;
    readonly effectiveFrom: Instant;
    readonly by: PartyId;
    /** The epoch of identity keys with whose secret the keys were made. */
    readonly epoch: Code;
    /** Of the whole version, in the same way: the same table published again is nothing new. */
    readonly digest: Code;
    /** What each row is looked up by: a hash that tells nothing without the epoch's secret. */
    readonly keys: readonly Code[];
    /** Of each row, in the same order. */
    readonly cells: readonly Cells[];
    /** The other cells, by row and column: `3.customer`. */
    readonly texts: Readonly<Record<string, Personal<string | number | boolean>>>;
    readonly because: Reasons;
  }
>;

export const tableEvents = [
  defineEvent<TablePublished>()({ type: 'TablePublished', kind: 'fact', personal: { texts: 'customer' } }),
] as const;
export type TableEvent = EventOf<typeof tableEvents>;
