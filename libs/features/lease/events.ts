import { defineEvent, type Event } from '#event-sourcing/event.js';
import type { ClearText, Code } from '#event-sourcing/vocabulary.js';

/** A piece of work that one server at a time does for all: `pen`, `projections`, `notices`, `deadlines`. */
export type LeaseName = Code;
/** Names one life of one server: another start, another name. */
export type ServerId = Code;

/**
 * A server took over a piece of work. `term` grows by one each time: whoever works under an older one finds this event
 * in front of its next append.
 */
export type LeaseTaken = Event<
  'LeaseTaken',
  'fact',
  {
    readonly lease: LeaseName;
    readonly term: number;
    readonly holder: ServerId;
    /** Where the other servers reach it; absent when nobody can hand it anything. */
    readonly address?: ClearText;
  }
>;
/** Its holder stopped in good order, or left it to a server that had nothing to do: the next one need not wait. */
export type LeaseReleased = Event<'LeaseReleased', 'fact', { readonly lease: LeaseName; readonly term: number }>;

export type LeaseEvent = LeaseTaken | LeaseReleased;
export const leaseEvents = [
  defineEvent<LeaseTaken>()({ type: 'LeaseTaken', kind: 'fact', personal: {} }),
  defineEvent<LeaseReleased>()({ type: 'LeaseReleased', kind: 'fact', personal: {} }),
] as const;
