import type { Code, Instant, Reasons } from '#event-sourcing/vocabulary.js';
import { endOutcome } from '#policy/clauses/extension.js';
import { reviewStep } from '#policy/clauses/review.js';
import { suspensionRule } from '#policy/clauses/suspension.js';
import { appliesTo } from '#policy/whom.js';
import { UnknownYearError } from '#time/calendar.js';
import { resumeEnd } from '#time/clock.js';
import { isBefore, lastDay } from '#time/instant.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { approval } from './approval.js';
import { protecting, type Dossier } from './dossier.js';
import type { Registration } from './registration.js';
import type { DossierEvent, DossierId, ProtectionWindow, Resumed } from './events.js';
import { foldUnrecorded } from './ahead.js';
import { about, byTime, type PlacedEvent } from './placed.js';

/** More deadlines than this cannot fall due in one dossier at once. */
const roundsMax = 200;

/** A deadline has come and cannot be counted. It is asked again until somebody publishes the year. */
export class DeadlineHeldUpError extends Error {
  override readonly name = 'DeadlineHeldUpError';
  constructor(
    readonly dossierId: DossierId,
    { calendarId, year }: UnknownYearError,
  ) {
    super(
      `档案 ${dossierId} 的期限须用日历 ${calendarId} 的 ${year} 年，请公布该年的工作日。 / A deadline of dossier ${dossierId} waits for the year ${year} of the calendar ${calendarId}: publish its working days.`,
    );
  }
}

/** What time alone has decided by now. `heldUp`: a deadline that has come and could not be counted. */
export interface Settled {
  readonly due: readonly PlacedEvent[];
  readonly dossier: Dossier;
  readonly heldUp?: DeadlineHeldUpError | undefined;
}

/**
 * What time alone has decided by now: suspensions that have lasted long enough, clocks that ran out, reviews nobody
 * took.
 * Oldest first, and each on what the one before left, so that a late tick gives what a punctual one would have given.
 */
export const settle = (dossier: Dossier, facts: FactsInForce): Settled => {
  const due: PlacedEvent[] = [];
  let state = dossier;
  for (let round = 0; round < roundsMax; round += 1) {
    const { events, heldUp } = nextDue(state, facts);
    if (events.length === 0) return { due, dossier: state, heldUp };
    due.push(...events);
    state = foldUnrecorded(state, events, facts);
  }
  throw new Error(`Dossier ${dossier.id} has more than ${roundsMax} deadlines due`);
};

interface Next {
  readonly events: readonly PlacedEvent[];
  readonly heldUp?: DeadlineHeldUpError | undefined;
}

/** The first that has come. One that cannot be counted waits for its calendar; it holds up no other. */
const nextDue = (dossier: Dossier, facts: FactsInForce): Next => {
  // What fell due together is taken in the order of filing.
  const come = [...dossier.registrations.values()]
    .flatMap((registration) => deadlinesOf(dossier, registration, facts))
    .filter(({ at }) => !isBefore(facts.now, at))
    .toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  let heldUp: DeadlineHeldUpError | undefined;
  for (const { at, events } of come) {
    try {
      return { events: byTime(events(), at, facts) };
    } catch (error) {
      if (!(error instanceof UnknownYearError)) throw error;
      heldUp ??= new DeadlineHeldUpError(dossier.id!, error);
    }
  }
  return { events: [], heldUp };
};

interface Deadline {
  readonly at: Instant;
  readonly events: () => readonly PlacedEvent[];
}

const deadlinesOf = (dossier: Dossier, registration: Registration, facts: FactsInForce): readonly Deadline[] => {
  const { protection, review } = registration;
  const dueAt = registration.state === 'underReview' && review?.onTimeout !== 'none' ? review?.dueAt : undefined;
  return [
    ...(protection.state === 'suspended' && protection.until !== undefined
      ? [{ at: protection.until, events: () => longEnough(registration, protection.until!, facts) }]
      : []),
    ...(protection.state === 'live'
      ? [{ at: protection.window.endsAt, events: () => about(registration, ending(registration, facts)) }]
      : []),
    ...(dueAt === undefined ? [] : [{ at: dueAt, events: () => timedOut(dossier, registration, facts) }]),
  ];
};

/** No sham collision freezes a customer: the clock runs on although nobody has ruled. */
const longEnough = (registration: Registration, at: Instant, facts: FactsInForce): readonly PlacedEvent[] => {
  const { because } = suspensionRule(facts.under(registration.policy));
  return about(registration, resumed(registration, at, facts, [because]));
};

/** The clock goes on with what was left, from `at`. */
export const resumed = (registration: Registration, at: Instant, facts: FactsInForce, because: Reasons): Resumed => {
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

const ending = (registration: Registration, facts: FactsInForce): DossierEvent => {
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
const timedOut = (dossier: Dossier, registration: Registration, facts: FactsInForce): readonly PlacedEvent[] => {
  const review = registration.review!;
  const { because, escalatesTo } = reviewStep(facts.under(registration.policy), review.step);
  if (review.onTimeout === 'escalate')
    return about(registration, {
      type: 'ReviewEscalated',
      registrationId: registration.id,
      step: review.step,
      review: { ...review, roles: escalatesTo, dueAt: undefined, onTimeout: 'none' },
      because: [because],
    });
  if (review.onTimeout === 'reject' || protecting(dossier, review.dueAt!, registration.kind) !== undefined)
    return about(registration, {
      type: 'Rejected',
      registrationId: registration.id,
      cause: 'reviewTimedOut' as Code,
      because: [because],
    });
  return approval(dossier, registration, { facts, at: review.dueAt!, because: [because] });
};
