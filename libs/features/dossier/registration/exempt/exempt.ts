import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { field } from '../../../deciding/input.js';
import { mayAct, permissionOf, refuseWith } from '../../on-dossier.js';
import { inOwnCause } from '../../own-cause.js';
import { unnamed } from '../../not-identified.js';
import { type SubjectCommand, onSubject } from '../../on-subject.js';
import { inDossier } from '../../placed.js';

/**
 * Forgives one party a late or missing filing of this subject, by name and with the reason; the filing itself still has
 * to come.
 */
export interface Exempt extends SubjectCommand {
  readonly partyId: PartyId;
  readonly until?: Instant;
  readonly grounds: string;
}

export const exempt = onSubject<Exempt>({
  name: 'Exempt',
  claimsNothing: true,
  names: { partyId: field('party') },
  decide: ({ facts, judged, dossier, unfit }, { partyId, until, grounds }) => {
    const refused =
      refuseWith(mayAct(facts, 'exempt')) ??
      refuseWith(unnamed(judged)) ??
      refuseWith([...inOwnCause(facts, dossier, [{ holder: partyId }]), ...unfit]);
    if (refused !== undefined) return refused;
    if (until !== undefined && until <= facts.now)
      return refuse({ reason: 'AlreadyOver', field: 'until', accepted: { after: facts.now } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Exempted',
        partyId,
        until,
        grounds: personal(grounds),
        because: permissionOf(facts, 'exempt'),
      }),
    );
  },
});
