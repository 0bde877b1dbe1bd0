import { readModel } from '#event-sourcing/projection/read-model.js';
import type { ClearText, Fen, Instant, PartyId, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import type { Attributed, AttributionBasis, DealId, DossierEvent, DossierId, RegistrationId } from '../../events.js';
import { typesOf } from '#event-sourcing/event.js';
import { subjectEvents, permissionEvents } from '../../subject-events.js';
import { filingEvents, answerEvents } from '../../registration/filing-events.js';
import { extensionEvents, clockEvents, holderEvents, endEvents } from '../../protection/protection-events.js';
import { dutyEvents } from '../../duty/duty-events.js';
import { requestEvents } from '../../registration/request-events.js';
import { workEvents, amendmentEvents, stageEvents } from '../../registration/work-events.js';
import { caseEvents } from '../../collision/case-events.js';

/** Who is credited for one deal, and why. Lines sum exactly to the deal. */
export interface Attribution {
  readonly dealId: DealId;
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly amount: Fen;
  readonly signedAt: Instant;
  readonly closedBy: PartyId;
  readonly contractNumber?: ClearText;
  readonly assistants: readonly PartyId[];
  readonly basis?: AttributionBasis;
  readonly registrationId?: RegistrationId;
  readonly lines: Attributed['lines'];
  readonly commission?: Fen;
  readonly because: readonly Reason[];
  /** When the deal was taken back; it stays, and nobody is credited for it. */
  readonly rescindedAt?: Instant;
}

export const attribution = readModel<Attribution, DossierEvent>()({
  name: 'attribution',
  version: 2,
  indexes: [
    ['programId', 'signedAt'],
    ['programId', 'basis', 'signedAt'],
    ['dossierId', 'signedAt'],
  ],
  ids: ({ event }) => ('dealId' in event && event.dealId !== undefined ? [event.dealId] : []),
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
      caseEvents,
    ),
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
      contractNumber: event.contractNumber,
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
    // The attribution and its mirror sum to nothing: nobody is credited.
    AttributionReversed: (row, { event }) =>
      row === undefined
        ? undefined
        : {
            ...row,
            basis: undefined,
            registrationId: undefined,
            lines: [],
            commission: undefined,
            because: event.because,
          },
    DealRescinded: (row, { event, times }) =>
      row === undefined ? undefined : { ...row, because: event.because, rescindedAt: times.recordedAt },
  },
});
