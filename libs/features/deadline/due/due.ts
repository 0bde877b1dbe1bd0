import type { Recorded } from '#event-sourcing/event.js';
import { readModel, removed } from '#event-sourcing/projection/read-model.js';
import type { Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import type { DossierEvent, DossierId, RegistrationId } from '../../dossier/events.js';

/**
 * The next deadline of one registration: its clock, its review, or the longest a suspension may last. Only asked; the
 * decider decides.
 */
export interface Due {
  readonly registrationId: RegistrationId;
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly dueAt: Instant;
  readonly what: 'expiry' | 'review' | 'suspension';
}

type Row = Due;
const at = (
  { stream, program }: Recorded,
  registrationId: RegistrationId,
  dueAt: Instant | undefined,
  what: Due['what'],
): Row | typeof removed =>
  dueAt === undefined || dueAt.startsWith('9999')
    ? removed
    : { registrationId, dossierId: stream.slice('dossier-'.length) as DossierId, programId: program!, dueAt, what };
const over = (): typeof removed => removed;

export const due = readModel<Row, DossierEvent>()({
  name: 'due',
  version: 1,
  indexes: [['dueAt']],
  ids: ({ event }) => ('registrationId' in event && event.registrationId !== undefined ? [event.registrationId] : []),
  ignores: [
    'DossierOpened',
    'DossierMerged',
    'PermissionAsked',
    'PermissionGranted',
    'Exempted',
    'ExtensionRequested',
    'ExtensionRefused',
    'VisitRecorded',
    'FollowUpRecorded',
    'DepositRecorded',
    'Transferred',
    'Objected',
    'Arbitrated',
    'SplitAgreed',
    'DealRecorded',
    'Attributed',
  ],
  on: {
    Registered: (_, recorded) => at(recorded, recorded.event.registrationId, recorded.event.review?.dueAt, 'review'),
    Resubmitted: (_, recorded) => at(recorded, recorded.event.registrationId, recorded.event.review?.dueAt, 'review'),
    ReviewAdvanced: (_, recorded) => at(recorded, recorded.event.registrationId, recorded.event.review.dueAt, 'review'),
    ReviewEscalated: (_, recorded) =>
      at(recorded, recorded.event.registrationId, recorded.event.review.dueAt, 'review'),
    Approved: (_, recorded) => at(recorded, recorded.event.registrationId, recorded.event.protection?.endsAt, 'expiry'),
    ProtectionBegan: (_, recorded) =>
      at(recorded, recorded.event.registrationId, recorded.event.protection.endsAt, 'expiry'),
    Extended: (_, recorded) => at(recorded, recorded.event.registrationId, recorded.event.protection.endsAt, 'expiry'),
    Upgraded: (_, recorded) => at(recorded, recorded.event.registrationId, recorded.event.protection.endsAt, 'expiry'),
    Rolled: (_, recorded) => at(recorded, recorded.event.registrationId, recorded.event.protection.endsAt, 'expiry'),
    Resumed: (_, recorded) => at(recorded, recorded.event.registrationId, recorded.event.protection.endsAt, 'expiry'),
    RulingRescinded: (_, recorded) =>
      at(
        recorded,
        recorded.event.registrationId,
        recorded.event.restored.protection?.endsAt ?? recorded.event.restored.review?.dueAt,
        recorded.event.restored.protection === undefined ? 'review' : 'expiry',
      ),
    ConflictRaised: {
      ids: ({ event }) => event.claims,
      fold: (row, recorded, id) =>
        recorded.event.suspended?.registrationId === id
          ? at(recorded, id as RegistrationId, recorded.event.suspended.until, 'suspension')
          : row?.what === 'review'
            ? removed
            : row,
    },
    Recalled: over,
    Returned: over,
    Rejected: over,
    Released: over,
    Expired: over,
    Abandoned: over,
    Terminated: over,
  },
});
