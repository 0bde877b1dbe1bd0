import { defineEvent, openly, type Event, type EventOf } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId, ProgramId, Reason, Reasons } from '#event-sourcing/vocabulary.js';
import type { Attachment, Details, FormFields } from '../dossier/events.js';

/** Whose duty it is: a party's, or that of whoever holds one of these roles in the program. */
export interface Owner {
  readonly partyId?: PartyId;
  readonly roles?: readonly Code[];
}

/**
 * Something was done or handed in that is about no registration: a day's list, a report, a training. `partyId`: whose
 * work it is, or whom it is about.
 */
export type WorkRecorded = Event<
  'WorkRecorded',
  'fact',
  {
    readonly programId: ProgramId;
    readonly partyId: PartyId;
    readonly by: PartyId;
    readonly activity: Code;
    /** When it happened, as whoever recorded it says. */
    readonly happenedAt: Instant;
    readonly form: FormFields;
    readonly details: Details;
    readonly attachments: readonly Attachment[];
    readonly because: readonly Reason[];
  }
>;
/** What was recorded elsewhere counts for a duty that is kept here: of an office, or for a visit to a customer. */
export type WorkCounted = Event<
  'WorkCounted',
  'fact',
  {
    readonly programId: ProgramId;
    /** Whose duty; absent: an office's. */
    readonly partyId?: PartyId;
    readonly by: PartyId;
    readonly activity: Code;
    readonly happenedAt: Instant;
  }
>;

/**
 * How a duty stands from now on. `open` until `dueAt`; `done`, and asked for again from `nextAt` on; `over`: it is not
 * called for, or not before `nextAt`.
 */
export type PeriodicDutySet = Event<
  'PeriodicDutySet',
  'ruling',
  {
    readonly programId: ProgramId;
    readonly duty: Code;
    readonly state: 'open' | 'done' | 'over';
    /** The period, `until` exclusive. */
    readonly since: Instant;
    readonly until: Instant;
    readonly dueAt?: Instant;
    readonly nextAt?: Instant;
    /** When that happened which made it done: it counts for no other period. */
    readonly doneAt?: Instant;
    readonly because: Reasons;
  } & Owner
>;
/** Nobody did it in time. Of one period it is said once. */
export type PeriodicDutyMissed = Event<
  'PeriodicDutyMissed',
  'ruling',
  {
    readonly programId: ProgramId;
    readonly duty: Code;
    readonly since: Instant;
    readonly until: Instant;
    readonly dueAt: Instant;
    /** When it is asked for again; absent: when it has been done. */
    readonly nextAt?: Instant;
    /** How many were missing of what had to be done as often as that. */
    readonly short: number;
    readonly because: Reasons;
  } & Owner
>;

export const workEvents = [
  defineEvent<WorkRecorded>()({
    type: 'WorkRecorded',
    kind: 'fact',
    personal: { form: 'party' },
    whose: 'party',
    toParty: {
      partyId: 'ifSelf',
      by: 'ifSelf',
      form: 'shown',
      details: 'shown',
      attachments: 'shown',
      ...openly('programId', 'activity', 'happenedAt', 'because'),
    },
  }),
  defineEvent<WorkCounted>()({
    type: 'WorkCounted',
    kind: 'fact',
    personal: {},
    whose: 'party',
    toParty: { partyId: 'ifSelf', by: 'ifSelf', ...openly('programId', 'activity', 'happenedAt') },
  }),
  defineEvent<PeriodicDutySet>()({
    type: 'PeriodicDutySet',
    kind: 'ruling',
    personal: {},
    whose: 'party',
    toParty: {
      partyId: 'ifSelf',
      ...openly('programId', 'roles', 'duty', 'state', 'since', 'until', 'dueAt', 'nextAt', 'doneAt', 'because'),
    },
  }),
  defineEvent<PeriodicDutyMissed>()({
    type: 'PeriodicDutyMissed',
    kind: 'ruling',
    personal: {},
    whose: 'party',
    toParty: {
      partyId: 'ifSelf',
      ...openly('programId', 'roles', 'duty', 'since', 'until', 'dueAt', 'nextAt', 'short', 'because'),
    },
  }),
] as const;
export type WorkEvent = EventOf<typeof workEvents>;
