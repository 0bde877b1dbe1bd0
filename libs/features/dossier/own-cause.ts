import type { Rejection } from '#event-sourcing/decision.js';
import type { DecisionFacts } from '../deciding/decision-facts.js';
import type { Dossier } from './dossier.js';
import type { Registration } from './registration.js';

/** A claim that is over binds nobody any more; what it was ruled to be does not become its holder's to rule again. */
const open: ReadonlySet<string> = new Set(['underReview', 'returned', 'inCase', 'effective', 'protected']);

/**
 * Nobody is judge in their own cause: of a claim that they hold or filed, and of a rival's on a subject where they have
 * an open one.
 */
export const inOwnCause = (
  { command: { by } }: DecisionFacts,
  { registrations }: Dossier,
  ruledOn: readonly (Registration | undefined)[] = [],
): readonly Rejection[] => {
  const isTheirs = ({ holder, filedBy }: Registration): boolean => holder === by || filedBy === by;
  return ruledOn.some((registration) => registration !== undefined && isTheirs(registration)) ||
    [...registrations.values()].some((registration) => open.has(registration.state) && isTheirs(registration))
    ? [{ reason: 'OwnCause' }]
    : [];
};
