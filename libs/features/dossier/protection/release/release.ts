import { accept } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, permissionOf, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { stands } from '../../registration.js';
import { inDossier } from '../../placed.js';

/** Gives a protected customer back: the holder, or a manager where the policy lets one. */
export interface Release extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly grounds?: string;
}

export const release = onDossier<Release>({
  name: 'Release',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, grounds }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith(mayAct(facts, 'release', registration));
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    if (registration.state === 'released') return accept();
    if (registration.protection.state === 'suspended')
      return deny({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    if (!stands(registration, facts.now))
      return deny({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Released',
        registrationId,
        endedAt: facts.now,
        ...(grounds === undefined ? {} : { grounds: personal(grounds) }),
        because: permissionOf(facts, 'release', registration),
      }),
    );
  },
});
