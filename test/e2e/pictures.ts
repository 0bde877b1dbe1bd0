import { happeningOf, type Recorded } from '#event-sourcing/event.js';
import type { Code, EventId, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { dueId, type Due } from '#features/deadline/due/due.js';
import type { CaseFile } from '#features/dossier/collision/case-file/case-file.js';
import type { Attribution } from '#features/dossier/deal/attribution/attribution.js';
import type { Case } from '#features/dossier/case.js';
import { deadlineKinds, deadlinesOf } from '#features/dossier/deadlines.js';
import { applyDossier, emptyDossier, type Dossier } from '#features/dossier/dossier.js';
import { dossierStream } from '#features/dossier/placed.js';
import { lastWindow, type Registration } from '#features/dossier/registration.js';
import type { Arbitrated, ConflictRaised, DossierEvent, DossierId } from '#features/dossier/events.js';
import type { OwnershipInterval } from '#features/dossier/protection/ownership/ownership.js';
import type { Held, ProtectionStatus } from '#features/dossier/protection/protection-status/protection-status.js';
import type { RegistrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import { shortCode } from '#identity/short-code.js';
import type { StandingEvent } from '#features/standing/events.js';
import { standingFolding } from '#features/standing/facts.js';
import type { StandingCard } from '#features/standing/standing-card/standing-card.js';

/*
 * What the read models must say, field by field, made from the fold that decisions rest on. What that fold has no use
 * for (a channel, a box, a reason) is looked up in the log, in the one event that said it.
 */
type Story = readonly Recorded<DossierEvent>[];
type Told<T extends DossierEvent['type']> = Recorded<Extract<DossierEvent, { readonly type: T }>>;
const all = <T extends DossierEvent['type']>(story: Story, type: T): readonly Told<T>[] =>
  story.filter(({ event }) => event.type === type) as unknown as readonly Told<T>[];

export interface Picture {
  readonly cards: readonly RegistrationCard[];
  /** By its id in the index; of each registration and kind, none where nothing is to come. */
  readonly deadlines: ReadonlyMap<string, Due | undefined>;
  readonly status: ProtectionStatus;
  readonly ownership: object;
  readonly cases: readonly CaseFile[];
  readonly deals: readonly Attribution[];
}

export const pictureOf = (id: DossierId, story: Story): Picture => {
  const dossier = story.map(happeningOf).reduce<Dossier>(applyDossier, emptyDossier);
  const place = { dossierId: id, programId: dossier.programId! };
  const registrations = [...dossier.registrations.values()];
  return {
    cards: registrations.map((registration) => ({ ...place, ...cardOf(registration, story) })),
    deadlines: deadlinesIn(dossier),
    status: {
      ...place,
      mergedInto: dossier.mergedInto,
      ...(dossier.absorbed.length === 0 ? {} : { absorbed: dossier.absorbed }),
      ...statusOf(
        registrations.find((each) => stands(each) && each.kind === undefined),
        story,
      ),
      ...besideOf(
        registrations.filter((each) => stands(each) && each.kind !== undefined),
        story,
      ),
    },
    ownership: ownersOf(story),
    cases: [...dossier.cases.values()].map((each) => ({ ...place, ...fileOf(each, dossier, story) }) as CaseFile),
    deals: all(story, 'DealRecorded').map(({ event }) => {
      const [reversal, back] = [all(story, 'AttributionReversed'), all(story, 'DealRescinded')].map((told) =>
        told.findLast((later) => later.event.dealId === event.dealId),
      );
      const attributed = all(story, 'Attributed').findLast((later) => later.event.dealId === event.dealId);
      const isReversed = reversal !== undefined && reversal.position > (attributed?.position ?? -1);
      const nothing: Partial<NonNullable<typeof attributed>['event']> = {};
      const { basis, registrationId, lines = [], commission } = isReversed ? nothing : (attributed?.event ?? nothing);
      const because =
        [back, isReversed ? reversal : attributed].find((told) => told !== undefined)?.event.because ?? [];
      const rescindedAt = back?.times.recordedAt;
      expect(dossier.deals.get(event.dealId)?.rescinded === true).toBe(back !== undefined);
      const { type: _, currency: __, ...said } = event as typeof event & { readonly type: unknown };
      expect(dossier.deals.get(event.dealId)?.credited?.basis).toBe(basis);
      return { ...place, ...said, basis, registrationId, lines, commission, because, rescindedAt };
    }),
  };
};

/** A clock runs, or stands still: others are excluded. */
export const stands = ({ protection }: Registration): boolean =>
  protection.state === 'live' || protection.state === 'suspended';
const over: ReadonlySet<string> = new Set([
  'recalled',
  'rejected',
  'released',
  'abandoned',
  'terminated',
  'expired',
  'void',
]);

type WithoutPlace<T> = Omit<T, 'dossierId' | 'programId'>;
const cardOf = (registration: Registration, story: Story): WithoutPlace<RegistrationCard> => {
  const { id, holder, filedBy, filedAt, rankedAt, state, review, protection, extension, details, shares, policy } =
    registration;
  const filed = all(story, 'Registered').find(({ event }) => event.registrationId === id)!;
  const form = all(story, 'Resubmitted').findLast(({ event }) => event.registrationId === id) ?? filed;
  const window = lastWindow(registration);
  const ended = over.has(state);
  const terminated = all(story, 'Terminated').findLast(({ event }) => event.registrationId === id);
  const ofHolder = [...registration.parts].flatMap(([part, { isOfHolder }]) => (isOfHolder ? [part] : []));
  return {
    registrationId: id,
    code: shortCode(id) as Code,
    holder,
    filedBy,
    ...(registration.heldBefore[0] === undefined ? {} : { filedFor: registration.heldBefore[0].holder }),
    class: registration.class,
    channel: filed.event.channel,
    state,
    filedAt,
    occurredAt: filed.times.occurredAt,
    rankedAt,
    review,
    dueAt: review?.dueAt,
    startsAt: window?.startsAt,
    endsAt: window?.endsAt,
    lastDay: window?.lastDay,
    suspendedSince: protection.state === 'suspended' ? protection.since : undefined,
    endedAt: ended ? registration.closedAt : undefined,
    cause:
      state === 'rejected'
        ? registration.closedFor
        : state === 'terminated' || state === 'void'
          ? terminated!.event.cause
          : undefined,
    // The last that it was brought into, also where a verdict was taken back and it did not come to stand in it again.
    caseId: all(story, 'ConflictRaised').findLast(({ event }) => event.claims.includes(id))?.event.caseId,
    extensionRequested: extension.requested,
    shares,
    ...(registration.stages.size === 0 ? {} : { stages: Object.fromEntries(registration.stages) }),
    ...(registration.parts.size === 0
      ? {}
      : { parts: Object.fromEntries([...registration.parts].map(([part, { party }]) => [part, party])) }),
    partsOfHolder: ofHolder.length === 0 ? undefined : ofHolder.toSorted(),
    details,
    policy,
    customer: form.boxes.customer,
  };
};

const deadlinesIn = (dossier: Dossier): Picture['deadlines'] => {
  const stream = dossierStream(dossier.id!);
  const none = [...dossier.registrations.keys()].flatMap((owner) =>
    deadlineKinds.map((kind) => [dueId({ stream, owner, kind }), undefined] as const),
  );
  const come = deadlinesOf(dossier).map(({ kind, owner, dueAt }): readonly [string, Due] => {
    const row = { stream, kind, owner, programId: dossier.programId!, dueAt };
    return [dueId(row), row];
  });
  return new Map<string, Due | undefined>([...none, ...come]);
};

/** The rulings that say who holds from then on; the status shows the policy of the last. */
const holdings = new Set(['Approved', 'ProtectionBegan', 'RulingRescinded']);
const statusOf = (
  holder: Registration | undefined,
  story: Story,
): Omit<ProtectionStatus, 'dossierId' | 'programId' | 'mergedInto'> => {
  if (holder === undefined) return {};
  const window = lastWindow(holder)!;
  const ruling = story.findLast(
    ({ event }) =>
      holdings.has(event.type) && (event as { readonly registrationId?: string }).registrationId === holder.id,
  )!;
  return {
    registrationId: holder.id,
    owner: holder.holder,
    class: holder.class,
    ...window,
    suspendedSince: holder.protection.state === 'suspended' ? holder.protection.since : undefined,
    shares: holder.shares,
    policy: ruling.policy,
  };
};

const besideOf = (holders: readonly Registration[], story: Story): Pick<ProtectionStatus, 'beside'> =>
  holders.length === 0
    ? {}
    : { beside: holders.map((holder) => ({ ...statusOf(holder, story), kind: holder.kind }) as Held) };

const fileOf = (
  { id, cause, claims, arbiters, raisedAt, stoodStill, elsewhere, crossed, verdict }: Case,
  dossier: Dossier,
  story: Story,
): WithoutPlace<CaseFile> => {
  // A verdict that was taken back counts no more, and the case was raised anew with it.
  const back = all(story, 'VerdictRescinded').findLast(({ event }) => event.caseId === id)?.position ?? -1;
  const [first, ruled] = (['ConflictRaised', 'Arbitrated'] as const).map((type) =>
    all(story, type).find(({ event, position }) => event.caseId === id && position > back),
  ) as [Recorded<ConflictRaised>, Recorded<Arbitrated> | undefined];
  expect(verdict).toBe(ruled?.event.outcome);
  const file = {
    id,
    caseId: id,
    stoodStill,
    elsewhere,
    crossed,
    verdict,
    cause,
    claims,
    arbiters,
    raisedAt,
    state: verdict === undefined ? 'open' : 'decided',
    dueAt: first.event.dueAt,
    ...(ruled === undefined
      ? {}
      : {
          outcome: ruled.event.outcome,
          winner: ruled.event.winner,
          shares: ruled.event.shares,
          decidedAt: ruled.times.recordedAt,
          decidedBy: ruled.actor.party,
          reasons: ruled.boxes.customer,
        }),
  };
  return file as WithoutPlace<CaseFile>;
};

/** Who held from when to when: the fold is asked after every event, so that windows that have ended are compared too. */
const ownersOf = (story: Story): object => {
  let dossier: Dossier = emptyDossier;
  const intervals: OwnershipInterval[] = [];
  for (const recorded of story) {
    dossier = applyDossier(dossier, happeningOf(recorded));
    const open = intervals.at(-1)?.open === true ? intervals.pop() : undefined;
    const holder = [...dossier.registrations.values()].find(stands);
    if (
      open !== undefined &&
      (holder?.id !== open.registrationId || holder.holder !== open.owner || restores(recorded, open))
    )
      intervals.push(endedAs(open, dossier, recorded.times.recordedAt));
    const { event } = recorded;
    intervals.forEach((interval, index) => {
      if (event.type === 'Terminated' && event.effect === 'void' && interval.registrationId === event.registrationId)
        intervals[index] = { ...interval, voidBy: recorded.id };
      if (event.type === 'RulingRescinded' && interval.voidBy === event.ruling)
        intervals[index] = { ...interval, voidBy: undefined };
    });
    if (holder === undefined) continue;
    intervals.push({
      ...(open !== undefined &&
      holder.id === open.registrationId &&
      holder.holder === open.owner &&
      !restores(recorded, open)
        ? open
        : begunBy(recorded, holder)),
      until: lastWindow(holder)!.endsAt,
      suspended: holder.protection.state === 'suspended',
    });
  }
  return { dossierId: dossier.id, programId: dossier.programId, intervals };
};
/** Taking a ruling back begins anew what its own claim held; of another claim it changes nothing. */
const restores = ({ event }: Recorded<DossierEvent>, { registrationId }: OwnershipInterval): boolean =>
  event.type === 'RulingRescinded' && event.registrationId === registrationId;
const endedAs = (open: OwnershipInterval, dossier: Dossier, now: Instant): OwnershipInterval => {
  const { protection } = dossier.registrations.get(open.registrationId)!;
  return { ...open, open: false, suspended: false, until: protection.state === 'ended' ? protection.endedAt : now };
};
const begunBy = ({ id, event, times }: Recorded<DossierEvent>, holder: Registration): OwnershipInterval => ({
  owner: holder.holder,
  registrationId: holder.id,
  from: event.type === 'Approved' || event.type === 'ProtectionBegan' ? lastWindow(holder)!.startsAt : times.recordedAt,
  until: lastWindow(holder)!.endsAt,
  open: true,
  suspended: false,
  basis: id as EventId,
  basisType: event.type as Code,
});

/** The cards of one party's offences. */
export const standingOf = (story: readonly Recorded<StandingEvent>[]): readonly StandingCard[] =>
  story
    .map(happeningOf)
    .reduce(standingFolding.apply, standingFolding.initial)
    .offences.map(({ id, at, ...offence }): StandingCard => {
      const about = story.filter(({ event }) => event.offenceId === id);
      const found = about.find(({ event }) => event.type === 'OffenceFound')!;
      const { partyId, customers, subject } = found.event as Extract<StandingEvent, { type: 'OffenceFound' }>;
      return {
        ...offence,
        offenceId: id,
        partyId: partyId as PartyId,
        customers,
        subject,
        foundAt: at,
        foundBy: found.actor.party,
        because: about.flatMap(({ event }) =>
          'because' in event && event.type !== 'PenaltyRescinded' ? event.because : [],
        ),
        finding: found.boxes.party,
      };
    });
