import type { Happening } from '#event-sourcing/event.js';
import type { Code, EventId, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { isBefore } from '#time/instant.js';
import type { Details, GrantUsed, RequestAdvanced, RequestDecided, Requested, ReviewStage } from './events.js';

/** A request that nobody has decided yet. */
export interface WaitingRequest {
  readonly id: EventId;
  readonly request: Code;
  readonly by: PartyId;
  readonly details: Details;
  readonly review: ReviewStage;
  /** The version that it was made under: its steps and what a yes does are those of then. */
  readonly policy: Code;
}
/** What a yes gave, as far as it is not used up. */
export interface RequestGrant {
  readonly requestId: EventId;
  readonly until?: Instant;
  readonly once: boolean;
  readonly policy: Code;
}
/** What was requested for one registration: what waits, and of each name the last grant. */
export interface Requests {
  readonly waiting: ReadonlyMap<EventId, WaitingRequest>;
  readonly grants: ReadonlyMap<Code, RequestGrant>;
}
export const noRequests: Requests = { waiting: new Map(), grants: new Map() };

/** In front of the log it has no id yet, and nothing of the same command asks for it. */
const unrecorded = 'unrecorded' as EventId;

export const requested = (now: Requests, { event, id = unrecorded, policy }: Happening<Requested>): Requests => ({
  ...now,
  waiting: new Map(now.waiting).set(id, {
    id,
    request: event.request,
    by: event.by,
    details: event.details,
    review: event.review,
    policy: policy!,
  }),
});
export const requestAdvanced = (now: Requests, { event }: Happening<RequestAdvanced>): Requests => {
  const waiting = now.waiting.get(event.requestId);
  return waiting === undefined
    ? now
    : { ...now, waiting: new Map(now.waiting).set(waiting.id, { ...waiting, review: event.review }) };
};
export const requestDecided = (now: Requests, { event, policy }: Happening<RequestDecided>): Requests => {
  const { requestId, request, until, once = false } = event;
  const waiting = new Map([...now.waiting].filter(([id]) => id !== requestId));
  return event.outcome === 'granted'
    ? { waiting, grants: new Map(now.grants).set(request, { requestId, until, once, policy: policy! }) }
    : { ...now, waiting };
};
export const grantUsed = (now: Requests, { event }: Happening<GrantUsed>): Requests => ({
  ...now,
  grants: new Map([...now.grants].filter(([, { requestId }]) => requestId !== event.requestId)),
});

/** The grants that stand at an instant. */
export const grantsAt = ({ grants }: Requests, at: Instant): readonly (readonly [Code, RequestGrant])[] =>
  [...grants].filter(([, { until }]) => until === undefined || isBefore(at, until));
