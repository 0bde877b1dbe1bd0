import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { endOutcome } from '#policy/clauses/extension.js';
import { isBefore } from '#time/instant.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import { foldUnrecorded } from '../../ahead.js';
import { openCase, protecting, type Dossier } from '../../dossier.js';
import type { DossierId, RulingRescinded } from '../../events.js';
import { type DossierCommand, onDossier } from '../../on-dossier.js';
import { about, type PlacedEvent } from '../../placed.js';
import { claimOf, lastWindow, type Registration } from '../../registration.js';

/**
 * A clock that was ahead has ended protections whose time has not come. They are given back, each with the clock that
 * it had, as far as nobody else protects the customer by now: that is for an arbiter. Asked on the host alone, once its
 * clock is right.
 */
export interface RepairClock extends DossierCommand {
  readonly dossierId: DossierId;
  readonly grounds: string;
}

export const repairClock = onDossier<RepairClock>({
  name: 'RepairClock',
  dossierId: ({ dossierId }) => dossierId,
  decide: ({ facts, dossier }, { grounds }) => {
    if (facts.command.receivedBy !== 'system' || !facts.roles.includes('administrator'))
      return refuse({ reason: 'RoleMissing', accepted: { roles: ['administrator' as Code] } });
    const early = [...dossier.registrations.values()]
      .filter((registration) => endedEarly(registration, facts.now))
      .toSorted((one, other) => (one.rankedAt < other.rankedAt ? -1 : 1));
    const events: PlacedEvent[] = [];
    let state: Dossier = dossier;
    for (const registration of early) {
      if (protecting(state, facts.now, registration) !== undefined || openCase(state, registration) !== undefined)
        continue;
      const back = about(registration, givenBack(registration, grounds, facts));
      events.push(...back);
      state = foldUnrecorded(state, back, facts);
    }
    return accept(...events);
  },
});

/**
 * Time alone ended it, at a moment that is still to come: only a clock that was ahead does so. What began under such a
 * clock is no protection to give back.
 */
export const endedEarly = (registration: Registration, now: Instant): boolean =>
  (registration.state === 'expired' || registration.state === 'abandoned') &&
  registration.closedBy !== undefined &&
  isBefore(now, registration.closedAt) &&
  !isBefore(now, lastWindow(registration)!.startsAt);

const givenBack = (registration: Registration, grounds: string, facts: FactsInForce): RulingRescinded => {
  const { extension, holder, shares } = registration;
  if (registration.state !== 'expired' && registration.state !== 'abandoned')
    throw new Error(`Registration ${registration.id} was not ended by time`);
  const { because } = endOutcome(facts.under(registration.policy), {
    class: registration.class,
    extensionAsked: extension.requested,
  });
  return {
    type: 'RulingRescinded',
    ruling: registration.closedBy!,
    rulingType: (registration.state === 'expired' ? 'Expired' : 'Abandoned') as Code,
    registrationId: registration.id,
    holder,
    restored: {
      state: 'protected',
      protection: lastWindow(registration)!,
      class: registration.class,
      extensionCount: extension.count,
      ...(extension.requested ? { extensionRequested: true } : {}),
      ...(shares === undefined ? {} : { shares }),
      ...claimOf(registration),
    },
    hangingOnIt: [],
    grounds: personal(grounds),
    because: [because],
  };
};
