import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Reasons } from '#event-sourcing/vocabulary.js';
import { foldUnrecorded } from '../../ahead.js';
import { isPending, isProtecting, type BeforeCase, type Closed, type Registration } from '../../registration.js';
import type { Arbitrated, DossierMerged, RegistrationId } from '../../events.js';
import { closingOf, mainOf } from '../../merge.js';
import { about, dossierOf, inDossier, type DossierDecision, type PlacedEvent } from '../../placed.js';
import { stageAgain } from '../../review-stage.js';
import { resumed } from '../../deadlines.js';
import { goingOn, losing, type Judging, type Side, type Verdict } from './judging.js';

/**
 * The verdict on claims that stand in several dossiers, because one form's keys led to all of them: they are two
 * customers and each goes on as it was, or they are one, and the claims are settled as any other collision's.
 */
export const oneSubjectOrTwo = (judging: Judging, command: Verdict): DossierDecision =>
  command.outcome === 'distinct' ? two(judging, command) : one(judging, command);

const arbitrated = (
  { caseId }: Side,
  { outcome, reasons, shares }: Verdict,
  because: Reasons,
  winner?: RegistrationId,
): Arbitrated => ({
  type: 'Arbitrated',
  caseId,
  outcome,
  reasons: personal(reasons),
  because,
  ...(winner === undefined ? {} : { winner }),
  ...(outcome === 'split' && winner !== undefined ? { shares } : {}),
});

/** Every clock goes on and every claim waits where it waited; the claim that named both customers is answered. */
const two = (judging: Judging, command: Verdict): DossierDecision => {
  const { facts, sides, because } = judging;
  return accept(
    ...sides.flatMap((side) => [
      ...inDossier(side.dossier, facts, arbitrated(side, command, because)),
      ...side.claims.flatMap((claim) => goesOnAlone(claim, side, judging)),
    ]),
  );
};

const goesOnAlone = (claim: Registration, side: Side, { facts, because }: Judging): readonly PlacedEvent[] => {
  if (claim.protection.state === 'suspended') return about(claim, resumed(claim, facts.now, facts, because));
  if (claim.state !== 'inCase') return [];
  return claim.id === side.crossed
    ? about(claim, { type: 'Rejected', registrationId: claim.id, cause: 'crossedKeys' as Code, because })
    : leaves(claim, side, { facts, because });
};

/** Waits where it waited before the case, with the whole time for its review. */
const leaves = (
  claim: Registration,
  { caseId }: Pick<Side, 'caseId'>,
  { facts, because }: Pick<Judging, 'facts' | 'because'>,
): readonly PlacedEvent[] => {
  if (claim.state !== 'inCase' || !isWaiting(claim.before)) return [];
  const { state, review } = claim.before;
  return about(claim, {
    type: 'LeftCase',
    caseId,
    registrationId: claim.id,
    state,
    ...(review === undefined ? {} : { review: stageAgain(facts.under(claim.policy), review, facts.now) }),
    because,
  });
};

/** Only an objection brings a claim into a case that was over before. */
const isWaiting = (before: BeforeCase): before is Exclude<BeforeCase, Closed> =>
  before.state === 'underReview' || before.state === 'returned' || before.state === 'effective';

/** The losers end where they stand, the other dossiers are merged into the winner's, and the winner goes on. */
const one = ({ facts, sides, because }: Judging, command: Verdict): DossierDecision => {
  const winner = winnerOf({ facts, sides }, command);
  const into =
    winner === undefined
      ? mainOf(
          sides.map(({ dossier }) => dossier),
          facts.now,
        )!.id!
      : dossierOf(winner.id);
  const ruled = (side: Side): readonly PlacedEvent[] =>
    inDossier(
      side.dossier,
      facts,
      arbitrated(side, command, because, side.dossier.id === into ? winner?.id : undefined),
      ...side.claims.filter((claim) => claim !== winner).flatMap((claim) => losing(claim, facts, because)),
    );
  return accept(
    ...sides
      .filter(({ dossier }) => dossier.id !== into)
      .flatMap((side) => {
        const merged: DossierMerged = { type: 'DossierMerged', from: side.dossier.id!, into, because };
        const verdict = ruled(side);
        const left = closingOf(foldUnrecorded(side.dossier, verdict, facts), because, facts);
        return [
          ...verdict,
          ...inDossier(side.dossier, facts, ...left, merged),
          ...inDossier({ id: into }, facts, merged),
        ];
      }),
    ...sides
      .filter(({ dossier }) => dossier.id === into)
      .flatMap((side) => {
        const verdict = ruled(side);
        if (winner === undefined) return verdict;
        const goesOn = command.outcome === 'sameSubject' && waitsForReview(winner);
        const ahead = foldUnrecorded(side.dossier, verdict, facts);
        return [
          ...verdict,
          ...(goesOn
            ? leaves(winner, side, { facts, because })
            : goingOn(ahead, winner.id, facts, command.shares, because)),
        ];
      }),
  );
};

/** A verdict that two customers are one says nothing about what a reviewer still has to say. */
const waitsForReview = (claim: Registration): boolean =>
  claim.state === 'inCase' && (claim.before.state !== 'underReview' || claim.before.review !== undefined);

/** Named by the arbiter; where he says no more than that they are one, rank decides: protection first, then waiting. */
const winnerOf = (
  { facts, sides }: Pick<Judging, 'facts' | 'sides'>,
  { outcome, winner }: Verdict,
): Registration | undefined => {
  const claims = sides.flatMap((side) => side.claims);
  if (outcome === 'assign' || outcome === 'split') return claims.find(({ id }) => id === winner);
  if (outcome !== 'sameSubject') return undefined;
  const order = (claim: Registration): string => `${isProtecting(claim, facts.now) ? 0 : 1} ${claim.rankedAt}`;
  return claims
    .filter((claim) => isProtecting(claim, facts.now) || isPending(claim))
    .toSorted((one, other) => (order(one) < order(other) ? -1 : 1))[0];
};
