import { defineEvent, openly, type Event, type Personal } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId, ProgramId, Reason, Reasons } from '#event-sourcing/vocabulary.js';
import { ofItsClaim } from '../of-its-claim.js';
import type {
  DossierId,
  RegistrationId,
  ProtectionWindow,
  ReviewStage,
  Attachment,
  Share,
  Claim,
  FormFields,
  Details,
} from '../vocabulary.js';

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
    /** Where all keys of the form belong to dossiers that were merged into this one: those. */
    readonly keysOf?: readonly DossierId[];
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

export const filingEvents = [
  defineEvent<Registered>()({
    type: 'Registered',
    kind: 'fact',
    personal: { form: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      holder: 'ifSelf',
      form: 'shown',
      details: 'shown',
      keysOf: 'hidden',
      ...openly(
        'programId',
        'class',
        'channel',
        'rankedAt',
        'attachments',
        'attested',
        'review',
        'because',
        'kind',
        'claims',
      ),
    },
  }),
  defineEvent<Recalled>()({ type: 'Recalled', kind: 'fact', ...ofItsClaim() }),
  defineEvent<Resubmitted>()({
    type: 'Resubmitted',
    kind: 'fact',
    personal: { form: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      form: 'shown',
      details: 'shown',
      ...openly('because', 'review', 'attachments'),
    },
  }),
  defineEvent<ReviewAdvanced>()({
    type: 'ReviewAdvanced',
    kind: 'ruling',
    personal: { opinion: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', opinion: 'redacted', ...openly('step', 'because', 'review') },
  }),
  defineEvent<ReviewEscalated>()({
    type: 'ReviewEscalated',
    kind: 'ruling',
    ...ofItsClaim('step', 'because', 'review'),
  }),
  defineEvent<Returned>()({
    type: 'Returned',
    kind: 'ruling',
    personal: { wanted: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', wanted: 'shown', ...openly('step', 'because') },
  }),
] as const;

export const answerEvents = [
  defineEvent<Rejected>()({
    type: 'Rejected',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', grounds: 'redacted', ...openly('cause', 'because') },
  }),
  defineEvent<Approved>()({
    type: 'Approved',
    kind: 'ruling',
    personal: { opinion: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      holder: 'ifSelf',
      shares: 'ownLines',
      opinion: 'redacted',
      ...openly('kind', 'because', 'claims', 'protection', 'class'),
    },
  }),
] as const;
