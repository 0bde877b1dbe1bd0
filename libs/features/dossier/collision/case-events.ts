import { defineEvent, openly, type Event, type Personal } from '#event-sourcing/event.js';
import type { Code, EventId, Instant, Reasons } from '#event-sourcing/vocabulary.js';
import type { Remaining } from '#time/clock.js';
import type { RegistrationId, CaseId, ProtectionWindow, ReviewStage, Share } from '../vocabulary.js';

/** A rival whose claim was answered with another's approval objects, with evidence and in time: R06.12. */
export type Objected = Event<
  'Objected',
  'fact',
  { readonly registrationId: RegistrationId; readonly evidence: readonly Code[]; readonly grounds: Personal }
>;
export type ConflictCause = 'secondClaim' | 'pendingSecondClaim' | 'lateArrival' | 'objection' | 'possibleSameSubject';
/**
 * Two claims on one subject that somebody must arbitrate. The clock of the protection, if one ran, stands still with
 * what was left.
 */
export type ConflictRaised = Event<
  'ConflictRaised',
  'ruling',
  {
    readonly caseId: CaseId;
    readonly cause: ConflictCause;
    readonly claims: readonly RegistrationId[];
    readonly arbiters: readonly Code[];
    /**
     * The same question in the other dossiers that may be the same subject: each has a case of its own about its own
     * claims, and one verdict decides them all.
     */
    readonly elsewhere?: readonly CaseId[];
    /** The claim whose keys led to several dossiers; beside `elsewhere`, in the dossier that it was filed in. */
    readonly crossed?: RegistrationId;
    /**
     * By when the policy wants a verdict (exclusive). Nothing follows by itself: a case that is late is shown as late.
     */
    readonly dueAt?: Instant;
    /** `until`: the clock runs on from here even without a verdict, so that no sham collision freezes a customer. */
    readonly suspended?: {
      readonly registrationId: RegistrationId;
      readonly at: Instant;
      readonly left: Remaining;
      readonly until?: Instant;
    };
    readonly because: Reasons;
  }
>;
export type Resumed = Event<
  'Resumed',
  'ruling',
  {
    readonly caseId: CaseId;
    readonly registrationId: RegistrationId;
    readonly protection: ProtectionWindow;
    readonly because: Reasons;
  }
>;
/**
 * Of a possible same subject only. `sameSubject`: the dossiers are one, and the claim goes on that ranks first;
 * `distinct`: they are two, and each goes on as it was.
 */
export type SubjectOutcome = 'sameSubject' | 'distinct';
export type VerdictOutcome = 'assign' | 'split' | 'release' | 'bothVoid' | SubjectOutcome;
export type Arbitrated = Event<
  'Arbitrated',
  'ruling',
  {
    readonly caseId: CaseId;
    readonly outcome: VerdictOutcome;
    readonly winner?: RegistrationId;
    readonly shares?: readonly Share[];
    readonly reasons: Personal;
    readonly because: Reasons;
  }
>;
/**
 * A verdict was wrong and is taken back: what it decided counts no more, and the case is raised again in the same
 * append. Both stay in the history.
 */
export type VerdictRescinded = Event<
  'VerdictRescinded',
  'ruling',
  {
    readonly caseId: CaseId;
    /** The verdict that is taken back. */
    readonly verdict: EventId;
    /** Claims that stand again as the verdict found them. */
    readonly revived: readonly RegistrationId[];
    /** Claims that stay as they are: over by another's act since, or somebody is protected in their place. */
    readonly leftEnded: readonly RegistrationId[];
    /** Later rulings on its claims: made on what the verdict had set. */
    readonly hangingOnIt: readonly EventId[];
    readonly grounds: Personal;
    readonly because: Reasons;
  }
>;
/** A claim leaves a case that proved to be about two subjects, and stands as it stood before. */
export type LeftCase = Event<
  'LeftCase',
  'ruling',
  {
    readonly caseId: CaseId;
    readonly registrationId: RegistrationId;
    readonly state: 'underReview' | 'returned' | 'effective';
    /** The stage that it waits at again, with its whole time. */
    readonly review?: ReviewStage;
    readonly because: Reasons;
  }
>;

export const caseEvents = [
  defineEvent<Objected>()({
    type: 'Objected',
    kind: 'fact',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', grounds: 'shown', ...openly('evidence') },
  }),
  defineEvent<ConflictRaised>()({
    type: 'ConflictRaised',
    kind: 'ruling',
    personal: {},
    whose: 'case',
    toParty: {
      caseId: 'ifOwn',
      claims: 'ifOwn',
      elsewhere: 'hidden',
      crossed: 'ifOwn',
      suspended: 'ifOwn',
      ...openly('cause', 'because', 'arbiters', 'dueAt'),
    },
  }),
  defineEvent<Resumed>()({
    type: 'Resumed',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: { caseId: 'ifOwn', registrationId: 'ifOwn', ...openly('because', 'protection') },
  }),
  defineEvent<Arbitrated>()({
    type: 'Arbitrated',
    kind: 'ruling',
    personal: { reasons: 'customer' },
    whose: 'case',
    toParty: {
      caseId: 'ifOwn',
      winner: 'ifOwn',
      shares: 'ownLines',
      reasons: 'redacted',
      ...openly('because', 'outcome'),
    },
  }),
  defineEvent<VerdictRescinded>()({
    type: 'VerdictRescinded',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'case',
    toParty: {
      caseId: 'ifOwn',
      verdict: 'shown',
      revived: 'ifOwn',
      leftEnded: 'ifOwn',
      hangingOnIt: 'hidden',
      grounds: 'redacted',
      ...openly('because'),
    },
  }),
  defineEvent<LeftCase>()({
    type: 'LeftCase',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: { caseId: 'ifOwn', registrationId: 'ifOwn', ...openly('because', 'state', 'review') },
  }),
] as const;
