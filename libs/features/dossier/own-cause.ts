import type { Rejection } from '#event-sourcing/decision.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { judgeFourEyes } from '#policy/clauses/four-eyes.js';
import type { Operation } from '#policy/clauses/permissions.js';
import type { DecisionFacts, FactsInForce } from '../deciding/decision-facts.js';
import type { Dossier } from './dossier.js';
import type { WrittenEvent } from './events.js';
import type { Registration } from './registration.js';

/** Whose something is that is ruled on: a claim, or a favour to somebody. */
interface Theirs {
  readonly holder: PartyId;
}

/** A claim that is over binds nobody any more; what it was ruled to be does not become its holder's to rule again. */
const open: ReadonlySet<string> = new Set(['underReview', 'returned', 'inCase', 'effective', 'protected']);

/**
 * Nobody is judge in their own cause: of a claim that they hold, of a favour to themselves, and of a rival's claim on a
 * subject where they hold an open one. An office that entered the form of another has no part in it: where it shall not
 * rule on what it entered, the policy says so (`fourEyes`, filer).
 */
export const inOwnCause = (
  { command: { by } }: DecisionFacts,
  { registrations }: Dossier,
  ruledOn: readonly Theirs[] = [],
): readonly Rejection[] => {
  const isTheirs = ({ holder }: Theirs): boolean => holder === by;
  return ruledOn.some(isTheirs) ||
    [...registrations.values()].some((registration) => open.has(registration.state) && isTheirs(registration))
    ? [{ reason: 'OwnCause' }]
    : [];
};

/**
 * Nor does anybody get a customer by their own ruling: one that is handed to them, given back to them, or whose claim
 * of theirs lives again by what they rule on another's.
 */
export const inOwnFavour = (
  { command: { by } }: DecisionFacts,
  ruled: readonly { readonly event: WrittenEvent }[],
): readonly Rejection[] => (ruled.some(({ event }) => givenTo(event) === by) ? [{ reason: 'OwnCause' }] : []);
const givenTo = (event: WrittenEvent): PartyId | undefined =>
  event.type === 'Transferred' ? event.to : event.type === 'RulingRescinded' ? event.holder : undefined;

/**
 * What the policy keeps from those who have another part in a claim; kept from one of several, kept from all. Whoever
 * is to get a part of what is claimed counts as a holder.
 */
export const seenByTwo = (
  { command: { by }, inForce }: FactsInForce,
  operation: Operation,
  claims: readonly (Theirs & Partial<Pick<Registration, 'filedBy' | 'ruledBy'>>)[],
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
