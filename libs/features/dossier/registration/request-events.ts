import { defineEvent, type Event, type Personal } from '#event-sourcing/event.js';
import type { Code, EventId, Instant, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import type { Attachment, Details, FormFields, RegistrationId, ReviewStage } from '../vocabulary.js';

/** Somebody asks for something that the policy names. It is called by the id of this event. */
export type Requested = Event<
  'Requested',
  'fact',
  {
    readonly registrationId: RegistrationId;
    readonly by: PartyId;
    readonly request: Code;
    readonly form: FormFields;
    readonly details: Details;
    readonly attachments: readonly Attachment[];
    /** The first of its own steps. */
    readonly review: ReviewStage;
    readonly because: Reasons;
  }
>;
/** It waits for somebody else now: for the next step after a yes, or for whom it was escalated to. */
export type RequestAdvanced = Event<
  'RequestAdvanced',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly requestId: EventId;
    readonly step: Code;
    readonly review: ReviewStage;
    readonly opinion?: Personal;
    readonly because: Reasons;
  }
>;
export type RequestOutcome = 'granted' | 'refused' | 'closed';
/** It waits no more. `closed`: nobody decided it, the registration was over first. */
export type RequestDecided = Event<
  'RequestDecided',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly requestId: EventId;
    readonly request: Code;
    readonly outcome: RequestOutcome;
    /** The grant ends (exclusive); absent: it has no end. */
    readonly until?: Instant;
    /** The grant is good for one act. */
    readonly once?: true;
    /** The registration's own review waits longer by it. */
    readonly review?: ReviewStage;
    readonly opinion?: Personal;
    readonly because: Reasons;
  }
>;
/** An act that a gate let through for a grant has used it up. */
export type GrantUsed = Event<
  'GrantUsed',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly requestId: EventId;
    readonly request: Code;
    readonly because: Reasons;
  }
>;

export const requestEvents = [
  defineEvent<Requested>()({
    type: 'Requested',
    kind: 'fact',
    personal: { form: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      by: 'ifSelf',
      request: 'shown',
      form: 'shown',
      details: 'shown',
      attachments: 'shown',
      review: 'shown',
      because: 'shown',
    },
  }),
  defineEvent<RequestAdvanced>()({
    type: 'RequestAdvanced',
    kind: 'ruling',
    personal: { opinion: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      requestId: 'shown',
      step: 'shown',
      review: 'shown',
      opinion: 'redacted',
      because: 'shown',
    },
  }),
  defineEvent<RequestDecided>()({
    type: 'RequestDecided',
    kind: 'ruling',
    personal: { opinion: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      requestId: 'shown',
      request: 'shown',
      outcome: 'shown',
      until: 'shown',
      once: 'shown',
      review: 'shown',
      opinion: 'redacted',
      because: 'shown',
    },
  }),
  defineEvent<GrantUsed>()({
    type: 'GrantUsed',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', requestId: 'shown', request: 'shown', because: 'shown' },
  }),
] as const;
