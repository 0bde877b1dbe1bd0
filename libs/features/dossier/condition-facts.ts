import type { Code } from '#event-sourcing/vocabulary.js';
import type { ConditionFacts } from '#policy/facts.js';
import { dateIn, daysBetween } from '#time/instant.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { rolesAt } from '../party/facts.js';
import type { Dossier } from './dossier.js';
import { isPending, lastWindow, stands, type Registration } from './registration.js';

/**
 * What conditions may know of a registration, of everything about its subject, and of whoever acts. The parties and
 * dossiers were read for the decision, so its append checks that none of them has changed.
 */
export const conditionFacts = (
  facts: FactsInForce,
  dossiers: readonly Dossier[],
  registration?: Registration,
): ConditionFacts => {
  const { now, inForce, claimantFacts, programId, roles } = facts;
  const claims = dossiers.flatMap(({ registrations }) => [...registrations.values()]);
  const acts = new Map([...(registration?.acts ?? [])].map(([act, { count }]) => [act as string, count]));
  return {
    state: registration?.state ?? '',
    class: registration?.class ?? '',
    kind: registration?.kind ?? '',
    registered: claims.some((claim) => isPending(claim) || stands(claim, now)),
    counts: acts,
    daysSince: (activity) => {
      const last = registration?.acts.get(activity as Code)?.lastAt;
      const { timeZone } = inForce.policy;
      return last === undefined ? undefined : daysBetween(dateIn(last, timeZone), dateIn(now, timeZone));
    },
    stages: registration?.stages ?? new Map(),
    everProtected: new Set(claims.flatMap(classesProtected)),
    roles,
    party: {
      kind: claimantFacts.kind,
      roles: claimantFacts === facts.caller ? roles : rolesAt(claimantFacts, programId, now),
    },
  };
};

/** A claim that was found void never protected anybody; one that was lifted into another class did so in both. */
const classesProtected = (claim: Registration): readonly string[] =>
  claim.state === 'void' || lastWindow(claim) === undefined
    ? []
    : [claim.class, ...claim.rulings.filter(({ type }) => type === 'Upgraded').map(({ found }) => found.class)];
