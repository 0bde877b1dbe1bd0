import { type Recorded, typesOf } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { Code, EventId, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { Claim, DossierEvent, DossierId, RegistrationId } from '../../events.js';
import { subjectEvents, permissionEvents } from '../../subject-events.js';
import { filingEvents } from '../../registration/filing-events.js';
import { extensionEvents } from '../protection-events.js';
import { dutyEvents } from '../../duty/duty-events.js';
import { requestEvents } from '../../registration/request-events.js';
import { workEvents, amendmentEvents, stageEvents } from '../../registration/work-events.js';
import { dealEvents } from '../../deal/deal-events.js';

/** From when to when somebody held the subject, and by which ruling. Open: `until` is when its clock would run out. */
export interface OwnershipInterval extends Claim {
  readonly owner: PartyId;
  readonly registrationId: RegistrationId;
  readonly from: Instant;
  readonly until: Instant;
  readonly open: boolean;
  readonly suspended: boolean;
  readonly basis: EventId;
  readonly basisType: Code;
  /** The ruling that found the registration void: it kept others away for that time, and never owned. */
  readonly voidBy?: EventId;
}
/** The whole line of owners of one subject, oldest first: who held it at T is the interval that contains T. */
export interface Ownership {
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly intervals: readonly OwnershipInterval[];
}

type Row = Ownership;
const dossierIdOf = (stream: string): DossierId => stream.slice('dossier-'.length) as DossierId;
const known = (row: Row | undefined, { stream, program }: Recorded): Row =>
  row ?? { dossierId: dossierIdOf(stream), programId: program!, intervals: [] };
const changeOpen = (
  row: Row,
  registrationId: RegistrationId,
  change: (interval: OwnershipInterval) => OwnershipInterval,
): Row => ({
  ...row,
  intervals: row.intervals.map((interval) =>
    interval.open && interval.registrationId === registrationId ? change(interval) : interval,
  ),
});
const closed = (row: Row, registrationId: RegistrationId, at: Instant): Row =>
  changeOpen(row, registrationId, (interval) => ({ ...interval, until: at, open: false, suspended: false }));
/** Void from its beginning, whoever held it. */
const voided = (row: Row, registrationId: RegistrationId, voidBy: EventId): Row => ({
  ...row,
  intervals: row.intervals.map((interval) =>
    interval.registrationId === registrationId ? { ...interval, voidBy } : interval,
  ),
});
const upheld = (row: Row, ruling: EventId): Row => ({
  ...row,
  intervals: row.intervals.map((interval) =>
    interval.voidBy === ruling ? { ...interval, voidBy: undefined } : interval,
  ),
});
const begun = (
  row: Row,
  { id, event }: Recorded,
  owner: PartyId,
  registrationId: RegistrationId,
  from: Instant,
  until: Instant,
  { kind, claims }: Claim,
): Row => ({
  ...row,
  intervals: [
    ...row.intervals,
    {
      owner,
      ...(kind === undefined ? {} : { kind }),
      ...(claims === undefined ? {} : { claims }),
      registrationId,
      from,
      until,
      open: true,
      suspended: false,
      basis: id,
      basisType: event.type as Code,
    },
  ],
});

export const ownership = readModel<Row, DossierEvent>()({
  name: 'ownership',
  version: 4,
  indexes: [['programId']],
  ids: ({ stream }) => [dossierIdOf(stream)],
  ignores: [
    ...typesOf(
      subjectEvents,
      permissionEvents,
      filingEvents,
      extensionEvents,
      workEvents,
      amendmentEvents,
      stageEvents,
      dutyEvents,
      requestEvents,
      dealEvents,
    ),
    'Objected',
    'VerdictRescinded',
    'Arbitrated',
    'LeftCase',
  ],
  on: {
    Approved: (row, recorded) => {
      const { registrationId, holder, protection } = recorded.event;
      return protection === undefined
        ? known(row, recorded)
        : begun(
            known(row, recorded),
            recorded,
            holder,
            registrationId,
            protection.startsAt,
            protection.endsAt,
            recorded.event,
          );
    },
    ProtectionBegan: (row, recorded) =>
      begun(
        known(row, recorded),
        recorded,
        recorded.event.holder,
        recorded.event.registrationId,
        recorded.event.protection.startsAt,
        recorded.event.protection.endsAt,
        recorded.event,
      ),
    Extended: (row, recorded) =>
      changeOpen(known(row, recorded), recorded.event.registrationId, (interval) => ({
        ...interval,
        until: recorded.event.protection.endsAt,
      })),
    Upgraded: (row, recorded) =>
      changeOpen(known(row, recorded), recorded.event.registrationId, (interval) => ({
        ...interval,
        until: recorded.event.protection.endsAt,
      })),
    Rolled: (row, recorded) =>
      changeOpen(known(row, recorded), recorded.event.registrationId, (interval) => ({
        ...interval,
        until: recorded.event.protection.endsAt,
      })),
    ConflictRaised: (row, recorded) =>
      recorded.event.suspended === undefined
        ? known(row, recorded)
        : changeOpen(known(row, recorded), recorded.event.suspended.registrationId, (interval) => ({
            ...interval,
            suspended: true,
          })),
    Resumed: (row, recorded) =>
      changeOpen(known(row, recorded), recorded.event.registrationId, (interval) => ({
        ...interval,
        suspended: false,
        until: recorded.event.protection.endsAt,
      })),
    Transferred: (row, recorded) => {
      const { registrationId, to } = recorded.event;
      const open = row?.intervals.find((interval) => interval.open && interval.registrationId === registrationId);
      if (open === undefined) return known(row, recorded);
      return begun(
        closed(known(row, recorded), registrationId, recorded.times.recordedAt),
        recorded,
        to,
        registrationId,
        recorded.times.recordedAt,
        open.until,
        open,
      );
    },
    Released: (row, recorded) => closed(known(row, recorded), recorded.event.registrationId, recorded.event.endedAt),
    Expired: (row, recorded) => closed(known(row, recorded), recorded.event.registrationId, recorded.event.endedAt),
    Abandoned: (row, recorded) => closed(known(row, recorded), recorded.event.registrationId, recorded.event.endedAt),
    Terminated: (row, recorded) => {
      const { registrationId, endedAt, effect } = recorded.event;
      const ended = closed(known(row, recorded), registrationId, endedAt);
      return effect === 'void' ? voided(ended, registrationId, recorded.id) : ended;
    },
    Rejected: (row, recorded) => closed(known(row, recorded), recorded.event.registrationId, recorded.times.recordedAt),
    RulingRescinded: (row, recorded) => {
      const { registrationId, restored, holder } = recorded.event;
      const ended = restored.ended?.endsAt ?? recorded.times.recordedAt;
      const before = closed(upheld(known(row, recorded), recorded.event.ruling), registrationId, ended);
      return restored.protection === undefined
        ? before
        : begun(
            before,
            recorded,
            holder,
            registrationId,
            recorded.times.recordedAt,
            restored.protection.endsAt,
            restored,
          );
    },
  },
});

/** The line of a subject that lies in several dossiers, the one that goes on given first. */
export const lineOf = (rows: readonly Ownership[]): readonly OwnershipInterval[] =>
  rows
    .toReversed()
    .flatMap(({ intervals }) => intervals)
    .toSorted((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));

/** Who held the subject at an instant, among the claims of a kind that exclude each other. What is void held nothing. */
export const ownerAt = (row: Ownership, at: Instant, kind?: Code): OwnershipInterval | undefined =>
  row.intervals.findLast(
    (interval) =>
      interval.kind === kind &&
      interval.claims === undefined &&
      interval.voidBy === undefined &&
      interval.from <= at &&
      (interval.suspended || at < interval.until),
  );
