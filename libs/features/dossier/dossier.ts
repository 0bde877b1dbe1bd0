import type { Happening } from '#event-sourcing/event.js';
import type { Folding } from '#event-sourcing/command/handle-command.js';
import { isBefore } from '#time/instant.js';
import type { CommandId, EventId, Instant, PartyId, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import { decided, raised, type Case, type OpenCase } from './case.js';
import type {
  Arbitrated,
  CaseId,
  Claim,
  DealId,
  DossierEvent,
  DossierId,
  Flagged,
  FlagId,
  RefilingBan,
  RegistrationId,
  Terminated,
} from './events.js';
import { credited, reversed, signed, takenBack, type Deal } from './deal/deal.js';
import { dossierOf } from './placed.js';
import {
  afterwards,
  concernedBy,
  filed,
  isPending,
  isProtecting,
  isOfLife,
  type LifeEvent,
  stoodIn,
  type Registration,
  type Stood,
} from './registration.js';

export interface Grant {
  readonly partyId: PartyId;
  readonly at: Instant;
  readonly until?: Instant;
}
/** What somebody did that a rule of the policy did not hold for. */
export type Flag = Pick<Flagged, 'flagId' | 'flag' | 'partyId' | 'registrationId'> & { readonly lifted?: true };
export type Ban = RefilingBan & { readonly ruling?: EventId; readonly because: readonly Reason[] };

/** A verdict, and how the claims of its case stood before it. */
export interface VerdictMade {
  readonly id: EventId | undefined;
  readonly command?: CommandId | undefined;
  readonly at: Instant;
  readonly found: ReadonlyMap<RegistrationId, Stood>;
  readonly rescinded?: true;
}

interface Kept {
  readonly registrations: ReadonlyMap<RegistrationId, Registration>;
  readonly cases: ReadonlyMap<CaseId, Case>;
  /** The latest verdict on each case, in the order in which they were given. */
  readonly verdicts: ReadonlyMap<CaseId, VerdictMade>;
  readonly bans: readonly Ban[];
  readonly permissions: readonly Grant[];
  readonly exemptions: readonly Grant[];
  /** Dossiers that were merged into this one. */
  readonly absorbed: readonly DossierId[];
  /** Dossiers that were ruled to be about somebody else: no form joins them any more. */
  readonly distinctFrom: readonly DossierId[];
  readonly flags: ReadonlyMap<FlagId, Flag>;
  readonly deals: ReadonlyMap<DealId, Deal>;
}
/** Nobody has named this subject. */
export interface NoDossier extends Kept {
  readonly state: 'none';
  readonly id?: undefined;
  readonly programId?: undefined;
  readonly mergedInto?: undefined;
}
export interface OpenDossier extends Kept {
  readonly state: 'open';
  readonly id: DossierId;
  readonly programId: ProgramId;
  readonly mergedInto?: undefined;
}
/** The subject lives on in another dossier. */
export interface MergedDossier extends Kept {
  readonly state: 'merged';
  readonly id: DossierId;
  readonly programId: ProgramId;
  readonly mergedInto: DossierId;
  readonly mergedAt: Instant;
}
/** Everything that decides about one subject in one program. Immutable; folded from `dossier-<id>`. */
export type Dossier = NoDossier | OpenDossier | MergedDossier;

export const emptyDossier: NoDossier = {
  state: 'none',
  registrations: new Map(),
  cases: new Map(),
  verdicts: new Map(),
  bans: [],
  permissions: [],
  exemptions: [],
  flags: new Map(),
  deals: new Map(),
  absorbed: [],
  distinctFrom: [],
};

const replace = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value);

/** Every claim that the event concerns takes its step. */
const live = (dossier: Dossier, happened: Happening<LifeEvent>): Dossier => {
  const registrations = new Map(dossier.registrations);
  for (const id of concernedBy(happened.event)) {
    const now = registrations.get(id);
    if (now === undefined) throw new Error(`Dossier ${dossier.id} has no registration ${id}`);
    registrations.set(id, afterwards(now, happened));
  }
  return { ...dossier, registrations };
};
const withCase = (dossier: Dossier, id: CaseId, next: Case | undefined): Dossier =>
  next === undefined ? dossier : { ...dossier, cases: replace(dossier.cases, id, next) };
const withDeal = (dossier: Dossier, id: DealId, next: Deal | undefined): Dossier =>
  next === undefined ? dossier : { ...dossier, deals: replace(dossier.deals, id, next) };
const onDeal = <H extends Happening<DossierEvent & { readonly dealId: DealId }>>(
  dossier: Dossier,
  happened: H,
  step: (deal: Deal | undefined, happened: H) => Deal | undefined,
): Dossier => {
  const { dealId } = happened.event;
  return withDeal(dossier, dealId, step(dossier.deals.get(dealId), happened));
};
const granted = (grants: readonly Grant[], { event, at }: Happening<Granting>): readonly Grant[] => [
  ...grants,
  { partyId: event.partyId, at: at, until: event.until },
];
type Granting = Extract<DossierEvent, { readonly type: 'PermissionGranted' | 'Exempted' }>;
const liftedOf = (flags: Dossier['flags'], lifts: readonly FlagId[]): Dossier['flags'] =>
  new Map([...flags].map(([id, flag]) => [id, lifts.includes(id) ? { ...flag, lifted: true } : flag]));
const banned = (bans: readonly Ban[], { id, event }: Happening<Terminated>): readonly Ban[] =>
  event.ban === undefined
    ? bans
    : [...bans, { ...event.ban, ruling: id, because: event.because.filter(({ clause }) => clause.startsWith('bans')) }];

const reopened = ({ mergedInto: _into, mergedAt: _at, ...kept }: MergedDossier): OpenDossier => ({
  ...kept,
  state: 'open',
});

type Routes = { readonly [T in Exclude<DossierEvent['type'], LifeEvent['type']>]: Route<T> } & {
  readonly [T in LifeEvent['type']]?: Route<T>;
};
/** `before`: as the event found it. */
type Route<T extends DossierEvent['type']> = (
  dossier: Dossier,
  happened: Happening<Extract<DossierEvent, { readonly type: T }>>,
  before: Dossier,
) => Dossier;

const withVerdict = (
  { verdicts }: Dossier,
  { id, command, at, event: { caseId } }: Happening<Arbitrated>,
  { cases, registrations }: Dossier,
): Dossier['verdicts'] => {
  const found = (cases.get(caseId)?.claims ?? []).flatMap((claim) => {
    const registration = registrations.get(claim);
    return registration === undefined ? [] : [[claim, stoodIn(registration)] as const];
  });
  // A second verdict on the same case comes after all that were given between.
  const others = [...verdicts].filter(([each]) => each !== caseId);
  return new Map([...others, [caseId, { id, command, at, found: new Map(found) }]]);
};
const verdictTakenBack = (verdicts: Dossier['verdicts'], caseId: CaseId): Dossier['verdicts'] =>
  new Map([...verdicts].map(([id, made]) => [id, id === caseId ? { ...made, rescinded: true } : made]));

const unchanged = (dossier: Dossier): Dossier => dossier;
/** What an event changes beside the claims' own lives, which have gone on already. */
const routes: Routes = {
  DossierOpened: (dossier, { event }) => ({
    ...dossier,
    state: 'open',
    id: event.dossierId,
    programId: event.programId,
    mergedInto: undefined,
  }),
  DossierMerged: (dossier, { event, at }) =>
    dossier.state !== 'none' && event.from === dossier.id
      ? { ...dossier, state: 'merged', mergedInto: event.into, mergedAt: at }
      : { ...dossier, absorbed: [...dossier.absorbed, event.from] },
  DossierSeparated: (dossier, { event }) =>
    dossier.state === 'merged' && event.from === dossier.id
      ? { ...reopened(dossier), distinctFrom: [...dossier.distinctFrom, event.into] }
      : {
          ...dossier,
          absorbed: dossier.absorbed.filter((id) => id !== event.from),
          distinctFrom: [...dossier.distinctFrom, event.from],
        },
  DistinctRescinded: (dossier, { event: { one, other } }) => ({
    ...dossier,
    distinctFrom: dossier.distinctFrom.filter((id) => id !== one && id !== other),
  }),
  PermissionAsked: unchanged,
  PermissionGranted: (dossier, happened) => ({ ...dossier, permissions: granted(dossier.permissions, happened) }),
  Exempted: (dossier, happened) =>
    happened.event.lifts === undefined
      ? { ...dossier, exemptions: granted(dossier.exemptions, happened) }
      : { ...dossier, flags: liftedOf(dossier.flags, happened.event.lifts) },
  Flagged: (dossier, { event: { flagId, flag, partyId, registrationId } }) => ({
    ...dossier,
    flags: replace(dossier.flags, flagId, { flagId, flag, partyId, registrationId }),
  }),
  // Filing uses up what was granted for it.
  Registered: (dossier, happened) => ({
    ...dossier,
    permissions: dossier.permissions.filter(({ partyId }) => partyId !== happened.event.holder),
    exemptions: dossier.exemptions.filter(({ partyId }) => partyId !== happened.event.holder),
    registrations: replace(dossier.registrations, happened.event.registrationId, filed(happened)),
  }),
  Terminated: (dossier, happened) => ({ ...dossier, bans: banned(dossier.bans, happened) }),
  RulingRescinded: (dossier, happened) => ({
    ...dossier,
    bans: dossier.bans.filter(({ ruling }) => ruling !== happened.event.ruling),
  }),
  ConflictRaised: (dossier, happened) => {
    const { caseId } = happened.event;
    return withCase(dossier, caseId, raised(dossier.cases.get(caseId), happened));
  },
  VerdictRescinded: (dossier, { event: { caseId } }) => ({
    ...dossier,
    verdicts: verdictTakenBack(dossier.verdicts, caseId),
  }),
  Arbitrated: (dossier, happened, before) => {
    const { caseId, outcome } = happened.event;
    const found = dossier.cases.get(caseId);
    const distinct = outcome === 'distinct' ? (found?.elsewhere ?? []).map(dossierOf) : [];
    return withCase(
      {
        ...dossier,
        verdicts: withVerdict(dossier, happened, before),
        distinctFrom: [...dossier.distinctFrom, ...distinct],
      },
      caseId,
      decided(found, happened),
    );
  },
  DealRecorded: (dossier, happened) => withDeal(dossier, happened.event.dealId, signed(happened)),
  Attributed: (dossier, happened) => onDeal(dossier, happened, credited),
  AttributionReversed: (dossier, happened) => onDeal(dossier, happened, reversed),
  DealRescinded: (dossier, happened) => onDeal(dossier, happened, takenBack),
};

export const applyDossier = (dossier: Dossier, happened: Happening<DossierEvent>): Dossier => {
  const lived = isOfLife(happened) ? live(dossier, happened) : dossier;
  const route = routes[happened.event.type] as
    ((dossier: Dossier, happened: Happening, before: Dossier) => Dossier) | undefined;
  return route === undefined ? lived : route(lived, happened, dossier);
};

export const dossierFolding: Folding<Dossier, DossierEvent> = {
  name: 'dossier',
  initial: emptyDossier,
  apply: applyDossier,
};

/** Whether a claim and a registration exclude each other. */
const competes = (registration: Registration, { kind, claims = 'exclusive' }: Claim): boolean =>
  claims === 'exclusive' && registration.claims === 'exclusive' && registration.kind === kind;

/** The registration that protects the subject against a claim at `now`: of each kind there is never more than one. */
export const protecting = (dossier: Dossier, now: Instant, claim: Claim): Registration | undefined =>
  [...dossier.registrations.values()].find(
    (registration) => competes(registration, claim) && isProtecting(registration, now),
  );
/** The registrations that wait, for a review or for a verdict, and exclude each other with a claim. */
export const pending = (dossier: Dossier, claim: Claim): readonly Registration[] =>
  [...dossier.registrations.values()].filter(
    (registration) => competes(registration, claim) && isPending(registration),
  );
/** What somebody would lose with the subject: whatever protects it or waits, of every kind; a record loses nothing. */
export const liveClaims = (dossier: Dossier, now: Instant): readonly Registration[] =>
  [...dossier.registrations.values()].filter(
    (registration) => registration.claims !== 'none' && (isProtecting(registration, now) || isPending(registration)),
  );
/** What bars a party from filing this subject at `now`: a ban of its own, or one for everybody. */
export const refilingBan = (dossier: Dossier, party: PartyId, now: Instant): Ban | undefined =>
  dossier.bans.find(
    (ban) =>
      (ban.until === undefined || isBefore(now, ban.until)) && (ban.scope === 'customer' || ban.partyId === party),
  );
/** The case that is open about claims which exclude each other with this one; without a claim, any. */
export const openCase = (dossier: Dossier, claim?: Claim): OpenCase | undefined =>
  [...dossier.cases.values()].find(
    (each): each is OpenCase =>
      each.state === 'open' &&
      (claim === undefined || each.claims.some((id) => competes(dossier.registrations.get(id)!, claim))),
  );
