import { type Recorded, typesOf } from '#event-sourcing/event.js';
import { readModel, removed } from '#event-sourcing/projection/read-model.js';
import type { Instant, PartyId, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import { FOREVER } from '#time/instant.js';
import { answersItselfAt, type DeadlineKind, type Owner } from '../../dossier/facts.js';
import {
  type Approved,
  dealEvents,
  type DossierEvent,
  type DutySet,
  extensionEvents,
  permissionEvents,
  type ProtectionWindow,
  type RegistrationId,
  type ReviewStage,
  type RulingRescinded,
  amendmentEvents,
  stageEvents,
  subjectEvents,
  workEvents,
} from '../../dossier/events.js';
import type { PeriodicDutyMissed, PeriodicDutySet, WorkEvent } from '../../work/events.js';
import { lookedAtAgain } from '../../work/facts.js';

/** A deadline that is to come, and whose stream decides it. Only asked; the decider decides. */
export interface Due {
  readonly stream: StreamName;
  readonly kind: DeadlineKind | 'period';
  readonly owner: Owner | PartyId | 'offices';
  readonly programId: ProgramId;
  readonly dueAt: Instant;
}
type Row = Due;

/** One document for each deadline of a stream: an owner may have several at once. */
export const dueId = ({ stream, owner, kind }: Pick<Due, 'stream' | 'owner' | 'kind'>): string =>
  `${stream}/${owner}/${kind}`;

type Told<E> = Pick<Recorded, 'stream' | 'program'> & { readonly event: E };
const rowOf = ({ stream, program }: Told<unknown>, id: string, dueAt: Instant | undefined): Row | typeof removed => {
  const [owner, kind] = id.split('/').slice(-2) as [Owner, DeadlineKind];
  return dueAt === undefined || dueAt === FOREVER ? removed : { stream, kind, owner, programId: program!, dueAt };
};
const kindIn = (id: string): DeadlineKind => id.slice(id.lastIndexOf('/') + 1) as DeadlineKind;

/** What an event does to the deadlines of its registration: each that is named begins, moves or ends, others stay. */
const moves = <E>(moved: { readonly [K in DeadlineKind]?: (event: E) => Instant | undefined }) => ({
  ids: ({ stream, event }: Told<{ readonly registrationId: RegistrationId }>): readonly string[] =>
    (Object.keys(moved) as DeadlineKind[]).map((kind) => dueId({ stream, owner: event.registrationId, kind })),
  fold: (_: Row | undefined, told: Told<E>, id: string): Row | typeof removed =>
    rowOf(told, id, moved[kindIn(id)]!(told.event)),
});

type ToldDuty = Told<Pick<DutySet, 'registrationId' | 'duty'>>;
const dutyIds = ({ stream, event: { registrationId, duty } }: ToldDuty): readonly string[] => [
  `${dueId({ stream, owner: registrationId, kind: 'duty' })}/${duty}`,
];
const dutyRow = ({ stream, program, event }: ToldDuty, dueAt: Instant | undefined): Row | typeof removed =>
  dueAt === undefined || dueAt === FOREVER
    ? removed
    : { stream, kind: 'duty', owner: event.registrationId, programId: program!, dueAt };

/** Of the offices of a program, or of a party in it: its stream is looked at as a whole. */
const periodId = ({ stream, event: { partyId, duty } }: Told<PeriodicDutySet | PeriodicDutyMissed>): string =>
  `${dueId({ stream, owner: partyId ?? 'offices', kind: 'period' })}/${duty}`;
const periodRow = (
  { stream, program, event }: Told<PeriodicDutySet | PeriodicDutyMissed>,
  dueAt: Instant | undefined,
): Row | typeof removed =>
  dueAt === undefined || dueAt === FOREVER
    ? removed
    : { stream, kind: 'period', owner: event.partyId ?? 'offices', programId: program!, dueAt };

const none = (): undefined => undefined;
const reviewed = { review: ({ review }: { readonly review?: ReviewStage }) => answersItselfAt(review) };
const running = {
  expiry: ({ protection }: { readonly protection: ProtectionWindow }) => protection.endsAt,
  suspension: none,
};
const over = { review: none, expiry: none, suspension: none };

export const due = readModel<Row, DossierEvent | WorkEvent>()({
  name: 'due',
  version: 3,
  indexes: [['dueAt']],
  ids: () => [],
  ignores: [
    ...typesOf(subjectEvents, permissionEvents, extensionEvents, workEvents, amendmentEvents, stageEvents, dealEvents),
    'Transferred',
    'GrantUsed',
    'WorkRecorded',
    'WorkCounted',
    'Objected',
    'Arbitrated',
    'VerdictRescinded',
  ],
  on: {
    Registered: moves(reviewed),
    Resubmitted: moves(reviewed),
    ReviewAdvanced: moves(reviewed),
    ReviewEscalated: moves(reviewed),
    Returned: moves({ review: none }),
    Approved: moves({ review: none, expiry: ({ protection }: Pick<Approved, 'protection'>) => protection?.endsAt }),
    ProtectionBegan: moves(running),
    Extended: moves(running),
    Upgraded: moves(running),
    Rolled: moves(running),
    Resumed: moves(running),
    LeftCase: moves(reviewed),
    RulingRescinded: moves({
      review: ({ restored }: Pick<RulingRescinded, 'restored'>) => answersItselfAt(restored.review),
      expiry: ({ restored }: Pick<RulingRescinded, 'restored'>) => restored.protection?.endsAt,
      suspension: none,
    }),
    Requested: {
      ids: ({ stream, id }) => [dueId({ stream, owner: id, kind: 'request' })],
      fold: (_, recorded, id) => rowOf(recorded, id, answersItselfAt(recorded.event.review)),
    },
    RequestAdvanced: {
      ids: ({ stream, event }) => [dueId({ stream, owner: event.requestId, kind: 'request' })],
      fold: (_, recorded, id) => rowOf(recorded, id, answersItselfAt(recorded.event.review)),
    },
    RequestDecided: {
      ids: ({ stream, event }) => [
        dueId({ stream, owner: event.requestId, kind: 'request' }),
        ...(event.review === undefined ? [] : [dueId({ stream, owner: event.registrationId, kind: 'review' })]),
      ],
      fold: (_, recorded, id) =>
        rowOf(recorded, id, kindIn(id) === 'review' ? answersItselfAt(recorded.event.review) : undefined),
    },
    // Every claim of a case waits for the verdict; the clock that stands still waits for its own end of that.
    ConflictRaised: {
      ids: ({ stream, event: { claims, suspended } }) => [
        ...claims.map((owner) => dueId({ stream, owner, kind: 'review' })),
        ...(suspended === undefined
          ? []
          : (['expiry', 'suspension'] as const).map((kind) =>
              dueId({ stream, owner: suspended.registrationId, kind }),
            )),
      ],
      fold: (_, recorded, id) =>
        rowOf(recorded, id, kindIn(id) === 'suspension' ? recorded.event.suspended?.until : undefined),
    },
    // Of a registration every duty has a row of its own; an end that comes before it is said of each.
    DutySet: { ids: dutyIds, fold: (_, told) => dutyRow(told, told.event.dueAt) },
    DutyMissed: { ids: dutyIds, fold: (_, told) => dutyRow(told, undefined) },
    PeriodicDutySet: { ids: (told) => [periodId(told)], fold: (_, told) => periodRow(told, lookedAtAgain(told.event)) },
    PeriodicDutyMissed: { ids: (told) => [periodId(told)], fold: (_, told) => periodRow(told, told.event.nextAt) },
    Recalled: moves(over),
    Rejected: moves(over),
    Released: moves(over),
    Expired: moves(over),
    Abandoned: moves(over),
    Terminated: moves(over),
  },
});
