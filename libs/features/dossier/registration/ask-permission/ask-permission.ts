import { accept, refuse } from '#event-sourcing/decision.js';
import { claimsOf } from '#policy/clauses/classes.js';
import { protecting } from '../../dossier.js';
import { freeFrom } from '../../registration.js';
import { mayAct, refuseWith } from '../../on-dossier.js';
import { unnamed } from '../../not-identified.js';
import { type SubjectCommand, onSubject } from '../../on-subject.js';
import { inDossier } from '../../placed.js';

/** R04.10: before filing, asks the desk whether this customer may be filed. The dossier keeps who asked, and when. */
export interface AskPermission extends SubjectCommand {}

export const askPermission = onSubject<AskPermission>({
  name: 'AskPermission',
  claimsNothing: true,
  decide: ({ facts, judged, dossier }, command) => {
    const refused = refuseWith(mayAct(facts, 'ask')) ?? refuseWith(unnamed(judged));
    if (refused !== undefined) return refused;
    const holder = protecting(dossier, facts.now, claimsOf(facts.inForce, command.class));
    if (holder !== undefined && holder.holder !== facts.claimant) {
      return refuse({ reason: 'ProtectedByAnother', accepted: freeFrom(holder) });
    }
    return accept(...inDossier(dossier, facts, { type: 'PermissionAsked', partyId: facts.claimant }));
  },
});
