import type { Code, CommandId, EventId, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import type { Remaining } from '#time/clock.js';
import type {
  CaseId,
  Claiming,
  Details,
  DossierId,
  DutyKept,
  ProtectionWindow,
  RegistrationId,
  ReviewStage,
  Share,
} from './events.js';
import type { Requests } from './requests.js';
import type { Rescindable } from './registration.js';
import type { Undoable } from './recorded-acts.js';

export interface Unprotected {
  readonly state: 'none';
}
export interface Live {
  readonly state: 'live';
  readonly window: ProtectionWindow;
}
/** The clock stands still with what is left; at `until` it goes on even without a verdict. */
export interface Suspended {
  readonly state: 'suspended';
  readonly window: ProtectionWindow;
  readonly caseId: CaseId;
  readonly left: Remaining;
  readonly since: Instant;
  readonly until?: Instant;
}
/** Keeps its last window. */
export interface Ended {
  readonly state: 'ended';
  readonly window: ProtectionWindow;
  readonly endedAt: Instant;
}
/** The clock of one registration. */
export type Protection = Unprotected | Live | Suspended | Ended;

/** How often an act was recorded, and when it last happened. Never the list: a daily contact over years is long. */
export interface Acted {
  readonly count: number;
  readonly lastAt: Instant;
  /** The latest of those that are too many acts ago to be taken back. */
  readonly settledAt?: Instant;
}

export interface PartHeld {
  readonly party: PartyId;
  readonly since: Instant;
  /** Given by its holder or for its holder: it ends when somebody else holds the claim. */
  readonly isOfHolder: boolean;
}

/** What is true of a claim in every state. */
export interface Filed {
  readonly id: RegistrationId;
  readonly holder: PartyId;
  /** Who held it before, oldest first, each until an instant. */
  readonly heldBefore: readonly { readonly holder: PartyId; readonly until: Instant }[];
  readonly filedBy: PartyId;
  /** Who ruled on it last; what time alone decides is nobody's ruling. */
  readonly ruledBy?: PartyId;
  readonly filedAt: Instant;
  readonly rankedAt: Instant;
  readonly class: Code;
  /** Claims exclude each other within one kind only; absent: the kind of all classes that name none. */
  readonly kind?: Code;
  /** `exclusive`: one protection a kind. `several`: all stand together. `none`: a record, it protects nothing. */
  readonly claims: Claiming;
  readonly extension: { readonly requested: boolean; readonly count: number };
  /** Each act that was recorded: visits, follow-ups, deposits, and what the policy names. */
  readonly acts: ReadonlyMap<Code, Acted>;
  /** Where each ladder stands; one that is not here stands on its first step. */
  readonly stages: ReadonlyMap<Code, Code>;
  /** Each duty as it was last said. */
  readonly duties: ReadonlyMap<Code, DutyKept>;
  /** Who works on it beside its holder, by the part that the policy names. */
  readonly parts: ReadonlyMap<Code, PartHeld>;
  readonly requests: Requests;
  readonly details: Details;
  /** The dossiers that its form's keys belong to, where those were merged into this one. */
  readonly keysOf: readonly DossierId[];
  readonly shares?: readonly Share[];
  /** Set by a verdict or by the parties: the basis of a later attribution. */
  readonly sharesBasis?: 'verdict' | 'agreed';
  /** The policy that this registration was filed under. */
  readonly policy: Code;
  /** The rulings on it that may be taken back, oldest first. */
  readonly rulings: readonly RulingMade[];
  /** What was recorded on it or decided underway, oldest first: it may be taken back too. */
  readonly recorded: readonly ActRecorded[];
}

interface Open {
  readonly closedAt?: undefined;
  readonly closedFor?: undefined;
}
export interface UnderReview extends Open {
  readonly state: 'underReview';
  /** Absent where nobody reviews: the next event of the same command answers the claim. */
  readonly review?: ReviewStage;
  readonly protection: Unprotected;
}
export interface Returned extends Open {
  readonly state: 'returned';
  readonly review?: undefined;
  readonly protection: Unprotected;
}
/** Waits for a verdict, and remembers what it was before the case. */
export interface InCase extends Open {
  readonly state: 'inCase';
  readonly caseId: CaseId;
  readonly before: BeforeCase;
  readonly review?: undefined;
  readonly protection: Unprotected;
}
export type BeforeCase = UnderReview | Returned | Effective | Closed;
/** Approved; its clock waits for the event that its class names. */
export interface Effective extends Open {
  readonly state: 'effective';
  readonly review?: undefined;
  readonly protection: Unprotected;
}
export interface Protected extends Open {
  readonly state: 'protected';
  readonly review?: undefined;
  readonly protection: Live | Suspended;
}
export interface Closed {
  readonly state: 'recalled' | 'rejected' | 'released' | 'abandoned' | 'terminated' | 'expired' | 'void';
  readonly review?: undefined;
  readonly protection: Unprotected | Ended;
  readonly closedAt: Instant;
  readonly closedFor?: Code;
  /** The event by which time alone ended it. */
  readonly closedBy?: EventId;
}
/** Where a claim stands: no combination can be written that the law does not know. */
export type Standing = UnderReview | Returned | InCase | Effective | Protected | Closed;
export type Registration = Filed & Standing;

/** What a ruling found: all that taking it back may restore. */
export type Found = Pick<Filed, 'holder' | 'class' | 'extension' | 'policy'> & Standing;
export interface RulingMade {
  readonly id: EventId;
  /** What one command wrote is taken back together. */
  readonly command?: CommandId | undefined;
  readonly type: Rescindable;
  readonly at: Instant;
  readonly found: Found;
  readonly rescinded?: true;
}

/** All that a recorded act may change, beside the count of acts. */
export type Stood = Found & Pick<Filed, 'stages' | 'shares' | 'sharesBasis'>;
/** A visit, a deposit, a split, a step of a review …: what stood before it, and after the command that recorded it. */
export interface ActRecorded {
  readonly id: EventId;
  readonly type: Undoable;
  readonly command?: CommandId | undefined;
  readonly at: Instant;
  /** How many rulings stood before it: those that follow rest on it. */
  readonly rulingsBefore: number;
  /** As which act it counts, and when that happened. */
  readonly counts?: { readonly act: Code; readonly happenedAt: Instant };
  readonly found: Stood;
  readonly left: Stood;
  readonly rescinded?: true;
}
