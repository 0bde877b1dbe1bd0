import { defineEvent, openly, type Event } from '#event-sourcing/event.js';
import type { Currency, Fen, Instant, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
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
] as const;
