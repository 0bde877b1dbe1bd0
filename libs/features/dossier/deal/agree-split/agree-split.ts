import { accept } from '#event-sourcing/decision.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { agreedSplitsAllowed } from '#policy/clauses/attribution.js';
import type { RegistrationId, Share } from '../../events.js';
import { deny, dossierOf, mayAct, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { about } from '../../placed.js';

/** R04.18, R06.05: the parties and their leader agreed how a deal is to be shared, in integer weights. */
export interface AgreeSplit extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly shares: readonly Share[];
  readonly agreedBy: readonly PartyId[];
}

export const agreeSplit = onDossier<AgreeSplit>({
  name: 'AgreeSplit',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, shares, agreedBy }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith(mayAct(facts, 'agreeSplit', registration));
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    if (!agreedSplitsAllowed(facts.under(registration.policy))) return deny({ reason: 'AgreedSplitsRefused' });
    const parties = shares.map(({ partyId }) => partyId);
    const silent = parties.filter((party) => !agreedBy.includes(party));
    if (
      shares.length === 0 ||
      new Set(parties).size !== parties.length ||
      shares.some(({ weight }) => !Number.isSafeInteger(weight) || weight <= 0)
    )
      return deny({ reason: 'SharesInvalid', field: 'shares' });
    if (silent.length > 0 || !agreedBy.includes(registration.holder))
      return deny({ reason: 'NotAgreedByAll', field: 'agreedBy', inputs: { missing: silent } });
    return accept(...about(registration, { type: 'SplitAgreed', registrationId, shares, agreedBy }));
  },
});
