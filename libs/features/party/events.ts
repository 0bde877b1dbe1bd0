import type { PartyKind, Role } from '#policy/roles.js';
import { defineEvent, type Event, type Personal } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';

/** Somebody who can act is known from now on. The name is sealed: an employee is a person too. */
export type PartyEnrolled = Event<
  'PartyEnrolled',
  'fact',
  { readonly partyId: PartyId; readonly partyKind: PartyKind; readonly name: Personal; readonly code?: Code }
>;
/**
 * Member of a team, region or company from a time until another; corrections come as further facts, nothing is edited.
 */
export type MembershipChanged = Event<
  'MembershipChanged',
  'fact',
  { readonly partyId: PartyId; readonly memberOf: PartyId; readonly from: Instant; readonly until?: Instant }
>;
export type RoleGranted = Event<
  'RoleGranted',
  'ruling',
  {
    readonly partyId: PartyId;
    readonly role: Role;
    readonly programId?: ProgramId;
    readonly from: Instant;
    readonly until?: Instant;
  }
>;
export type RoleRevoked = Event<
  'RoleRevoked',
  'ruling',
  { readonly partyId: PartyId; readonly role: Role; readonly programId?: ProgramId; readonly at: Instant }
>;

export type PartyEvent = PartyEnrolled | MembershipChanged | RoleGranted | RoleRevoked;

export const partyEvents = [
  defineEvent<PartyEnrolled>()({ type: 'PartyEnrolled', kind: 'fact', personal: { name: 'party' } }),
  defineEvent<MembershipChanged>()({ type: 'MembershipChanged', kind: 'fact', personal: {} }),
  defineEvent<RoleGranted>()({ type: 'RoleGranted', kind: 'ruling', personal: {} }),
  defineEvent<RoleRevoked>()({ type: 'RoleRevoked', kind: 'ruling', personal: {} }),
] as const;
