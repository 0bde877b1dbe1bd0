import { accept } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { partyFolding, partyStream } from '../../../party/facts.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, permissionOf, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { stands } from '../../registration.js';
import { inDossier } from '../../placed.js';

/** Hands a protected customer to another party; the clock runs on as it stands. */
export interface Transfer extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly to: PartyId;
  readonly grounds: string;
  /** Looked up. */ readonly toIsEnrolled?: boolean;
}

export const transfer = onDossier<Transfer>({
  name: 'Transfer',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  look: async (reader, command) => ({
    ...command,
    toIsEnrolled: (await reader.fold(partyStream(command.to), partyFolding)).partyId !== undefined,
  }),
  decide: ({ facts, dossier }, { registrationId, to, toIsEnrolled, grounds }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith(mayAct(facts, 'transfer', registration));
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    if (toIsEnrolled !== true) return deny({ reason: 'PartyUnknown', field: 'to' });
    if (registration.holder === to) return accept();
    if (registration.protection.state === 'suspended')
      return deny({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    if (!stands(registration, facts.now))
      return deny({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Transferred',
        registrationId,
        from: registration.holder,
        to,
        grounds: personal(grounds),
        because: permissionOf(facts, 'transfer', registration),
      }),
    );
  },
});
