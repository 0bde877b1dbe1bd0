import { accept, type Rejection } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Reason, Reasons } from '#event-sourcing/vocabulary.js';
import { caseRules } from '#policy/clauses/collision.js';
import { approval } from '../../approval.js';
import { protecting, type Dossier } from '../../dossier.js';
import { freeFrom, isPending, type Registration } from '../../registration.js';
import type { Case } from '../../case.js';
import type { Arbitrated, CaseId, DossierEvent, RegistrationId, Share, VerdictOutcome } from '../../events.js';
import { foldUnrecorded } from '../../ahead.js';
import {
  deny,
  dossierOf,
  mayAct,
  refuseWith,
  type DossierCommand,
  onDossier,
  type OnDossier,
} from '../../on-dossier.js';
import { resumed } from '../../deadlines.js';
import { about, inDossier, type DossierDecision, type PlacedEvent } from '../../placed.js';

/** The verdict on a collision, with reasons: who holds the customer, how it is shared, or that nobody does. */
export interface Arbitrate extends DossierCommand {
  readonly caseId: CaseId;
  readonly outcome: VerdictOutcome;
  /** assign and split: the claim that goes on. */
  readonly winner?: RegistrationId;
  /** split: integer weights of the claims' holders. */
  readonly shares?: readonly Share[];
  readonly reasons: string;
}

export const arbitrate = onDossier<Arbitrate>({
  name: 'Arbitrate',
  dossierId: ({ caseId }) => dossierOf(caseId),
  decide: (state, command) => {
    const { facts, dossier } = state;
    const barred = refuseWith(mayAct(facts, 'arbitrate'));
    if (barred !== undefined) return barred;
    const found = dossier.cases.get(command.caseId);
    if (found === undefined) return deny({ reason: 'CaseUnknown', field: 'caseId' });
    const claims = found.claims.map((id) => dossier.registrations.get(id)!);
    const refused = refuseWith([...notTheArbiter(state, found), ...inOwnCause(state, claims)]);
    if (refused !== undefined) return refused;
    if (found.verdict !== undefined)
      return deny({ reason: 'AlreadyDecided', inputs: { outcome: found.verdict as Code } });
    const flawed = flawsOf(state, command, claims);
    return refuseWith(flawed) ?? verdict(state, command, claims);
  },
});

const notTheArbiter = ({ facts }: OnDossier, { arbiters }: Case): readonly Rejection[] =>
  arbiters.length === 0 || arbiters.some((role) => (facts.roles as readonly string[]).includes(role))
    ? []
    : [{ reason: 'NotTheArbiter', accepted: { roles: arbiters } }];

/** Nobody is judge in his own cause. */
const inOwnCause = ({ facts }: OnDossier, claims: readonly Registration[]): readonly Rejection[] =>
  claims.some(({ holder, filedBy }) => holder === facts.command.by || filedBy === facts.command.by)
    ? [{ reason: 'OwnCause' }]
    : [];

const flawsOf = (
  { facts }: OnDossier,
  { outcome, winner, shares }: Arbitrate,
  claims: readonly Registration[],
): readonly Rejection[] => {
  const { outcomes } = caseRules(facts.inForce);
  const ids = claims.map(({ id }) => id);
  const holders = new Set(claims.map(({ holder }) => holder));
  const needsWinner = outcome === 'assign' || outcome === 'split';
  return [
    ...(outcomes.includes(outcome)
      ? []
      : [
          {
            reason: 'OutcomeNotAllowed' as const,
            field: 'outcome',
            accepted: { outcomes: outcomes as readonly Code[] },
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
  // Somebody outside the case may have been protected meanwhile: a verdict between others takes nothing from them.
  const rival = goesOn === undefined ? undefined : protecting(dossier, facts.now, dossier.registrations.get(goesOn)!);
  if (rival !== undefined && !claims.includes(rival))
    return deny({ reason: 'ProtectedByAnother', because: [rule], accepted: freeFrom(rival) });
  const losers = claims.filter(({ id }) => id !== goesOn);
  const verdict = inDossier(dossier, facts, arbitrated, ...losers.flatMap((claim) => endOf(claim, facts, [rule])));
  const ruled = foldUnrecorded(dossier, verdict, facts);
  return accept(...verdict, ...(goesOn === undefined ? [] : goingOn(ruled, goesOn, facts, shares, rule)));
};

const goingOn = (
  dossier: Dossier,
  winner: RegistrationId,
  facts: OnDossier['facts'],
  shares: readonly Share[] | undefined,
  rule: Reason,
): readonly PlacedEvent[] => {
  const registration = dossier.registrations.get(winner)!;
  if (registration.protection.state === 'suspended')
    return about(registration, resumed(registration, facts.now, facts, [rule]));
  if (registration.protection.state === 'live') return [];
  // Its clock, too, has not run while the case was open: counted from its filing, a long case would leave the winner
  // nothing.
  return approval(dossier, registration, {
    facts,
    at: facts.now,
    event: 'registered',
    because: [rule],
    ...(shares === undefined ? {} : { shares }),
  });
};

const endOf = (claim: Registration, facts: OnDossier['facts'], because: Reasons): readonly DossierEvent[] => {
  if (claim.state === 'protected')
    return [
      {
        type: 'Terminated',
        registrationId: claim.id,
        cause: 'verdict' as Code,
        effect: 'terminate',
        endedAt: facts.now,
        because,
      },
    ];
  return isPending(claim) ? [{ type: 'Rejected', registrationId: claim.id, cause: 'verdict' as Code, because }] : [];
};
