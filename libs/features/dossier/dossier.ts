import type { Recorded } from '#event-sourcing/event.js';
import type { Folding } from '#event-sourcing/command/handle-command.js';
import { isBefore } from '#time/instant.js';
import type { Code, EventId, Instant, PartyId, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import type { Remaining } from '#time/clock.js';
import type {
  AttributionBasis,
  CaseId,
  ConflictCause,
  DealId,
  Details,
  DossierEvent,
  DossierId,
  ProtectionWindow,
  RefilingBan,
  RegistrationId,
  RegistrationState,
  ReviewStage,
  Share,
  VerdictOutcome,
} from './events.js';

/** The clock of one registration. `suspended` stands still with what is left; `ended` keeps its last window. */
export type Protection =
  | { readonly state: 'none' }
  | { readonly state: 'live'; readonly window: ProtectionWindow }
  | {
      readonly state: 'suspended';
      readonly window: ProtectionWindow;
      readonly caseId: CaseId;
      readonly left: Remaining;
      readonly since: Instant;
      readonly until?: Instant;
    }
  | { readonly state: 'ended'; readonly window: ProtectionWindow; readonly endedAt: Instant };

export interface Registration {
  readonly id: RegistrationId;
  readonly holder: PartyId;
  /** Who held it before, oldest first, each until an instant. */
  readonly heldBefore: readonly { readonly holder: PartyId; readonly until: Instant }[];
  readonly filedBy: PartyId;
  readonly filedAt: Instant;
  readonly rankedAt: Instant;
  readonly class: Code;
  readonly state: RegistrationState;
  readonly review?: ReviewStage;
  readonly protection: Protection;
  readonly extension: { readonly requested: boolean; readonly count: number };
  readonly details: Details;
  readonly shares?: readonly Share[];
  /** Set by a verdict or by the parties: the basis of a later attribution. */
  readonly sharesBasis?: 'verdict' | 'agreed';
  /** When a claim was answered no, or its protection ended. */
  readonly closedAt?: Instant;
  readonly closedFor?: Code;
  /** The policy that this registration was filed under. */
  readonly policy: Code;
}
export interface Case {
  readonly id: CaseId;
  readonly cause: ConflictCause;
  readonly claims: readonly RegistrationId[];
  readonly arbiters: readonly Code[];
  readonly raisedAt: Instant;
  /** Whose clock has stood still for it: once each, so that no later claim freezes a customer anew. */
  readonly stoodStill: ReadonlySet<RegistrationId>;
  readonly verdict?: VerdictOutcome;
}
/** A ruling that may be taken back, with the state it found. */
export interface RulingMade {
  readonly id: EventId;
  readonly type: string;
  readonly registrationId: RegistrationId;
  readonly before: Registration;
  readonly position: number;
}
export interface Grant {
  readonly partyId: PartyId;
  readonly at: Instant;
  readonly until?: Instant;
}

/** Everything that decides about one subject in one program. Immutable; folded from `dossier-<id>`. */
export interface Dossier {
  readonly id?: DossierId;
  readonly programId?: ProgramId;
  readonly mergedInto?: DossierId;
  readonly registrations: ReadonlyMap<RegistrationId, Registration>;
  readonly cases: ReadonlyMap<CaseId, Case>;
  readonly bans: readonly (RefilingBan & { readonly ruling: EventId; readonly because: readonly Reason[] })[];
  readonly permissions: readonly Grant[];
  readonly exemptions: readonly Grant[];
  readonly rulings: readonly RulingMade[];
  readonly rescinded: ReadonlySet<EventId>;
  readonly deals: ReadonlyMap<DealId, { readonly basis?: AttributionBasis }>;
}
export const emptyDossier: Dossier = {
  registrations: new Map(),
  cases: new Map(),
  bans: [],
  permissions: [],
  exemptions: [],
  rulings: [],
  rescinded: new Set(),
  deals: new Map(),
};

const replace = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value);

const withRegistration = (
  dossier: Dossier,
  id: RegistrationId,
  change: (registration: Registration) => Registration,
): Dossier => {
  const registration = dossier.registrations.get(id);
  if (registration === undefined) throw new Error(`Dossier ${dossier.id} has no registration ${id}`);
  return { ...dossier, registrations: replace(dossier.registrations, id, change(registration)) };
};

const windowOf = (protection: Protection): ProtectionWindow | undefined =>
  protection.state === 'none' ? undefined : protection.window;
const live = (window: ProtectionWindow): Protection => ({ state: 'live', window });
const ended = (registration: Registration, state: RegistrationState, endedAt: Instant): Registration => {
  const window = windowOf(registration.protection);
  return {
    ...registration,
    state,
    review: undefined,
    closedAt: endedAt,
    protection: window === undefined ? { state: 'none' } : { state: 'ended', window, endedAt },
  };
};

/** Remembers what a ruling found, so that taking it back can restore exactly that. */
const ruled = (dossier: Dossier, { id, position }: Recorded, type: string, registrationId: RegistrationId): Dossier => {
  const before = dossier.registrations.get(registrationId);
  return before === undefined
    ? dossier
    : { ...dossier, rulings: [...dossier.rulings, { id, type, registrationId, before, position }] };
};

export const applyDossier = (dossier: Dossier, recorded: Recorded<DossierEvent>): Dossier => {
  const event = recorded.event;
  switch (event.type) {
    case 'DossierOpened':
      return { ...dossier, id: event.dossierId, programId: event.programId };
    case 'DossierMerged':
      return event.from === dossier.id ? { ...dossier, mergedInto: event.into } : dossier;
    case 'PermissionAsked':
      return dossier;
    case 'PermissionGranted':
      return {
        ...dossier,
        permissions: [
          ...dossier.permissions,
          { partyId: event.partyId, at: recorded.times.recordedAt, until: event.until },
        ],
      };
    case 'Exempted':
      return {
        ...dossier,
        exemptions: [
          ...dossier.exemptions,
          { partyId: event.partyId, at: recorded.times.recordedAt, until: event.until },
        ],
      };
    case 'Registered':
      return {
        ...dossier,
        // Filing uses up what was granted for it.
        permissions: dossier.permissions.filter(({ partyId }) => partyId !== event.holder),
        exemptions: dossier.exemptions.filter(({ partyId }) => partyId !== event.holder),
        registrations: replace(dossier.registrations, event.registrationId, {
          id: event.registrationId,
          holder: event.holder,
          heldBefore: [],
          filedBy: recorded.actor.party,
          filedAt: recorded.times.recordedAt,
          rankedAt: event.rankedAt,
          class: event.class,
          state: 'underReview',
          review: event.review,
          protection: { state: 'none' },
          extension: { requested: false, count: 0 },
          details: event.details,
          policy: recorded.policy!,
        }),
      };
    case 'Recalled':
      return withRegistration(dossier, event.registrationId, (registration) =>
        ended(registration, 'recalled', recorded.times.recordedAt),
      );
    case 'Resubmitted':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        state: 'underReview',
        review: event.review,
        details: event.details,
        policy: recorded.policy!,
      }));
    case 'ReviewAdvanced':
    case 'ReviewEscalated':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        review: event.review,
      }));
    case 'Returned':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        state: 'returned',
        review: undefined,
      }));
    case 'Rejected':
      return withRegistration(
        ruled(dossier, recorded, event.type, event.registrationId),
        event.registrationId,
        (registration) => ({ ...ended(registration, 'rejected', recorded.times.recordedAt), closedFor: event.cause }),
      );
    case 'Approved':
      return withRegistration(
        ruled(dossier, recorded, event.type, event.registrationId),
        event.registrationId,
        (registration) => ({
          ...registration,
          state: event.protection === undefined ? 'effective' : 'protected',
          class: event.class,
          review: undefined,
          protection: event.protection === undefined ? { state: 'none' } : live(event.protection),
          ...(event.shares === undefined ? {} : { shares: event.shares }),
        }),
      );
    case 'ExtensionRequested':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        extension: { ...registration.extension, requested: true },
      }));
    case 'ExtensionRefused':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        extension: { ...registration.extension, requested: false },
      }));
    case 'Extended':
      return withRegistration(
        ruled(dossier, recorded, event.type, event.registrationId),
        event.registrationId,
        (registration) => ({
          ...registration,
          protection: live(event.protection),
          extension: { requested: false, count: event.count },
        }),
      );
    case 'VisitRecorded':
    case 'FollowUpRecorded':
    case 'DepositRecorded':
      return dossier;
    case 'ProtectionBegan':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        state: 'protected',
        protection: live(event.protection),
      }));
    case 'Upgraded':
      return withRegistration(
        ruled(dossier, recorded, event.type, event.registrationId),
        event.registrationId,
        (registration) => ({ ...registration, class: event.class, protection: live(event.protection) }),
      );
    case 'Rolled':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        protection: live(event.protection),
      }));
    case 'Transferred':
      return withRegistration(
        ruled(dossier, recorded, event.type, event.registrationId),
        event.registrationId,
        (registration) => handedTo(registration, event.to, recorded.times.recordedAt),
      );
    case 'Released':
      return withRegistration(
        ruled(dossier, recorded, event.type, event.registrationId),
        event.registrationId,
        (registration) => ended(registration, 'released', event.endedAt),
      );
    case 'Expired':
      return withRegistration(dossier, event.registrationId, (registration) =>
        ended(registration, 'expired', event.endedAt),
      );
    case 'Abandoned':
      return withRegistration(dossier, event.registrationId, (registration) =>
        ended(registration, 'abandoned', event.endedAt),
      );
    case 'Terminated': {
      const next = withRegistration(
        ruled(dossier, recorded, event.type, event.registrationId),
        event.registrationId,
        (registration) => ended(registration, event.effect === 'void' ? 'void' : 'terminated', event.endedAt),
      );
      return event.ban === undefined
        ? next
        : {
            ...next,
            bans: [
              ...next.bans,
              {
                ...event.ban,
                ruling: recorded.id,
                because: event.because.filter(({ clause }) => clause.startsWith('bans')),
              },
            ],
          };
    }
    case 'RulingRescinded':
      return {
        ...withRegistration(dossier, event.registrationId, (registration) =>
          handedTo(
            restoredTo(registration, event.restored, dossier.rulings.find(({ id }) => id === event.ruling)?.before),
            event.holder,
            recorded.times.recordedAt,
          ),
        ),
        bans: dossier.bans.filter(({ ruling }) => ruling !== event.ruling),
        rescinded: new Set([...dossier.rescinded, event.ruling]),
      };
    case 'Objected':
      return dossier;
    case 'ConflictRaised': {
      const stoodStill = new Set([
        ...(dossier.cases.get(event.caseId)?.stoodStill ?? []),
        ...(event.suspended === undefined ? [] : [event.suspended.registrationId]),
      ]);
      const opened: Dossier = {
        ...dossier,
        cases: replace(dossier.cases, event.caseId, {
          stoodStill,
          id: event.caseId,
          cause: event.cause,
          claims: event.claims,
          arbiters: event.arbiters,
          raisedAt: recorded.times.recordedAt,
        }),
      };
      return event.claims.reduce(
        (next, id) =>
          withRegistration(next, id, (registration) => {
            if (event.suspended?.registrationId === id && registration.protection.state === 'live') {
              const { at, left, until } = event.suspended;
              return {
                ...registration,
                protection: {
                  state: 'suspended',
                  window: registration.protection.window,
                  caseId: event.caseId,
                  left,
                  since: at,
                  until,
                },
              };
            }
            const reopened = event.cause === 'objection' && registration.state === 'rejected';
            return isPending(registration) || reopened
              ? { ...registration, state: 'inCase', review: undefined }
              : registration;
          }),
        opened,
      );
    }
    case 'Resumed':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        protection: live(event.protection),
      }));
    case 'Arbitrated': {
      const decided = dossier.cases.get(event.caseId);
      const next: Dossier =
        decided === undefined
          ? dossier
          : { ...dossier, cases: replace(dossier.cases, event.caseId, { ...decided, verdict: event.outcome }) };
      return event.winner === undefined
        ? next
        : withRegistration(next, event.winner, (registration) => ({
            ...registration,
            ...(event.shares === undefined ? {} : { shares: event.shares }),
            sharesBasis: 'verdict',
          }));
    }
    case 'SplitAgreed':
      return withRegistration(dossier, event.registrationId, (registration) => ({
        ...registration,
        shares: event.shares,
        sharesBasis: 'agreed',
      }));
    case 'DealRecorded':
      return { ...dossier, deals: replace(dossier.deals, event.dealId, {}) };
    case 'Attributed':
      return { ...dossier, deals: replace(dossier.deals, event.dealId, { basis: event.basis }) };
  }
};

const restoredTo = (
  registration: Registration,
  restored: {
    readonly state: RegistrationState;
    readonly protection?: ProtectionWindow;
    readonly review?: ReviewStage;
  },
  before: Registration | undefined,
): Registration => ({
  ...registration,
  state: restored.state,
  review: restored.review,
  class: before?.class ?? registration.class,
  extension: before?.extension ?? registration.extension,
  protection: restored.protection === undefined ? { state: 'none' } : live(restored.protection),
});

const handedTo = (registration: Registration, holder: PartyId, until: Instant): Registration =>
  registration.holder === holder
    ? registration
    : { ...registration, holder, heldBefore: [...registration.heldBefore, { holder: registration.holder, until }] };

/**
 * Who held a registration at an instant: a deal belongs to whoever held it when it was signed, however often it was
 * handed on since.
 */
export const holderAt = ({ holder, heldBefore }: Registration, at: Instant): PartyId =>
  heldBefore.find(({ until }) => isBefore(at, until))?.holder ?? holder;

export const dossierFolding: Folding<Dossier, DossierEvent> = {
  name: 'dossier',
  initial: emptyDossier,
  apply: applyDossier,
};

/** Whether the clock still excludes others at `now`. A suspended one does, whatever the hour: it stands still. */
export const isProtecting = (registration: Registration, now: Instant): boolean =>
  registration.protection.state === 'suspended' ||
  (registration.protection.state === 'live' && isBefore(now, registration.protection.window.endsAt));

/** The registration that protects the subject at `now`, if one does; there is never more than one. */
export const protecting = (dossier: Dossier, now: Instant): Registration | undefined =>
  [...dossier.registrations.values()].find((registration) => isProtecting(registration, now));
/** Claims that wait for a review or for a verdict. */
export const pending = (dossier: Dossier): readonly Registration[] =>
  [...dossier.registrations.values()].filter(isPending);
export const isPending = ({ state }: Registration): boolean =>
  state === 'underReview' || state === 'returned' || state === 'inCase' || state === 'effective';
/** What bars a party from filing this subject at `now`: a ban of its own, or one for everybody. */
export const refilingBan = (dossier: Dossier, party: PartyId, now: Instant): Dossier['bans'][number] | undefined =>
  dossier.bans.find(
    (ban) =>
      (ban.until === undefined || isBefore(now, ban.until)) && (ban.scope === 'customer' || ban.partyId === party),
  );
export const openCase = (dossier: Dossier): Case | undefined =>
  [...dossier.cases.values()].find(({ verdict }) => verdict === undefined);
export const windowAt = (registration: Registration): ProtectionWindow | undefined => windowOf(registration.protection);
