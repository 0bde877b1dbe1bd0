import type { Event, Personal } from '#event-sourcing/event.js';
import type {
  Brand,
  CalendarDate,
  Code,
  Currency,
  DerivedFact,
  EventId,
  Fen,
  Instant,
  PartyId,
  ProgramId,
  Reason,
  Reasons,
} from '#event-sourcing/vocabulary.js';
import type { Remaining } from '#time/clock.js';

export type DossierId = Brand<string, 'DossierId'>;
/** `<dossier id>.<n>`: routing never asks a read model. */
export type RegistrationId = Brand<string, 'RegistrationId'>;
/** `<dossier id>.c<n>` */
export type CaseId = Brand<string, 'CaseId'>;
/** `<dossier id>.d<n>` */
export type DealId = Brand<string, 'DealId'>;

/**
 * Dates as computed when it was ruled; never recomputed. `endsAt` is exclusive, `lastDay` is the date a person reads.
 */
export interface ProtectionWindow {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly lastDay: CalendarDate;
}
/** Where a review stands: the step that is waited for, who may take it, by when, and what the clock will do. */
export interface ReviewStage {
  readonly step: Code;
  /** 0-based place in `chain`, the steps that applied when it was filed. */
  readonly index: number;
  readonly chain: readonly Code[];
  readonly roles: readonly Code[];
  readonly dueAt?: Instant;
  readonly onTimeout: 'approve' | 'reject' | 'escalate' | 'none';
  /** Steps that stand open side by side, `step` the first of them: each must still say yes. `index` is their last's. */
  readonly open?: readonly Code[];
}
export interface Attachment {
  readonly kind: Code;
  readonly sha256: Code;
}
/** Integer weights: 1 of 3 is exactly a third. */
export interface Share {
  readonly partyId: PartyId;
  readonly weight: number;
}
export type Claiming = 'exclusive' | 'several' | 'none';
/** As its class says. Absent: the kind of all classes that name none, and exclusive. */
export interface Claim {
  readonly kind?: Code;
  readonly claims?: Claiming;
}
export interface RefilingBan {
  readonly scope: 'filerAndCustomer' | 'customer';
  readonly partyId?: PartyId;
  readonly until?: Instant;
}
export type FormFields = Readonly<Record<string, Personal<string | number | boolean>>>;
export type Details = Readonly<Record<string, DerivedFact>>;

// Who is it about
export type DossierOpened = Event<
  'DossierOpened',
  'fact',
  { readonly dossierId: DossierId; readonly programId: ProgramId }
>;
/** In the key's own stream: this identity key belongs to that dossier. */
export type KeyBound = Event<
  'KeyBound',
  'fact',
  { readonly dossierId: DossierId; readonly programId: ProgramId; readonly key: Code }
>;
/**
 * In the key's own stream: somebody asked about whoever has this key, and what was asked and granted lies in that
 * dossier. It says nothing about whose key it is: an ask binds no key.
 */
export type KeyAsked = Event<
  'KeyAsked',
  'fact',
  { readonly dossierId: DossierId; readonly programId: ProgramId; readonly key: Code }
>;
/** A strong key showed that two dossiers are one subject. Written in both; later commands follow `into`. */
export type DossierMerged = Event<
  'DossierMerged',
  'ruling',
  { readonly from: DossierId; readonly into: DossierId; readonly because: Reasons }
>;

// Before filing

export type PermissionAsked = Event<'PermissionAsked', 'fact', { readonly partyId: PartyId }>;
export type PermissionGranted = Event<
  'PermissionGranted',
  'ruling',
  { readonly partyId: PartyId; readonly until?: Instant; readonly because: Reasons }
>;
/** A late or missing filing is forgiven for one party, before it files. */
export type Exempted = Event<
  'Exempted',
  'ruling',
  { readonly partyId: PartyId; readonly until?: Instant; readonly grounds: Personal; readonly because: Reasons }
>;

// Registration and review

export type Registered = Event<
  'Registered',
  'fact',
  {
    readonly registrationId: RegistrationId;
    readonly programId: ProgramId;
    readonly holder: PartyId;
    readonly class: Code;
    readonly channel: Code;
    /** The time that ranks this claim among others, as the policy chose it. */
    readonly rankedAt: Instant;
    readonly form: FormFields;
    /** Fields that say nothing about a person: dates, amounts, choices. */
    readonly details: Details;
    readonly attachments: readonly Attachment[];
    /** Fields a desk vouched for. */ readonly attested?: readonly Code[];
    readonly review?: ReviewStage;
    readonly because: readonly Reason[];
  } & Claim
>;
export type Recalled = Event<'Recalled', 'fact', { readonly registrationId: RegistrationId }>;
export type Resubmitted = Event<
  'Resubmitted',
  'fact',
  {
    readonly registrationId: RegistrationId;
    readonly form: FormFields;
    readonly details: Details;
    readonly attachments: readonly Attachment[];
    readonly review?: ReviewStage;
    readonly because: readonly Reason[];
  }
>;
export type ReviewAdvanced = Event<
  'ReviewAdvanced',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly step: Code;
    readonly review: ReviewStage;
    /** The word that came with the yes. */ readonly opinion?: Personal;
    readonly because: Reasons;
  }
>;
export type ReviewEscalated = Event<
  'ReviewEscalated',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly step: Code;
    readonly review: ReviewStage;
    readonly because: Reasons;
  }
>;
export type Returned = Event<
  'Returned',
  'ruling',
  { readonly registrationId: RegistrationId; readonly step: Code; readonly wanted: Personal; readonly because: Reasons }
>;
export type Rejected = Event<
  'Rejected',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly cause: Code;
    readonly grounds?: Personal;
    readonly because: Reasons;
  }
>;
/**
 * Somebody with the authority, or the policy itself, said yes: from `protection.startsAt` on no other party may claim
 * this subject.
 */
export type Approved = Event<
  'Approved',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly holder: PartyId;
    readonly class: Code;
    /** Absent where the clock begins later, with a visit or a deposit. */
    readonly protection?: ProtectionWindow;
    readonly shares?: readonly Share[];
    readonly opinion?: Personal;
    readonly because: Reasons;
  } & Claim
>;

// Protection

export type ExtensionRequested = Event<
  'ExtensionRequested',
  'fact',
  { readonly registrationId: RegistrationId; readonly evidence: readonly Code[]; readonly grounds?: Personal }
>;
export type Extended = Event<
  'Extended',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly protection: ProtectionWindow;
    readonly count: number;
    readonly because: Reasons;
  }
>;
export type ExtensionRefused = Event<
  'ExtensionRefused',
  'ruling',
  { readonly registrationId: RegistrationId; readonly grounds?: Personal; readonly because: Reasons }
>;
export type VisitRecorded = Event<
  'VisitRecorded',
  'fact',
  { readonly registrationId: RegistrationId; readonly by: PartyId; readonly note?: Personal }
>;
export type FollowUpRecorded = Event<
  'FollowUpRecorded',
  'fact',
  { readonly registrationId: RegistrationId; readonly by: PartyId; readonly note?: Personal }
>;
/** The customer's earnest money. */
export type DepositRecorded = Event<
  'DepositRecorded',
  'fact',
  { readonly registrationId: RegistrationId; readonly by: PartyId; readonly amount: Fen; readonly currency?: Currency }
>;
/** Something happened or was handed in, of a kind that the policy names. Recorded before it: visits, deposits. */
export type ActivityRecorded = Event<
  'ActivityRecorded',
  'fact',
  {
    readonly registrationId: RegistrationId;
    readonly by: PartyId;
    readonly activity: Code;
    /** When it happened, as whoever recorded it says. */
    readonly happenedAt: Instant;
    readonly form: FormFields;
    readonly details: Details;
    readonly attachments: readonly Attachment[];
    readonly because: readonly Reason[];
  }
>;
/** The registration has come one step further on a ladder of the policy. */
export type StageAdvanced = Event<
  'StageAdvanced',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly ladder: Code;
    readonly step: Code;
    readonly because: readonly Reason[];
  }
>;
/** The clock of an approved registration begins with the event that its class waits for. */
export type ProtectionBegan = Event<
  'ProtectionBegan',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly holder: PartyId;
    /** Absent in older events. */ readonly class?: Code;
    readonly shares?: readonly Share[];
    readonly protection: ProtectionWindow;
    readonly because: Reasons;
  } & Claim
>;
/** An event lifted the registration into another class with its own clock. */
export type Upgraded = Event<
  'Upgraded',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly class: Code;
    readonly protection: ProtectionWindow;
    readonly because: Reasons;
  }
>;
/** A visit or follow-up rolled the clock on. */
export type Rolled = Event<
  'Rolled',
  'ruling',
  { readonly registrationId: RegistrationId; readonly protection: ProtectionWindow; readonly because: Reasons }
>;
export type Transferred = Event<
  'Transferred',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly from: PartyId;
    readonly to: PartyId;
    readonly grounds: Personal;
    readonly because: Reasons;
  }
>;

// The ends

export type Released = Event<
  'Released',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly endedAt: Instant;
    readonly grounds?: Personal;
    readonly because: Reasons;
  }
>;
export type Expired = Event<
  'Expired',
  'ruling',
  { readonly registrationId: RegistrationId; readonly endedAt: Instant; readonly because: Reasons }
>;
export type Abandoned = Event<
  'Abandoned',
  'ruling',
  { readonly registrationId: RegistrationId; readonly endedAt: Instant; readonly because: Reasons }
>;
export type Terminated = Event<
  'Terminated',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly cause: Code;
    /** `void`: treated as if it had never protected. */ readonly effect: 'terminate' | 'void';
    readonly endedAt: Instant;
    readonly ban?: RefilingBan;
    readonly grounds?: Personal;
    readonly because: Reasons;
  }
>;

/** A slip is taken back. Both rulings stay; what is restored is written out, and what hangs on the slip is named. */
export type RulingRescinded = Event<
  'RulingRescinded',
  'ruling',
  {
    readonly ruling: EventId;
    readonly rulingType: Code;
    readonly registrationId: RegistrationId;
    /** Whose registration it is from now on. */
    readonly holder: PartyId;
    readonly restored: {
      readonly state: RegistrationState;
      readonly protection?: ProtectionWindow;
      readonly review?: ReviewStage;
      /** These are absent in older events: as it was. `ended`: the clock that has run out meanwhile. */
      readonly class?: Code;
      readonly extensionCount?: number;
      readonly ended?: ProtectionWindow;
      readonly shares?: readonly Share[];
      /** What was asked for waits for its answer again. */
      readonly extensionRequested?: boolean;
    } & Claim;
    readonly hangingOnIt: readonly EventId[];
    readonly grounds: Personal;
    readonly because: Reasons;
  }
>;

// Collision

export type ConflictCause = 'secondClaim' | 'pendingSecondClaim' | 'lateArrival' | 'objection' | 'possibleSameSubject';
/** A rival whose claim was answered with another's approval objects, with evidence and in time: R06.12. */
export type Objected = Event<
  'Objected',
  'fact',
  { readonly registrationId: RegistrationId; readonly evidence: readonly Code[]; readonly grounds: Personal }
>;
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

// Deal

/** The parties and their leader agreed how a deal is to be shared. */
export type SplitAgreed = Event<
  'SplitAgreed',
  'fact',
  { readonly registrationId: RegistrationId; readonly shares: readonly Share[]; readonly agreedBy: readonly PartyId[] }
>;
export type DealRecorded = Event<
  'DealRecorded',
  'fact',
  {
    readonly dealId: DealId;
    readonly amount: Fen;
    readonly currency?: Currency;
    readonly signedAt: Instant;
    readonly closedBy: PartyId;
    readonly assistants: readonly PartyId[];
  }
>;
export type AttributionBasis = 'holder' | 'verdict' | 'agreed' | 'unregistered';
export type Attributed = Event<
  'Attributed',
  'ruling',
  {
    readonly dealId: DealId;
    readonly basis: AttributionBasis;
    readonly registrationId?: RegistrationId;
    /** Amounts in fen; the lines sum exactly to the deal and to its commission. */
    readonly lines: readonly {
      readonly partyId: PartyId;
      readonly weight: number;
      readonly performance: Fen;
      readonly commission?: Fen;
    }[];
    readonly commission?: Fen;
    /** Of every amount here. */ readonly currency?: Currency;
    readonly because: Reasons;
  }
>;

export type RegistrationState =
  | 'underReview'
  | 'returned'
  | 'inCase'
  | 'effective'
  | 'protected'
  | 'recalled'
  | 'rejected'
  | 'released'
  | 'abandoned'
  | 'terminated'
  | 'expired'
  | 'void';

export type DossierEvent =
  | DossierOpened
  | DossierMerged
  | PermissionAsked
  | PermissionGranted
  | Exempted
  | Registered
  | Recalled
  | Resubmitted
  | ReviewAdvanced
  | ReviewEscalated
  | Returned
  | Rejected
  | Approved
  | ExtensionRequested
  | Extended
  | ExtensionRefused
  | VisitRecorded
  | FollowUpRecorded
  | DepositRecorded
  | ActivityRecorded
  | StageAdvanced
  | ProtectionBegan
  | Upgraded
  | Rolled
  | Transferred
  | Released
  | Expired
  | Abandoned
  | Terminated
  | RulingRescinded
  | Objected
  | ConflictRaised
  | Resumed
  | Arbitrated
  | LeftCase
  | SplitAgreed
  | DealRecorded
  | Attributed;
