import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import type { ConditionFacts } from '#policy/facts.js';
import { noTables } from '#policy/tables-at-hand.js';
import { dateIn, daysBetween } from '#time/instant.js';
import { periodOn } from '#time/period.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { rolesAt } from '../party/facts.js';
import type { Dossier } from './dossier.js';
import { grantsAt } from './requests.js';
import { lastWindow, type Registration } from './registration.js';

/**
 * What conditions may know of a registration, of everything about its subject, and of whoever acts. The parties and
 * dossiers were read for the decision, so its append checks that none of them has changed. `at`: when the act happened
 * for which somebody had to be registered, and up to which days are counted: what came after it is below zero.
 */
export const conditionFacts = (
  facts: FactsInForce,
  dossiers: readonly Dossier[],
  registration?: Registration,
  at = facts.now,
): ConditionFacts => {
  const { now, inForce, claimantFacts, programId, roles } = facts;
  const claims = dossiers.flatMap(({ registrations }) => [...registrations.values()]);
  const acts = new Map([...(registration?.acts ?? [])].map(([act, { count }]) => [act as string, count]));
  return {
    state: registration?.state ?? '',
    class: registration?.class ?? '',
    kind: registration?.kind ?? '',
    registered: claims.some((claim) => isRegisteredAt(claim, at)),
    counts: acts,
    daysSince: (activity) => {
      const last = registration?.acts.get(activity as Code)?.lastAt;
      const { timeZone } = inForce.policy;
      return last === undefined ? undefined : daysBetween(dateIn(last, timeZone), dateIn(at, timeZone));
    },
    isOfThisQuarter: (activity) => {
      const last = registration?.acts.get(activity as Code)?.lastAt;
      const quarterOf = (instant: Instant) => periodOn('quarter', dateIn(instant, inForce.policy.timeZone)).from;
      return last !== undefined && quarterOf(last) === quarterOf(at);
    },
    stages: registration?.stages ?? new Map(),
    everProtected: new Set(claims.flatMap(classesProtected)),
    flags: new Set(dossiers.flatMap((dossier) => flagsOn(dossier, facts, registration))),
    granted: new Set(registration === undefined ? [] : grantsAt(registration.requests, now).map(([name]) => name)),
    roles,
    tables: facts.tables ?? noTables,
    party: {
      id: facts.claimant,
      kind: claimantFacts.kind,
      roles: claimantFacts === facts.caller ? roles : rolesAt(claimantFacts, programId, now),
    },
  };
};

/** Filed by then, and not over by then. */
const isRegisteredAt = ({ rankedAt, closedAt }: Registration, at: Instant): boolean =>
  rankedAt <= at && (closedAt === undefined || closedAt > at);

const flagsOn = ({ flags }: Dossier, { claimant }: FactsInForce, registration?: Registration): readonly string[] =>
  [...flags.values()]
    .filter(({ lifted }) => lifted !== true)
    .filter(({ registrationId, partyId }) =>
      registration === undefined ? partyId === claimant : registrationId === registration.id,
    )
    .map(({ flag }) => flag);

/** A claim that was found void never protected anybody; one that was lifted into another class did so in both. */
const classesProtected = (claim: Registration): readonly string[] =>
  claim.state === 'void' || lastWindow(claim) === undefined
    ? []
    : [claim.class, ...claim.rulings.filter(({ type }) => type === 'Upgraded').map(({ found }) => found.class)];
