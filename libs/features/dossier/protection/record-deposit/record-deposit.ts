import { accept } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import type { Fen } from '#event-sourcing/vocabulary.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { notInFuture, rollOn } from '../roll-on.js';
import { about } from '../../placed.js';

/** The customer paid earnest money: R04.07 lifts the class and with it the clock. */
export interface RecordDeposit extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly amount: Fen;
}

export const recordDeposit = onDossier<RecordDeposit>({
  name: 'RecordDeposit',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, amount }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith([...mayAct(facts, 'recordDeposit', registration), ...notInFuture(facts)]);
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    if (BigInt(amount) <= 0n) return deny({ reason: 'AmountNotPositive', field: 'amount' });
    if (registration.state !== 'protected')
      return deny({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    return accept(
      ...about(registration, { type: 'DepositRecorded', registrationId, by: facts.command.by, amount }),
      ...rollOn(registration, 'deposit', facts),
    );
  },
});
