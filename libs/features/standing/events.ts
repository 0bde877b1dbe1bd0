import { defineEvent, openly, type Event, type Personal } from '#event-sourcing/event.js';
import type {
  Brand,
  Code,
  Currency,
  EventId,
  Fen,
  Instant,
  PartyId,
  ProgramId,
  Reasons,
} from '#event-sourcing/vocabulary.js';

export type OffenceId = Brand<string, 'OffenceId'>;

/** What follows from an offence. Amounts and dates are as computed then. */
export type Penalty =
  | { readonly kind: 'warning' }
  | { readonly kind: 'fine'; readonly amount: Fen }
  | { readonly kind: 'compensation'; readonly amount: Fen }
  | { readonly kind: 'dismissal' }
  | { readonly kind: 'measure'; readonly measure: Code }
  | { readonly kind: 'suspension'; readonly until?: Instant }
  | { readonly kind: 'ban'; readonly until?: Instant };

/** Somebody with the authority found that a party did wrong. */
export type OffenceFound = Event<
  'OffenceFound',
  'ruling',
  {
    readonly offenceId: OffenceId;
    readonly partyId: PartyId;
    readonly programId: ProgramId;
    readonly offence: Code;
    /** Which one it is within the policy's counting window, 1-based. */
    readonly occurrence: number;
    /** Customers concerned, for penalties counted per customer. */
    readonly customers: number;
    readonly subject?: Code;
    readonly finding: Personal;
    readonly because: Reasons;
  }
>;

/** What the policy makes of it, in the same append as the finding. */
export type Penalized = Event<
  'Penalized',
  'ruling',
  {
    readonly offenceId: OffenceId;
    readonly partyId: PartyId;
    readonly programId: ProgramId;
    readonly penalties: readonly Penalty[];
    /** Of the amounts among them. */ readonly currency?: Currency;
    readonly subject?: Code;
    readonly because: Reasons;
  }
>;

/** The finding was mistaken: neither it nor its penalties count any longer, and later steps of the ladder are named. */
export type PenaltyRescinded = Event<
  'PenaltyRescinded',
  'ruling',
  {
    readonly offenceId: OffenceId;
    readonly partyId: PartyId;
    readonly programId: ProgramId;
    readonly ruling: EventId;
    /** Offences whose place on the ladder was counted from this one; they stand until ruled again. */
    readonly hangingOnIt: readonly OffenceId[];
    readonly grounds: Personal;
    /** Absent in older events. */ readonly because?: Reasons;
  }
>;

export type StandingEvent = OffenceFound | Penalized | PenaltyRescinded;

export const standingEvents = [
  defineEvent<OffenceFound>()({
    type: 'OffenceFound',
    kind: 'ruling',
    personal: { finding: 'party' },
    whose: 'party',
    toParty: {
      offenceId: 'shown',
      partyId: 'ifSelf',
      finding: 'redacted',
      ...openly('programId', 'offence', 'occurrence', 'customers', 'subject', 'because'),
    },
  }),
  defineEvent<Penalized>()({
    type: 'Penalized',
    kind: 'ruling',
    personal: {},
    whose: 'party',
    toParty: {
      offenceId: 'shown',
      partyId: 'ifSelf',
      penalties: 'shown',
      ...openly('subject', 'programId', 'because', 'currency'),
    },
  }),
  defineEvent<PenaltyRescinded>()({
    type: 'PenaltyRescinded',
    kind: 'ruling',
    personal: { grounds: 'party' },
    whose: 'party',
    toParty: {
      offenceId: 'shown',
      partyId: 'ifSelf',
      ruling: 'shown',
      hangingOnIt: 'shown',
      grounds: 'redacted',
      ...openly('programId', 'because'),
    },
  }),
] as const;
