import type { Code, EventId, Instant, Reasons } from '#event-sourcing/vocabulary.js';
import { endOutcome } from '#policy/clauses/extension.js';
import { reviewStep } from '#policy/clauses/review.js';
import { suspensionRule } from '#policy/clauses/suspension.js';
import { appliesTo } from '#policy/whom.js';
import { resumeEnd } from '#time/clock.js';
import { FOREVER, lastDay } from '#time/instant.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { foldUnrecorded } from './ahead.js';
import { approval } from './approval.js';
import { overturning } from './collision/overturn.js';
import { protecting, type Dossier } from './dossier.js';
import { dutyDeadlines } from './duty/duty-deadlines.js';
import type { Registration } from './registration.js';
import type { CaseId, DossierEvent, ProtectionWindow, RegistrationId, Resumed, ReviewStage } from './events.js';
import { about, type PlacedEvent } from './placed.js';
import { requestTimedOut } from './request-decided.js';

/** Whose deadline it is. */
export type Owner = RegistrationId | CaseId | EventId;
/** What time alone decides at `dueAt`, unless something happens before. Of one owner, kind and name there is one at most. */
export interface Deadline {
  readonly kind: DeadlineKind;
  readonly owner: Owner;
  /** Which one, of a kind that an owner may have several of at once. */
  readonly name?: Code;
  readonly dueAt: Instant;
  /** Asked of the dossier as every earlier deadline left it; removes the deadline or moves it later. */
  readonly fires: (dossier: Dossier, facts: FactsInForce) => readonly PlacedEvent[];
}

/** The deadlines of one kind: read from the dossier alone, so that a late tick finds what a punctual one found. */
type Listed = (dossier: Dossier) => readonly Omit<Deadline, 'kind'>[];

const ofEach =
  (listed: (registration: Registration) => Omit<Deadline, 'kind' | 'owner'> | undefined): Listed =>
  ({ registrations }) =>
    [...registrations.values()].flatMap((registration) => {
      const deadline = listed(registration);
      return deadline === undefined ? [] : [{ ...deadline, owner: registration.id }];
    });

/**
 * Every kind there is. What falls due at one instant is taken in the order of this list, then of filing: a customer is
 * free before a duty is missed, and that comes before somebody else's review answers itself.
 */
const kinds = {
  suspension: ofEach((registration) => {
    const { protection } = registration;
    return protection.state !== 'suspended' || protection.until === undefined
      ? undefined
      : { dueAt: protection.until, fires: (_, facts) => longEnough(registration, protection.until!, facts) };
  }),
  expiry: ofEach((registration) => {
    const { protection } = registration;
    return protection.state !== 'live' || protection.window.endsAt === FOREVER
      ? undefined
      : { dueAt: protection.window.endsAt, fires: (_, facts) => about(registration, ending(registration, facts)) };
  }),
  duty: ({ registrations }) =>
    [...registrations.values()].flatMap((registration) =>
      dutyDeadlines(registration).map(({ duty, dueAt, fires }) => ({
        owner: registration.id,
        name: duty,
        dueAt,
        fires: (_, facts) => fires(facts),
      })),
    ),
  review: ofEach((registration) => {
    const dueAt = registration.state === 'underReview' ? answersItselfAt(registration.review) : undefined;
    return dueAt === undefined
      ? undefined
      : { dueAt, fires: (dossier, facts) => timedOut(dossier, registration, facts) };
  }),
  request: ({ registrations }) =>
    [...registrations.values()].flatMap((registration) =>
      [...registration.requests.waiting.values()].flatMap((waiting) => {
        const dueAt = answersItselfAt(waiting.review);
        return dueAt === undefined
          ? []
          : [{ owner: waiting.id, dueAt, fires: (_, facts) => requestTimedOut(registration, waiting, facts) }];
      }),
    ),
} as const satisfies Readonly<Record<string, Listed>>;
export type DeadlineKind = keyof typeof kinds;
export const deadlineKinds = Object.keys(kinds) as readonly DeadlineKind[];

/** When a stage of a review is answered by time alone, if the policy says that it ever is. */
export const answersItselfAt = (review: ReviewStage | undefined): Instant | undefined =>
  review === undefined || review.onTimeout === 'none' ? undefined : review.dueAt;

/** All that time alone will decide in a dossier, as it stands. */
export const deadlinesOf = (dossier: Dossier): readonly Deadline[] =>
  deadlineKinds.flatMap((kind) => kinds[kind](dossier).map((deadline) => ({ ...deadline, kind })));

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
  const at = review.dueAt!;
  const holder = protecting(dossier, at, registration);
  const overturned = holder === undefined ? [] : overturning(registration, holder, { facts, at });
  if (review.onTimeout === 'reject' || overturned === undefined)
    return about(registration, {
      type: 'Rejected',
      registrationId: registration.id,
      cause: 'reviewTimedOut' as Code,
      because: [because],
    });
  const freed = foldUnrecorded(dossier, overturned, facts);
  return [...overturned, ...approval(freed, registration, { facts, at, because: [because] })];
};
