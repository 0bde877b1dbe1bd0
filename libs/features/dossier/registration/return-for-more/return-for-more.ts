import { accept } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, permissionOf, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { notAtThisStep } from '../approve/approve.js';
import { inDossier } from '../../placed.js';

/** Hands a claim back and says what is missing; its review clock stops until it is handed in again. */
export interface ReturnForMore extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly wanted: string;
}

export const returnForMore = onDossier<ReturnForMore>({
  name: 'ReturnForMore',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, wanted }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith(mayAct(facts, 'returnForMore', registration));
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    const notMine = refuseWith(notAtThisStep(facts.roles, registration.review?.roles));
    if (notMine !== undefined) return notMine;
    if (registration.state === 'returned') return accept();
    if (registration.state !== 'underReview' || registration.review === undefined)
      return deny({ reason: 'NotUnderReview', inputs: { state: registration.state as Code } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Returned',
        registrationId,
        step: registration.review.step,
        wanted: personal(wanted),
        because: permissionOf(facts, 'returnForMore', registration),
      }),
    );
  },
});
