import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, PartyId } from '#event-sourcing/vocabulary.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { PartyKind } from '#policy/roles.js';
import type { PartyEvent } from '../events.js';
import { isSystemParty } from '../../deciding/system-parties.js';
import { partyFolding, partyStream, type PartyFacts } from '../facts.js';

/** Makes somebody known who can act from now on. */
export interface EnrolParty extends CommandBase {
  readonly partyId: PartyId;
  readonly kind: PartyKind;
  readonly name: string;
  readonly code?: Code;
}

export const enrolParty = administration<EnrolParty, PartyFacts, PartyEvent>({
  name: 'EnrolParty',
  stream: ({ partyId }) => partyStream(partyId),
  folding: partyFolding,
  allowed: ['administrator'],
  decide: ({ state }, { partyId, kind, name, code }) =>
    state.partyId === undefined && !isSystemParty(partyId)
      ? accept({
          type: 'PartyEnrolled',
          partyId,
          partyKind: kind,
          name: personal(name),
          ...(code === undefined ? {} : { code }),
        })
      : refuse({ reason: 'PartyExists', field: 'partyId' }),
});
