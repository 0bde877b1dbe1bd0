import { defineEvent, openly, type Event } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import type { Remaining } from '#time/clock.js';
import type { RegistrationId } from '../vocabulary.js';

/** Whose duty it is: a party's, or that of whoever holds one of these roles in the program. */
export interface DutyOf {
  readonly party?: PartyId;
  readonly roles?: readonly Code[];
}
/**
 * `open` until `dueAt`; `still`: it stands still with what is left; `done`; `missed`; `over`: it is called for no more.
 */
export type DutyState = 'open' | 'still' | 'done' | 'missed' | 'over';

/** What has to be done for a registration, and by when, from now on: it began, was done, stands still, or is over. */
export type DutySet = Event<
  'DutySet',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly duty: Code;
    readonly state: Exclude<DutyState, 'missed'>;
    readonly since: Instant;
    readonly dueAt?: Instant;
    readonly left?: Remaining;
    /** A year whose working days nobody has published: it is counted when they are, from `dueAt` on. */
    readonly waitsFor?: Code;
    readonly because: Reasons;
  } & DutyOf
>;
/** Nobody did it in time. Of one gap it is said once, however long the gap grows. */
export type DutyMissed = Event<
  'DutyMissed',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly duty: Code;
    readonly since: Instant;
    readonly dueAt: Instant;
    readonly because: Reasons;
  } & DutyOf
>;

/** A duty as its last event left it. */
export interface DutyKept extends DutyOf, Pick<DutySet, 'since' | 'dueAt' | 'left' | 'waitsFor'> {
  readonly state: DutyState;
}

export const dutyEvents = [
  defineEvent<DutySet>()({
    type: 'DutySet',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      party: 'ifSelf',
      left: 'shown',
      ...openly('duty', 'state', 'roles', 'since', 'dueAt', 'waitsFor', 'because'),
    },
  }),
  defineEvent<DutyMissed>()({
    type: 'DutyMissed',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', party: 'ifSelf', ...openly('duty', 'roles', 'since', 'dueAt', 'because') },
  }),
] as const;
