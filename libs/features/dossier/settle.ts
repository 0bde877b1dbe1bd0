import type { Code, Instant, Reason } from '#event-sourcing/vocabulary.js';
import { endOutcome } from '#policy/clauses/extension.js';
import { reviewStep } from '#policy/clauses/review.js';
import { appliesTo } from '#policy/whom.js';
import { resumeEnd } from '#time/clock.js';
import { isBefore, lastDay } from '#time/instant.js';
import type { DecisionFacts } from '../deciding/decision-facts.js';
import { approval } from './approval.js';
import { protecting, type Dossier } from './dossier.js';
import type { Registration } from './registration.js';
import type { DossierEvent, ProtectionWindow, Resumed } from './events.js';
import { foldUnrecorded } from './ahead.js';

/** More deadlines than this cannot fall due in one dossier at once. */
const roundsMax = 200;

/**
 * What time alone has decided by now: suspensions that have lasted long enough, clocks that ran out, reviews nobody
 * took.
 * Oldest first, and each on what the one before left, so that a late tick gives what a punctual one would have given.
 */
export const settle = (dossier: Dossier, facts: DecisionFacts): readonly DossierEvent[] => {
  const events: DossierEvent[] = [];
  let state = dossier;
  for (let round = 0; round < roundsMax; round += 1) {
    const next = nextDue(state, facts);
    if (next.length === 0) return events;
    events.push(...next);
    state = foldUnrecorded(state, next, facts);
  }
  throw new Error(`Dossier ${dossier.id} has more than ${roundsMax} deadlines due`);
};

const nextDue = (dossier: Dossier, facts: DecisionFacts): readonly DossierEvent[] => {
  const due = [...dossier.registrations.values()]
    .flatMap((registration) => deadlinesOf(dossier, registration, facts))
    .filter(({ at }) => !isBefore(facts.now, at));
  // What fell due together is taken in the order of filing.
  return due.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))[0]?.events() ?? [];
};

interface Deadline {
  readonly at: Instant;
  readonly events: () => readonly DossierEvent[];
}

const deadlinesOf = (dossier: Dossier, registration: Registration, facts: DecisionFacts): readonly Deadline[] => {
  const { protection, review } = registration;
  const dueAt = registration.state === 'underReview' && review?.onTimeout !== 'none' ? review?.dueAt : undefined;
  return [
    ...(protection.state === 'suspended' && protection.until !== undefined
      ? [{ at: protection.until, events: () => [resumed(registration, protection.until!, facts)] }]
      : []),
    ...(protection.state === 'live'
      ? [{ at: protection.window.endsAt, events: () => [ending(registration, facts)] }]
      : []),
    ...(dueAt === undefined ? [] : [{ at: dueAt, events: () => timedOut(dossier, registration, facts) }]),
  ];
};

/** The clock goes on with what was left, from `at`. */
export const resumed = (
  registration: Registration,
  at: typeof registration.filedAt,
  facts: DecisionFacts,
  because: readonly Reason[] = [],
): Resumed => {
  const { protection } = registration;
  if (protection.state !== 'suspended') throw new Error(`Registration ${registration.id} is not suspended`);
  const { policy, calendar } = facts.under(registration.policy);
  const rollToWorkingDay =
    policy.document.protection.find((item) => appliesTo(item, registration.class))?.rollToWorkingDay ?? false;
  const endsAt = resumeEnd(protection.left, at, {
    zone: policy.timeZone,
    rollToWorkingDay,
    ...(calendar === undefined ? {} : { calendar }),
  });
  const window: ProtectionWindow = {
    startsAt: protection.window.startsAt,
    endsAt,
    lastDay: lastDay(endsAt, policy.timeZone),
  };
  return { type: 'Resumed', caseId: protection.caseId, registrationId: registration.id, protection: window, because };
};

const ending = (registration: Registration, facts: DecisionFacts): DossierEvent => {
  const { outcome, because } = endOutcome(facts.under(registration.policy), {
    class: registration.class,
    extensionAsked: registration.extension.requested,
  });
  if (registration.protection.state !== 'live')
    throw new Error(`Registration ${registration.id} has no clock that could run out`);
  const { endsAt } = registration.protection.window;
  return outcome === 'abandon'
    ? { type: 'Abandoned', registrationId: registration.id, endedAt: endsAt, because: [because] }
    : { type: 'Expired', registrationId: registration.id, endedAt: endsAt, because: [because] };
};

/** R06.09: nobody took the review in time; the policy names what follows. */
const timedOut = (dossier: Dossier, registration: Registration, facts: DecisionFacts): readonly DossierEvent[] => {
  const review = registration.review!;
  const evaluation = facts.under(registration.policy);
  const { because, escalatesTo } = reviewStep(evaluation, review.step);
  if (review.onTimeout === 'escalate') {
    return [
      {
        type: 'ReviewEscalated',
        registrationId: registration.id,
        step: review.step,
        review: { ...review, roles: escalatesTo, dueAt: undefined, onTimeout: 'none' },
        because: [because],
      },
    ];
  }
  if (review.onTimeout === 'reject' || protecting(dossier, review.dueAt!, registration.kind) !== undefined) {
    return [{ type: 'Rejected', registrationId: registration.id, cause: 'reviewTimedOut' as Code, because: [because] }];
  }
  return approval(dossier, registration, { facts, at: review.dueAt!, because: [because] });
};
