import { defineEvent, openly, type Event, type Personal } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId, ProgramId, Reasons } from '#event-sourcing/vocabulary.js';
import type { DealId, DossierId, FlagId, RegistrationId } from './vocabulary.js';

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
export type DossierOpened = Event<
  'DossierOpened',
  'fact',
  { readonly dossierId: DossierId; readonly programId: ProgramId }
>;
/** A strong key showed that two dossiers are one subject. Written in both; later commands follow `into`. */
export type DossierMerged = Event<
  'DossierMerged',
  'ruling',
  { readonly from: DossierId; readonly into: DossierId; readonly because: Reasons }
>;
/**
 * A merge was wrong: the two are two subjects again. Written in both, and in the dossier that `into` was itself merged
 * into. What the merge ended is given back by a ruling of its own on each claim.
 */
export type DossierSeparated = Event<
  'DossierSeparated',
  'ruling',
  {
    readonly from: DossierId;
    readonly into: DossierId;
    /** The claims that live again. */
    readonly revived: readonly RegistrationId[];
    /** The claims that stay ended, because somebody is protected in their place by now. */
    readonly leftEnded: readonly RegistrationId[];
    readonly grounds: Personal;
    readonly because: Reasons;
  }
>;
/**
 * That these were ruled to be two subjects is taken back. Whether they are one follows in the same append, or is asked
 * there of whoever arbitrates. Written in both.
 */
export type DistinctRescinded = Event<
  'DistinctRescinded',
  'ruling',
  { readonly one: DossierId; readonly other: DossierId; readonly grounds: Personal; readonly because: Reasons }
>;
export type PermissionAsked = Event<'PermissionAsked', 'fact', { readonly partyId: PartyId }>;
export type PermissionGranted = Event<
  'PermissionGranted',
  'ruling',
  { readonly partyId: PartyId; readonly until?: Instant; readonly because: Reasons }
>;
/** A late or missing filing is forgiven for one party: before it files, or by lifting the flags that it got. */
export type Exempted = Event<
  'Exempted',
  'ruling',
  {
    readonly partyId: PartyId;
    readonly until?: Instant;
    /** The flags that it lifts; absent: it is for a filing that is still to come. */
    readonly lifts?: readonly FlagId[];
    readonly grounds: Personal;
    readonly because: Reasons;
  }
>;
/** Something was taken, or happened, although a rule of the policy was not met: it stands, and is marked. */
export type Flagged = Event<
  'Flagged',
  'ruling',
  {
    readonly flagId: FlagId;
    readonly flag: Code;
    /** Whose doing it was: the flag stays with them whoever holds the registration later. */
    readonly partyId: PartyId;
    /** What was done: an operation, or an activity of the policy. */
    readonly about: Code;
    readonly registrationId?: RegistrationId;
    readonly dealId?: DealId;
    readonly because: Reasons;
  }
>;

export const keyEvents = [
  defineEvent<KeyBound>()({ type: 'KeyBound', kind: 'fact', personal: {} }),
  defineEvent<KeyAsked>()({ type: 'KeyAsked', kind: 'fact', personal: {} }),
] as const;

export const subjectEvents = [
  defineEvent<DossierOpened>()({
    type: 'DossierOpened',
    kind: 'fact',
    personal: {},
    whose: 'actor',
    toParty: { dossierId: 'shown', ...openly('programId') },
  }),
  defineEvent<DossierMerged>()({ type: 'DossierMerged', kind: 'ruling', personal: {} }),
  defineEvent<DossierSeparated>()({ type: 'DossierSeparated', kind: 'ruling', personal: { grounds: 'customer' } }),
  defineEvent<DistinctRescinded>()({ type: 'DistinctRescinded', kind: 'ruling', personal: { grounds: 'customer' } }),
] as const;

export const permissionEvents = [
  defineEvent<PermissionAsked>()({
    type: 'PermissionAsked',
    kind: 'fact',
    personal: {},
    whose: 'party',
    toParty: { partyId: 'ifSelf' },
  }),
  defineEvent<PermissionGranted>()({
    type: 'PermissionGranted',
    kind: 'ruling',
    personal: {},
    whose: 'party',
    toParty: { partyId: 'ifSelf', ...openly('because', 'until') },
  }),
  defineEvent<Exempted>()({
    type: 'Exempted',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'party',
    toParty: { partyId: 'ifSelf', lifts: 'shown', grounds: 'redacted', ...openly('because', 'until') },
  }),
  defineEvent<Flagged>()({
    type: 'Flagged',
    kind: 'ruling',
    personal: {},
    whose: 'party',
    toParty: {
      flagId: 'shown',
      partyId: 'ifSelf',
      registrationId: 'ifOwn',
      dealId: 'hidden',
      ...openly('flag', 'about', 'because'),
    },
  }),
] as const;
