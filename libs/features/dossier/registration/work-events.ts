import { defineEvent, openly, type Event, type Personal } from '#event-sourcing/event.js';
import type { Code, Currency, Fen, Instant, PartyId, Reason, Reasons } from '#event-sourcing/vocabulary.js';
import { ofItsClaim } from '../of-its-claim.js';
import type { RegistrationId, Attachment, FormFields, Details } from '../vocabulary.js';

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
/** Somebody changed what was filed: only what changed stands here, what it said before stands where it was filed. */
export type Amended = Event<
  'Amended',
  'fact',
  {
    readonly registrationId: RegistrationId;
    readonly by: PartyId;
    /** The fields that were changed. */
    readonly fields: readonly Code[];
    readonly form: FormFields;
    readonly details: Details;
    readonly because: Reasons;
  }
>;
/** Who works on the registration beside its holder from now on: given a part, handed it on, or taken it away. */
export type Assigned = Event<
  'Assigned',
  'ruling',
  {
    readonly registrationId: RegistrationId;
    readonly by: PartyId;
    readonly part: Code;
    /** Who had it before. */
    readonly from?: PartyId;
    /** Absent: nobody has it any more. */
    readonly to?: PartyId;
    readonly because: Reasons;
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

export const workEvents = [
  defineEvent<VisitRecorded>()({
    type: 'VisitRecorded',
    kind: 'fact',
    personal: { note: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', by: 'ifSelf', note: 'shown' },
  }),
  defineEvent<FollowUpRecorded>()({
    type: 'FollowUpRecorded',
    kind: 'fact',
    personal: { note: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', by: 'ifSelf', note: 'shown' },
  }),
  defineEvent<DepositRecorded>()({
    type: 'DepositRecorded',
    kind: 'fact',
    personal: {},
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', by: 'ifSelf', amount: 'shown', ...openly('currency') },
  }),
  defineEvent<ActivityRecorded>()({
    type: 'ActivityRecorded',
    kind: 'fact',
    personal: { form: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      by: 'ifSelf',
      form: 'shown',
      details: 'shown',
      ...openly('because', 'attachments', 'activity', 'happenedAt'),
    },
  }),
] as const;

export const amendmentEvents = [
  defineEvent<Amended>()({
    type: 'Amended',
    kind: 'fact',
    personal: { form: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      by: 'ifSelf',
      fields: 'shown',
      form: 'shown',
      details: 'shown',
      because: 'shown',
    },
  }),
  defineEvent<Assigned>()({
    type: 'Assigned',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', by: 'ifSelf', from: 'ifSelf', to: 'ifSelf', ...openly('part', 'because') },
  }),
] as const;

export const stageEvents = [
  defineEvent<StageAdvanced>()({ type: 'StageAdvanced', kind: 'ruling', ...ofItsClaim('step', 'because', 'ladder') }),
] as const;
