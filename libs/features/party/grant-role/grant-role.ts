import { accept, reject } from '#event-sourcing/decision.js';
import type { Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import { noPast } from '../../deciding/no-past.js';
import type { Role } from '#policy/roles.js';
import type { PartyEvent } from '../events.js';
import { partyFolding, partyStream, type PartyFacts } from '../facts.js';

/** Gives a role, in one program or in all, from now or a later time on and, if said, until another. */
export interface GrantRole extends CommandBase {
  readonly partyId: PartyId;
  readonly role: Role;
  readonly programId?: ProgramId;
  readonly from: Instant;
  readonly until?: Instant;
}

export const grantRole = administration<GrantRole, PartyFacts, PartyEvent>({
  name: 'GrantRole',
  stream: ({ partyId }) => partyStream(partyId),
  folding: partyFolding,
  allowed: ['administrator'],
  decide: ({ state, now }, command) => {
    const { partyId, role, programId, from, until } = command;
    if (state.partyId === undefined) return reject({ reason: 'PartyUnknown', field: 'partyId' });
    if (until !== undefined && until <= from)
      return reject({ reason: 'EndsBeforeItBegins', field: 'until', accepted: { after: from } });
    if (
      state.roles.some(
        (known) =>
          known.value === role && known.programId === programId && known.from === from && known.until === until,
      )
    )
      return accept();
    const [past] = noPast('from', from, { now, command });
    if (past !== undefined) return reject(past);
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
