import { happeningOf, type Box, type Recorded } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { decided, raised, type Case } from '../../case.js';
import type { CaseId, DossierEvent, DossierId, VerdictOutcome } from '../../events.js';

/** One collision that is, or was, arbitrated: the case itself, and where it lies. */
export type CaseFile = Case & {
  readonly caseId: CaseId;
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly outcome?: VerdictOutcome;
  /** The reasons as written, sealed. */
  readonly reasons?: Box;
};

const show = (now: Case | undefined, { stream, program }: Recorded, reasons?: Box): CaseFile => {
  if (now === undefined) throw new Error(`${stream} speaks of a case that nobody raised`);
  return {
    ...now,
    caseId: now.id,
    dossierId: stream.slice('dossier-'.length) as DossierId,
    programId: program!,
    outcome: now.verdict,
    reasons,
  };
};

export const caseFile = readModel<CaseFile, DossierEvent>()({
  name: 'case-file',
  version: 5,
  indexes: [
    ['programId', 'state', 'raisedAt'],
    ['dossierId', 'raisedAt'],
  ],
  ids: ({ event }) => ('caseId' in event && event.caseId !== undefined ? [event.caseId] : []),
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
    'Resumed',
    'Objected',
    'LeftCase',
    'SplitAgreed',
    'DealRecorded',
    'Attributed',
  ],
  on: {
    ConflictRaised: (row, recorded) => show(raised(row, happeningOf(recorded)), recorded, row?.reasons),
    Arbitrated: (row, recorded) => show(decided(row, happeningOf(recorded)), recorded, recorded.boxes.customer),
  },
});
