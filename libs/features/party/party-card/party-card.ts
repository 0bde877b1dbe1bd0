import type { Box } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { Code, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { PartyKind, Role } from '#policy/roles.js';
import type { PartyEvent } from '../events.js';

/** One party with its dated facts. */
export interface PartyCard {
  readonly partyId: PartyId;
  readonly kind: PartyKind;
  readonly code?: Code;
  readonly enrolledAt: Instant;
  readonly name?: Box;
  readonly memberships: readonly { readonly memberOf: PartyId; readonly from: Instant; readonly until?: Instant }[];
  readonly roles: readonly {
    readonly role: Role;
    readonly programId?: ProgramId;
    readonly from: Instant;
    readonly until?: Instant;
  }[];
}

export const partyCard = readModel<PartyCard, PartyEvent>()({
  name: 'party-card',
  version: 1,
  indexes: [['enrolledAt'], ['kind', 'enrolledAt']],
  ids: ({ event }) => [event.partyId],
  on: {
    PartyEnrolled: (_, { event, times, boxes }) => ({
      partyId: event.partyId,
      kind: event.partyKind,
      code: event.code,
      enrolledAt: times.recordedAt,
      name: boxes.party,
      memberships: [],
      roles: [],
    }),
    MembershipChanged: (row, { event }) =>
      row === undefined
        ? undefined
        : {
            ...row,
            memberships: [
              ...row.memberships.filter(({ memberOf, from }) => memberOf !== event.memberOf || from !== event.from),
              { memberOf: event.memberOf, from: event.from, until: event.until },
            ],
          },
    RoleGranted: (row, { event }) =>
      row === undefined
        ? undefined
        : {
            ...row,
            roles: [
              ...row.roles,
              { role: event.role, programId: event.programId, from: event.from, until: event.until },
            ],
          },
    RoleRevoked: (row, { event }) =>
      row === undefined
        ? undefined
        : {
            ...row,
            roles: row.roles.map((held) =>
              held.role === event.role &&
              held.programId === event.programId &&
              (held.until === undefined || event.at < held.until)
                ? { ...held, until: event.at }
                : held,
            ),
          },
  },
});
