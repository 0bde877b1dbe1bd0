import { accept } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { about } from '../../placed.js';

/** Takes a claim back before it is decided. */
export interface Recall extends DossierCommand {
  readonly registrationId: RegistrationId;
}

export const recall = onDossier<Recall>({
  name: 'Recall',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith(mayAct(facts, 'recall', registration));
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    if (registration.state === 'recalled') return accept();
    if (registration.state !== 'underReview' && registration.state !== 'returned')
      return deny({ reason: 'AlreadyDecided', inputs: { state: registration.state as Code } });
    return accept(...about(registration, { type: 'Recalled', registrationId }));
  },
});
