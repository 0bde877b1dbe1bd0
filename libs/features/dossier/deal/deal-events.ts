import { defineEvent, openly, type Event, type Personal } from '#event-sourcing/event.js';
import type { ClearText, Currency, EventId, Fen, Instant, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import type { RegistrationId, DealId, Share } from '../vocabulary.js';

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
    /** As it stands on the contract; of a program no two deals that stand have the same. No personal data. */
    readonly contractNumber?: ClearText;
  }
>;
export type AttributionBasis = 'holder' | 'verdict' | 'agreed' | 'unregistered';
export interface DealLine {
  readonly partyId: PartyId;
  readonly weight: number;
  readonly performance: Fen;
  readonly commission?: Fen;
}
export type Attributed = Event<
  'Attributed',
  'ruling',
  {
    readonly dealId: DealId;
    readonly basis: AttributionBasis;
    readonly registrationId?: RegistrationId;
    /** Amounts in fen; the lines sum exactly to the deal and to its commission. */
    readonly lines: readonly DealLine[];
    readonly commission?: Fen;
    /** Of every amount here. */ readonly currency?: Currency;
    readonly because: Reasons;
  }
>;

/** The mirror of an attribution: the same lines with the opposite sign, so that both sum to nothing. */
export type AttributionReversed = Event<
  'AttributionReversed',
  'ruling',
  {
    readonly dealId: DealId;
    /** The attribution that it reverses. */
    readonly reverses: EventId;
    readonly registrationId?: RegistrationId;
    readonly lines: readonly DealLine[];
    readonly commission?: Fen;
    readonly currency?: Currency;
    readonly because: Reasons;
  }
>;
/** A deal that was recorded by mistake is taken back: it stays in the history, and its number is free again. */
export type DealRescinded = Event<
  'DealRescinded',
  'ruling',
  {
    readonly dealId: DealId;
    /** The registration that was credited for it. */
    readonly registrationId?: RegistrationId;
    readonly grounds: Personal;
    readonly because: Reasons;
  }
>;

export const dealEvents = [
  defineEvent<SplitAgreed>()({
    type: 'SplitAgreed',
    kind: 'fact',
    personal: {},
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', shares: 'ownLines', agreedBy: 'ifSelf' },
  }),
  defineEvent<DealRecorded>()({ type: 'DealRecorded', kind: 'fact', personal: {} }),
  defineEvent<Attributed>()({
    type: 'Attributed',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: {
      dealId: 'shown',
      registrationId: 'ifOwn',
      lines: 'ownLines',
      commission: 'hidden',
      ...openly('because', 'currency', 'basis'),
    },
  }),
  defineEvent<AttributionReversed>()({
    type: 'AttributionReversed',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      lines: 'ownLines',
      commission: 'hidden',
      dealId: 'shown',
      reverses: 'shown',
      ...openly('because', 'currency'),
    },
  }),
  defineEvent<DealRescinded>()({
    type: 'DealRescinded',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: { dealId: 'shown', registrationId: 'ifOwn', grounds: 'redacted', ...openly('because') },
  }),
] as const;
