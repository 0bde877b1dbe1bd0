import { personal } from '#event-sourcing/event.js';
import type { Code, Instant, Reason, Reasons } from '#event-sourcing/vocabulary.js';
import { causeOf, grantOf, longerTimeIn, requestBecause, requestSteps } from '#policy/clauses/requests.js';
import { grantsUsed, type GatedAct } from '#policy/clauses/gates.js';
import { stepNamed } from '#policy/steps.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { foldUnrecorded } from './ahead.js';
import type { Dossier } from './dossier.js';
import type { DossierEvent, RequestDecided } from './events.js';
import { about, dossierStream, type PlacedEvent, type PlacedWithContract } from './placed.js';
import type { Registration } from './registration.js';
import { grantsAt, type WaitingRequest } from './requests.js';

/** About a request, under the version that it was made under. */
export const aboutRequest = (
  { id }: Pick<Registration, 'id'>,
  { policy }: Pick<WaitingRequest, 'policy'>,
  ...events: readonly DossierEvent[]
): readonly PlacedEvent[] => about({ id, policy }, ...events);

export interface Decided {
  readonly facts: FactsInForce;
  readonly at: Instant;
  readonly because: Reasons;
  readonly opinion?: string | undefined;
}
const wordOf = (opinion: string | undefined) => (opinion === undefined ? {} : { opinion: personal(opinion) });

/** The last yes: what it grants stands from then on, and what the policy lets follow from it follows at once. */
export const granting = (
  registration: Registration,
  waiting: WaitingRequest,
  { facts, at, because, opinion }: Decided,
): readonly PlacedEvent[] => {
  const { id: registrationId, state } = registration;
  const evaluation = facts.under(waiting.policy);
  const { until, once, because: granted } = grantOf(evaluation, waiting.request, at);
  const longer = longerTimeIn(evaluation, waiting.request);
  const cause = causeOf(evaluation, waiting.request) as Code | undefined;
  const decided: RequestDecided = {
    type: 'RequestDecided',
    registrationId,
    requestId: waiting.id,
    request: waiting.request,
    outcome: 'granted',
    until,
    ...(once ? { once } : {}),
    ...(longer === undefined || state !== 'underReview' || registration.review === undefined
      ? {}
      : { review: { ...registration.review, dueAt: waiting.details[longer] as Instant } }),
    ...wordOf(opinion),
    because: [...because, granted],
  };
  return aboutRequest(
    registration,
    waiting,
    decided,
    ...(cause === undefined
      ? []
      : [
          {
            type: 'Terminated' as const,
            registrationId,
            cause,
            effect: 'terminate' as const,
            endedAt: at,
            because: [requestBecause(evaluation, waiting.request, { cause })] as Reasons,
          },
        ]),
  );
};

export const refusing = (
  registration: Registration,
  waiting: WaitingRequest,
  { because, opinion }: Pick<Decided, 'because' | 'opinion'>,
): readonly PlacedEvent[] =>
  aboutRequest(registration, waiting, {
    type: 'RequestDecided',
    registrationId: registration.id,
    requestId: waiting.id,
    request: waiting.request,
    outcome: 'refused',
    ...wordOf(opinion),
    because,
  });

/** Nobody took the step in time; the policy names what follows. */
export const requestTimedOut = (
  registration: Registration,
  waiting: WaitingRequest,
  facts: FactsInForce,
): readonly PlacedEvent[] => {
  const { review, policy, request } = waiting;
  const evaluation = facts.under(policy);
  const { because, escalatesTo } = stepNamed(evaluation, requestSteps(evaluation, request), review.step);
  const decided: Decided = { facts, at: review.dueAt!, because: [because] };
  if (review.onTimeout === 'approve') return granting(registration, waiting, decided);
  if (review.onTimeout === 'reject') return refusing(registration, waiting, decided);
  return aboutRequest(registration, waiting, {
    type: 'RequestAdvanced',
    registrationId: registration.id,
    requestId: waiting.id,
    step: review.step,
    review: { ...review, roles: escalatesTo, dueAt: undefined, onTimeout: 'none' },
    because: [because],
  });
};

/** What nobody has decided ends with the registration that it was made for, in the append that ends that one. */
export const withRequestsEnded = <P extends PlacedWithContract>(
  dossiers: readonly Dossier[],
  placed: readonly P[],
  facts: FactsInForce,
): readonly (P | PlacedEvent)[] => [
  ...placed,
  ...dossiers.filter(isAsked).flatMap((dossier) => {
    const here = placed.filter(({ stream }) => stream === dossierStream(dossier.id!)) as readonly PlacedEvent[];
    return [...foldUnrecorded(dossier, here, facts).registrations.values()]
      .filter(({ closedAt }) => closedAt !== undefined)
      .flatMap((registration) =>
        [...registration.requests.waiting.values()].flatMap((waiting) => closing(registration, waiting, facts)),
      );
  }),
];
const isAsked = ({ registrations }: Dossier): boolean =>
  [...registrations.values()].some(({ requests }) => requests.waiting.size > 0);
const closing = (registration: Registration, waiting: WaitingRequest, facts: FactsInForce): readonly PlacedEvent[] =>
  aboutRequest(registration, waiting, {
    type: 'RequestDecided',
    registrationId: registration.id,
    requestId: waiting.id,
    request: waiting.request,
    outcome: 'closed',
    because: [requestBecause(facts.under(waiting.policy), waiting.request)],
  });

/** An act that went through a gate for a grant that is good for one uses it up, in the same append. */
export const usingGrants = ({
  facts,
  registration,
  act,
}: {
  readonly facts: FactsInForce;
  readonly registration: Registration;
  readonly act: GatedAct;
}): readonly PlacedEvent[] => {
  const once = grantsAt(registration.requests, facts.now).filter(([, grant]) => grant.once);
  const names = once.map(([name]) => name);
  const used = names.length === 0 ? [] : grantsUsed(facts.inForce, act, names);
  return once
    .filter(([name]) => used.includes(name))
    .flatMap(([request, { requestId, policy }]) => {
      const because: Reason = requestBecause(facts.under(policy), request, { act: act.act as Code });
      return about(
        { id: registration.id, policy },
        { type: 'GrantUsed', registrationId: registration.id, requestId, request, because: [because] },
      );
    });
};
