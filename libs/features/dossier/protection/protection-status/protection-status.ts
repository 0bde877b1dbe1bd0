import { type Recorded, typesOf } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { CalendarDate, Code, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { Claim, DossierEvent, DossierId, ProtectionWindow, RegistrationId, Share } from '../../events.js';
import { sharesIn } from '../../registration.js';
import { permissionEvents } from '../../subject-events.js';
import { filingEvents } from '../../registration/filing-events.js';
import { extensionEvents } from '../protection-events.js';
import { dutyEvents } from '../../duty/duty-events.js';
import { requestEvents } from '../../registration/request-events.js';
import { workEvents, amendmentEvents, stageEvents } from '../../registration/work-events.js';

/** One protection of a subject. Live or not is computed when it is read. */
export interface Held extends Claim {
  readonly registrationId: RegistrationId;
  readonly owner: PartyId;
  readonly class?: Code;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly lastDay: CalendarDate;
  readonly suspendedSince?: Instant;
  readonly shares?: readonly Share[];
  readonly policy?: Code;
}
/** Who holds one subject, until when; no owner means that nobody's clock runs. */
export interface ProtectionStatus extends Partial<Held> {
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly mergedInto?: DossierId;
  /** Dossiers that were merged into this one. */
  readonly absorbed?: readonly DossierId[];
  /** Protections that stand beside it: of a named kind, or several together. */
  readonly beside?: readonly Held[];
}

type Status = ProtectionStatus;
const dossierIdOf = (stream: string): DossierId => stream.slice('dossier-'.length) as DossierId;
const known = (row: Status | undefined, { stream, program }: Recorded): Status =>
  row ?? { dossierId: dossierIdOf(stream), programId: program! };
const placeOf = ({ dossierId, programId, mergedInto, absorbed, beside }: Status): Status => ({
  dossierId,
  programId,
  ...(mergedInto === undefined ? {} : { mergedInto }),
  ...(absorbed === undefined ? {} : { absorbed }),
  ...(beside === undefined ? {} : { beside }),
});
const besides = (row: Status, beside: readonly Held[]): Status => {
  const { beside: _, ...rest } = row;
  return beside.length === 0 ? rest : { ...rest, beside };
};
const windowed = <H extends Partial<Held>>(held: H, { startsAt, endsAt, lastDay }: ProtectionWindow): H => ({
  ...held,
  startsAt,
  endsAt,
  lastDay,
  suspendedSince: undefined,
});
/** Only the end of the registration that holds it frees the subject. */
const freed = (row: Status, registrationId: RegistrationId): Status => {
  const others = row.registrationId === registrationId ? placeOf(row) : row;
  return row.beside?.some((held) => held.registrationId === registrationId) === true
    ? besides(
        others,
        row.beside.filter((held) => held.registrationId !== registrationId),
      )
    : others;
};
const begun = (row: Status, held: Held): Status =>
  held.kind === undefined && held.claims === undefined
    ? { ...placeOf(row), ...held }
    : besides(freed(row, held.registrationId), [...(freed(row, held.registrationId).beside ?? []), held]);
const changed = (
  row: Status,
  registrationId: RegistrationId | undefined,
  change: <H extends Partial<Held>>(held: H) => H,
): Status => {
  if (registrationId === undefined) return row;
  if (row.registrationId === registrationId) return change(row);
  return row.beside?.some((held) => held.registrationId === registrationId) === true
    ? besides(
        row,
        row.beside.map((held) => (held.registrationId === registrationId ? change(held) : held)),
      )
    : row;
};
const claimed = ({ kind, claims }: Claim): Claim => ({
  ...(kind === undefined ? {} : { kind }),
  ...(claims === undefined ? {} : { claims }),
});

/** The clock that an event names runs until another day. */
const runsUntil = (
  row: Status | undefined,
  recorded: Recorded<Extract<DossierEvent, { readonly type: 'Extended' | 'Rolled' | 'Resumed' }>>,
): Status =>
  changed(known(row, recorded), recorded.event.registrationId, (held) => windowed(held, recorded.event.protection));

export const protectionStatus = readModel<Status, DossierEvent>()({
  name: 'protection-status',
  version: 4,
  indexes: [
    ['programId', 'owner', 'endsAt'],
    ['programId', 'endsAt'],
  ],
  ids: ({ stream }) => [dossierIdOf(stream)],
  ignores: [
    ...typesOf(
      permissionEvents,
      filingEvents,
      extensionEvents,
      workEvents,
      amendmentEvents,
      stageEvents,
      dutyEvents,
      requestEvents,
    ),
    'DistinctRescinded',
    'Objected',
    'VerdictRescinded',
    'LeftCase',
    'DealRecorded',
    'Attributed',
    'AttributionReversed',
    'DealRescinded',
  ],
  on: {
    DossierOpened: (row, recorded) => known(row, recorded),
    DossierMerged: (row, recorded) => {
      const now = known(row, recorded);
      const { from, into } = recorded.event;
      return from === now.dossierId
        ? { ...now, mergedInto: into }
        : { ...now, absorbed: [...(now.absorbed ?? []), from] };
    },
    DossierSeparated: (row, recorded) => {
      const { mergedInto, absorbed = [], ...now } = known(row, recorded);
      const { from } = recorded.event;
      const left = absorbed.filter((id) => id !== from);
      return {
        ...now,
        ...(mergedInto === undefined || from === now.dossierId ? {} : { mergedInto }),
        ...(left.length === 0 ? {} : { absorbed: left }),
      };
    },
    Approved: (row, recorded) => {
      const { registrationId, holder, class: name, protection, shares } = recorded.event;
      if (protection === undefined) return known(row, recorded);
      return begun(
        known(row, recorded),
        windowed(
          {
            registrationId,
            owner: holder,
            class: name,
            policy: recorded.policy,
            ...(shares === undefined ? {} : { shares }),
            ...claimed(recorded.event),
          } as Held,
          protection,
        ),
      );
    },
    ProtectionBegan: (row, recorded) => {
      const { registrationId, holder, class: name, shares, protection } = recorded.event;
      const held = { registrationId, owner: holder, class: name, shares, policy: recorded.policy };
      return begun(known(row, recorded), windowed({ ...held, ...claimed(recorded.event) } as Held, protection));
    },
    Extended: runsUntil,
    Upgraded: (row, recorded) =>
      changed(known(row, recorded), recorded.event.registrationId, (held) =>
        windowed({ ...held, class: recorded.event.class }, recorded.event.protection),
      ),
    Rolled: runsUntil,
    Transferred: (row, recorded) =>
      changed(known(row, recorded), recorded.event.registrationId, (held) => ({ ...held, owner: recorded.event.to })),
    ConflictRaised: (row, recorded) =>
      changed(known(row, recorded), recorded.event.suspended?.registrationId, (held) => ({
        ...held,
        suspendedSince: recorded.event.suspended!.at,
      })),
    Resumed: runsUntil,
    Arbitrated: (row, recorded) =>
      recorded.event.shares === undefined
        ? known(row, recorded)
        : changed(known(row, recorded), recorded.event.winner, (held) => ({ ...held, shares: recorded.event.shares })),
    SplitAgreed: (row, recorded) =>
      changed(known(row, recorded), recorded.event.registrationId, (held) => ({
        ...held,
        shares: recorded.event.shares,
      })),
    Released: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    Expired: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    Abandoned: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    Terminated: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    Rejected: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    RulingRescinded: (row, recorded) => {
      const { registrationId, restored, holder } = recorded.event;
      const free = freed(known(row, recorded), registrationId);
      if (restored.protection === undefined) return free;
      const { class: name } = restored;
      const held = {
        registrationId,
        owner: holder,
        class: name,
        shares: sharesIn(restored.shares),
        policy: recorded.policy,
      };
      return begun(free, windowed({ ...held, ...claimed(restored) } as Held, restored.protection));
    },
  },
});
