import type { Rejection } from '#event-sourcing/decision.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import type { DecisionFacts } from '../deciding/decision-facts.js';
import type { Dossier } from './dossier.js';

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
