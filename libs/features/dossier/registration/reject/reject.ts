import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, permissionOf, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { notAtThisStep } from '../approve/approve.js';
import { inDossier } from '../../placed.js';

/** Says no, with the reason that the filer will read: R06.13. */
export interface Reject extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly grounds: string;
}

export const rejectRegistration = onDossier<Reject>({
  name: 'Reject',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, grounds }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith(mayAct(facts, 'reject', registration));
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    const notMine = refuseWith(notAtThisStep(facts.roles, registration.review?.roles));
    if (notMine !== undefined) return notMine;
    if (registration.state === 'rejected') return accept();
    if (registration.state !== 'underReview' && registration.state !== 'returned')
      return deny({ reason: 'NotUnderReview', inputs: { state: registration.state as Code } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Rejected',
        registrationId,
        cause: 'byReviewer' as Code,
        grounds: personal(grounds),
        because: permissionOf(facts, 'reject', registration),
      }),
    );
  },
});
