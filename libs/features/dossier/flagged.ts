import type { Code, PartyId } from '#event-sourcing/vocabulary.js';
import type { Raised } from '#policy/clauses/gates.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import type { Dossier } from './dossier.js';
import type { DealId, Flagged, FlagId, RegistrationId } from './events.js';
import { inDossier, type PlacedEvent } from './placed.js';

/** What was taken although a rule was not met: one flag a rule, ruled under the version in force when it was done. */
export const flagged = (
  dossier: Dossier,
  facts: FactsInForce,
  raised: readonly Raised[],
  done: {
    readonly partyId: PartyId;
    readonly about: string;
    readonly registrationId?: RegistrationId | undefined;
    readonly dealId?: DealId;
  },
): readonly PlacedEvent[] =>
  raised.flatMap(({ flag, because }, index) => {
    const event: Flagged = {
      type: 'Flagged',
      flagId: `${dossier.id}.f${dossier.flags.size + index + 1}` as FlagId,
      flag,
      ...done,
      about: done.about as Code,
      because: [because],
    };
    return inDossier(dossier, facts, event);
  });
