import { type Box, type Recorded, typesOf } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { CalendarDate, Code, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { Collection } from '#event-sourcing/ports/read-store.js';
import { shortCode, verifyShortCode } from '#identity/short-code.js';
import type {
  Amended,
  Assigned,
  CaseId,
  Details,
  DossierEvent,
  DossierId,
  ProtectionWindow,
  RegistrationId,
  RegistrationState,
  ReviewStage,
  Share,
  RulingRescinded,
} from '../../events.js';
import { isOfHolder, sharesIn } from '../../registration.js';
import { subjectEvents, permissionEvents } from '../../subject-events.js';
import { dutyEvents } from '../../duty/duty-events.js';
import { workEvents } from '../work-events.js';

/**
 * One registration as lists show it. Whether it protects *now* is computed when it is read, from `endsAt` and
 * `suspendedSince`.
 */
export interface RegistrationCard {
  readonly registrationId: RegistrationId;
  /** What people read to each other. */
  readonly code: Code;
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly holder: PartyId;
  readonly filedBy: PartyId;
  /** The first holder, once it was handed on. */
  readonly filedFor?: PartyId;
  readonly class: Code;
  readonly channel: Code;
  readonly state: RegistrationState;
  readonly filedAt: Instant;
  readonly occurredAt: Instant;
  readonly rankedAt: Instant;
  readonly review?: ReviewStage;
  readonly dueAt?: Instant;
  readonly startsAt?: Instant;
  readonly endsAt?: Instant;
  readonly lastDay?: CalendarDate;
  readonly suspendedSince?: Instant;
  readonly endedAt?: Instant;
  readonly cause?: Code;
  readonly caseId?: CaseId;
  readonly extensionRequested: boolean;
  readonly shares?: readonly Share[];
  /** Where each ladder stands; one that is not here stands on its first step. */
  readonly stages?: Readonly<Record<string, Code>>;
  /** Who works on it beside its holder, by part. */
  readonly parts?: Readonly<Record<string, PartyId>>;
  /** Those that its holder gave: they end when somebody else holds the claim. */
  readonly partsOfHolder?: readonly Code[];
  readonly details: Details;
  readonly policy?: Code;
  /** The customer as filed, sealed; opened only for the page that is shown. */
  readonly customer?: Box;
  /** What was changed of it since, oldest first, sealed; what is changed again is no more here. */
  readonly amended?: readonly { readonly fields: readonly Code[]; readonly box: Box }[];
}

type Card = RegistrationCard;
const known = (card: Card | undefined, recorded: Recorded): Card => {
  if (card === undefined)
    throw new Error(`${recorded.event.type} at ${recorded.position} speaks of a registration nobody filed`);
  return card;
};
const running = (card: Card, window: ProtectionWindow | undefined): Card =>
  window === undefined
    ? card
    : {
        ...card,
        state: 'protected',
        startsAt: window.startsAt,
        endsAt: window.endsAt,
        lastDay: window.lastDay,
        suspendedSince: undefined,
        // What was over runs again: a clock that had run out was given back, or a ruling that ended it was taken back.
        endedAt: undefined,
        cause: undefined,
      };
const over = (card: Card, state: RegistrationState, endedAt: Instant, cause?: Code): Card => ({
  ...card,
  state,
  endedAt,
  ...(cause === undefined ? {} : { cause }),
  review: undefined,
  dueAt: undefined,
  suspendedSince: undefined,
});
const amended = (card: Card, { event, boxes }: Recorded<Amended>): Card => {
  const before = (card.amended ?? []).filter(({ fields }) => fields.some((field) => !event.fields.includes(field)));
  const box = boxes.customer;
  return {
    ...card,
    details: { ...card.details, ...event.details },
    amended: box === undefined ? before : [...before, { fields: event.fields, box }],
  };
};
const assigned = (card: Card, { event: { part, to, by } }: Recorded<Assigned>): Card => {
  const { [part]: _, ...others } = card.parts ?? {};
  const ofHolder = (card.partsOfHolder ?? []).filter((each) => each !== part);
  return {
    ...card,
    ...(to === undefined ? withParts(others) : withParts({ ...others, [part]: to })),
    ...withOfHolder(to !== undefined && isOfHolder(card, by) ? [...ofHolder, part].toSorted() : ofHolder),
  };
};
/** What the holder gave to others ends with the holder; what an office gave stays with the customer. */
const heldBy = (card: Card, holder: PartyId): Card => {
  const { parts = {}, partsOfHolder = [] } = card;
  if (card.holder === holder) return card;
  const left = Object.entries(parts).filter(([part]) => !(partsOfHolder as readonly string[]).includes(part));
  return { ...card, holder, ...withParts(Object.fromEntries(left)), ...withOfHolder([]) };
};
const withParts = (parts: Readonly<Record<string, PartyId>>): Pick<Card, 'parts'> => ({
  parts: Object.keys(parts).length === 0 ? undefined : parts,
});
const withOfHolder = (parts: readonly Code[]): Pick<Card, 'partsOfHolder'> => ({
  partsOfHolder: parts.length === 0 ? undefined : parts,
});
/** States that a case takes up. */
const waitsFor: ReadonlySet<RegistrationState> = new Set(['underReview', 'returned', 'effective', 'inCase']);
const waiting = (card: Card, review: ReviewStage | undefined): Card => ({
  ...card,
  state: 'underReview',
  review,
  dueAt: review?.dueAt,
});

/** What an act that was taken back had brought: steps of a ladder, a split. */
const withoutAct = (card: Card, { shares, stages = [] }: RulingRescinded['restored']): Card => {
  const back = new Map(stages.map(({ ladder, step }) => [ladder as string, step]));
  const left = Object.entries(card.stages ?? {}).flatMap(([ladder, step]) => {
    const now = back.has(ladder) ? back.get(ladder) : step;
    return now === undefined ? [] : [[ladder, now] as const];
  });
  return {
    ...card,
    ...(shares === undefined ? {} : { shares: sharesIn(shares) }),
    ...(card.stages === undefined ? {} : { stages: left.length === 0 ? undefined : Object.fromEntries(left) }),
  };
};

export const registrationCard = readModel<Card, DossierEvent>()({
  name: 'registration-card',
  version: 7,
  indexes: [
    ['programId', 'holder', 'filedAt'],
    ['programId', 'state', 'dueAt'],
    ['programId', 'holder', 'endsAt'],
    ['programId', 'filedAt'],
    ['programId', 'state', 'endsAt'],
    ['dossierId', 'filedAt'],
    ['code', 'filedAt'],
    ['programId', 'state', 'filedAt'],
    ['programId', 'holder', 'state', 'filedAt'],
  ],
  ids: ({ event }) => ('registrationId' in event && event.registrationId !== undefined ? [event.registrationId] : []),
  ignores: [
    ...typesOf(subjectEvents, permissionEvents, workEvents, dutyEvents),
    'Requested',
    'RequestAdvanced',
    'GrantUsed',
    'Objected',
    'VerdictRescinded',
    'DealRecorded',
    'Attributed',
    'AttributionReversed',
    'DealRescinded',
  ],
  on: {
    Registered: (_, { event, times, actor, stream, policy, boxes }) => ({
      registrationId: event.registrationId,
      code: shortCode(event.registrationId) as Code,
      dossierId: stream.slice('dossier-'.length) as DossierId,
      programId: event.programId,
      holder: event.holder,
      filedBy: actor.party,
      class: event.class,
      channel: event.channel,
      state: 'underReview',
      filedAt: times.recordedAt,
      occurredAt: times.occurredAt,
      rankedAt: event.rankedAt,
      review: event.review,
      dueAt: event.review?.dueAt,
      extensionRequested: false,
      details: event.details,
      policy,
      customer: boxes.customer,
    }),
    Recalled: (card, recorded) => over(known(card, recorded), 'recalled', recorded.times.recordedAt),
    Resubmitted: (card, recorded) => ({
      ...waiting(known(card, recorded), recorded.event.review),
      details: recorded.event.details,
      customer: recorded.boxes.customer,
      amended: undefined,
      policy: recorded.policy,
    }),
    ReviewAdvanced: (card, recorded) => waiting(known(card, recorded), recorded.event.review),
    ReviewEscalated: (card, recorded) => waiting(known(card, recorded), recorded.event.review),
    Returned: (card, recorded) => ({
      ...known(card, recorded),
      state: 'returned',
      review: undefined,
      dueAt: undefined,
    }),
    Rejected: (card, recorded) =>
      over(known(card, recorded), 'rejected', recorded.times.recordedAt, recorded.event.cause),
    Approved: (card, recorded) =>
      running(
        {
          ...known(card, recorded),
          state: 'effective',
          class: recorded.event.class,
          review: undefined,
          dueAt: undefined,
          ...(recorded.event.shares === undefined ? {} : { shares: recorded.event.shares }),
        },
        recorded.event.protection,
      ),
    ExtensionRequested: (card, recorded) => ({ ...known(card, recorded), extensionRequested: true }),
    ExtensionRefused: (card, recorded) => ({ ...known(card, recorded), extensionRequested: false }),
    Extended: (card, recorded) =>
      running({ ...known(card, recorded), extensionRequested: false }, recorded.event.protection),
    ProtectionBegan: (card, recorded) => running(known(card, recorded), recorded.event.protection),
    Upgraded: (card, recorded) =>
      running({ ...known(card, recorded), class: recorded.event.class }, recorded.event.protection),
    Rolled: (card, recorded) => running(known(card, recorded), recorded.event.protection),
    Transferred: (card, recorded) => {
      const before = known(card, recorded);
      return { ...heldBy(before, recorded.event.to), filedFor: before.filedFor ?? before.holder };
    },
    Released: (card, recorded) => over(known(card, recorded), 'released', recorded.event.endedAt),
    Expired: (card, recorded) => over(known(card, recorded), 'expired', recorded.event.endedAt),
    Abandoned: (card, recorded) => over(known(card, recorded), 'abandoned', recorded.event.endedAt),
    Terminated: (card, recorded) =>
      over(
        known(card, recorded),
        recorded.event.effect === 'void' ? 'void' : 'terminated',
        recorded.event.endedAt,
        recorded.event.cause,
      ),
    RulingRescinded: (card, recorded) => {
      const { restored, holder } = recorded.event;
      const back: Card = {
        ...heldBy(known(card, recorded), holder),
        ...(restored.class === undefined ? {} : { class: restored.class }),
        extensionRequested: restored.extensionRequested === true,
        // A clock that would have run out by now ended with its window; without one it is over as of this ruling.
        endedAt:
          restored.ended?.endsAt ??
          (waitsFor.has(restored.state) || restored.state === 'protected' ? undefined : recorded.times.recordedAt),
        cause: undefined,
        review: restored.review,
        dueAt: restored.review?.dueAt,
        startsAt: restored.ended?.startsAt,
        endsAt: restored.ended?.endsAt,
        lastDay: restored.ended?.lastDay,
        suspendedSince: undefined,
      };
      return { ...running(withoutAct(back, restored), restored.protection), state: restored.state };
    },
    ConflictRaised: {
      ids: ({ event }) => event.claims,
      fold: (card, recorded, id) => ({
        ...known(card, recorded),
        caseId: recorded.event.caseId,
        ...(recorded.event.suspended?.registrationId === id
          ? { suspendedSince: recorded.event.suspended.at }
          : waitsFor.has(card?.state ?? 'void') || (card?.state === 'rejected' && recorded.event.cause === 'objection')
            ? { state: 'inCase' as const, review: undefined, dueAt: undefined, endedAt: undefined, cause: undefined }
            : {}),
      }),
    },
    LeftCase: (card, recorded) => ({
      ...known(card, recorded),
      state: recorded.event.state,
      review: recorded.event.review,
      dueAt: recorded.event.review?.dueAt,
    }),
    Resumed: (card, recorded) => running(known(card, recorded), recorded.event.protection),
    Amended: (card, recorded) => amended(known(card, recorded), recorded),
    Assigned: (card, recorded) => assigned(known(card, recorded), recorded),
    StageAdvanced: (card, recorded) => ({
      ...known(card, recorded),
      stages: { ...card?.stages, [recorded.event.ladder]: recorded.event.step },
    }),
    RequestDecided: (card, recorded) =>
      recorded.event.review === undefined
        ? known(card, recorded)
        : { ...known(card, recorded), review: recorded.event.review, dueAt: recorded.event.review.dueAt },
    SplitAgreed: (card, recorded) => ({ ...known(card, recorded), shares: recorded.event.shares }),
    Arbitrated: {
      ids: ({ event }) => (event.winner === undefined ? [] : [event.winner]),
      fold: (card, recorded) => ({
        ...known(card, recorded),
        ...(recorded.event.shares === undefined ? {} : { shares: recorded.event.shares }),
      }),
    },
  },
});

/** What a reader is told at `now`: a clock that has run out is over, also before anybody recorded it. */
export const stateAt = (card: RegistrationCard, now: Instant): RegistrationState =>
  card.state === 'protected' && card.suspendedSince === undefined && card.endsAt !== undefined && card.endsAt <= now
    ? 'expired'
    : card.state;

/**
 * The id that a short code stands for; what is no code, and a code that nobody or more than one has, stays as it is and
 * is then unknown. Ids have a dot and codes have none.
 */
export const registrationIdOf = async (
  cards: () => Promise<Collection<RegistrationCard>>,
  text: string,
): Promise<string> => {
  const code = verifyShortCode(text);
  if (code === null) return text;
  // An id needs no read model: commands go on while those are away.
  const { rows } = await (
    await cards()
  ).page({ where: { code: { equals: code } }, order: [{ field: 'filedAt', direction: 'ascending' }], first: 2 });
  const [only, ...others] = rows;
  return only === undefined || others.length > 0 ? text : only.document.registrationId;
};
