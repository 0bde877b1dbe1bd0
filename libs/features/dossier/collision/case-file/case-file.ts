import { happeningOf, type Box, type Recorded, typesOf } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { decided, raised, type Case } from '../../case.js';
import type { CaseId, DossierEvent, DossierId, VerdictOutcome } from '../../events.js';
import { subjectEvents, permissionEvents } from '../../subject-events.js';
import { filingEvents, answerEvents } from '../../registration/filing-events.js';
import { extensionEvents, clockEvents, holderEvents, endEvents } from '../../protection/protection-events.js';
import { dutyEvents } from '../../duty/duty-events.js';
import { requestEvents } from '../../registration/request-events.js';
import { workEvents, amendmentEvents, stageEvents } from '../../registration/work-events.js';
import { dealEvents } from '../../deal/deal-events.js';

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
    ...typesOf(
      subjectEvents,
      permissionEvents,
      filingEvents,
      answerEvents,
      extensionEvents,
      workEvents,
      amendmentEvents,
      stageEvents,
      dutyEvents,
      requestEvents,
      clockEvents,
      holderEvents,
      endEvents,
      dealEvents,
    ),
    'Resumed',
    'Objected',
    'VerdictRescinded',
    'LeftCase',
  ],
  on: {
    // A case that is raised has no verdict, or none any more.
    ConflictRaised: (row, recorded) => show(raised(row, happeningOf(recorded)), recorded),
    Arbitrated: (row, recorded) => show(decided(row, happeningOf(recorded)), recorded, recorded.boxes.customer),
  },
});
