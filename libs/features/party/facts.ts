import type { Happening } from '#event-sourcing/event.js';
import type { Folding } from '#event-sourcing/command/handle-command.js';
import type { Instant, PartyId, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import type { PartyKind, Role } from '#policy/roles.js';
import type { PartyEvent } from './events.js';

export const partyStream = (party: PartyId): StreamName => `party-${party}` as StreamName;

interface Dated<T> {
  readonly value: T;
  readonly from: Instant;
  readonly until?: Instant;
}
/** What is known of one party, with the dates from when to when each fact holds. Folded from `party-<id>`. */
export interface PartyFacts {
  readonly partyId?: PartyId;
  readonly kind?: PartyKind;
  readonly roles: readonly (Dated<Role> & { readonly programId?: ProgramId })[];
  readonly memberships: readonly Dated<PartyId>[];
}
export const unknownParty: PartyFacts = { roles: [], memberships: [] };

const applyParty = (facts: PartyFacts, { event }: Happening<PartyEvent>): PartyFacts => {
  switch (event.type) {
    case 'PartyEnrolled':
      return { ...facts, partyId: event.partyId, kind: event.partyKind };
    case 'MembershipChanged':
      return {
        ...facts,
        // The same team again from the same day on is a correction of when it ends.
        memberships: [
          ...facts.memberships.filter(({ value, from }) => value !== event.memberOf || from !== event.from),
          { value: event.memberOf, from: event.from, until: event.until },
        ],
      };
    case 'RoleGranted':
      return {
        ...facts,
        roles: [
          ...facts.roles,
          { value: event.role, programId: event.programId, from: event.from, until: event.until },
        ],
      };
    case 'RoleRevoked':
      return {
        ...facts,
        roles: facts.roles.map((role) =>
          role.value === event.role &&
          role.programId === event.programId &&
          (role.until === undefined || event.at < role.until)
            ? { ...role, until: event.at }
            : role,
        ),
      };
  }
};
export const partyFolding: Folding<PartyFacts, PartyEvent> = {
  name: 'party-facts',
  initial: unknownParty,
  apply: applyParty,
};

const holds = ({ from, until }: Dated<unknown>, at: Instant): boolean =>
  from <= at && (until === undefined || at < until);

/** The teams, outlets or firms that a party belongs to at an instant. */
export const teamsAt = (facts: PartyFacts, at: Instant): readonly PartyId[] => [
  ...new Set(facts.memberships.filter((membership) => holds(membership, at)).map(({ value }) => value)),
];

/**
 * Roles in one program at an instant. Everybody who is enrolled is a `party`; a role granted without a program holds in
 * all.
 */
export const rolesAt = (facts: PartyFacts, program: ProgramId | undefined, at: Instant): readonly Role[] =>
  facts.partyId === undefined
    ? []
    : [
        ...new Set<Role>([
          'party',
          ...facts.roles
            .filter((role) => holds(role, at) && (role.programId === undefined || role.programId === program))
            .map(({ value }) => value),
        ]),
      ];

/**
 * Every role held at an instant with the program it is limited to. Everybody who is enrolled is a `party` everywhere.
 */
export const rolesHeldAt = (
  facts: PartyFacts,
  at: Instant,
): readonly { readonly role: Role; readonly programId?: ProgramId }[] =>
  facts.partyId === undefined
    ? []
    : [
        { role: 'party' },
        ...facts.roles
          .filter((role) => holds(role, at))
          .map(({ value, programId }) => (programId === undefined ? { role: value } : { role: value, programId })),
      ];
