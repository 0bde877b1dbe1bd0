import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { notInFuture, rollOn } from '../roll-on.js';
import { about } from '../../placed.js';

/** The holder worked the customer: proof that the claim is alive (R04.09). */
export interface RecordFollowUp extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly note?: string;
}

export const recordFollowUp = onDossier<RecordFollowUp>({
  name: 'RecordFollowUp',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, note }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith([...mayAct(facts, 'recordFollowUp', registration), ...notInFuture(facts)]);
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    return accept(
      ...about(registration, {
        type: 'FollowUpRecorded',
        registrationId,
        by: facts.command.by,
        ...(note === undefined ? {} : { note: personal(note) }),
      }),
      ...rollOn(registration, 'followUp', facts),
    );
  },
});
