import { accept, refuse } from '#event-sourcing/decision.js';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { Role } from '#policy/roles.js';
import type { PartyEvent } from '../events.js';
import { partyFolding, partyStream, type PartyFacts } from '../facts.js';

/**
 * Takes a role away from now on; what was done with it stays done. Nobody takes away their own administration: whoever
 * revokes one remains, so an installation that has an administrator keeps one, however many revoke each other at once.
 */
export interface RevokeRole extends CommandBase {
  readonly partyId: PartyId;
  readonly role: Role;
  readonly programId?: ProgramId;
}

export const revokeRole = administration<RevokeRole, PartyFacts, PartyEvent>({
  name: 'RevokeRole',
  stream: ({ partyId }) => partyStream(partyId),
  folding: partyFolding,
  allowed: ['administrator'],
  decide: ({ state, now }, { by, partyId, role, programId }) => {
    if (state.partyId === undefined) return refuse({ reason: 'PartyUnknown', field: 'partyId' });
    const held = state.roles.some(
      (known) =>
        known.value === role && known.programId === programId && (known.until === undefined || now < known.until),
    );
    if (held && role === 'administrator' && by === partyId) return refuse({ reason: 'OwnRole', field: 'partyId' });
    return held
      ? accept({ type: 'RoleRevoked', partyId, role, at: now, ...(programId === undefined ? {} : { programId }) })
      : accept();
  },
});
