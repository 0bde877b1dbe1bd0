import type { Rejection } from '#event-sourcing/decision.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { judgeFourEyes } from '#policy/clauses/four-eyes.js';
import type { Operation } from '#policy/clauses/permissions.js';
import type { DecisionFacts, FactsInForce } from '../deciding/decision-facts.js';
import type { Dossier } from './dossier.js';
import type { Registration } from './registration.js';

/** Whose something is that is ruled on: a claim, or a favour to somebody. */
interface Theirs {
  readonly holder: PartyId;
  readonly filedBy?: PartyId;
}

/** A claim that is over binds nobody any more; what it was ruled to be does not become its holder's to rule again. */
const open: ReadonlySet<string> = new Set(['underReview', 'returned', 'inCase', 'effective', 'protected']);

/**
 * Nobody is judge in their own cause: of a claim that they hold or filed, of a favour to themselves, and of a rival's
 * claim on a subject where they have an open one.
 */
export const inOwnCause = (
  { command: { by } }: DecisionFacts,
  { registrations }: Dossier,
  ruledOn: readonly Theirs[] = [],
): readonly Rejection[] => {
  const isTheirs = ({ holder, filedBy }: Theirs): boolean => holder === by || filedBy === by;
  return ruledOn.some(isTheirs) ||
    [...registrations.values()].some((registration) => open.has(registration.state) && isTheirs(registration))
    ? [{ reason: 'OwnCause' }]
    : [];
};

/** What the policy keeps from those who have another part in a claim; kept from one of several, kept from all. */
export const seenByTwo = (
  { command: { by }, inForce }: FactsInForce,
  operation: Operation,
  claims: readonly Registration[],
): readonly Rejection[] =>
  claims
    .map(({ holder, filedBy, ruledBy }) =>
      judgeFourEyes(inForce, operation, [
        ...(filedBy === by ? ['filer' as const] : []),
        ...(holder === by ? ['holder' as const] : []),
        ...(ruledBy === by ? ['previousActor' as const] : []),
      ]),
    )
    .flatMap((verdict) => (verdict.allowed ? [] : verdict.rejections))
    .slice(0, 1);
