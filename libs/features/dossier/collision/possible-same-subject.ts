import type { Reason, Reasons } from '#event-sourcing/vocabulary.js';
import type { JudgedForm } from '#policy/clauses/form.js';
import { caseDeadline, caseRules, possibleSameSubjectRule } from '#policy/clauses/collision.js';
import { sameSubject } from '#policy/clauses/identity.js';
import { suspensionRule } from '#policy/clauses/suspension.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import { liveClaims, openCase, type Dossier } from '../dossier.js';
import { isProtecting } from '../registration.js';
import type { CaseId, RegistrationId } from '../events.js';
import { about, dossierOf, type PlacedEvent } from '../placed.js';
import { standsStill } from './raise-conflict.js';

/**
 * What the dossiers are to each other to which the keys of one form lead. `one`: joining them ends nobody else's claim.
 * `perhaps`: it would, so that whoever arbitrates says whether they are one. `two`: that was ruled already.
 */
export type Kinship = 'one' | 'perhaps' | 'two';

export const kinshipOf = (dossiers: readonly Dossier[], facts: Pick<FactsInForce, 'now' | 'claimant'>): Kinship => {
  if (dossiers.some(({ distinctFrom }) => dossiers.some(({ id }) => id !== undefined && distinctFrom.includes(id))))
    return 'two';
  const sides = sidesOf(dossiers, facts);
  const claims = sides.flatMap((side) => liveClaims(side, facts.now));
  // Nor is a claim to end, be it the claimant's own, for one that it may stand beside.
  const apart = claims.some(({ kind, claims: way }) => kind !== claims[0]!.kind || way !== 'exclusive');
  const others = apart || claims.some(({ holder }) => holder !== facts.claimant);
  const asked = dossiers.length > 1 && dossiers.some((dossier) => (openCase(dossier)?.elsewhere.length ?? 0) > 0);
  return asked || (sides.length > 1 && others) ? 'perhaps' : 'one';
};

/** The dossiers in which somebody would lose something if they were made one. */
const sidesOf = (dossiers: readonly Dossier[], { now }: Pick<FactsInForce, 'now'>): readonly Dossier[] =>
  dossiers.filter((dossier) => liveClaims(dossier, now).length > 0);

/** One of them is in a case already: its verdict comes first. */
export const inOtherCase = (dossiers: readonly Dossier[]): boolean =>
  dossiers.some((dossier) => dossier.state === 'open' && openCase(dossier) !== undefined);

/** Why the dossiers may be one, and why that opens a case. */
export const maybeOne = (facts: FactsInForce, { strongKeys }: Pick<JudgedForm, 'strongKeys'>): Reasons => [
  sameSubject(
    facts.inForce,
    strongKeys.map(({ kind }) => kind),
  ),
  possibleSameSubjectRule(facts.inForce).because,
];

/**
 * Keys of one form led to several dossiers in which several parties have a claim. Each of them gets a case of its own
 * about its own claims, so that no party learns of the others; every clock stands still as its own policy says, and
 * nothing else moves until the verdict. None of the dossiers may be in a case already.
 */
export const raisePossibleSameSubject = (
  dossiers: readonly Dossier[],
  because: readonly Reason[],
  facts: FactsInForce,
  crossed?: RegistrationId,
): readonly PlacedEvent[] => {
  const sides = sidesOf(dossiers, facts).map((side) => ({
    side,
    caseId: `${side.id}.c${side.cases.size + 1}` as CaseId,
  }));
  return sides.flatMap(({ side, caseId }) => {
    const claims = liveClaims(side, facts.now).toSorted(
      (one, other) => Number(isProtecting(other, facts.now)) - Number(isProtecting(one, facts.now)),
    );
    const against = claims[0]!;
    const evaluation = facts.under(against.policy);
    const deadline = caseDeadline(evaluation, facts.now);
    const suspended = standsStill(against, facts);
    return about(against, {
      type: 'ConflictRaised',
      caseId,
      cause: 'possibleSameSubject',
      claims: claims.map(({ id }) => id),
      arbiters: caseRules(evaluation).arbiters,
      elsewhere: sides.flatMap((other) => (other.side === side ? [] : [other.caseId])),
      ...(crossed !== undefined && dossierOf(crossed) === side.id ? { crossed } : {}),
      ...(deadline.at === undefined ? {} : { dueAt: deadline.at }),
      ...(suspended === undefined ? {} : { suspended }),
      because: [...because, deadline.because, suspensionRule(evaluation).because],
    });
  });
};
