import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { notInFuture, rollOn } from '../roll-on.js';
import { about } from '../../placed.js';

/**
 * The customer came, or was called on. Recorded by whoever the policy lets; it rolls the clock where the policy says
 * so.
 */
export interface RecordVisit extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly note?: string;
}

export const recordVisit = onDossier<RecordVisit>({
  name: 'RecordVisit',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, note }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith([...mayAct(facts, 'recordVisit', registration), ...notInFuture(facts)]);
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    return accept(
      ...about(registration, {
        type: 'VisitRecorded',
        registrationId,
        by: facts.command.by,
        ...(note === undefined ? {} : { note: personal(note) }),
      }),
      ...rollOn(registration, 'visit', facts),
    );
  },
});
