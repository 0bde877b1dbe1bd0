import { accept, refuse } from '#event-sourcing/decision.js';
import type { Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { PartyEvent } from '../events.js';
import { partyFolding, partyStream, type PartyFacts } from '../facts.js';

/** Says of which team, region or company somebody is a member, from when to when. */
export interface ChangeMembership extends CommandBase {
  readonly partyId: PartyId;
  readonly memberOf: PartyId;
  readonly from: Instant;
  readonly until?: Instant;
  /** Whether somebody enrolled it; filled in by what was read. */
  readonly isKnown?: boolean;
}

export const changeMembership = administration<ChangeMembership, PartyFacts, PartyEvent>({
  name: 'ChangeMembership',
  stream: ({ partyId }) => partyStream(partyId),
  folding: partyFolding,
  allowed: ['administrator'],
  look: async (reader, command) => ({
    ...command,
    isKnown: (await reader.fold(partyStream(command.memberOf), partyFolding)).partyId !== undefined,
  }),
  decide: ({ state }, { partyId, memberOf, from, until, isKnown }) => {
    if (state.partyId === undefined) return refuse({ reason: 'PartyUnknown', field: 'partyId' });
    if (partyId === memberOf) return refuse({ reason: 'MemberOfItself', field: 'memberOf' });
    if (isKnown !== true) return refuse({ reason: 'PartyUnknown', field: 'memberOf' });
    if (until !== undefined && until <= from)
      return refuse({ reason: 'EndsBeforeItBegins', field: 'until', accepted: { after: from } });
    if (state.memberships.some((known) => known.value === memberOf && known.from === from && known.until === until))
      return accept();
    return accept({ type: 'MembershipChanged', partyId, memberOf, from, ...(until === undefined ? {} : { until }) });
  },
});
