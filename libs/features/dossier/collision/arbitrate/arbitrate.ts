import { accept, type Rejection, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Reasons } from '#event-sourcing/vocabulary.js';
import { caseRules } from '#policy/clauses/collision.js';
import { dossierFolding, liveClaims, protecting, type Dossier } from '../../dossier.js';
import { freeFrom, isProtecting, type Registration } from '../../registration.js';
import type { Case } from '../../case.js';
import type { Arbitrated, CaseId, ConflictCause, VerdictOutcome } from '../../events.js';
import { foldUnrecorded } from '../../ahead.js';
import {
  dossierOf,
  dossierStream,
  mayAct,
  refuseWith,
  type DossierCommand,
  onDossier,
  type OnDossier,
} from '../../on-dossier.js';
import { inOwnCause, seenByTwo } from '../../own-cause.js';
import { withRequestsEnded } from '../../request-decided.js';
import { settle } from '../../settle.js';
import { goingOn, losing, type Side, type Verdict } from './judging.js';
import { oneSubjectOrTwo } from './one-subject-or-two.js';
import { inDossier, type DossierDecision } from '../../placed.js';

/** The verdict on a collision, with reasons: who holds the customer, how it is shared, or that nobody does. */
export interface Arbitrate extends DossierCommand, Verdict {
  readonly caseId: CaseId;
  /** Looked up: the other dossiers of a possible same subject, in the order of their cases. */
  readonly elsewhere?: readonly Dossier[];
}

export const arbitrate = onDossier<Arbitrate>({
  name: 'Arbitrate',
  dossierId: ({ caseId }) => dossierOf(caseId),
  look: async (reader, command, { dossier }) => {
    const elsewhere = dossier.cases.get(command.caseId)?.elsewhere ?? [];
    return {
      ...command,
      elsewhere: await Promise.all(elsewhere.map((id) => reader.fold(dossierStream(dossierOf(id)), dossierFolding))),
    };
  },
  decide: (state, command) => {
    const { facts, dossier } = state;
    const barred = refuseWith(mayAct(facts, 'arbitrate'));
    if (barred !== undefined) return barred;
    const found = dossier.cases.get(command.caseId);
    if (found === undefined) return refuse({ reason: 'CaseUnknown', field: 'caseId' });
    const elsewhere = (command.elsewhere ?? []).map((other) => settle(other, facts));
    const sides = [dossier, ...elsewhere.map((settled) => settled.dossier)].map((each, index) =>
      sideOf(each, index === 0 ? found.id : found.elsewhere[index - 1]!),
    );
    const claims = sides.flatMap((side) => side.claims);
    const refused = refuseWith([
      ...notTheArbiter(state, found),
      ...inOwnCause(facts, dossier, claims),
      ...seenByTwo(facts, 'arbitrate', claims),
    ]);
    if (refused !== undefined) return refused;
    if (found.verdict !== undefined)
      return refuse({ reason: 'AlreadyDecided', inputs: { outcome: found.verdict as Code } });
    const flawed = flawsOf(state, command, claims, found.cause);
    const stopped = refuseWith([...flawed, ...protectedMeanwhile(state, command, sides)]);
    if (stopped !== undefined) return stopped;
    if (found.cause !== 'possibleSameSubject') return verdict(state, command, claims);
    const because: Reasons = [caseRules(facts.inForce).because];
    const decision = oneSubjectOrTwo({ facts, sides, because }, command);
    if (!decision.accepted) return decision;
    const others = elsewhere.map((settled) => settled.dossier);
    return accept(...elsewhere.flatMap(({ due }) => due), ...withRequestsEnded(others, decision.events, facts));
  },
});

const notTheArbiter = ({ facts }: OnDossier, { arbiters }: Case): readonly Rejection[] =>
  arbiters.length === 0 || arbiters.some((role) => (facts.roles as readonly string[]).includes(role))
    ? []
    : [{ reason: 'NotTheArbiter', accepted: { roles: arbiters } }];

const flawsOf = (
  { facts }: OnDossier,
  { outcome, winner, shares }: Arbitrate,
  claims: readonly Registration[],
  cause: ConflictCause,
): readonly Rejection[] => {
  const { outcomes } = caseRules(facts.inForce);
  const allowed: readonly VerdictOutcome[] =
    cause === 'possibleSameSubject' ? ['sameSubject', 'distinct', ...outcomes] : outcomes;
  const ids = claims.map(({ id }) => id);
  const holders = new Set(claims.map(({ holder }) => holder));
  const needsWinner = outcome === 'assign' || outcome === 'split';
  return [
    ...(allowed.includes(outcome)
      ? []
      : [
          {
            reason: 'OutcomeNotAllowed' as const,
            field: 'outcome',
            accepted: { outcomes: allowed as readonly string[] as readonly Code[] },
          },
        ]),
    ...(needsWinner && (winner === undefined || !ids.includes(winner))
      ? [{ reason: 'WinnerNotInCase' as const, field: 'winner', accepted: { claims: ids } }]
      : []),
    ...(outcome === 'split' &&
    !(
      shares !== undefined &&
      shares.length >= 2 &&
      shares.every(({ partyId, weight }) => holders.has(partyId) && Number.isSafeInteger(weight) && weight > 0) &&
      new Set(shares.map(({ partyId }) => partyId)).size === shares.length
    )
      ? [{ reason: 'SharesNotOfThisCase' as const, field: 'shares', accepted: { holders: [...holders] } }]
      : []),
  ];
};

const sideOf = (dossier: Dossier, caseId: CaseId): Side => {
  const found = dossier.cases.get(caseId);
  return {
    dossier,
    caseId,
    claims: (found?.claims ?? []).map((id) => dossier.registrations.get(id)!),
    ...(found?.crossed === undefined ? {} : { crossed: found.crossed }),
  };
};

/** Somebody outside the case may have been protected meanwhile: a verdict between others takes nothing from them. */
const protectedMeanwhile = (
  { facts }: OnDossier,
  { outcome, winner }: Arbitrate,
  sides: readonly Side[],
): readonly Rejection[] => {
  const takes = sides.length > 1 ? outcome !== 'distinct' : outcome === 'assign' || outcome === 'split';
  if (!takes) return [];
  return sides.flatMap(({ dossier, claims }) => {
    const goesOn = winner === undefined ? undefined : dossier.registrations.get(winner);
    const standing = liveClaims(dossier, facts.now).filter((claim) => isProtecting(claim, facts.now));
    const rival =
      sides.length > 1
        ? standing.find((claim) => !claims.includes(claim))
        : goesOn && protecting(dossier, facts.now, goesOn);
    const because = [caseRules(facts.inForce).because];
    return rival === undefined || claims.includes(rival)
      ? []
      : [{ reason: 'ProtectedByAnother' as const, because, accepted: freeFrom(rival) }];
  });
};

/** The winner's clock goes on, or starts; every other claim of the case ends. */
const verdict = (
  { facts, dossier }: OnDossier,
  { caseId, outcome, winner, shares, reasons }: Arbitrate,
  claims: readonly Registration[],
): DossierDecision => {
  const goesOn = outcome === 'assign' || outcome === 'split' ? winner : undefined;
  const rule = caseRules(facts.inForce).because;
  const arbitrated: Arbitrated = {
    type: 'Arbitrated',
    caseId,
    outcome,
    reasons: personal(reasons),
    because: [rule],
    ...(goesOn === undefined ? {} : { winner: goesOn }),
    ...(outcome === 'split' ? { shares } : {}),
  };
  const losers = claims.filter(({ id }) => id !== goesOn);
  const verdict = inDossier(dossier, facts, arbitrated, ...losers.flatMap((claim) => losing(claim, facts, [rule])));
  const ruled = foldUnrecorded(dossier, verdict, facts);
  return accept(...verdict, ...(goesOn === undefined ? [] : goingOn(ruled, goesOn, facts, shares, [rule])));
};
