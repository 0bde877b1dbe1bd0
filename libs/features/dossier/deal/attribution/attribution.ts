import { readModel } from '#event-sourcing/projection/read-model.js';
import type { Fen, Instant, PartyId, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import type { Attributed, AttributionBasis, DealId, DossierEvent, DossierId, RegistrationId } from '../../events.js';

/** Who is credited for one deal, and why. Lines sum exactly to the deal. */
export interface Attribution {
  readonly dealId: DealId;
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly amount: Fen;
  readonly signedAt: Instant;
  readonly closedBy: PartyId;
  readonly assistants: readonly PartyId[];
  readonly basis?: AttributionBasis;
  readonly registrationId?: RegistrationId;
  readonly lines: Attributed['lines'];
  readonly commission?: Fen;
  readonly because: readonly Reason[];
}

export const attribution = readModel<Attribution, DossierEvent>()({
  name: 'attribution',
  version: 1,
  indexes: [
    ['programId', 'signedAt'],
    ['programId', 'basis', 'signedAt'],
    ['dossierId', 'signedAt'],
  ],
  ids: ({ event }) => ('dealId' in event ? [event.dealId] : []),
  ignores: [
    'DossierOpened',
    'DossierMerged',
    'PermissionAsked',
    'PermissionGranted',
    'Exempted',
    'Registered',
    'Recalled',
    'Resubmitted',
    'ReviewAdvanced',
    'ReviewEscalated',
    'Returned',
    'Rejected',
    'Approved',
    'ExtensionRequested',
    'Extended',
    'ExtensionRefused',
    'VisitRecorded',
    'FollowUpRecorded',
    'ActivityRecorded',
    'StageAdvanced',
    'DepositRecorded',
    'ProtectionBegan',
    'Upgraded',
    'Rolled',
    'Transferred',
    'Released',
    'Expired',
    'Abandoned',
    'Terminated',
    'RulingRescinded',
    'Objected',
    'ConflictRaised',
    'Resumed',
    'Arbitrated',
    'LeftCase',
    'SplitAgreed',
  ],
  on: {
    DealRecorded: (_, { event, stream, program }) => ({
      dealId: event.dealId,
      dossierId: stream.slice('dossier-'.length) as DossierId,
      programId: program!,
      amount: event.amount,
      signedAt: event.signedAt,
      closedBy: event.closedBy,
      assistants: event.assistants,
      lines: [],
      because: [],
    }),
    Attributed: (row, { event }) =>
      row === undefined
        ? undefined
        : {
            ...row,
            basis: event.basis,
            registrationId: event.registrationId,
            lines: event.lines,
            commission: event.commission,
            because: event.because,
          },
  },
});
