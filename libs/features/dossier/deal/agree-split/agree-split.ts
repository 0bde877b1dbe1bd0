import { accept, refuse } from '#event-sourcing/decision.js';
import { agreedSplitsAllowed } from '#policy/clauses/attribution.js';
import { field } from '../../../deciding/input.js';
import { onRegistration } from '../../on-registration.js';
import { about } from '../../placed.js';

/** R04.18, R06.05: the parties and their leader agreed how a deal is to be shared, in integer weights. */
export const agreeSplit = onRegistration({
  name: 'AgreeSplit',
  operation: 'agreeSplit',
  who: 'official',
  says: 'The parties and their leader agreed how a deal is to be shared. / 约定业绩分成。',
  input: { shares: field('shares'), agreedBy: field('parties') },
  decide: ({ facts, registration }, { registrationId, shares, agreedBy }) => {
    if (!agreedSplitsAllowed(facts.under(registration.policy))) return refuse({ reason: 'AgreedSplitsRefused' });
    const parties = shares.map(({ partyId }) => partyId);
    const silent = parties.filter((party) => !agreedBy.includes(party));
    if (
      shares.length === 0 ||
      new Set(parties).size !== parties.length ||
      shares.some(({ weight }) => !Number.isSafeInteger(weight) || weight <= 0)
    )
      return refuse({ reason: 'SharesInvalid', field: 'shares' });
    if (silent.length > 0 || !agreedBy.includes(registration.holder))
      return refuse({ reason: 'NotAgreedByAll', field: 'agreedBy', inputs: { missing: silent } });
    return accept(...about(registration, { type: 'SplitAgreed', registrationId, shares, agreedBy }));
  },
});
