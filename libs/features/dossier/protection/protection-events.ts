import { defineEvent, openly, type Event, type Personal } from '#event-sourcing/event.js';
import type { Code, EventId, Instant, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import { ofItsClaim } from '../of-its-claim.js';
import type {
  RegistrationId,
  ProtectionWindow,
  ReviewStage,
  Share,
  Claim,
  RefilingBan,
  RegistrationState,
} from '../vocabulary.js';

export type ExtensionRequested = Event<
  'ExtensionRequested',
  'fact',
  { readonly registrationId: RegistrationId; readonly evidence: readonly Code[]; readonly grounds?: Personal }
>;
export type ExtensionRefused = Event<
  'ExtensionRefused',
  'ruling',
  { readonly registrationId: RegistrationId; readonly grounds?: Personal; readonly because: Reasons }
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
      /** Of a split that is taken back: the basis that the shares have again. */
      readonly sharesBasis?: 'verdict' | 'agreed';
      /** Ladders on which a recorded act had gone on; without a step it stands on the first again. */
      readonly stages?: readonly { readonly ladder: Code; readonly step?: Code }[];
    } & Claim;
    readonly hangingOnIt: readonly EventId[];
    readonly grounds: Personal;
    readonly because: Reasons;
  }
>;

export const extensionEvents = [
  defineEvent<ExtensionRequested>()({
    type: 'ExtensionRequested',
    kind: 'fact',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', grounds: 'shown', ...openly('evidence') },
  }),
  defineEvent<ExtensionRefused>()({
    type: 'ExtensionRefused',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', grounds: 'redacted', ...openly('because') },
  }),
] as const;

export const clockEvents = [
  defineEvent<Extended>()({ type: 'Extended', kind: 'ruling', ...ofItsClaim('because', 'protection', 'count') }),
  defineEvent<ProtectionBegan>()({
    type: 'ProtectionBegan',
    kind: 'ruling',
    personal: {},
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      holder: 'ifSelf',
      shares: 'ownLines',
      ...openly('kind', 'because', 'claims', 'protection', 'class'),
    },
  }),
  defineEvent<Upgraded>()({ type: 'Upgraded', kind: 'ruling', ...ofItsClaim('because', 'protection', 'class') }),
  defineEvent<Rolled>()({ type: 'Rolled', kind: 'ruling', ...ofItsClaim('because', 'protection') }),
] as const;

export const endEvents = [
  defineEvent<Released>()({
    type: 'Released',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', grounds: 'redacted', ...openly('because', 'endedAt') },
  }),
  defineEvent<Expired>()({ type: 'Expired', kind: 'ruling', ...ofItsClaim('because', 'endedAt') }),
  defineEvent<Abandoned>()({ type: 'Abandoned', kind: 'ruling', ...ofItsClaim('because', 'endedAt') }),
  defineEvent<Terminated>()({
    type: 'Terminated',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: {
      registrationId: 'ifOwn',
      ban: 'ownLines',
      grounds: 'redacted',
      ...openly('cause', 'because', 'endedAt', 'effect'),
    },
  }),
] as const;

export const holderEvents = [
  defineEvent<Transferred>()({
    type: 'Transferred',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: { registrationId: 'ifOwn', from: 'ifSelf', to: 'ifSelf', grounds: 'redacted', ...openly('because') },
  }),
  defineEvent<RulingRescinded>()({
    type: 'RulingRescinded',
    kind: 'ruling',
    personal: { grounds: 'customer' },
    whose: 'registration',
    toParty: {
      ...openly('because', 'rulingType'),
      ruling: 'shown',
      registrationId: 'ifOwn',
      holder: 'ifSelf',
      restored: 'ownLines',
      hangingOnIt: 'hidden',
      grounds: 'redacted',
    },
  }),
] as const;
