import type { AnyEvent } from '#event-sourcing/event.js';
import { personal } from '#event-sourcing/event.js';
import type { Placed } from '#event-sourcing/decision.js';
import type { Past } from '#event-sourcing/testing/given-when-then.js';
import { type CalendarDate, type Code, type Instant, type PartyId, type Reasons } from '#event-sourcing/vocabulary.js';
import { addMilliseconds } from '#time/instant.js';
import type { AvailabilityAsked } from '../../audit/events.js';
import type {
  CaseId,
  DossierEvent,
  DossierId,
  ProtectionWindow,
  RefilingBan,
  RegistrationId,
  ReviewStage,
  Share,
  VerdictOutcome,
} from '../events.js';
import { accessStream } from '../../deciding/decision-facts.js';
import { dossierStream } from '../on-dossier.js';
import { endOfLastDay, keyStreamsIn, on, programId } from './rehearsal.js';

/** No decision reads why something of the past was ruled. */
const unsaid = [] as unknown as Reasons;

/**
 * What has happened to a dossier, told by what the case is about; everything else is plain. Registrations are `d1.1`,
 * `d1.2`, …
 */
export interface About {
  readonly n?: number;
  readonly dossier?: string;
  readonly by?: string;
  readonly at?: string;
}

export const registrationId = ({ n = 1, dossier = 'd1' }: About = {}): RegistrationId =>
  `${dossier}.${n}` as RegistrationId;
export const caseId = (dossier = 'd1', n = 1): CaseId => `${dossier}.c${n}` as CaseId;

export const happened = ({ by = 'reviewer', at = '2026-03-02' }: About, ...written: readonly Placed[]): Past => ({
  at: on(at),
  context: { name: 'Given' as Code, actor: { party: by as PartyId }, program: programId, receivedBy: 'system' as Code },
  written,
});
export const inDossier = (about: About, ...events: readonly DossierEvent[]): Past =>
  happened(
    about,
    ...events.map((event): Placed => ({ stream: dossierStream((about.dossier ?? 'd1') as DossierId), event })),
  );

/** A clock from `from` on whose last day is `until`. */
export const window = (until: string, from = '2026-03-02'): ProtectionWindow => ({
  startsAt: on(from),
  endsAt: endOfLastDay(until),
  lastDay: until as CalendarDate,
});

export interface Filing extends About {
  readonly class?: string;
  readonly phone?: string;
  readonly account?: string;
  /** Whom it was filed for; absent: whoever filed. */
  readonly for?: string;
  readonly rankedAt?: string;
  readonly onTimeout?: ReviewStage['onTimeout'];
  readonly details?: Readonly<Record<string, string>>;
  /** Merged dossiers that all keys of the form belong to. */
  readonly keysOf?: readonly string[];
}

/**
 * A claim was filed. The dossier's first also opens it and binds its keys; one of class `reviewed` waits for its check
 * until the next day.
 */
export const registered = (about: Filing = {}): Past => {
  const {
    n = 1,
    dossier = 'd1',
    by = 'dealer-a',
    at = '2026-03-02',
    class: name = 'walkIn',
    phone = '13800000001',
    account,
    rankedAt = at,
    details = {},
  } = about;
  const form = { phone, ...(account === undefined ? {} : { account }) };
  const opening: readonly Placed[] =
    n > 1
      ? []
      : [
          ...keyStreamsIn('e1', form).map(({ kind, stream }): Placed => ({
            stream,
            event: { type: 'KeyBound', dossierId: dossier, programId, key: kind } as AnyEvent,
          })),
          {
            stream: dossierStream(dossier as DossierId),
            event: { type: 'DossierOpened', dossierId: dossier, programId } as AnyEvent,
          },
        ];
  const filed: DossierEvent = {
    type: 'Registered',
    registrationId: registrationId(about),
    programId,
    holder: (about.for ?? by) as PartyId,
    class: name as Code,
    channel: 'system' as Code,
    rankedAt: on(rankedAt),
    form: { name: personal('王芳'), phone: personal(phone) },
    details: details as Readonly<Record<string, Code>>,
    attachments: [],
    because: unsaid,
    ...(about.keysOf === undefined ? {} : { keysOf: about.keysOf as readonly DossierId[] }),
    ...(name === 'reviewed'
      ? { review: { ...check(on(at)), ...(about.onTimeout === undefined ? {} : { onTimeout: about.onTimeout }) } }
      : {}),
  };
  return happened({ by, at }, ...opening, { stream: dossierStream(dossier as DossierId), event: filed });
};
export const check = (startedAt: Instant, chain: readonly string[] = ['check']): ReviewStage => ({
  step: 'check' as Code,
  index: 0,
  chain: chain as readonly Code[],
  roles: ['reviewer' as Code],
  dueAt: addMilliseconds(startedAt, 86_400_000),
  onTimeout: 'approve',
});

export const approved = (
  about: About & { readonly holder?: string; readonly class?: string; readonly until?: string } = {},
): Past =>
  inDossier(about, {
    type: 'Approved',
    registrationId: registrationId(about),
    holder: (about.holder ?? 'dealer-a') as PartyId,
    class: (about.class ?? 'walkIn') as Code,
    because: unsaid,
    ...(about.class === 'appointment' ? {} : { protection: window(about.until ?? '2026-03-09', about.at) }),
  });
/** Filed on 2 March and protected through the 9th. */
export const held = (about: Filing & { readonly until?: string } = {}): readonly Past[] => [
  registered(about),
  approved({ ...about, holder: about.for ?? about.by ?? 'dealer-a', by: about.by ?? 'dealer-a' }),
];

export const extensionRequested = (about: About = {}): Past =>
  inDossier(
    { by: 'dealer-a', ...about },
    { type: 'ExtensionRequested', registrationId: registrationId(about), evidence: ['followUps' as Code] },
  );
export const extended = (about: About & { readonly until: string; readonly count?: number }): Past =>
  inDossier(about, {
    type: 'Extended',
    registrationId: registrationId(about),
    protection: window(about.until),
    count: about.count ?? 1,
    because: unsaid,
  });
export const upgraded = (about: About & { readonly until: string }): Past =>
  inDossier(about, {
    type: 'Upgraded',
    registrationId: registrationId(about),
    class: 'depositPaid' as Code,
    protection: window(about.until),
    because: unsaid,
  });
export const returned = (about: About = {}): Past =>
  inDossier(about, {
    type: 'Returned',
    registrationId: registrationId(about),
    step: 'check' as Code,
    wanted: personal('名片'),
    because: unsaid,
  });
export const rejected = (about: About & { readonly cause?: string } = {}): Past =>
  inDossier(about, {
    type: 'Rejected',
    registrationId: registrationId(about),
    cause: (about.cause ?? 'byReviewer') as Code,
    grounds: personal('不符'),
    because: unsaid,
  });
/** Answered no in the moment in which another claim was approved. */
export const lostTo = (about: About = {}): Past =>
  inDossier(about, {
    type: 'Rejected',
    registrationId: registrationId(about),
    cause: 'anotherClaimApproved' as Code,
    because: unsaid,
  });
export const recalled = (about: About = {}): Past =>
  inDossier({ by: 'dealer-a', ...about }, { type: 'Recalled', registrationId: registrationId(about) });
/** Its clock ran out, at the end of a day; `at`: when that was recorded. */
export const abandoned = (about: About & { readonly until?: string } = {}): Past =>
  inDossier(
    { by: 'baobei-clock', ...about },
    {
      type: 'Abandoned',
      registrationId: registrationId(about),
      endedAt: endOfLastDay(about.until ?? '2026-03-09'),
      because: unsaid,
    },
  );
export const released = (about: About = {}): Past =>
  inDossier(
    { by: 'dealer-a', ...about },
    { type: 'Released', registrationId: registrationId(about), endedAt: on(about.at ?? '2026-03-02'), because: unsaid },
  );
export const terminated = (
  about: About & { readonly ban?: RefilingBan; readonly effect?: 'terminate' | 'void'; readonly cause?: string } = {},
): Past =>
  inDossier(about, {
    type: 'Terminated',
    registrationId: registrationId(about),
    cause: (about.cause ?? 'falseInformation') as Code,
    effect: about.effect ?? 'terminate',
    endedAt: on(about.at ?? '2026-03-02'),
    grounds: personal('查实'),
    because: unsaid,
    ...(about.ban === undefined ? {} : { ban: about.ban }),
  });
export const transferred = (about: About & { readonly to: string }): Past =>
  inDossier(about, {
    type: 'Transferred',
    registrationId: registrationId(about),
    from: 'dealer-a' as PartyId,
    to: about.to as PartyId,
    grounds: personal('离职'),
    because: unsaid,
  });

/** A second claim met a protected one: its clock stands still with what was left, at most until 15 days later. */
export const conflictRaised = (
  about: About & { readonly claims?: readonly number[]; readonly daysLeft?: number; readonly until?: string } = {},
): Past =>
  inDossier(
    { by: 'dealer-b', ...about },
    {
      type: 'ConflictRaised',
      caseId: caseId(about.dossier),
      cause: 'secondClaim',
      claims: (about.claims ?? [1, 2]).map((n) => registrationId({ ...about, n })),
      arbiters: ['arbiter' as Code],
      because: unsaid,
      suspended: {
        registrationId: registrationId({ ...about, n: 1 }),
        at: on(about.at ?? '2026-03-02'),
        left: { unit: 'days', days: about.daysLeft ?? 5, ends: '24:00' },
        ...(about.until === undefined ? {} : { until: on(about.until) }),
      },
    },
  );
/** One form's keys led to several dossiers with live claims: each has a case of its own about its own. */
export const maybeOneRaised = (
  about: About & {
    readonly claims?: readonly number[];
    readonly elsewhere: readonly string[];
    readonly crossed?: number;
    /** Days that are left of the first claim's clock, which stands still. */
    readonly daysLeft?: number;
  },
): Past =>
  inDossier(
    { by: 'dealer-b', ...about },
    {
      type: 'ConflictRaised',
      caseId: caseId(about.dossier),
      cause: 'possibleSameSubject',
      claims: (about.claims ?? [1]).map((n) => registrationId({ ...about, n })),
      arbiters: ['arbiter' as Code],
      elsewhere: about.elsewhere.map((dossier) => caseId(dossier)),
      ...(about.crossed === undefined ? {} : { crossed: registrationId({ ...about, n: about.crossed }) }),
      because: unsaid,
      ...(about.daysLeft === undefined
        ? {}
        : {
            suspended: {
              registrationId: registrationId({ ...about, n: 1 }),
              at: on(about.at ?? '2026-03-02'),
              left: { unit: 'days', days: about.daysLeft, ends: '24:00' },
            },
          }),
    },
  );
export const resumed = (about: About & { readonly until: string }): Past =>
  inDossier(about, {
    type: 'Resumed',
    caseId: caseId(about.dossier),
    registrationId: registrationId(about),
    protection: window(about.until),
    because: unsaid,
  });
export const arbitrated = (
  about: About & {
    readonly winner?: number;
    readonly outcome?: VerdictOutcome;
    readonly shares?: readonly Share[];
  } = {},
): Past =>
  inDossier(
    { by: 'arbiter', ...about },
    {
      type: 'Arbitrated',
      caseId: caseId(about.dossier),
      outcome: about.outcome ?? 'assign',
      reasons: personal('先到'),
      because: unsaid,
      ...(about.winner === undefined ? {} : { winner: registrationId({ ...about, n: about.winner }) }),
      ...(about.shares === undefined ? {} : { shares: about.shares }),
    },
  );

export const splitAgreed = (about: About & { readonly shares: readonly Share[] }): Past =>
  inDossier(
    { by: 'finance', ...about },
    {
      type: 'SplitAgreed',
      registrationId: registrationId(about),
      shares: about.shares,
      agreedBy: about.shares.map(({ partyId }) => partyId),
    },
  );
export const permissionGranted = (about: About & { readonly to: string; readonly until?: string }): readonly Past[] => [
  opened(about),
  inDossier(about, {
    type: 'PermissionGranted',
    partyId: about.to as PartyId,
    because: unsaid,
    ...(about.until === undefined ? {} : { until: on(about.until) }),
  }),
];
export const exempted = (about: About & { readonly to: string }): readonly Past[] => [
  opened(about),
  inDossier(about, { type: 'Exempted', partyId: about.to as PartyId, grounds: personal('系统停机'), because: unsaid }),
];
/** A dossier somebody asked about before anybody filed. */
const opened = ({ dossier = 'd1', at }: About): Past =>
  happened(
    { at: at ?? '2026-03-02' },
    ...keyStreamsIn('e1', { phone: '13800000001' }).map(({ kind, stream }): Placed => ({
      stream,
      event: { type: 'KeyAsked', dossierId: dossier, programId, key: kind } as AnyEvent,
    })),
    {
      stream: dossierStream(dossier as DossierId),
      event: { type: 'DossierOpened', dossierId: dossier, programId } as AnyEvent,
    },
  );
/** A strong key showed that `from` and `into` are one customer. */
export const merged = (about: { readonly from: string; readonly into: string; readonly at?: string }): Past =>
  happened(
    about.at === undefined ? {} : { at: about.at },
    ...[about.from, about.into].map((dossier): Placed => ({
      stream: dossierStream(dossier as DossierId),
      event: { type: 'DossierMerged', from: about.from, into: about.into, because: unsaid } as AnyEvent,
    })),
  );

/** That merge was taken back. */
export const separated = (about: { readonly from: string; readonly into: string; readonly at?: string }): Past =>
  happened(
    about.at === undefined ? {} : { at: about.at },
    ...[about.from, about.into].map((dossier): Placed => ({
      stream: dossierStream(dossier as DossierId),
      event: {
        type: 'DossierSeparated',
        from: about.from,
        into: about.into,
        revived: [],
        leftEnded: [],
        grounds: personal('并错'),
        because: unsaid,
      } as AnyEvent,
    })),
  );

/** Somebody asked whether a customer is free. */
export const availabilityAsked = (
  about: Pick<About, 'by' | 'at'> & { readonly by: string; readonly at: string },
): Past =>
  happened(about, {
    stream: accessStream({ by: about.by as PartyId, receivedAt: on(about.at) }),
    event: { type: 'AvailabilityAsked', programId, keys: [], answer: 'free', because: unsaid } as AvailabilityAsked,
  });
