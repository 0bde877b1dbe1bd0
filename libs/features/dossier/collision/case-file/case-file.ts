import type { Box } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { Code, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type {
  CaseId,
  ConflictCause,
  DossierEvent,
  DossierId,
  RegistrationId,
  Share,
  VerdictOutcome,
} from '../../events.js';

/** One collision that is, or was, arbitrated. */
export interface CaseFile {
  readonly caseId: CaseId;
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly cause: ConflictCause;
  readonly claims: readonly RegistrationId[];
  readonly arbiters: readonly Code[];
  readonly state: 'open' | 'decided';
  readonly raisedAt: Instant;
  /** By when the policy wants a verdict (exclusive); a claim that joins moves it no further. */
  readonly dueAt?: Instant;
  readonly suspended?: { readonly registrationId: RegistrationId; readonly at: Instant; readonly until?: Instant };
  readonly outcome?: VerdictOutcome;
  readonly winner?: RegistrationId;
  readonly shares?: readonly Share[];
  readonly decidedAt?: Instant;
  readonly decidedBy?: PartyId;
  /** The reasons as written, sealed. */
  readonly reasons?: Box;
}

export const caseFile = readModel<CaseFile, DossierEvent>()({
  name: 'case-file',
  version: 2,
  indexes: [
    ['programId', 'state', 'raisedAt'],
    ['dossierId', 'raisedAt'],
  ],
  ids: ({ event }) => ('caseId' in event && event.caseId !== undefined ? [event.caseId] : []),
  on: {
    ConflictRaised: (row, { event, stream, program, times }) => ({
      caseId: event.caseId,
      dossierId: stream.slice('dossier-'.length) as DossierId,
      programId: program!,
      cause: row?.cause ?? event.cause,
      claims: event.claims,
      arbiters: event.arbiters,
      state: 'open',
      raisedAt: row?.raisedAt ?? times.recordedAt,
      dueAt: row === undefined ? event.dueAt : row.dueAt,
      ...(event.suspended === undefined
        ? { suspended: row?.suspended }
        : {
            suspended: {
              registrationId: event.suspended.registrationId,
              at: event.suspended.at,
              until: event.suspended.until,
            },
          }),
    }),
    Resumed: (row) => (row === undefined ? undefined : { ...row, suspended: undefined }),
    Arbitrated: (row, { event, times, actor, boxes }) =>
      row === undefined
        ? undefined
        : {
            ...row,
            state: 'decided',
            outcome: event.outcome,
            winner: event.winner,
            shares: event.shares,
            decidedAt: times.recordedAt,
            decidedBy: actor.party,
            reasons: boxes.customer,
          },
  },
});
