import type { Recorded } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { CalendarDate, Code, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { DossierEvent, DossierId, ProtectionWindow, RegistrationId, Share } from '../../events.js';

/**
 * Who holds one subject, until when. Live or not is computed when it is read; no owner means that nobody's clock runs.
 */
export interface ProtectionStatus {
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly registrationId?: RegistrationId;
  readonly owner?: PartyId;
  readonly class?: Code;
  readonly startsAt?: Instant;
  readonly endsAt?: Instant;
  readonly lastDay?: CalendarDate;
  readonly suspendedSince?: Instant;
  readonly shares?: readonly Share[];
  readonly mergedInto?: DossierId;
  readonly policy?: Code;
}

type Status = ProtectionStatus;
const dossierIdOf = (stream: string): DossierId => stream.slice('dossier-'.length) as DossierId;
const known = (row: Status | undefined, { stream, program }: Recorded): Status =>
  row ?? { dossierId: dossierIdOf(stream), programId: program! };
const held = (row: Status, window: ProtectionWindow): Status => ({
  ...row,
  startsAt: window.startsAt,
  endsAt: window.endsAt,
  lastDay: window.lastDay,
  suspendedSince: undefined,
});
/** Only the end of the registration that holds it frees the subject. */
const freed = (row: Status, registrationId: RegistrationId): Status =>
  row.registrationId === registrationId ? { dossierId: row.dossierId, programId: row.programId } : row;

export const protectionStatus = readModel<Status, DossierEvent>()({
  name: 'protection-status',
  version: 2,
  indexes: [
    ['programId', 'owner', 'endsAt'],
    ['programId', 'endsAt'],
  ],
  ids: ({ stream }) => [dossierIdOf(stream)],
  ignores: [
    'PermissionAsked',
    'PermissionGranted',
    'Exempted',
    'Registered',
    'Recalled',
    'Resubmitted',
    'ReviewAdvanced',
    'ReviewEscalated',
    'Returned',
    'ExtensionRequested',
    'ExtensionRefused',
    'VisitRecorded',
    'FollowUpRecorded',
    'DepositRecorded',
    'Objected',
    'DealRecorded',
    'Attributed',
  ],
  on: {
    DossierOpened: (row, recorded) => known(row, recorded),
    DossierMerged: (row, recorded) =>
      recorded.event.from === dossierIdOf(recorded.stream)
        ? { ...known(row, recorded), mergedInto: recorded.event.into }
        : known(row, recorded),
    Approved: (row, recorded) => {
      const { registrationId, holder, class: name, protection, shares } = recorded.event;
      if (protection === undefined) return known(row, recorded);
      return held(
        {
          ...known(row, recorded),
          registrationId,
          owner: holder,
          class: name,
          policy: recorded.policy,
          ...(shares === undefined ? {} : { shares }),
        },
        protection,
      );
    },
    ProtectionBegan: (row, recorded) => {
      const { registrationId, holder, class: name, shares, protection } = recorded.event;
      return held(
        { ...known(row, recorded), registrationId, owner: holder, class: name, shares, policy: recorded.policy },
        protection,
      );
    },
    Extended: (row, recorded) => held(known(row, recorded), recorded.event.protection),
    Upgraded: (row, recorded) =>
      held({ ...known(row, recorded), class: recorded.event.class }, recorded.event.protection),
    Rolled: (row, recorded) => held(known(row, recorded), recorded.event.protection),
    Transferred: (row, recorded) => ({ ...known(row, recorded), owner: recorded.event.to }),
    ConflictRaised: (row, recorded) =>
      recorded.event.suspended === undefined
        ? known(row, recorded)
        : { ...known(row, recorded), suspendedSince: recorded.event.suspended.at },
    Resumed: (row, recorded) => held(known(row, recorded), recorded.event.protection),
    Arbitrated: (row, recorded) =>
      recorded.event.shares === undefined || row?.registrationId !== recorded.event.winner
        ? known(row, recorded)
        : { ...known(row, recorded), shares: recorded.event.shares },
    SplitAgreed: (row, recorded) =>
      row?.registrationId === recorded.event.registrationId
        ? { ...known(row, recorded), shares: recorded.event.shares }
        : known(row, recorded),
    Released: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    Expired: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    Abandoned: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    Terminated: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    Rejected: (row, recorded) => freed(known(row, recorded), recorded.event.registrationId),
    RulingRescinded: (row, recorded) => {
      const { registrationId, restored, holder } = recorded.event;
      const free = freed(known(row, recorded), registrationId);
      return restored.protection === undefined
        ? free
        : held(
            {
              ...free,
              registrationId,
              owner: holder,
              class: restored.class,
              shares: restored.shares,
              policy: recorded.policy,
            },
            restored.protection,
          );
    },
  },
});
