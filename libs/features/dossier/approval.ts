import { personal } from '#event-sourcing/event.js';
import type { Code, Instant, Reason } from '#event-sourcing/vocabulary.js';
import { collisionRule } from '#policy/clauses/collision.js';
import { protectionOn } from '#policy/clauses/protection.js';
import { effectiveAtOnce } from '#policy/clauses/review.js';
import type { Duration } from '#time/clock.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { pending, type Dossier } from './dossier.js';
import { claimOf, type Registration } from './registration.js';
import type { Approved, ProtectionWindow, Rejected, Share } from './events.js';
import { about, type PlacedEvent } from './placed.js';

export interface Approval {
  readonly facts: FactsInForce;
  /** When the yes counts: the review's entry, the duplicate check, or the filing itself where nobody reviews. */
  readonly at: Instant;
  readonly event?: 'registered' | 'approved';
  readonly chosen?: Duration;
  readonly shares?: readonly Share[];
  readonly opinion?: string | undefined;
  readonly because: readonly Reason[];
}

/**
 * One claim is protected, and with that every other waiting claim on the subject is answered: R06.11.
 * Computed under the policy that the registration was filed under.
 */
export const approval = (
  dossier: Dossier,
  registration: Registration,
  { facts, at, event = 'approved', chosen, shares, opinion, because }: Approval,
): readonly PlacedEvent[] => {
  const evaluation = facts.under(registration.policy);
  const clock = {
    class: registration.class,
    at,
    registeredAt: registration.rankedAt,
    ...(chosen === undefined ? {} : { chosen }),
  };
  // Where nobody reviews, filing and approval are one moment: the class may name either as its start.
  const started =
    (event === 'registered' ? protectionOn(evaluation, { ...clock, event: 'registered' }) : undefined) ??
    protectionOn(evaluation, { ...clock, event: 'approved' });
  const [first, ...more] = [...because, ...(started === undefined ? [] : [started.because])];
  const approved: Approved = {
    type: 'Approved',
    registrationId: registration.id,
    holder: registration.holder,
    class: registration.class,
    ...(started === undefined ? {} : { protection: windowOf(started) }),
    ...sharesOf(shares ?? registration.shares),
    ...claimOf(registration),
    ...(opinion === undefined ? {} : { opinion: personal(opinion) }),
    because: first === undefined ? [effectiveAtOnce(evaluation, registration.class)] : [first, ...more],
  };
  // What excludes nobody answers nobody.
  const others = pending(dossier, registration).filter(({ id, state }) => id !== registration.id && state !== 'inCase');
  return about(
    registration,
    approved,
    ...others.map(({ id }): Rejected => ({
      type: 'Rejected',
      registrationId: id,
      cause: 'anotherClaimApproved' as Code,
      // The others are answered by this approval, and so under the version that it was made under.
      because: [collisionRule(evaluation, 'pendingSecondClaim').because],
    })),
  );
};

const sharesOf = (shares: readonly Share[] | undefined): { readonly shares?: readonly Share[] } =>
  shares === undefined ? {} : { shares };

/** The dates alone, as an event keeps them. */
export const windowOf = ({ startsAt, endsAt, lastDay }: ProtectionWindow): ProtectionWindow => ({
  startsAt,
  endsAt,
  lastDay,
});
