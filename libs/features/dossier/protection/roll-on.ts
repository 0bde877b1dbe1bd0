import type { Rejection } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { backdated } from '#policy/clauses/intake.js';
import { protectionOn, type ClockEvent } from '#policy/clauses/protection.js';
import { upgradeOn } from '#policy/clauses/upgrades.js';
import { isBefore, later } from '#time/instant.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import { windowOf } from '../approval.js';
import { claimOf, type Registration } from '../registration.js';
import { relationsTo } from '../on-dossier.js';
import { about, type PlacedEvent } from '../placed.js';

/** What has not happened yet rolls no clock: a visit of next year would protect until then. */
export const notInFuture = ({ now, command: { occurredAt, receivedAt } }: FactsInForce): readonly Rejection[] => {
  const at = occurredAt ?? receivedAt;
  return isBefore(now, at) ? [{ reason: 'OccurredInFuture', field: 'occurredAt', accepted: { latest: now } }] : [];
};

/**
 * What happened before the claim was there is no work on it, and nobody dates further back than the policy that it was
 * filed under lets: else a visit of the past would begin a protection that a deal of the past falls into.
 */
export const notTooEarly = (
  facts: FactsInForce,
  { rankedAt, policy }: Registration,
  isPayment: boolean,
): readonly Rejection[] => {
  const { now, command } = facts;
  const { receivedAt } = command;
  const occurredAt = command.occurredAt ?? receivedAt;
  return [
    ...(!isPayment && isBefore(occurredAt, rankedAt)
      ? [{ reason: 'OccurredBeforeFiling' as const, field: 'occurredAt', accepted: { earliest: rankedAt } }]
      : []),
    ...backdated(facts.under(policy), { occurredAt, receivedAt, now }),
  ];
};

/**
 * What a visit, a follow-up or a deposit does to the clock: lifts the registration into another class, rolls it on, or
 * nothing.
 */
export const rollOn = (registration: Registration, event: ClockEvent, facts: FactsInForce): readonly PlacedEvent[] => {
  const evaluation = facts.under(registration.policy);
  // Never from before the claim: what was paid with the form, or before it, moves the clock from the filing.
  const at = later(facts.command.occurredAt ?? facts.command.receivedAt, registration.rankedAt);
  const relations = relationsTo(facts, registration);
  if (registration.state === 'effective') {
    const began = protectionOn(evaluation, {
      class: registration.class,
      event,
      at,
      registeredAt: registration.rankedAt,
      relations,
    });
    return began === undefined
      ? []
      : about(registration, {
          type: 'ProtectionBegan',
          registrationId: registration.id,
          holder: registration.holder,
          class: registration.class,
          ...(registration.shares === undefined ? {} : { shares: registration.shares }),
          ...claimOf(registration),
          protection: windowOf(began),
          because: [began.because],
        });
  }
  if (registration.protection.state !== 'live') return [];
  const current = registration.protection.window;
  const lifted = upgradeOn(evaluation, { class: registration.class, event });
  const next = protectionOn(evaluation, {
    class: lifted?.class ?? registration.class,
    event,
    at,
    current,
    currentClass: registration.class,
    registeredAt: registration.rankedAt,
    relations,
  });
  if (next === undefined) return [];
  if (lifted !== undefined)
    return about(registration, {
      type: 'Upgraded',
      registrationId: registration.id,
      class: lifted.class as Code,
      protection: windowOf(next),
      because: [lifted.because, next.because],
    });
  return next.endsAt === current.endsAt
    ? []
    : about(registration, {
        type: 'Rolled',
        registrationId: registration.id,
        protection: windowOf(next),
        because: [next.because],
      });
};
