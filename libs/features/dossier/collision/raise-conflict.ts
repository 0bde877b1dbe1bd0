import type { Reason } from '#event-sourcing/vocabulary.js';
import { caseDeadline, caseRules } from '#policy/clauses/collision.js';
import { suspensionRule } from '#policy/clauses/suspension.js';
import { remaining } from '#time/clock.js';
import { addDays, dateIn, startOfDay } from '#time/instant.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import { openCase, type Dossier } from '../dossier.js';
import type { Registration } from '../registration.js';
import type { CaseId, ConflictCause, ConflictRaised, RegistrationId } from '../events.js';
import { about, type PlacedEvent } from '../placed.js';

export interface Collision {
  readonly cause: ConflictCause;
  readonly against: Registration;
  readonly because: readonly Reason[];
  readonly facts: FactsInForce;
}

/**
 * Two claims that somebody must arbitrate. The clock of the protected one stands still with what is left, at most as
 * long as the policy
 * allows; a claim that comes while a case is open joins it.
 */
export const raiseConflict = (
  dossier: Dossier,
  claim: RegistrationId,
  { cause, against, because, facts }: Collision,
): readonly PlacedEvent[] => {
  const evaluation = facts.under(against.policy);
  const already = openCase(dossier, against);
  const rule = suspensionRule(evaluation);
  const deadline = caseDeadline(evaluation, facts.now);
  const suspended = already?.stoodStill.includes(against.id) === true ? undefined : standsStill(against, facts);
  return about(against, {
    type: 'ConflictRaised',
    caseId: already?.id ?? (`${dossier.id}.c${dossier.cases.size + 1}` as CaseId),
    cause,
    claims: [...new Set([...(already?.claims ?? []), against.id, claim])],
    arbiters: caseRules(evaluation).arbiters,
    ...(deadline.at === undefined ? {} : { dueAt: deadline.at }),
    ...(suspended === undefined ? {} : { suspended }),
    because: [...because, deadline.because, rule.because],
  });
};

/** What is left of a live protection's clock, which stands still from now on; undefined where none runs. */
export const standsStill = (registration: Registration, facts: FactsInForce): ConflictRaised['suspended'] => {
  if (registration.protection.state !== 'live') return undefined;
  const evaluation = facts.under(registration.policy);
  const { timeZone: zone } = evaluation.policy;
  const { unit, partialDay, daysMax } = suspensionRule(evaluation);
  return {
    registrationId: registration.id,
    at: facts.now,
    left: remaining(registration.protection.window.endsAt, facts.now, { unit, partialDay, zone }),
    ...(daysMax === undefined ? {} : { until: startOfDay(addDays(dateIn(facts.now, zone), daysMax), zone) }),
  };
};
