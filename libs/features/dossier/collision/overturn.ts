import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { collisionRule } from '#policy/clauses/collision.js';
import { isBefore } from '#time/instant.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import type { Registration } from '../registration.js';
import { about, type PlacedEvent } from '../placed.js';

/**
 * A claim that ranks before the protected one takes its place where the policy that it was filed under says so, and not
 * before it is protected itself: while it waits for a review the protection stands. Undefined: it takes nobody's place.
 */
export const overturning = (
  late: Pick<Registration, 'id' | 'policy' | 'rankedAt'>,
  holder: Registration,
  { facts, at }: { readonly facts: FactsInForce; readonly at: Instant },
): readonly PlacedEvent[] | undefined => {
  if (!isBefore(late.rankedAt, holder.rankedAt) || holder.protection.state !== 'live') return undefined;
  const { outcome, because } = collisionRule(facts.under(late.policy), 'lateArrival');
  return outcome !== 'overturn'
    ? undefined
    : about(late, {
        type: 'Terminated',
        registrationId: holder.id,
        cause: 'earlierClaim' as Code,
        effect: 'terminate',
        endedAt: at,
        because: [because],
      });
};
