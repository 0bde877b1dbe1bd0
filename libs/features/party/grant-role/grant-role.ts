import { accept, refuse } from '#event-sourcing/decision.js';
import type { Code, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import { noPast } from '../../deciding/no-past.js';
import { isKnownRole, type Role } from '#policy/roles.js';
import { policyOf, programFolding, programStream, type ProgramFacts } from '../../program/facts.js';
import type { PartyEvent } from '../events.js';
import { partyFolding, partyStream, type PartyFacts } from '../facts.js';

/** Gives a role, in one program or in all, from now or a later time on and, if said, until another. */
export interface GrantRole extends CommandBase {
  readonly partyId: PartyId;
  readonly role: Role;
  readonly programId?: ProgramId;
  readonly from: Instant;
  readonly until?: Instant;
  /** What the policy of the program declares, now or from a published day on. */
  readonly declared?: readonly string[];
}

const rolesDeclared = ({ policies }: ProgramFacts): readonly string[] => [
  ...new Set(policies.flatMap((published) => policyOf(published).document.roles ?? [])),
];

export const grantRole = administration<GrantRole, PartyFacts, PartyEvent>({
  name: 'GrantRole',
  stream: ({ partyId }) => partyStream(partyId),
  folding: partyFolding,
  allowed: ['administrator'],
  look: async (reader, command) =>
    command.programId === undefined || isKnownRole(command.role)
      ? command
      : { ...command, declared: rolesDeclared(await reader.fold(programStream(command.programId), programFolding)) },
  decide: ({ state, now }, command) => {
    const { partyId, role, programId, from, until, declared = [] } = command;
    if (!isKnownRole(role) && !declared.includes(role))
      return refuse({ reason: 'RoleUndeclared', field: 'declared', accepted: { roles: declared as readonly Code[] } });
    if (state.partyId === undefined) return refuse({ reason: 'PartyUnknown', field: 'partyId' });
    if (until !== undefined && until <= from)
      return refuse({ reason: 'EndsBeforeItBegins', field: 'until', accepted: { after: from } });
    if (
      state.roles.some(
        (known) =>
          known.value === role && known.programId === programId && known.from === from && known.until === until,
      )
    )
      return accept();
    const [past] = noPast('from', from, { now, command });
    if (past !== undefined) return refuse(past);
    return accept({
      type: 'RoleGranted',
      partyId,
      role,
      from,
      ...(programId === undefined ? {} : { programId }),
      ...(until === undefined ? {} : { until }),
    });
  },
});
